import { isInNetwork, parseAddress } from '#kernel/networks.ts';

const FORWARDED_MAX = 20;

/**
 * Who is at the other end. `X-Forwarded-For` counts only as far as trusted proxies wrote it: from the right, past
 * those that are ours, to the first that is not. Anybody can write what stands further left.
 * @param peer the address of the connection itself.
 */
export function clientAddress(
  peer: string | null,
  forwardedFor: string | null,
  trusted: readonly string[],
): string | null {
  const isOurs = (address: string | null): boolean => {
    const parsed = address === null ? null : parseAddress(address);
    return parsed !== null && trusted.some((network) => isInNetwork(parsed, network));
  };
  let client = peer;
  const hops = (forwardedFor ?? '').split(',').slice(-FORWARDED_MAX).map(withoutPort).toReversed();
  for (const hop of hops) {
    if (!isOurs(client) || parseAddress(hop) === null) break;
    client = hop;
  }
  return client;
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return hop
    .trim()
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}
