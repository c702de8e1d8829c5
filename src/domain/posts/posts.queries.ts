import { idsIn } from '#db/dialect.ts';
import type { AccountView, EmojiView } from '#domain/accounts/account-view.ts';
import {
  ACCOUNT_COLUMNS,
  accountView,
  accountViews,
  type AccountRow,
  type Reader,
} from '#domain/accounts/accounts.queries.ts';
import { standingEmoji, type OwnEmoji } from '#domain/emoji/emoji.queries.ts';
import { emojiPaths } from '#domain/media/media-paths.ts';
import { mediaOfPosts } from '#domain/media/media.queries.ts';
import type { PollView, PostKind, PostView } from '#domain/posts/post-view.ts';
import { canBoost, visibleTo } from '#domain/posts/posts.policy.ts';
import { isUnderDomain } from '#domain/relationships/relationships.policy.ts';
import type { Visibility } from '#domain/posts/visibility.ts';

interface PostRow extends AccountRow {
  post_id: number;
  post_uri: string;
  post_url: string;
  post_kind: PostKind;
  title: string | null;
  content_html: string;
  warning: string | null;
  sensitive: number;
  language: string | null;
  visibility: Visibility;
  reply_to_id: number | null;
  reply_to_account_id: number | null;
  post_emoji: string;
  replies_count: number;
  boosts_count: number;
  favourites_count: number;
  post_created_at: number;
  edited_at: number | null;
  pinned: number;
  favourited: number;
  boosted: number;
  bookmarked: number;
}

/**
 * The posts of `ids` that the viewer (null: anyone) may see, shaped for a page, by id. The only way in which
 * a post gets onto a page, so no door can forget who may see it.
 */
export async function postViews(
  reader: Reader,
  viewerId: number | null,
  ids: Iterable<number>,
): Promise<Map<number, PostView>> {
  const wanted = JSON.stringify([...new Set(ids)]);
  if (wanted === '[]') return new Map();
  const rows = await reader.read.hot<PostRow>(
    `select ${ACCOUNT_COLUMNS}, p.id as post_id, p.uri as post_uri, p.url as post_url, p.kind as post_kind, p.title,
       p.content_html, p.warning, p.sensitive, p.language, p.visibility, p.reply_to_id, p.reply_to_account_id,
       p.emoji as post_emoji, p.replies_count, p.boosts_count, p.favourites_count,
       p.created_at as post_created_at, p.edited_at,
       (select count(*) from pins x where x.account_id = p.author_id and x.post_id = p.id) as pinned,
       (select count(*) from favourites x where x.account_id = $2 and x.post_id = p.id) as favourited,
       (select count(*) from posts x where x.author_id = $2 and x.boost_of_id = p.id) as boosted,
       (select count(*) from bookmarks x where x.account_id = $2 and x.post_id = p.id) as bookmarked
     from posts p join accounts a on a.id = p.author_id
     where p.id in ${idsIn(reader.engine, '$1')} and p.boost_of_id is null and ${visibleTo(2)}`,
    wanted,
    viewerId ?? 0,
  );
  const seen = JSON.stringify(rows.map((row) => row.post_id));
  const [mentions, media, polls, answered, standing] = await Promise.all([
    mentionsOf(reader, seen),
    mediaOfPosts(
      reader,
      rows.map((row) => row.post_id),
      await refusedMedia(reader),
    ),
    pollsOf(reader, seen, viewerId ?? 0),
    accountViews(
      reader,
      rows.flatMap((row) => row.reply_to_account_id ?? []),
    ),
    standingEmoji(reader, rows.filter((row) => row.domain === '').flatMap(writtenEmoji)),
  ]);
  return new Map(
    rows.map((row) => [
      row.post_id,
      postView(row, viewerId, {
        mentions: mentions.get(row.post_id) ?? [],
        media: media.get(row.post_id) ?? [],
        poll: polls.get(row.post_id) ?? null,
        replyToAccount: answered.get(row.reply_to_account_id ?? 0) ?? null,
        emoji: emojiOf(row, standing),
      }),
    ]),
  );
}

/** Whether this instance refuses media of a domain; there are few such policies, and most instances have none. */
async function refusedMedia({ read }: Reader): Promise<(domain: string) => boolean> {
  const rows = await read.hot<{ domain: string }>('select domain from domain_policies where reject_media = 1');
  return (domain) => rows.some((row) => isUnderDomain(domain, row.domain));
}

/** Of a local post what is still there of the instance's emoji; of a remote one what came with it. */
function emojiOf(row: PostRow, standing: ReadonlyMap<string, OwnEmoji>): EmojiView[] {
  const written = writtenEmoji(row);
  if (row.domain !== '') return emojiPaths({ postId: row.post_id, uri: row.post_uri }, written);
  return written.flatMap(({ shortcode }) => standing.get(shortcode) ?? []);
}

function writtenEmoji(row: Pick<PostRow, 'post_emoji'>): EmojiView[] {
  return row.post_emoji === '[]' ? [] : (JSON.parse(row.post_emoji) as EmojiView[]);
}

type PostParts = Pick<PostView, 'mentions' | 'media' | 'poll' | 'replyToAccount' | 'emoji'>;

function postView(row: PostRow, viewerId: number | null, parts: PostParts): PostView {
  const author = accountView(row);
  const own = viewerId === author.id;
  const titled = row.post_kind !== 'note' && row.post_kind !== 'question';
  return {
    id: row.post_id,
    uri: row.post_uri,
    url: row.post_url,
    path: `/${author.acct}/${row.post_id}`,
    kind: row.post_kind,
    author,
    title: row.title,
    contentHtml: row.content_html,
    link: titled ? row.post_url : null,
    warning: row.warning,
    sensitive: row.sensitive !== 0,
    language: row.language,
    visibility: row.visibility,
    replyToId: row.reply_to_id,
    repliesCount: row.replies_count,
    boostsCount: row.boosts_count,
    favouritesCount: row.favourites_count,
    createdAt: row.post_created_at,
    editedAt: row.edited_at,
    pinned: Number(row.pinned) > 0,
    viewer: {
      author: own,
      favourited: Number(row.favourited) > 0,
      boosted: Number(row.boosted) > 0,
      bookmarked: Number(row.bookmarked) > 0,
      canBoost: viewerId !== null && canBoost(row.visibility, own),
      canReply: viewerId !== null,
    },
    ...parts,
  };
}

async function mentionsOf(reader: Reader, ids: string): Promise<Map<number, AccountView[]>> {
  const rows = await reader.read.hot<AccountRow & { post_id: number }>(
    `select m.post_id, ${ACCOUNT_COLUMNS} from post_mentions m join accounts a on a.id = m.account_id
     where m.post_id in ${idsIn(reader.engine, '$1')} order by m.post_id, a.id`,
    ids,
  );
  return groupBy(rows, (row) => row.post_id, accountView);
}

interface PollRow {
  post_id: number;
  multiple: number;
  expires_at: number | null;
  closed_at: number | null;
  voters_count: number;
  title: string;
  votes_count: number;
  position: number;
  voted: number;
  chosen: number;
}

async function pollsOf(reader: Reader, ids: string, viewerId: number): Promise<Map<number, PollView>> {
  const rows = await reader.read.hot<PollRow>(
    `select p.post_id, p.multiple, p.expires_at, p.closed_at, p.voters_count, o.title, o.votes_count, o.position,
       (select count(*) from poll_ballots b where b.post_id = p.post_id and b.account_id = $2) as voted,
       (select count(*) from poll_votes v where v.post_id = p.post_id and v.account_id = $2 and v.position = o.position) as chosen
     from polls p join poll_options o on o.post_id = p.post_id
     where p.post_id in ${idsIn(reader.engine, '$1')} order by p.post_id, o.position`,
    ids,
    viewerId,
  );
  const polls = new Map<number, PollView>();
  for (const [postId, options] of groupBy(
    rows,
    (row) => row.post_id,
    (row) => row,
  )) {
    const [first] = options;
    if (!first) continue;
    polls.set(postId, {
      options: options.map(({ title, votes_count }) => ({ title, votesCount: votes_count })),
      multiple: first.multiple !== 0,
      votersCount: first.voters_count,
      votesCount: options.reduce((sum, option) => sum + option.votes_count, 0),
      expiresAt: first.expires_at,
      closed: first.closed_at !== null,
      ownVotes: options.filter(({ chosen }) => Number(chosen) > 0).map(({ position }) => position),
      voted: Number(first.voted) > 0,
    });
  }
  return polls;
}

function groupBy<Row, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => number,
  valueOf: (row: Row) => Value,
): Map<number, Value[]> {
  const groups = new Map<number, Value[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(valueOf(row));
    else groups.set(keyOf(row), [valueOf(row)]);
  }
  return groups;
}

/** One post, or null when there is none that the viewer may see: the two are told apart nowhere. */
export async function findPost(reader: Reader, viewerId: number | null, id: number): Promise<PostView | null> {
  return (await postViews(reader, viewerId, [id])).get(id) ?? null;
}

export async function findPostIdByUri({ read }: Pick<Reader, 'read'>, uri: string): Promise<number | null> {
  const rows = await read.hot<{ id: number }>('select id from posts where uri = $1', uri);
  return rows[0]?.id ?? null;
}
