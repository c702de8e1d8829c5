/** An IP address as a number; an IPv4 address inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. */
export interface Address {
  bits: 32 | 128;
  value: bigint;
}

/** Null for anything but an IPv4 address in four decimal parts or an IPv6 address; a zone (`%eth0`) is dropped. */
export function parseAddress(text: string): Address | null {
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '');
  if (!bare.includes(':')) {
    const value = parseFour(bare);
    return value === null ? null : { bits: 32, value };
  }
  const value = parseSix(bare);
  if (value === null) return null;
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

/** @param network `192.0.2.0/24`, `2001:db8::/32` or a single address; one that cannot be read holds nobody. */
export function isInNetwork(address: Address, network: string): boolean {
  const [text = '', prefix] = network.split('/');
  const base = parseAddress(text);
  if (base === null || base.bits !== address.bits) return false;
  const length = prefix === undefined ? base.bits : Number(prefix);
  if (!Number.isInteger(length) || length < 0 || length > base.bits) return false;
  const shift = BigInt(base.bits - length);
  return base.value >> shift === address.value >> shift;
}

/**
 * Who counts as one visitor for a rate limit: an IPv4 address, or the /64 of an IPv6 address, since whoever has
 * one address of it has all 2^64.
 */
export function visitorOf(address: string | null): string {
  const parsed = address === null ? null : parseAddress(address);
  if (parsed === null) return 'unknown';
  return parsed.bits === 32 ? `4:${parsed.value}` : `6:${parsed.value >> 64n}`;
}

function parseFour(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseSix(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(groupsOf);
  if (!head || tail === null) return null;
  if (tail === undefined) return head.length === 8 ? join(head) : null;
  const zeros = 8 - head.length - tail.length;
  return zeros < 1 ? null : join([...head, ...Array.from({ length: zeros }, () => 0n), ...tail]);
}

/** The 16-bit groups of one side of a `::`; the last two may be written as an IPv4 address. */
function groupsOf(text: string): bigint[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const four = index === parts.length - 1 ? parseFour(part) : null;
    if (four !== null) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}

function join(groups: bigint[]): bigint {
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}
