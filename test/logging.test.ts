import { getLogger, resetSync, withContext, type LogRecord } from '@logtape/logtape';
import { describe, expect, test, vi } from 'vitest';
import { configureLogging, jsonLine, prettyLine } from '#logging.ts';

const record = (message: string, properties: Record<string, unknown> = {}): LogRecord => ({
  category: ['estrade'],
  level: 'info',
  message: [message],
  rawMessage: message,
  timestamp: Date.UTC(2026, 0, 15, 12),
  properties,
});

const parsed = (message: string, properties?: Record<string, unknown>) =>
  JSON.parse(jsonLine(record(message, properties))) as Record<string, unknown>;

describe('a line of the log', () => {
  test('is one JSON object with all that is known, whatever stands in it', () => {
    const line = jsonLine(record('inbox refused', { reason: 'line\nbreak', status: 401 }));
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({
      ...{ time: '2026-01-15T12:00:00.000Z', level: 'info', category: 'estrade', message: 'inbox refused' },
      ...{ reason: 'line\nbreak', status: 401 },
    });
  });

  test('reads well and stays one line for people', () => {
    expect(prettyLine(record('a job failed', { lane: 'inbox', tries: 2, error: 'Error: no\nreally' }))).toBe(
      '2026-01-15 12:00:00 info     a job failed  lane=inbox tries=2 error="Error: no\\nreally"\n',
    );
    expect(prettyLine({ ...record('odd'), category: ['fedify', 'sig'] })).toContain('fedify.sig: odd');
  });

  test.each([
    'password',
    'authorization',
    'Cookie',
    'set-cookie',
    'sessionToken',
    'email',
    'to',
    'body',
    'raw',
    'secretKey',
  ])('says nothing of what is called %s', (name) => {
    expect(parsed('x', { [name]: 'hush', inside: { [name]: ['hush'] } })).toMatchObject({
      [name]: '[struck out]',
      inside: { [name]: '[struck out]' },
    });
  });

  test.each([
    ['550 <ana@example.org>: unknown', '550 <[struck out]>: unknown'],
    ['could not mail ana.b+tag@mail.example.org', 'could not mail [struck out]'],
    ['GET /confirm?token=abc-DEF_1&x=2', 'GET /confirm?token=[struck out]&x=2'],
    ['sent Authorization: Bearer abcdefgh12345', 'sent Authorization: Bearer [struck out]'],
  ])('strikes out of its words: %s', (said, shown) => {
    expect(parsed(said)).toMatchObject({ message: shown });
    expect(parsed('x', { error: new Error(said) })['error']).toContain(shown);
  });

  test.each([
    '@ana@example.org',
    'acct:ana@example.org',
    'https://example.org/@ana@there.test',
    'https://a.test/users/ana',
  ])('leaves what is public: %s', (said) => {
    expect(parsed(said)).toMatchObject({ message: said });
  });

  test('bears what cannot be told', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(parsed('x', { circle, big: 1n, none: undefined, then: null })).toMatchObject({ big: '1', then: null });
  });
});

test('a request leaves the lines that it is meant to leave, and no warning about the log itself', async () => {
  const lines: string[] = [];
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  try {
    await configureLogging({ level: 'info', format: 'json' });
    withContext({ requestId: '7' }, () => getLogger(['fedify', 'federation']).warn('odd'));
  } finally {
    stderr.mockRestore();
    resetSync();
  }
  expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(['odd']);
});
