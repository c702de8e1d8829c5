import { accountUris } from '#domain/accounts/account-uris.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { Site } from '#db/unit.ts';
import type { MediaKind } from '#domain/posts/post-view.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { audienceOf, type Audience } from '#federation/documents/audience.ts';
import { emojiTags } from '#federation/documents/emoji.ts';
import type { JsonLd } from '#federation/vocabulary.ts';

/** A local post with all that its document says. */
export interface LocalPost extends Audience {
  id: number;
  authorId: number;
  authorUri: string;
  visibility: Visibility;
  /** Without a context. */
  note: JsonLd;
}

interface Row {
  id: number;
  uri: string;
  url: string;
  author_id: number;
  handle: string;
  content_html: string;
  warning: string | null;
  sensitive: number;
  emoji: string;
  language: string | null;
  visibility: Visibility;
  reply_to_uri: string | null;
  created_at: number;
  edited_at: number | null;
  replies_count: number;
  boosts_count: number;
  favourites_count: number;
}

/** A local author's post (not a boost) as it goes over the wire; null when it is gone. Checks no visibility. */
export async function localPost(
  reader: Pick<Reader, 'read' | 'engine'>,
  site: Site,
  postId: number,
): Promise<LocalPost | null> {
  const { read } = reader;
  const rows = await read.hot<Row>(
    `select p.id, p.uri, p.url, p.author_id, a.handle, p.content_html, p.warning, p.sensitive, p.emoji, p.language, p.visibility,
       p.reply_to_uri, p.created_at, p.edited_at, p.replies_count, p.boosts_count, p.favourites_count
     from posts p join accounts a on a.id = p.author_id where p.id = $1 and p.local = 1 and p.boost_of_id is null`,
    postId,
  );
  const [row] = rows;
  if (!row) return null;
  const author = accountUris(site, row.handle);
  const mentions = await mentionsOf(read, postId, site);
  const audience = audienceOf(
    row.visibility,
    author.followersUri,
    mentions.map((mention) => mention.href),
  );
  const tags = [...(await hashtagsOf(read, postId, site)), ...(await emojiTags(reader, row.emoji, site))];
  const note: JsonLd = {
    id: row.uri,
    type: 'Note',
    attributedTo: author.uri,
    ...audience,
    published: new Date(row.created_at).toISOString(),
    ...(row.edited_at === null ? {} : { updated: new Date(row.edited_at).toISOString() }),
    url: row.url,
    inReplyTo: row.reply_to_uri,
    content: row.content_html,
    ...(row.language ? { contentMap: { [row.language]: row.content_html } } : {}),
    summary: row.warning,
    sensitive: row.sensitive !== 0,
    attachment: await attachmentsOf(read, postId, site),
    tag: [...mentions, ...tags],
    replies: `${row.uri}/replies`,
    ...marksOf(row),
    ...(await pollOf(read, postId)),
  };
  return { id: row.id, authorId: row.author_id, authorUri: author.uri, visibility: row.visibility, note, ...audience };
}

/**
 * Where the marks of a post that everyone may read are counted. Hollo 0.10 asks there before it keeps a post, in the name
 * of whichever of its people: of a private one it would be told nothing, and would lose the post itself.
 */
function marksOf({ uri, visibility }: Row): JsonLd {
  return visibility === 'public' || visibility === 'unlisted' ? { likes: `${uri}/likes`, shares: `${uri}/shares` } : {};
}

async function mentionsOf(read: Reader['read'], postId: number, site: Site) {
  const rows = await read.hot<{ uri: string; handle: string; domain: string }>(
    `select a.uri, a.handle, a.domain from post_mentions m join accounts a on a.id = m.account_id
     where m.post_id = $1 order by a.id`,
    postId,
  );
  return rows.map((row) => ({
    type: 'Mention',
    href: row.uri,
    name: `@${row.handle}@${row.domain || site.handleDomain}`,
  }));
}

async function hashtagsOf(read: Reader['read'], postId: number, site: Site) {
  const rows = await read.hot<{ name: string; display_name: string }>(
    `select t.name, t.display_name from post_tags x join tags t on t.id = x.tag_id where x.post_id = $1 order by t.id`,
    postId,
  );
  return rows.map((row) => ({
    type: 'Hashtag',
    href: `${site.origin}/tags/${encodeURIComponent(row.name)}`,
    name: `#${row.display_name}`,
  }));
}

interface AttachmentRow {
  kind: MediaKind;
  mime_type: string | null;
  file: string;
  description: string | null;
  width: number | null;
  height: number | null;
  blurhash: string | null;
  focus_x: number;
  focus_y: number;
}

async function attachmentsOf(read: Reader['read'], postId: number, site: Site): Promise<JsonLd[]> {
  const rows = await read.hot<AttachmentRow>(
    `select kind, mime_type, file, description, width, height, blurhash, focus_x, focus_y
     from media where post_id = $1 and file is not null order by position`,
    postId,
  );
  return rows.map((row) => ({
    type: row.kind === 'image' ? 'Image' : 'Document',
    mediaType: row.mime_type,
    url: `${site.origin}/media/${row.file}`,
    name: row.description,
    ...(row.width && row.height ? { width: row.width, height: row.height } : {}),
    ...(row.blurhash ? { blurhash: row.blurhash } : {}),
    ...(row.focus_x !== 0 || row.focus_y !== 0 ? { focalPoint: [row.focus_x, row.focus_y] } : {}),
  }));
}

/** A poll makes a Question of the note; the counts are those of all voters everywhere. */
async function pollOf(read: Reader['read'], postId: number): Promise<JsonLd> {
  const polls = await read.hot<{
    multiple: number;
    expires_at: number | null;
    closed_at: number | null;
    voters_count: number;
  }>('select multiple, expires_at, closed_at, voters_count from polls where post_id = $1', postId);
  const [poll] = polls;
  if (!poll) return {};
  const options = await read.hot<{ title: string; votes_count: number }>(
    'select title, votes_count from poll_options where post_id = $1 order by position',
    postId,
  );
  return {
    type: 'Question',
    [poll.multiple === 0 ? 'oneOf' : 'anyOf']: options.map(({ title, votes_count }) => ({
      type: 'Note',
      name: title,
      replies: { type: 'Collection', totalItems: votes_count },
    })),
    ...(poll.expires_at === null ? {} : { endTime: new Date(poll.expires_at).toISOString() }),
    ...(poll.closed_at === null ? {} : { closed: new Date(poll.closed_at).toISOString() }),
    votersCount: poll.voters_count,
  };
}
