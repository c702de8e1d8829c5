import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { MailMessage } from '#domain/membership/mail.ts';
import { catchMail, openMail, smtpMail } from '#ports/mail.ts';
import { limits } from '#kernel/limits.ts';

const message: MailMessage = {
  to: 'ana@mail.test',
  subject: 'Un sujet à vous',
  text: 'Bonjour',
  html: '<p>Bonjour</p>',
  messageId: '<7@here.test>',
};

let server: Server | undefined;

afterEach(() => void server?.close());

/** A mail server that answers as told and keeps what it was given. */
async function mailServer(answers: Record<string, string> = {}): Promise<{ url: string; received: string[] }> {
  const received: string[] = [];
  server = createServer((socket) => {
    let inData = false;
    const say = (line: string) => void socket.write(`${line}\r\n`);
    say('220 mail.test');
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\r\n').filter(Boolean)) {
        received.push(line);
        if (inData) {
          if (line === '.') {
            inData = false;
            say('250 taken');
          }
          continue;
        }
        const verb = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
        if (verb === 'DATA') inData = true;
        say(answers[verb] ?? (verb === 'DATA' ? '354 go on' : '250 ok'));
      }
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `smtp://127.0.0.1:${port}`, received };
}

describe('mail over SMTP', () => {
  test('reaches the server with sender, recipient and both bodies, and asks for no automatic answer', async () => {
    const { url, received } = await mailServer();
    const mail = smtpMail({ url, from: 'Estrade <estrade@here.test>' });
    expect(await mail.send(message)).toBe('sent');
    const all = received.join('\n');
    expect(received).toContain('MAIL FROM:<estrade@here.test>');
    expect(received.filter((line) => line.startsWith('RCPT TO'))).toEqual(['RCPT TO:<ana@mail.test>']);
    expect(all).toContain('Message-ID: <7@here.test>');
    expect(all).toContain('Auto-Submitted: auto-generated');
    expect(all).toContain('text/plain; charset=utf-8');
    expect(all).toContain('text/html; charset=utf-8');
    expect(mail.caught()).toBeNull();
  });

  test('is refused for good where the server does not know the recipient', async () => {
    const { url } = await mailServer({ RCPT: '550 no such user' });
    expect(await smtpMail({ url, from: 'estrade@here.test' }).send(message)).toBe('refused');
  });

  test('is to be tried again where the server has no time, refuses the sender, or is away', async () => {
    const busy = await mailServer({ RCPT: '451 later' });
    await expect(smtpMail({ url: busy.url, from: 'estrade@here.test' }).send(message)).rejects.toThrow('451');
    server?.close();
    const strict = await mailServer({ MAIL: '550 not you' });
    await expect(smtpMail({ url: strict.url, from: 'estrade@here.test' }).send(message)).rejects.toThrow('550');
    server?.close();
    await expect(smtpMail({ url: 'smtp://127.0.0.1:1', from: 'estrade@here.test' }).send(message)).rejects.toThrow(
      'ECONNREFUSED',
    );
  });

  test('never goes to a second recipient hidden in the first', async () => {
    const { url, received } = await mailServer();
    const mail = smtpMail({ url, from: 'estrade@here.test' });
    for (const to of ['ana@mail.test, eve@evil.test', 'ana@mail.test\r\nBcc: eve@evil.test']) {
      await mail.send({ ...message, to }).catch(() => undefined);
    }
    expect(received.filter((line) => line.startsWith('RCPT') && line.includes('<eve@evil.test>'))).toEqual([]);
    expect(received.filter((line) => /^Bcc:/i.test(line))).toEqual([]);
  });
});

describe('mail without a server', () => {
  test('is caught on this machine, the last hundred', async () => {
    const mail = catchMail();
    for (let n = 0; n < limits.caughtMails + 5; n += 1) await mail.send({ ...message, subject: `${n}` });
    expect(mail.caught()).toHaveLength(limits.caughtMails);
    expect(mail.caught()?.[0]?.subject).toBe(`${limits.caughtMails + 4}`);
  });

  test.each([
    ['http://localhost:3000', true],
    ['http://a.localhost:3001', true],
    ['https://social.example', false],
    ['https://localhost.example', false],
  ])('%s catches it: %s', (origin, catches) => {
    const mail = openMail({ mail: null, origin: new URL(origin) });
    expect(mail.available).toBe(catches);
    expect(mail.caught()).toEqual(catches ? [] : null);
  });

  test('goes to the server where there is one, also on this machine', () => {
    const mail = openMail({
      mail: { url: 'smtp://127.0.0.1:1', from: 'a@b.test' },
      origin: new URL('http://localhost:1'),
    });
    expect(mail.available).toBe(true);
    expect(mail.caught()).toBeNull();
  });
});
