import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { foldTag } from '#domain/posts/render-text.ts';

export interface TagView {
  /** Folded: what tells it from others. */
  name: string;
  /** As it was first written. */
  displayName: string;
}

export interface TagUse extends TagView {
  postsCount: number;
  peopleCount: number;
}

export type TagScope = 'local' | 'everywhere';

const AUTHOR_STANDS = 'a.limited_at is null and a.suspended_at is null and a.deleted_at is null';
const COLUMNS = `t.name, t.display_name as "displayName"`;

/** A tag is shown where a public post has it: what stands in private posts alone is nobody else's business. */
function inPublic(scope: TagScope): string {
  return `p.visibility = 'public' and ${AUTHOR_STANDS}${scope === 'local' ? ' and p.local = 1' : ''}`;
}

/** Tags that begin with a text, the last used first. */
export async function searchTags(
  { read }: Pick<Reader, 'read'>,
  text: string,
  scope: TagScope,
  most: number,
): Promise<TagView[]> {
  const name = foldTag(text.replace(/^#/, '')).trim();
  if (!/[\p{L}\p{N}]/u.test(name)) return [];
  return read.hot<TagView>(
    `select ${COLUMNS} from tags t where t.name like $1 escape '\\' and exists (
       select 1 from post_tags x join posts p on p.id = x.post_id join accounts a on a.id = p.author_id
       where x.tag_id = t.id and ${inPublic(scope)})
     order by case when t.name = $2 then 0 else 1 end, t.last_used_at desc, t.id limit $3`,
    `${name.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`,
    name,
    most,
  );
}

/** What people write about: tags by how many people used them in public since the id `since`, and in how many posts. */
export async function busyTags(
  { read }: Pick<Reader, 'read'>,
  since: number,
  scope: TagScope,
  most: number,
): Promise<TagUse[]> {
  const rows = await read.hot<TagView & { posts: number; people: number }>(
    `select ${COLUMNS}, count(*) as posts, count(distinct p.author_id) as people
     from posts p join post_tags x on x.post_id = p.id join tags t on t.id = x.tag_id join accounts a on a.id = p.author_id
     where p.id > $1 and ${inPublic(scope)} group by t.id, t.name, t.display_name
     order by people desc, posts desc, t.name limit $2`,
    since,
    most,
  );
  return rows.map(({ posts, people, ...tag }) => ({ ...tag, postsCount: Number(posts), peopleCount: Number(people) }));
}
