import { isIP } from 'node:net';
import { z } from 'zod';

/*
 * How the text of an option is read. Every message completes the sentence "NAME …" and never repeats the value:
 * whoever prints it adds the value unless it is a secret.
 */

/** Where a name leads when the egress looks it up, instead of asking DNS. */
export interface HostTarget {
  scheme: 'http' | 'https';
  /** An IP address, IPv6 without brackets. */
  address: string;
  port: number;
}

export const path: z.ZodType<string, string> = z.string();

export const port = integer(1, 65_535, 'is not a port number (1 to 65535)');

export function integer(min: number, max: number, message: string): z.ZodType<number, string> {
  return z
    .string()
    .refine((value) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max, message)
    .transform(Number);
}

export function choice<const T extends string>(choices: readonly T[]): z.ZodType<T, string> {
  return z.string().pipe(z.enum(choices, { error: `is none of ${choices.join(', ')}` }));
}

export const listenAddress: z.ZodType<string, string> = z
  .string()
  .refine((value) => isIP(value) !== 0 || value === 'localhost', 'is not an IP address to listen on');

export function longText(charactersMin: number): z.ZodType<string, string> {
  return z.string().min(charactersMin, `is shorter than ${charactersMin} characters`);
}

export function url(schemes: readonly string[], message: string): z.ZodType<string, string> {
  return z.string().refine((value) => {
    const parsed = URL.parse(value);
    return parsed !== null && schemes.includes(parsed.protocol) && parsed.hostname !== '';
  }, message);
}

/** Plain http is for one's own machine: others could neither check who answers nor log in safely. */
export const origin: z.ZodType<URL, string> = read((value) => {
  const parsed = URL.parse(value);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    return fault('is not an address like https://example.org');
  if (value.replace(/\/$/, '').toLowerCase() !== parsed.origin) {
    return fault(`has more than scheme, host and port; did you mean ${parsed.origin}?`);
  }
  if (parsed.protocol === 'http:' && !isLocalName(parsed.hostname)) {
    return fault('must begin with https:// unless the host is localhost or ends with .localhost');
  }
  return parsed;
});

function isLocalName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

/** The part of a handle after the last @, with the port when it is not the usual one. */
export const domain: z.ZodType<string, string> = read((value) => {
  const parsed = URL.parse(`https://${value}`);
  const fits = parsed !== null && /^[^/?#@\\\s]+$/.test(value) && parsed.hostname !== '';
  return fits ? parsed.host : fault('is not a domain like example.org');
});

/** One sender, as it stands in the From line of a message: `Name <name@example.org>` or the address alone. */
export const mailbox: z.ZodType<string, string> = z
  .string()
  .regex(
    /^(?:[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
    'is not an address like Estrade <estrade@example.org>',
  );

/** Networks by comma, each made whole: `10.1.2.3` becomes `10.1.2.3/32`. */
export const networks: z.ZodType<string[], string> = read((value) => {
  const found: string[] = [];
  for (const part of parts(value)) {
    const [address = '', prefix, ...rest] = part.split('/');
    const bits = isIP(address) === 6 ? 128 : 32;
    const fits = isIP(address) !== 0 && rest.length === 0 && (prefix === undefined || isPrefix(prefix, bits));
    if (!fits) return fault(`has "${part}", which is not a network like 10.0.0.0/8 or fd00::/8`);
    found.push(`${address}/${prefix ?? bits}`);
  }
  return found;
});

function isPrefix(prefix: string, bits: number): boolean {
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}

/** `name=scheme://address:port` by comma; a name may begin with `*.` for all names below it. */
export const hostMap: z.ZodType<ReadonlyMap<string, HostTarget>, string> = read((value) => {
  const found = new Map<string, HostTarget>();
  for (const part of parts(value)) {
    const [name = '', target] = part.toLowerCase().split('=');
    const parsed = /^https?:\/\/[^/?#@]+:\d+$/.test(target ?? '') ? URL.parse(target ?? '') : null;
    const address = parsed?.hostname.replace(/^\[|\]$/g, '') ?? '';
    if (!parsed || isIP(address) === 0 || !/^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(name)) {
      return fault(`has "${part}", which is not like a.test=https://127.0.0.1:4001`);
    }
    if (found.has(name)) return fault(`names ${name} twice`);
    const scheme = parsed.protocol === 'http:' ? 'http' : 'https';
    found.set(name, {
      scheme,
      address,
      port: Number(parsed.port === '' ? { http: 80, https: 443 }[scheme] : parsed.port),
    });
  }
  return found;
});

function parts(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

interface Fault {
  fault: string;
}

function fault(message: string): Fault {
  return { fault: message };
}

/** A reader that gives the value or says what is wrong with it. */
function read<T extends object | string>(reader: (value: string) => T | Fault): z.ZodType<T, string> {
  return z.string().transform((value, context) => {
    const result = reader(value);
    if (typeof result !== 'object' || !('fault' in result)) return result;
    context.addIssue({ code: 'custom', message: result.fault });
    return z.NEVER;
  });
}
