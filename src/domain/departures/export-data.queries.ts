import type { Query } from '#db/store.ts';

/** The lists that other servers take in, each with the columns that Mastodon gives it. */
export const EXPORTED_LISTS = {
  following: {
    header: 'Account address,Show boosts,Notify on new posts,Languages',
    sql: `select a.handle, a.domain, f.show_boosts, f.notify from follows f join accounts a on a.id = f.followee_id
          where f.follower_id = $1 and f.state = 'accepted' and f.id > $2 order by f.id limit $3`,
    id: 'f.id',
  },
  blocks: {
    header: null,
    sql: `select a.handle, a.domain from blocks f join accounts a on a.id = f.blocked_id
          where f.blocker_id = $1 and f.id > $2 order by f.id limit $3`,
    id: 'f.id',
  },
  mutes: {
    header: 'Account address,Hide notifications',
    sql: `select a.handle, a.domain, f.hide_notifications from mutes f join accounts a on a.id = f.muted_id
          where f.muter_id = $1 and f.id > $2 order by f.id limit $3`,
    id: 'f.id',
  },
  'blocked-domains': {
    header: null,
    sql: `select f.domain from domain_blocks f where f.account_id = $1 and f.id > $2 order by f.id limit $3`,
    id: 'f.id',
  },
  bookmarks: {
    header: null,
    sql: `select p.uri from bookmarks f join posts p on p.id = f.post_id
          where f.account_id = $1 and f.id > $2 order by f.id limit $3`,
    id: 'f.id',
  },
} as const;

export type ExportedList = keyof typeof EXPORTED_LISTS;

type Reading = { read: Pick<Query, 'hot'> };

const BATCH = 500;

/** A list as CSV, line by line, never all of it at once. */
export async function* exportList(
  { read }: Reading,
  accountId: number,
  list: ExportedList,
  handleDomain: string,
): AsyncGenerator<string> {
  const { header, sql, id } = EXPORTED_LISTS[list];
  if (header !== null) yield `${header}\r\n`;
  const text = sql.replace('select ', `select ${id} as row_id, `);
  for (let after = 0; ;) {
    const rows = await read.hot<Row>(text, accountId, after, BATCH);
    for (const row of rows) yield `${lineOf(list, row, handleDomain)}\r\n`;
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.row_id;
  }
}

interface Row {
  row_id: number;
  handle: string;
  domain: string;
  uri: string;
  show_boosts: number;
  notify: number;
  hide_notifications: number;
}

function lineOf(list: ExportedList, row: Row, handleDomain: string): string {
  const address = `${row.handle}@${row.domain || handleDomain}`;
  const truth = (value: number) => (value === 0 ? 'false' : 'true');
  switch (list) {
    case 'following':
      return [address, truth(row.show_boosts), truth(row.notify), ''].map(cell).join(',');
    case 'mutes':
      return [address, truth(row.hide_notifications)].map(cell).join(',');
    case 'blocks':
      return cell(address);
    case 'blocked-domains':
      return cell(row.domain);
    case 'bookmarks':
      return cell(row.uri);
  }
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is told that it is text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Everything that is kept about a person, one JSON value a line: who they are, and what they wrote, marked and chose. */
export async function* exportArchive({ read }: Reading, accountId: number): AsyncGenerator<string> {
  for (const part of ARCHIVE) {
    for (let after = 0; ;) {
      const rows = await read.hot<{ row_id: number }>(part.sql, accountId, after, BATCH);
      for (const { row_id: _, ...row } of rows) yield `${JSON.stringify({ kind: part.kind, ...row })}\n`;
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) break;
      after = last.row_id;
    }
  }
}

const ARCHIVE: { kind: string; sql: string }[] = [
  {
    kind: 'account',
    sql: `select a.id as row_id, a.uri, a.handle, a.display_name, a.bio, a.fields, a.aliases, a.created_at, m.email, m.role,
            m.locale, m.default_visibility, m.last_seen_at
          from accounts a join members m on m.account_id = a.id where a.id = $1 and a.id > $2 limit $3`,
  },
  {
    kind: 'post',
    sql: `select id as row_id, uri, content_html, source, warning, language, visibility, reply_to_uri, created_at, edited_at
          from posts where author_id = $1 and boost_of_id is null and id > $2 order by id limit $3`,
  },
  {
    kind: 'boost',
    sql: `select b.id as row_id, b.uri, p.uri as post, b.created_at from posts b join posts p on p.id = b.boost_of_id
          where b.author_id = $1 and b.id > $2 order by b.id limit $3`,
  },
  {
    kind: 'media',
    sql: `select id as row_id, file, mime_type, description, created_at from media
          where account_id = $1 and file is not null and id > $2 order by id limit $3`,
  },
  {
    kind: 'favourite',
    sql: `select f.id as row_id, p.uri as post, f.created_at from favourites f join posts p on p.id = f.post_id
          where f.account_id = $1 and f.id > $2 order by f.id limit $3`,
  },
  {
    kind: 'bookmark',
    sql: `select f.id as row_id, p.uri as post, f.created_at from bookmarks f join posts p on p.id = f.post_id
          where f.account_id = $1 and f.id > $2 order by f.id limit $3`,
  },
  {
    kind: 'follow',
    sql: `select f.id as row_id, a.uri as account, f.state, f.created_at from follows f join accounts a on a.id = f.followee_id
          where f.follower_id = $1 and f.id > $2 order by f.id limit $3`,
  },
  {
    kind: 'follower',
    sql: `select f.id as row_id, a.uri as account, f.state, f.created_at from follows f join accounts a on a.id = f.follower_id
          where f.followee_id = $1 and f.id > $2 order by f.id limit $3`,
  },
  {
    kind: 'session',
    sql: `select id as row_id, created_at, last_seen_at, address, user_agent from sessions
          where account_id = $1 and id > $2 order by id limit $3`,
  },
  {
    kind: 'report',
    sql: `select r.id as row_id, a.uri as account, r.comment, r.created_at from reports r join accounts a on a.id = r.target_id
          where r.reporter_id = $1 and r.id > $2 order by r.id limit $3`,
  },
];
