import { invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface Email {
  /** As it was typed, for sending; the domain in its ASCII form. */
  address: string;
  /** Lower case, without a `+tag`: one address, one member. */
  folded: string;
  domain: string;
}

/** Nothing that a mail header or an address list could read as more than one address. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const LOCAL_PART = /^[^\s@<>()[\],;:"\\\u0000-\u001f\u007f]{1,64}$/u;

/** @throws invalid for what is no plain mail address; quoted local parts and addresses at an IP are refused as well. */
export function parseEmail(typed: string): Email {
  const text = typed.trim().normalize('NFKC');
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = at > 0 ? asciiDomain(text.slice(at + 1)) : null;
  if (domain === null || !LOCAL_PART.test(local)) throw invalid('email-malformed', 'email');
  const address = `${local}@${domain}`;
  if (address.length > limits.emailCharacters) throw invalid('email-malformed', 'email');
  const untagged = local.toLowerCase().replace(/(?<=.)\+.*$/u, '');
  return { address, folded: `${untagged}@${domain}`, domain };
}

function asciiDomain(text: string): string | null {
  if (!/^[^\s/?#@:\\[\]%]+$/u.test(text)) return null;
  const hostname = URL.parse(`http://${text}`)?.hostname.replace(/\.$/, '') ?? '';
  const isName = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(hostname);
  return isName || hostname === 'localhost' ? hostname : null;
}

/**
 * What an unconfirmed address is kept by: no address holds a space, so it is in nobody's way, and all sign-ups with one
 * address stand beside each other (`UNCONFIRMED_OF`).
 */
export function unconfirmedKey(folded: string, accountId: number): string {
  return `${folded} ${accountId}`;
}

/** The unconfirmed sign-ups of the folded address in $1, as SQL over `members m`. */
export const UNCONFIRMED_OF = `m.email_folded > $1 || ' ' and m.email_folded < $1 || '!'`;
