import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress, isPublicName } from './addresses.ts';
import type { Network } from './addresses.ts';
import { EgressRefused } from './refused.ts';

/** Where a name leads instead of to DNS; for tests and demonstrations. */
export interface HostTarget {
  scheme: 'http' | 'https';
  address: string;
  port: number;
}

/** Names in lower case; `*.peer.test` means all names below `peer.test`. */
export type HostMap = ReadonlyMap<string, HostTarget>;

export interface Address {
  address: string;
  family: 4 | 6;
}

/** Every address of a name. */
export type Lookup = (hostname: string) => Promise<Address[]>;

export interface ConnectOptions {
  hostMap: HostMap;
  allowed: readonly Network[];
  ca: string | Buffer | undefined;
  lookup: Lookup;
  timeoutMs: number;
}

const PUBLIC_PORTS = ['', '80', '443'];

/** The target of a name by the map: its own entry first, then the nearest wildcard above it. */
export function lookupHost(map: HostMap, hostname: string): HostTarget | null {
  const labels = hostname.toLowerCase().split('.');
  const own = map.get(labels.join('.'));
  if (own) return own;
  for (let first = 1; first < labels.length; first += 1) {
    const wildcard = map.get(`*.${labels.slice(first).join('.')}`);
    if (wildcard) return wildcard;
  }
  return null;
}

/** Opens sockets only to public addresses on the usual ports, or to where the map says. */
export function createConnect(options: ConnectOptions): buildConnector.connector {
  const shared = { timeout: options.timeoutMs, ...(options.ca === undefined ? {} : { ca: options.ca }) };
  const toMapped = buildConnector(shared);
  const toPublic = buildConnector({ ...shared, lookup: checkedLookup(options) });
  return (request, callback) => {
    const hostname = request.hostname.replace(/^\[|\]$/g, '');
    const target = lookupHost(options.hostMap, hostname);
    const refusal = target ? mappedRefusal(request, target) : publicRefusal(hostname, request.port, options.allowed);
    if (refusal) {
      callback(refusal, null);
    } else if (target) {
      toMapped({ ...request, hostname: target.address, port: String(target.port), servername: hostname }, callback);
    } else {
      toPublic(request, (...[error, socket]) => {
        if (error) return callback(error, null);
        // The last word is the socket's own: whatever was looked up, this is where it went.
        if (isPublicAddress(socket.remoteAddress ?? '', options.allowed)) return callback(null, socket);
        socket.destroy();
        return callback(addressRefusal(hostname, socket.remoteAddress ?? 'nowhere'), null);
      });
    }
  };
}

function mappedRefusal(request: buildConnector.Options, target: HostTarget): EgressRefused | null {
  if (request.protocol === `${target.scheme}:`) return null;
  return new EgressRefused('scheme', `${request.hostname} speaks ${target.scheme} here, not ${request.protocol}`);
}

function publicRefusal(hostname: string, port: string, allowed: readonly Network[]): EgressRefused | null {
  if (!PUBLIC_PORTS.includes(port)) return new EgressRefused('port', `port ${port} of ${hostname}`);
  if (isIP(hostname) !== 0) return isPublicAddress(hostname, allowed) ? null : addressRefusal(hostname, hostname);
  return isPublicName(hostname) ? null : new EgressRefused('name', `${hostname} is no public name`);
}

function addressRefusal(hostname: string, address: string): EgressRefused {
  return new EgressRefused('address', `${hostname} leads to ${address}`);
}

/** Hands the socket the very addresses that were checked, so that a second answer of the DNS counts for nothing. */
function checkedLookup(options: ConnectOptions): LookupFunction {
  return (hostname, { all }, callback) => {
    const hand = async (): Promise<void> => {
      const found = await checkedAddresses(hostname, options).catch((error: unknown) => error as Error);
      if (found instanceof Error) callback(found, []);
      else if (all) callback(null, found);
      else callback(null, found[0].address, found[0].family);
    };
    void hand();
  };
}

/** One private address among public ones refuses the name: no honest name has both. */
async function checkedAddresses(
  hostname: string,
  { lookup, allowed }: ConnectOptions,
): Promise<[Address, ...Address[]]> {
  const [first, ...others] = await lookup(hostname);
  if (!first) throw addressRefusal(hostname, 'nowhere');
  const wrong = [first, ...others].find(({ address }) => !isPublicAddress(address, allowed));
  if (wrong) throw addressRefusal(hostname, wrong.address);
  return [first, ...others];
}

const resolver = new Resolver({ timeout: 2000, tries: 2 });

/**
 * Asks the DNS itself and not `getaddrinfo`: that one holds a thread of the pool for as long as a name server of a
 * stranger is silent, and four silent names would stop all signature checks. So `/etc/hosts` is not read.
 */
export async function lookupInDns(hostname: string): Promise<Address[]> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
  return [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 as const })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 as const })) : []),
  ];
}
