import { unconfirmedKey } from '#domain/membership/email.ts';
import { openSession } from '#domain/membership/open-session.ts';
import type { Role } from '#domain/membership/permissions.ts';
import { hashPassword } from '#kernel/password.ts';
import type { World } from './world.ts';

export const PASSWORD = 'a stage of one’s own';

let hash: Promise<string> | undefined;

/** Hashing is slow, and every test may have the same. */
export function passwordHash(): Promise<string> {
  hash ??= hashPassword(PASSWORD);
  return hash;
}

export interface MemberOptions {
  role?: Role;
  email?: string;
  confirmed?: boolean;
  approved?: boolean;
  locale?: 'en' | 'fr' | null;
}

/** A local person who can log in with `PASSWORD`, as `<handle>@mail.test`. */
export async function addMember(world: World, handle: string, options: MemberOptions = {}): Promise<number> {
  const accountId = await world.person(handle);
  const email = options.email ?? `${handle.toLowerCase()}@mail.test`;
  const values = {
    accountId,
    email,
    emailFolded: options.confirmed === false ? unconfirmedKey(email, accountId) : email,
    emailConfirmedAt: options.confirmed === false ? null : world.clock.now(),
    passwordHash: await passwordHash(),
    role: options.role ?? 'user',
    approvedAt: options.approved === false ? null : world.clock.now(),
    locale: options.locale ?? null,
    createdAt: world.clock.now(),
  };
  await world.store.write((tx) => tx.insert(world.store.schema.members).values(values));
  return accountId;
}

/** The secret of a session of theirs: the cookie's value. */
export async function sessionOf(world: World, accountId: number): Promise<string> {
  return world.commit(openSession, { accountId, visit: { address: '192.0.2.7', userAgent: 'Test' } });
}

/** The events that wait in the outbox for their consumers, without their ids. */
export async function outboxOf(world: World, type: string): Promise<Record<string, unknown>[]> {
  const rows = await world.store.read.hot<{ event: string }>(
    'select event from outbox where type = $1 order by id',
    type,
  );
  return rows.map((row) => JSON.parse(row.event) as Record<string, unknown>);
}
