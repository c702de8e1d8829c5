import ipaddr from 'ipaddr.js';

/** A network of addresses, as `ipaddr.js` reads a CIDR. */
export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Networks like `10.0.0.0/8` or `fd00::/8`. Throws on anything else: it comes from the configuration. */
export function readNetworks(cidrs: readonly string[]): Network[] {
  return cidrs.map((cidr) => ipaddr.parseCIDR(cidr));
}

/**
 * True for addresses of the public internet. IPv6 is judged by what is allowed, not by what is forbidden:
 * only 2000::/3 is handed out, which leaves out IPv4-mapped and -compatible forms, NAT64 and everything local;
 * inside it 6to4, Teredo and the like can carry a private IPv4 address and are no unicast either.
 */
export function isPublicAddress(address: string, allowed: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (allowed.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))) return true;
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST_V6, 3);
}

const GLOBAL_UNICAST_V6 = ipaddr.parse('2000::');

/** Names without a public owner (RFC 6761, RFC 6762, RFC 8375) and those that home and office networks use. */
const PRIVATE_SUFFIXES = [
  'alt',
  'corp',
  'example',
  'home',
  'home.arpa',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'onion',
  'private',
  'test',
];

/** False for names that only a local network could answer, and for spellings with a last dot, which hide a host. */
export function isPublicName(hostname: string): boolean {
  const name = hostname.toLowerCase();
  if (!name.includes('.') || name.endsWith('.')) return false;
  return !PRIVATE_SUFFIXES.some((suffix) => name.endsWith(`.${suffix}`));
}
