import type { Unit } from '#db/unit.ts';
import { createAccount, type SealedKey } from '#domain/accounts/create-account.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { parseEmail } from '#domain/membership/email.ts';
import type { Role } from '#domain/membership/permissions.ts';
import { refuseTakenEmail } from '#domain/membership/sign-up.ts';

export interface NewMember {
  handle: string;
  displayName?: string;
  email: string;
  passwordHash: string;
  role: Role;
  keys: readonly SealedKey[];
  locale?: 'en' | 'fr';
}

/**
 * Makes a member without asking anybody: for whoever has the server itself in hand. Returns the account's id.
 * @throws invalid or conflict, as a sign-up does.
 */
export async function addMember(unit: Unit, input: NewMember): Promise<number> {
  const email = parseEmail(input.email);
  await refuseTakenEmail(unit, email.folded);
  const accountId = await createAccount(unit, {
    handle: input.handle,
    keys: input.keys,
    ...(input.displayName ? { displayName: input.displayName } : {}),
  });
  await unit.tx.insert(unit.schema.members).values({
    accountId,
    email: email.address,
    emailFolded: email.folded,
    emailConfirmedAt: unit.now,
    passwordHash: input.passwordHash,
    role: input.role,
    approvedAt: unit.now,
    locale: input.locale ?? null,
    createdAt: unit.now,
  });
  await recordAudit(unit, {
    actorId: null,
    action: 'member-added',
    target: `account:${accountId}`,
    details: { handle: input.handle, role: input.role },
  });
  return accountId;
}
