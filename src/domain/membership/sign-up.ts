import type { Unit } from '#db/unit.ts';
import { createAccount, type SealedKey } from '#domain/accounts/create-account.ts';
import { readSettings, type Settings } from '#domain/instance/settings.ts';
import { refuseBlockedAddress, refuseBlockedEmailDomain } from '#domain/membership/refuse-blocked.ts';
import { parseEmail, UNCONFIRMED_OF, unconfirmedKey } from '#domain/membership/email.ts';
import { spendInvite } from '#domain/membership/spend-invite.ts';
import { conflict, invalid, notAllowed } from '#kernel/errors.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

/** A solved proof of work that the door has verified; it counts once. */
export interface ProofOfWork {
  challenge: string;
  expiresAt: number;
}

export interface SignUp {
  handle: string;
  email: string;
  passwordHash: string;
  keys: readonly SealedKey[];
  locale: 'en' | 'fr';
  /** Why the person wants to join; asked for where staff decides. */
  reason: string;
  inviteCode: string | null;
  proof: ProofOfWork | null;
  address: string | null;
  isOldEnough: boolean;
  acceptsRules: boolean;
  /** Whether the instance can send mail; where it cannot, nothing could confirm the address. */
  mailWorks: boolean;
}

export interface SignedUp {
  accountId: number;
  /** What has to happen before the person can log in. */
  awaits: { confirmation: boolean; approval: boolean };
}

/**
 * Asks for membership.
 *
 * Who waits for staff: everyone where registrations are by approval, but for the invited; and, where they are open,
 * those who bring no proof of work. The proof needs JavaScript, so a browser without it is not turned away: a person
 * looks at it instead. The same holds for everyone uninvited where the instance can send no mail.
 *
 * Nobody learns here who is a member: with a member's address everything goes on as with a free one, but for the mail,
 * which tells its owner instead of bringing a link. Where no mail can be sent there is nothing to hide behind, and a
 * taken address is refused.
 *
 * @throws not-allowed where registrations are closed, an invite is missing or the person's address is blocked;
 * invalid for fields; conflict for a handle that is taken, and without mail for an address that is.
 */
export async function signUp(unit: Unit, input: SignUp): Promise<SignedUp> {
  const settings = await readSettings(unit.tx);
  await refuseBlockedAddress(unit, input.address);
  checkConsent(input, settings);
  const email = parseEmail(input.email);
  await refuseBlockedEmailDomain(unit, email.domain);
  const ownerId = await ownerOf(unit, email.folded);
  if (ownerId !== null && !input.mailWorks) throw conflict('email-taken', 'email');

  const inviteId = input.inviteCode === null ? null : await spendInvite(unit, input.inviteCode);
  if (settings.registrations === 'invite' && inviteId === null) throw notAllowed('invite-required');
  const proven = input.proof !== null && (await spendProof(unit, input.proof));
  const approved = inviteId !== null || (settings.registrations === 'open' && proven && input.mailWorks);
  const reason = checkReason(input.reason, settings, approved);

  const accountId = await createAccount(unit, {
    handle: input.handle,
    keys: input.keys,
    pending: !approved || input.mailWorks,
  });
  const mailsToday = await signUpsToday(unit, email.folded);
  const inserted = await unit.tx
    .insert(unit.schema.members)
    .values({
      accountId,
      email: email.address,
      emailFolded: input.mailWorks ? unconfirmedKey(email.folded, accountId) : email.folded,
      emailConfirmedAt: input.mailWorks ? null : unit.now,
      passwordHash: input.passwordHash,
      approvedAt: approved ? unit.now : null,
      signUpReason: reason,
      signUpAddress: input.address,
      inviteId,
      locale: input.locale,
      createdAt: unit.now,
    })
    .onConflictDoNothing()
    .returning({ accountId: unit.schema.members.accountId });
  if (inserted.length === 0) throw conflict('email-taken', 'email');

  if (!input.mailWorks) {
    if (!approved) unit.emit({ type: 'sign-up-requested', accountId });
  } else if (mailsToday < limits.signUpMailsPerDay) {
    if (ownerId === null) unit.emit({ type: 'mail-requested', accountId, purpose: 'confirm', email: email.address });
    else unit.emit({ type: 'address-claimed', accountId: ownerId });
  }
  return { accountId, awaits: { confirmation: input.mailWorks, approval: !approved } };
}

/** @throws conflict. */
export async function refuseTakenEmail(unit: Unit, folded: string): Promise<void> {
  if ((await ownerOf(unit, folded)) !== null) throw conflict('email-taken', 'email');
}

/** Whose address it is; an unconfirmed one is nobody's. */
export async function ownerOf(unit: Unit, folded: string): Promise<number | null> {
  const rows = await unit.tx.hot<{ id: number }>(
    'select account_id as id from members where email_folded = $1',
    folded,
  );
  return rows[0]?.id ?? null;
}

/** With one address: each of them sent a mail to it, up to a bound, whosever it is. */
async function signUpsToday(unit: Unit, folded: string): Promise<number> {
  const rows = await unit.tx.hot<{ n: number }>(
    `select count(*) as n from members m where ${UNCONFIRMED_OF} and m.created_at > $2`,
    folded,
    unit.now - DAY_MS,
  );
  return Number(rows[0]?.n);
}

function checkConsent(input: SignUp, settings: Settings): void {
  if (settings.registrations === 'closed') throw notAllowed('registrations-closed');
  if (!input.isOldEnough) throw invalid('age-required', 'isOldEnough', { years: settings.minimumAge });
  if (!input.acceptsRules) throw invalid('rules-required', 'acceptsRules');
}

/** Only registrations by approval demand a reason: in the others staff is the exception, and the form says so. */
function checkReason(typed: string, settings: Settings, approved: boolean): string {
  const reason = typed.trim();
  if (reason.length > limits.signUpReasonCharacters) {
    throw invalid('too-long', 'reason', { max: limits.signUpReasonCharacters });
  }
  if (settings.registrations === 'approval' && !approved && reason === '') throw invalid('required', 'reason');
  return reason;
}

/** False for a proof that has been shown before. */
async function spendProof(unit: Unit, proof: ProofOfWork): Promise<boolean> {
  if (proof.expiresAt <= unit.now) return false;
  const { spentChallenges } = unit.schema;
  const spent = await unit.tx
    .insert(spentChallenges)
    .values({ challenge: proof.challenge, expiresAt: proof.expiresAt })
    .onConflictDoNothing()
    .returning({ challenge: spentChallenges.challenge });
  return spent.length > 0;
}
