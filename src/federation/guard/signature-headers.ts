/** One signature of a request, as its header describes it; nothing of it is proven yet. */
export interface ReadSignature {
  keyId: string;
  /** Names of the covered parts, as the header spells them. */
  covered: string[];
  /** Seconds since 1970. */
  created: number | null;
  expires: number | null;
  algorithm: string | null;
  /** Base64. */
  value: string;
}

export interface ReadSignatures {
  scheme: 'cavage' | 'rfc9421';
  all: ReadSignature[];
}

export interface Refused {
  refused: string;
}

const HEADER_CHARACTERS_MAX = 8192;
/** Each signature may cost the fetch of a key. */
const SIGNATURES_MAX = 2;

/**
 * Reads every signature of a request: RFC 9421 where there is a `Signature-Input`, else draft-cavage-12. The grammar is
 * narrower than either specification: what is left has one reading only, so that what is checked here and what the
 * verifier sees behind it are the same. Anything twice, escaped or unknown in shape is refused.
 */
export function readSignature(headers: Headers): ReadSignatures | Refused {
  const signature = headers.get('signature');
  const input = headers.get('signature-input');
  if (signature === null) return { refused: 'no HTTP signature' };
  if (signature.length > HEADER_CHARACTERS_MAX || (input?.length ?? 0) > HEADER_CHARACTERS_MAX) {
    return { refused: 'a signature header too long' };
  }
  const all = input === null ? readCavage(signature) : readRfc9421(input, signature);
  if ('refused' in all) return all;
  return { scheme: input === null ? 'cavage' : 'rfc9421', all };
}

/** When a request was signed, as it says under its signature; empty where it says nothing. */
export function signedAt(headers: Headers): string {
  const read = readSignature(headers);
  if ('refused' in read) return '';
  return (read.scheme === 'cavage' ? headers.get('date') : read.all[0]?.created?.toString()) ?? '';
}

const CAVAGE_PARAMETER = /^[ \t]*([A-Za-z]+)=(?:"([^"\\]*)"|(\d+))[ \t]*$/;
const CAVAGE_COVERED = /^[a-z0-9()_-]+(?: [a-z0-9()_-]+)*$/;
const SECONDS = /^\d{1,12}$/;

function readCavage(header: string): ReadSignature[] | Refused {
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const part of header.split(',')) {
    const [, name = '', quoted, digits] = CAVAGE_PARAMETER.exec(part) ?? [];
    if (name === '') return { refused: 'a signature header that cannot be read' };
    if (seen.has(name.toLowerCase())) return { refused: `two of ${name} in one signature` };
    seen.add(name.toLowerCase());
    parameters.set(name, quoted ?? digits ?? '');
  }
  const keyId = parameters.get('keyId');
  const value = parameters.get('signature');
  const covered = parameters.get('headers') ?? '';
  const times = [parameters.get('created') ?? null, parameters.get('expires') ?? null];
  if (keyId === undefined || value === undefined) return { refused: 'a signature without a key' };
  if (!CAVAGE_COVERED.test(covered)) return { refused: 'a signature that covers nothing' };
  if (times.some((time) => time !== null && !SECONDS.test(time))) return { refused: 'a time that cannot be read' };
  const [created = null, expires = null] = times.map((time) => (time === null ? null : Number(time)));
  const algorithm = parameters.get('algorithm') ?? null;
  return [{ keyId, covered: covered.split(' '), created, expires, algorithm, value }];
}

/** One member of `Signature-Input`: `sig1=("@method" "@target-uri");created=1;keyid="…"`. */
const RFC_MEMBER =
  /[ \t]*([a-z*][a-z0-9_.*-]*)=\(((?:"[a-z0-9@-]+"(?: "[a-z0-9@-]+")*)?)\)((?:; *[a-z*][a-z0-9_.*-]*=(?:"[ !#-[\]-~]*"|-?\d{1,15}))*)[ \t]*(,|$)/y;
const RFC_PARAMETER = /; *([a-z*][a-z0-9_.*-]*)=(?:"([^"]*)"|(-?\d+))/g;
const RFC_VALUE = /^[ \t]*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]+={0,2}):[ \t]*$/;

function readRfc9421(input: string, signature: string): ReadSignature[] | Refused {
  const values = readRfcValues(signature);
  const found = new Map<string, ReadSignature>();
  const member = new RegExp(RFC_MEMBER);
  for (let end = ','; end === ',';) {
    const match = member.exec(input);
    if (!match) return { refused: 'a Signature-Input that cannot be read' };
    const [, label = '', covered = '', parameters = '', separator = ''] = match;
    const value = values?.get(label);
    if (found.has(label) || value === undefined) return { refused: 'Signature and Signature-Input do not match' };
    const read = readRfcParameters(covered, parameters, value);
    if ('refused' in read) return read;
    found.set(label, read);
    end = separator;
  }
  if (values?.size !== found.size) return { refused: 'Signature and Signature-Input do not match' };
  return found.size > SIGNATURES_MAX ? { refused: 'too many signatures' } : [...found.values()];
}

function readRfcValues(signature: string): Map<string, string> | null {
  const values = new Map<string, string>();
  for (const part of signature.split(',')) {
    const [, label = '', value = ''] = RFC_VALUE.exec(part) ?? [];
    if (label === '' || values.has(label)) return null;
    values.set(label, value);
  }
  return values;
}

function readRfcParameters(covered: string, text: string, value: string): ReadSignature | Refused {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, digits] of text.matchAll(RFC_PARAMETER)) {
    if (parameters.has(name)) return { refused: `two of ${name} in one signature` };
    parameters.set(name, quoted ?? digits ?? '');
  }
  const keyId = parameters.get('keyid');
  const created = parameters.get('created');
  const expires = parameters.get('expires') ?? null;
  if (keyId === undefined) return { refused: 'a signature without a key' };
  if (created === undefined || !SECONDS.test(created)) return { refused: 'a signature without its time' };
  if (expires !== null && !SECONDS.test(expires)) return { refused: 'a time that cannot be read' };
  return {
    keyId,
    covered: [...covered.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
    created: Number(created),
    expires: expires === null ? null : Number(expires),
    algorithm: parameters.get('alg') ?? null,
    value,
  };
}
