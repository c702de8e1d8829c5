import type { Engine, HotValue, Query } from '#db/store.ts';

/*
 * Where the two engines differ. Everything else is written once.
 */

/** The rows of a JSON array of ids, for `in`: `where id in ${idsIn(engine, '$1')}` with `JSON.stringify(ids)`. */
export function idsIn(engine: Engine, placeholder: string): string {
  return engine === 'sqlite'
    ? `(select value from json_each(${placeholder}))`
    : `(select value::bigint from json_array_elements_text(${placeholder}::json))`;
}

/** The same for texts. */
export function textsIn(engine: Engine, placeholder: string): string {
  return engine === 'sqlite'
    ? `(select value from json_each(${placeholder}))`
    : `(select value from json_array_elements_text(${placeholder}::json))`;
}

export type SearchIndex = 'post_search' | 'account_search';

type Writer = { engine: Engine; tx: Pick<Query, 'hot'> };

/** Makes `id` findable by the words of `text`, instead of what it was findable by. */
export async function indexText({ engine, tx }: Writer, index: SearchIndex, id: number, text: string): Promise<void> {
  if (engine === 'sqlite') {
    await tx.hot(`delete from ${index} where rowid = $1`, id);
    await tx.hot(`insert into ${index} (rowid, text) values ($1, $2)`, id, text);
    return;
  }
  await tx.hot(
    `insert into ${index} (id, document) values ($1, to_tsvector('simple', $2))
     on conflict (id) do update set document = excluded.document`,
    id,
    foldAccents(text),
  );
}

export async function forgetText({ engine, tx }: Writer, index: SearchIndex, id: number): Promise<void> {
  await tx.hot(`delete from ${index} where ${engine === 'sqlite' ? 'rowid' : 'id'} = $1`, id);
}

export interface SearchClause {
  /** A subquery of ids, for `in`. */
  sql: string;
  value: HotValue;
}

/**
 * The ids whose text has every word of `words`, the last one as a beginning. Words are taken as words:
 * no operator of the engine's query language gets through.
 */
export function searchIds(
  engine: Engine,
  index: SearchIndex,
  words: readonly string[],
  placeholder: string,
): SearchClause {
  const terms = words
    .map((word) =>
      foldAccents(word)
        .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
        .trim(),
    )
    .filter(Boolean);
  const split = terms.flatMap((term) => term.split(' '));
  if (engine === 'sqlite') {
    const value = split.map((term, i) => `"${term}"${i === split.length - 1 ? '*' : ''}`).join(' ');
    return { sql: `(select rowid from ${index} where ${index} match ${placeholder})`, value };
  }
  const value = split.map((term, i) => `'${term}'${i === split.length - 1 ? ':*' : ''}`).join(' & ');
  return { sql: `(select id from ${index} where document @@ to_tsquery('simple', ${placeholder}))`, value };
}

/** FTS5 folds accents itself; PostgreSQL's `simple` does not. */
function foldAccents(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase();
}
