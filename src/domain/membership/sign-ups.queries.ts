import type { Query } from '#db/store.ts';
import { INVITE_STANDS } from '#domain/membership/spend-invite.ts';
import { foldReadableCode } from '#kernel/tokens.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

type Read = Pick<Query, 'hot'>;

export interface PendingSignUp {
  /** The account's id. */
  id: number;
  handle: string;
  email: string;
  reason: string;
  address: string | null;
  locale: 'en' | 'fr' | null;
  createdAt: number;
}

/** Those who wait for staff, the newest first. Who has not confirmed the address is not shown yet. */
export async function pendingSignUps(read: Read, { before, limit }: PageRequest): Promise<Page<PendingSignUp>> {
  const rows = await read.hot<PendingSignUp>(
    `select m.account_id as id, a.handle, m.email, m.sign_up_reason as reason, m.sign_up_address as address, m.locale,
       m.created_at as "createdAt"
     from members m join accounts a on a.id = m.account_id
     where m.approved_at is null and m.email_confirmed_at is not null and m.account_id < $1
     order by m.account_id desc limit $2`,
    before ?? Number.MAX_SAFE_INTEGER,
    limit + 1,
  );
  return pageOf(rows, limit);
}

export async function countPendingSignUps(read: Read): Promise<number> {
  const rows = await read.hot<{ n: number }>(
    'select count(*) as n from members where approved_at is null and email_confirmed_at is not null',
  );
  return rows[0]?.n ?? 0;
}

/** Why somebody who waits for staff wants to join; null for one who does not wait. */
export async function signUpReason(read: Read, accountId: number): Promise<string | null> {
  const rows = await read.hot<{ reason: string }>(
    'select sign_up_reason as reason from members where account_id = $1 and approved_at is null',
    accountId,
  );
  return rows[0]?.reason ?? null;
}

export interface InviteLine {
  id: number;
  code: string;
  creatorId: number;
  creatorHandle: string;
  comment: string;
  uses: number;
  usesMax: number | null;
  createdAt: number;
  expiresAt: number | null;
}

/** The invites that were not revoked, the newest first. */
export async function openInvites(read: Read, { before, limit }: PageRequest): Promise<Page<InviteLine>> {
  const rows = await read.hot<InviteLine>(
    `select i.id, i.code, i.creator_id as "creatorId", a.handle as "creatorHandle", i.comment, i.uses,
       i.uses_max as "usesMax", i.created_at as "createdAt", i.expires_at as "expiresAt"
     from invites i join accounts a on a.id = i.creator_id
     where i.revoked_at is null and i.id < $1 order by i.id desc limit $2`,
    before ?? Number.MAX_SAFE_INTEGER,
    limit + 1,
  );
  return pageOf(rows, limit);
}

/** Whether a sign-up with this code would be taken at this moment. */
export async function inviteStands(read: Read, code: string, now: number): Promise<boolean> {
  const rows = await read.hot(
    `select 1 as stands from invites i where i.code = $2 and ${INVITE_STANDS}`,
    now,
    foldReadableCode(code),
  );
  return rows.length > 0;
}
