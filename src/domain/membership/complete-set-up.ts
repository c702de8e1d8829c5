import type { Unit } from '#db/unit.ts';
import { createAccount, type SealedKey } from '#domain/accounts/create-account.ts';
import { ensureInstanceActor } from '#domain/accounts/ensure-instance-actor.ts';
import { editSettings, writeSettings } from '#domain/instance/edit-settings.ts';
import { readSettings, type EditableSettings } from '#domain/instance/settings.ts';
import { parseEmail } from '#domain/membership/email.ts';
import { openSession, type Visit } from '#domain/membership/open-session.ts';
import { conflict, notAllowed } from '#kernel/errors.ts';
import { sameSecret } from '#kernel/tokens.ts';

/** The setting that holds the hash of the one-time token; it is no part of `Settings`. */
export const SET_UP_TOKEN_KEY = 'setUpTokenHash';

/**
 * Keeps the hash of a new set-up token, in place of an earlier one; the token is shown where the server was started.
 * False, and nothing is kept, when the instance is set up already.
 */
export async function issueSetUpToken(unit: Unit, input: { tokenHash: string }): Promise<boolean> {
  if ((await readSettings(unit.tx)).setUpAt !== null) return false;
  await unit.tx.hot(
    'insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value',
    SET_UP_TOKEN_KEY,
    JSON.stringify(input.tokenHash),
  );
  return true;
}

export interface SetUp {
  tokenHash: string;
  settings: Partial<EditableSettings>;
  handle: string;
  email: string;
  passwordHash: string;
  ownerKeys: readonly SealedKey[];
  instanceKeys: readonly SealedKey[];
  locale: 'en' | 'fr';
  visit: Visit;
}

/**
 * Makes the instance: its settings, the actor that speaks for it, and its owner, whose session's secret is returned.
 * Happens once. Records the origin, with which all ids begin from now on.
 * @throws not-allowed for a wrong token, conflict when it has happened already, invalid for fields.
 */
export async function completeSetUp(unit: Unit, input: SetUp): Promise<{ accountId: number; sessionToken: string }> {
  if ((await readSettings(unit.tx)).setUpAt !== null) throw conflict('set-up-already');
  // Deleting it is what makes the second of two that come at once fail, on both engines.
  const kept = await unit.tx.hot<{ value: string }>(
    'delete from settings where key = $1 returning value',
    SET_UP_TOKEN_KEY,
  );
  const expected = kept[0] ? (JSON.parse(kept[0].value) as string) : '';
  if (expected === '' || !sameSecret(expected, input.tokenHash)) throw notAllowed('set-up-token-wrong');

  await editSettings(unit, { actorId: null, changes: input.settings });
  const { origin, handleDomain } = unit.site;
  await writeSettings(unit, { setUpAt: unit.now, origin, handleDomain });
  await ensureInstanceActor(unit, { keys: input.instanceKeys });

  const email = parseEmail(input.email);
  const accountId = await createAccount(unit, { handle: input.handle, keys: input.ownerKeys });
  await unit.tx.insert(unit.schema.members).values({
    accountId,
    email: email.address,
    emailFolded: email.folded,
    // Whoever has the token has the server: nothing more would be proven by a mail.
    emailConfirmedAt: unit.now,
    passwordHash: input.passwordHash,
    role: 'owner',
    approvedAt: unit.now,
    locale: input.locale,
    createdAt: unit.now,
    lastSeenAt: unit.now,
  });
  return { accountId, sessionToken: await openSession(unit, { accountId, visit: input.visit }) };
}
