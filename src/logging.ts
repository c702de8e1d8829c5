import { AsyncLocalStorage } from 'node:async_hooks';
import { configure, type LogLevel, type LogRecord } from '@logtape/logtape';
import type { Config } from '#config/config.ts';

/**
 * To standard error, as lines for people or as JSON, one object a line. Fedify is heard from `warning` on: it tells of
 * every signature that does not hold, and so do we. Callers see to it that no body, token, cookie or mail address comes
 * here; what slips through in an error's words or under a telling name is struck out.
 */
export async function configureLogging({ level, format }: Config['log']): Promise<void> {
  const formatted = format === 'json' ? jsonLine : prettyLine;
  await configure({
    reset: true,
    // Fedify says in it which request a line belongs to; without one, each request brings a warning.
    contextLocalStorage: new AsyncLocalStorage(),
    sinks: { stderr: (record) => void process.stderr.write(formatted(record)) },
    loggers: [
      { category: ['estrade'], lowestLevel: level, sinks: ['stderr'] },
      { category: ['fedify'], lowestLevel: quieter(level, 'warning'), sinks: ['stderr'] },
      { category: ['logtape', 'meta'], lowestLevel: quieter(level, 'warning'), sinks: ['stderr'] },
    ],
  });
}

const LEVELS: LogLevel[] = ['trace', 'debug', 'info', 'warning', 'error', 'fatal'];

function quieter(a: LogLevel, b: LogLevel): LogLevel {
  return LEVELS.indexOf(a) > LEVELS.indexOf(b) ? a : b;
}

/** `{"time":"…","level":"info","message":"…", …}` and a line break. */
export function jsonLine(record: LogRecord): string {
  const { timestamp, level, category } = record;
  const head = { time: new Date(timestamp).toISOString(), level, category: category.join('.') };
  return `${JSON.stringify({ ...head, message: messageOf(record), ...cleanDetails(record.properties) })}\n`;
}

/** `2026-01-15 12:00:00 info     a job failed  lane=inbox tries=2` and a line break. */
export function prettyLine(record: LogRecord): string {
  const time = new Date(record.timestamp).toISOString().slice(0, 19).replace('T', ' ');
  const category = record.category[0] === 'estrade' ? '' : `${record.category.join('.')}: `;
  const details = Object.entries(cleanDetails(record.properties)).map(([name, value]) => `${name}=${shown(value)}`);
  return `${time} ${record.level.padEnd(8)} ${category}${messageOf(record)}  ${details.join(' ')}`.trimEnd() + '\n';
}

function messageOf({ message }: LogRecord): string {
  return strike(message.map((part) => (typeof part === 'string' ? part : shown(clean(part)))).join(''));
}

function shown(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'undefined';
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** Under these names stands nothing that belongs into a log. */
const SECRET_NAME = /authorization|body|cookie|e?mail|pass(word|wd)|secret|token|^to$|^raw$/i;
const STRUCK = '[struck out]';
const DEPTH_MAX = 4;

function cleanDetails(details: Record<string, unknown>): Record<string, unknown> {
  return clean(details) as Record<string, unknown>;
}

function clean(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return strike(value);
  if (value instanceof Error) return strike(value.stack ?? value.message);
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '…';
  if (Array.isArray(value)) return value.map((one) => clean(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, SECRET_NAME.test(name) ? STRUCK : clean(one, depth + 1)]),
  );
}

/** A handle (`@ana@example.org`, `acct:ana@example.org`) is public, and looks like a mail address but for its start. */
const MAIL_ADDRESS = /(?<![@/:\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const IN_ADDRESS = /([?&](?:token|code|key|secret)=)[^&\s"']+/gi;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;

function strike(text: string): string {
  return text.replace(IN_ADDRESS, `$1${STRUCK}`).replace(BEARER, `$1 ${STRUCK}`).replace(MAIL_ADDRESS, STRUCK);
}
