import { idsIn } from '#db/dialect.ts';
import type { Store } from '#db/store.ts';
import { emojiPaths, picturePath } from '#domain/media/media-paths.ts';
import type { AccountView, EmojiView, ProfileField, ProfileView } from '#domain/accounts/account-view.ts';
import type { PublicKeyText } from '#domain/accounts/remote-account.ts';

/** What a read needs: the store's reading side. */
export type Reader = Pick<Store, 'read' | 'engine' | 'schema'>;

/** The columns of an account's view, under the alias `a`, with its pictures' files. */
export const ACCOUNT_COLUMNS = `a.id, a.handle, a.domain, a.uri, a.url, a.display_name, a.bot, a.kind, a.locked, a.emoji,
  a.suspended_at, a.limited_at, a.deleted_at, a.avatar_remote_url,
  (select file from media where media.id = a.avatar_media_id) as avatar_file`;

export interface AccountRow {
  id: number;
  handle: string;
  domain: string;
  uri: string;
  url: string;
  display_name: string;
  bot: number;
  kind: string;
  locked: number;
  emoji: string;
  suspended_at: number | null;
  limited_at: number | null;
  deleted_at: number | null;
  avatar_remote_url: string | null;
  avatar_file: string | null;
}

export function accountView(row: AccountRow): AccountView {
  const local = row.domain === '';
  const acct = local ? `@${row.handle}` : `@${row.handle}@${row.domain}`;
  const suspended = row.suspended_at !== null || row.deleted_at !== null;
  return {
    id: row.id,
    handle: row.handle,
    domain: local ? null : row.domain,
    acct,
    uri: row.uri,
    url: row.url,
    path: `/${acct}`,
    displayName: suspended ? row.handle : row.display_name || row.handle,
    avatarUrl: suspended ? null : pictureUrl(row.avatar_file, row.avatar_remote_url, 'avatar', row.id),
    bot: row.bot !== 0 || row.kind === 'service' || row.kind === 'application',
    locked: row.locked !== 0,
    emoji: emojiPaths({ accountId: row.id }, JSON.parse(row.emoji) as EmojiView[]),
    suspended,
    limited: row.limited_at !== null,
  };
}

/** Remote pictures are shown through this instance: no reader's address reaches another server. */
function pictureUrl(
  file: string | null,
  remoteUrl: string | null,
  kind: 'avatar' | 'header',
  id: number,
): string | null {
  if (file) return `/media/${file}`;
  return remoteUrl ? picturePath(kind, id, remoteUrl) : null;
}

/** Those whose sign-up waits are nobody yet. */
export async function accountViews({ read, engine }: Reader, ids: Iterable<number>): Promise<Map<number, AccountView>> {
  const wanted = JSON.stringify([...new Set(ids)]);
  if (wanted === '[]') return new Map();
  const rows = await read.hot<AccountRow>(
    `select ${ACCOUNT_COLUMNS} from accounts a where a.id in ${idsIn(engine, '$1')} and a.pending_at is null`,
    wanted,
  );
  return new Map(rows.map((row) => [row.id, accountView(row)]));
}

export interface AccountAddress {
  id: number;
  handle: string;
  domain: string;
  uri: string;
  suspendedAt: number | null;
  deletedAt: number | null;
  /** When a remote account's document was last read. */
  fetchedAt: number | null;
}

const ADDRESS_COLUMNS = `id, handle, domain, uri, suspended_at as "suspendedAt", deleted_at as "deletedAt",
  fetched_at as "fetchedAt"`;

/** @param domain empty for this instance. */
export async function findAccount(
  { read }: Pick<Reader, 'read'>,
  handle: string,
  domain: string,
): Promise<AccountAddress | null> {
  const rows = await read.hot<AccountAddress>(
    `select ${ADDRESS_COLUMNS} from accounts where handle_folded = $1 and domain = $2 and pending_at is null`,
    handle.toLowerCase(),
    domain.toLowerCase(),
  );
  return rows[0] ?? null;
}

export async function findAccountByUri({ read }: Pick<Reader, 'read'>, uri: string): Promise<AccountAddress | null> {
  const rows = await read.hot<AccountAddress>(
    `select ${ADDRESS_COLUMNS} from accounts where uri = $1 and pending_at is null`,
    uri,
  );
  return rows[0] ?? null;
}

/** The keys that a remote account's document named when it was last read. */
export async function publicKeysOf({ read }: Pick<Reader, 'read'>, uri: string): Promise<PublicKeyText[]> {
  const rows = await read.hot<{ public_keys: string }>(
    `select public_keys from accounts where uri = $1 and domain <> '' and deleted_at is null`,
    uri,
  );
  return rows[0] ? (JSON.parse(rows[0].public_keys) as PublicKeyText[]) : [];
}

interface ProfileRow extends AccountRow {
  bio_html: string;
  fields: string;
  header_remote_url: string | null;
  header_file: string | null;
  followers_count: number;
  following_count: number;
  posts_count: number;
  followers_total: number | null;
  following_total: number | null;
  posts_total: number | null;
  profile_fetched_at: number | null;
  counts_hidden: number;
  created_at: number;
  moved_to_id: number | null;
  memorial: number;
}

/** The whole profile; a suspended or deleted account shows its name and nothing else. */
export async function profileView(reader: Reader, id: number): Promise<ProfileView | null> {
  const rows = await reader.read.hot<ProfileRow>(
    `select ${ACCOUNT_COLUMNS}, a.bio_html, a.fields, a.header_remote_url,
       (select file from media where media.id = a.header_media_id) as header_file,
       a.followers_count, a.following_count, a.posts_count, a.followers_total, a.following_total, a.posts_total,
       a.profile_fetched_at, a.counts_hidden, a.created_at, a.moved_to_id, a.memorial
     from accounts a where a.id = $1`,
    id,
  );
  const row = rows[0];
  if (!row) return null;
  const view = accountView(row);
  const movedTo =
    row.moved_to_id === null ? null : (await accountViews(reader, [row.moved_to_id])).get(row.moved_to_id);
  return {
    ...view,
    bioHtml: view.suspended ? '' : row.bio_html,
    headerUrl: view.suspended ? null : pictureUrl(row.header_file, row.header_remote_url, 'header', row.id),
    fields: view.suspended ? [] : (JSON.parse(row.fields) as ProfileField[]),
    // Its server knows more than we do, but what is listed here is there.
    followersCount: Math.max(row.followers_count, row.followers_total ?? 0),
    followingCount: Math.max(row.following_count, row.following_total ?? 0),
    postsCount: Math.max(row.posts_count, row.posts_total ?? 0),
    asked: view.domain === null || row.profile_fetched_at !== null,
    countsHidden: row.counts_hidden !== 0,
    createdAt: row.created_at,
    movedTo: movedTo ?? null,
    memorial: row.memorial !== 0,
  };
}
