import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DomainEvent } from '#domain/events.ts';
import { MAIL_LANE } from '#domain/consumers.ts';
import { createSettingsCache } from '#domain/instance/settings.ts';
import { approveSignUp } from '#domain/membership/approve-sign-up.ts';
import { confirmEmail } from '#domain/membership/confirm-email.ts';
import type { MailMessage, MailPort } from '#domain/membership/mail.ts';
import { requestPasswordReset } from '#domain/membership/request-password-reset.ts';
import { resetPassword } from '#domain/membership/reset-password.ts';
import { sendMail } from '#jobs/send-mail.ts';
import { catchMail } from '#ports/mail.ts';
import { hashToken } from '#kernel/tokens.ts';
import { queueDepth } from '#db/queue.ts';
import { composeMail } from '#web/mail/compose-mail.tsx';
import { addMember } from '../members.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let mail: MailPort;

beforeEach(async () => {
  world = await openWorld();
  mail = catchMail();
});

afterEach(() => world.close());

const lane = () =>
  world.lane({
    lane: MAIL_LANE,
    handle: sendMail({
      ...world,
      mail,
      compose: composeMail,
      settings: createSettingsCache(world.store.read),
    }),
  });

async function caught(): Promise<MailMessage[]> {
  await lane().drain();
  return [...(mail.caught() ?? [])].toReversed();
}

const emit = (event: DomainEvent) => world.commit(async (unit) => unit.emit(event), undefined);
const tokenIn = (message: MailMessage | undefined) => /token=([\w-]+)/.exec(message?.text ?? '')?.[1] ?? '';

describe('the mail lane', () => {
  test('sends a link that works, in the language of its reader, and keeps the token nowhere else', async () => {
    const ana = await addMember(world, 'ana', { locale: 'fr' });
    await world.commit(requestPasswordReset, { email: 'ana@mail.test' });
    const [message, ...others] = await caught();
    expect(others).toEqual([]);
    expect(message).toMatchObject({ to: 'ana@mail.test', subject: 'Un nouveau mot de passe pour Estrade' });
    expect(message?.text).toContain('Bonjour ana,');
    expect(message?.text).toContain('https://here.test/reset-password?token=');
    expect(message?.html).toContain(`href="https://here.test/reset-password?token=${tokenIn(message)}"`);
    const tables = await world.store.read.select().from(world.store.schema.mailTokens);
    expect(JSON.stringify(tables)).not.toContain(tokenIn(message));
    expect(await world.store.read.$count(world.store.schema.outbox)).toBe(0);
    const tokenHash = hashToken(tokenIn(message));
    expect(await world.commit(resetPassword, { tokenHash, passwordHash: 'new' })).toBe(ana);
  });

  test('sends a link to confirm an address, which confirms it', async () => {
    const ana = await addMember(world, 'ana', { confirmed: false });
    await emit({ type: 'mail-requested', accountId: ana, purpose: 'confirm', email: 'ana@mail.test' });
    const [message] = await caught();
    expect(message?.subject).toBe('Confirm your address for Estrade');
    expect(await world.commit(confirmEmail, { tokenHash: hashToken(tokenIn(message)) })).toMatchObject({
      accountId: ana,
    });
  });

  test('sends nothing that is no longer wanted', async () => {
    const ana = await addMember(world, 'ana');
    await emit({ type: 'mail-requested', accountId: ana, purpose: 'confirm', email: 'ana@mail.test' });
    await emit({ type: 'mail-requested', accountId: ana, purpose: 'reset', email: 'old@mail.test' });
    await emit({ type: 'security-noticed', accountId: 5, notice: 'new-login' });
    expect(await caught()).toEqual([]);
    expect(await queueDepth(world.store.read)).toEqual([]);
  });

  test('tells each of the staff once that somebody waits, though one of them cannot be reached', async () => {
    const judge = await addMember(world, 'judge', { role: 'moderator', locale: 'fr' });
    await addMember(world, 'ada', { role: 'owner' });
    await addMember(world, 'bob');
    const nina = await addMember(world, 'nina', { approved: false });
    await world.store.write((tx) =>
      tx.hot(`update members set sign_up_reason = 'I <3 theatre' where account_id = $1`, nina),
    );
    let broken = true;
    const port = mail;
    mail = {
      ...port,
      send: (message) =>
        broken && message.to === 'ada@mail.test' ? Promise.reject(new Error('away')) : port.send(message),
    };
    await emit({ type: 'sign-up-requested', accountId: nina });
    expect((await caught()).map((message) => message.to)).toEqual(['judge@mail.test']);
    broken = false;
    world.clock.advance(1000);
    const messages = await caught();
    expect(messages.map((message) => message.to)).toEqual(['judge@mail.test', 'ada@mail.test']);
    expect(messages[0]?.subject).toBe('nina souhaite rejoindre Estrade');
    expect(messages[1]?.text).toContain('I <3 theatre');
    expect(messages[1]?.html).toContain('I &lt;3 theatre');
    await world.commit(approveSignUp, { actorId: judge, accountId: nina });
    expect((await caught()).at(-1)).toMatchObject({ to: 'nina@mail.test', subject: 'You are in: Estrade' });
  });

  test('does not tell staff of a sign-up that was decided meanwhile', async () => {
    await addMember(world, 'ada', { role: 'owner' });
    const nina = await addMember(world, 'nina');
    await emit({ type: 'sign-up-requested', accountId: nina });
    expect(await caught()).toEqual([]);
  });

  test.each(['password-changed', 'totp-enabled', 'totp-disabled', 'new-login', 'email-change-requested'] as const)(
    'tells a member of %s in both languages',
    async (notice) => {
      const [ana, noe] = [await addMember(world, 'ana'), await addMember(world, 'noe', { locale: 'fr' })];
      for (const accountId of [ana, noe]) await emit({ type: 'security-noticed', accountId, notice });
      const [english, french] = await caught();
      expect(english?.subject).toBe('A change to your account on Estrade');
      expect(french?.subject).toBe('Un changement sur votre compte Estrade');
      for (const message of [english, french]) expect(message?.text).not.toMatch(/\{\w+\}/);
    },
  );

  test('writes to somebody who was declined', async () => {
    await emit({ type: 'sign-up-rejected', email: 'nina@mail.test', locale: 'fr' });
    expect(await caught()).toMatchObject([{ to: 'nina@mail.test', subject: 'Votre inscription à Estrade' }]);
  });

  test('marks every try to send one message as the same message', async () => {
    const ana = await addMember(world, 'ana');
    const ids: string[] = [];
    mail = {
      ...mail,
      send: async (message) => {
        ids.push(message.messageId);
        if (ids.length === 1) throw new Error('connection lost after the message');
        return 'sent';
      },
    };
    await emit({ type: 'security-noticed', accountId: ana, notice: 'new-login' });
    await lane().drain();
    world.clock.advance(1000);
    await lane().drain();
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^<\d+@here\.test>$/);
  });

  test('does not wear out a server that will never take a message', async () => {
    const ana = await addMember(world, 'ana');
    let tries = 0;
    mail = {
      ...mail,
      send: async () => {
        tries += 1;
        return 'refused';
      },
    };
    await emit({ type: 'security-noticed', accountId: ana, notice: 'new-login' });
    await lane().drain();
    world.clock.advance(10_000);
    await lane().drain();
    expect(tries).toBe(1);
    expect(await queueDepth(world.store.read)).toEqual([]);
  });
});
