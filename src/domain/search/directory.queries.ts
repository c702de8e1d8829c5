import type { ProfileView } from '#domain/accounts/account-view.ts';
import { profileView, type Reader } from '#domain/accounts/accounts.queries.ts';

/** People of this instance who wish to be found, those who wrote last first. */
export async function discoverablePeople(
  reader: Reader,
  viewerId: number | null,
  most: number,
): Promise<ProfileView[]> {
  const rows = await reader.read.hot<{ id: number }>(
    `select a.id from accounts a
     where a.domain = '' and a.discoverable = 1 and a.kind <> 'application' and a.id <> $1 and a.moved_to_id is null
       and a.pending_at is null
       and a.limited_at is null and a.suspended_at is null and a.deleted_at is null
       and not exists (select 1 from blocks b
         where (b.blocker_id = a.id and b.blocked_id = $1) or (b.blocker_id = $1 and b.blocked_id = a.id))
     order by coalesce(a.last_post_at, 0) desc, a.id desc limit $2`,
    viewerId ?? 0,
    most,
  );
  const profiles = await Promise.all(rows.map((row) => profileView(reader, row.id)));
  return profiles.filter((profile) => profile !== null);
}

export interface FindingConsent {
  discoverable: boolean;
  indexable: boolean;
}

/** Whether an account wishes to be suggested to others, and its posts to be found by words and by search engines. */
export async function findingConsent({ read }: Pick<Reader, 'read'>, accountId: number): Promise<FindingConsent> {
  const rows = await read.hot<{ discoverable: number; indexable: number }>(
    'select discoverable, indexable from accounts where id = $1 and limited_at is null',
    accountId,
  );
  return { discoverable: rows[0]?.discoverable === 1, indexable: rows[0]?.indexable === 1 };
}
