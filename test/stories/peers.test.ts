import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { listPeers, type PeerLine } from '#domain/moderation/domains.queries.ts';
import { forgetPeers } from '#jobs/forget-peers.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { startPeer, type Peer } from '../peer.ts';
import { follow, publish } from './cast.ts';

let net: Network & Record<'a' | 'b', NetworkInstance>;
let alice: number;

beforeEach(async () => {
  net = await openNetwork('a', 'b');
  alice = await net.a.person('alice');
  await follow(net, net.b, await net.b.person('bob'), '@alice@a.test');
});

afterEach(() => net.close());

/** As much time passes, and what comes round by itself does. */
async function pass(ms: number): Promise<void> {
  net.clock.advance(ms);
  for (const { schedule } of [net.a, net.b]) await schedule.runDue();
}

async function peersOf(instance: NetworkInstance): Promise<PeerLine[]> {
  return (await listPeers(instance.store, {}, { after: null, limit: 9 })).items;
}

async function meet(instance: NetworkInstance, host: string): Promise<void> {
  instance.federation.contacts.heard(host);
  await instance.federation.contacts.write();
}

async function bring(host: string): Promise<Peer> {
  const peer = await startPeer(host);
  net.hosts.set(host, { scheme: 'http', address: '127.0.0.1', port: peer.target.port ?? 0 });
  return peer;
}

function tell(peer: Peer, document: unknown, href = `${peer.base}/about-me`): void {
  const rel = 'http://nodeinfo.diaspora.software/ns/schema/2.1';
  peer.on('/.well-known/nodeinfo', { type: 'application/json', body: { links: [{ rel, href }] } });
  peer.on('/about-me', { type: 'application/json', body: document });
}

async function softwareOf(host: string): Promise<unknown> {
  const rows = await net.a.store.read.hot('select software, software_version from peers where host = $1', host);
  return rows[0];
}

describe('servers that two instances know of each other', () => {
  test('stand there with when they were heard and took something, and with what they run', async () => {
    const at = net.clock.now();
    await pass(MINUTE_MS);
    const known = { accounts: 1, lastHeardAt: at, lastDeliveredAt: at, severity: 'none', failingSince: null };
    expect(await peersOf(net.a)).toMatchObject([{ ...known, host: 'b.test', software: null }]);
    expect(await peersOf(net.b)).toMatchObject([{ ...known, host: 'a.test', software: null }]);
    await pass(10 * MINUTE_MS);
    expect(await peersOf(net.a)).toMatchObject([{ software: 'estrade', softwareVersion: '0.0.0' }]);
    expect(await peersOf(net.b)).toMatchObject([{ software: 'estrade', softwareVersion: '0.0.0' }]);
  });

  test('are found by a part of the name or by their software', async () => {
    await pass(MINUTE_MS);
    await pass(10 * MINUTE_MS);
    const found = async (text: string) =>
      (await listPeers(net.a.store, { text }, { after: null, limit: 9 })).items.map(({ host }) => host);
    expect(await found('B.te')).toEqual(['b.test']);
    expect(await found('Estr')).toEqual(['b.test']);
    expect(await found('mastodon')).toEqual([]);
  });

  test('cost one write in a while, however much they send', async () => {
    await pass(MINUTE_MS);
    const contact = async () =>
      (await net.b.store.read.hot<{ at: number }>('select last_heard_at as at from peers'))[0]?.at;
    const first = await contact();
    for (let n = 0; n < 10; n += 1) await publish(net.a, alice, `words ${n}`);
    net.clock.advance(MINUTE_MS);
    await net.settle();
    await pass(MINUTE_MS);
    expect(await contact()).toBe(first);
    net.clock.advance(HOUR_MS);
    await publish(net.a, alice, 'later');
    await net.settle();
    const later = net.clock.now();
    await pass(MINUTE_MS);
    expect(await contact()).toBe(later);
  });

  test('are forgotten after half a year of silence, and not before', async () => {
    await pass(MINUTE_MS);
    const rows = () => net.a.store.read.hot('select host from peers');
    net.clock.advance(179 * DAY_MS);
    await forgetPeers(net.a);
    expect(await rows()).toHaveLength(1);
    net.clock.advance(2 * DAY_MS);
    await forgetPeers(net.a);
    expect(await rows()).toEqual([]);
  });
});

test('a server whose handles are of another name is one server, with its people', async () => {
  await net.a.store.write((tx) => tx.hot(`update accounts set domain = 'handles.test' where host = 'b.test'`));
  await pass(MINUTE_MS);
  expect(await peersOf(net.a)).toMatchObject([{ host: 'b.test', accounts: 1 }]);
});

describe('what a server runs', () => {
  test('is asked once a day, and not where nobody has been in contact lately', async () => {
    const peer = await bring('far.test');
    tell(peer, { software: { name: 'mastodon', version: '4.5.0' } });
    await meet(net.a, 'far.test');
    await pass(10 * MINUTE_MS);
    await pass(10 * MINUTE_MS);
    expect(peer.hitsOf('/about-me')).toBe(1);
    expect(await softwareOf('far.test')).toEqual({ software: 'mastodon', software_version: '4.5.0' });
    tell(peer, { software: { name: 'mastodon', version: '4.5.1' } });
    await pass(DAY_MS);
    expect(peer.hitsOf('/about-me')).toBe(2);
    expect(await softwareOf('far.test')).toEqual({ software: 'mastodon', software_version: '4.5.1' });
    await pass(3 * DAY_MS);
    expect(peer.hitsOf('/about-me')).toBe(2);
    await peer.close();
  });

  test('is not asked of a suspended server', async () => {
    const peer = await bring('far.test');
    tell(peer, { software: { name: 'mastodon', version: '4.5.0' } });
    await meet(net.a, 'far.test');
    const policy = { actorId: null, rejectMedia: false, publicComment: '', privateComment: '' };
    await net.a.commit(setDomainPolicy, { ...policy, domain: 'far.test', severity: 'suspend' });
    await pass(10 * MINUTE_MS);
    expect(peer.hits).toEqual([]);
    await peer.close();
  });

  test('stays as it was known when it does not answer', async () => {
    const peer = await bring('far.test');
    tell(peer, { software: { name: 'mastodon', version: '4.5.0' } });
    await meet(net.a, 'far.test');
    await pass(10 * MINUTE_MS);
    await peer.close();
    await pass(DAY_MS);
    expect(await softwareOf('far.test')).toEqual({ software: 'mastodon', software_version: '4.5.0' });
  });

  test('is a short plain word, whatever is said', async () => {
    const peer = await bring('far.test');
    tell(peer, { software: { name: ` \u202Eevil\n\u0000${'x'.repeat(500)}`, version: '1\t2\u2028'.repeat(400) } });
    await meet(net.a, 'far.test');
    await pass(10 * MINUTE_MS);
    const said = (await softwareOf('far.test')) as { software: string; software_version: string };
    expect(said.software).toBe(`evil ${'x'.repeat(55)}`);
    expect(said.software_version).toMatch(/^[12 ]{100}$/);
    await peer.close();
  });

  test.each<[string, unknown]>([
    ['no object', 'mastodon'],
    ['no software', { version: '2.1' }],
    ['a name that is none', { software: { name: { toString: 1 } } }],
    ['an empty name', { software: { name: ' \n ' } }],
    ['too much', { software: { name: 'mastodon' }, metadata: 'x'.repeat(70_000) }],
  ])('is unknown when the answer has %s', async (_what, document) => {
    const peer = await bring('far.test');
    tell(peer, document);
    await meet(net.a, 'far.test');
    await pass(10 * MINUTE_MS);
    expect(peer.hitsOf('/about-me')).toBe(1);
    expect(await softwareOf('far.test')).toEqual({ software: null, software_version: null });
    await peer.close();
  });

  test('is asked nowhere else: neither by a link nor by a redirect', async () => {
    const [peer, other] = [await bring('far.test'), await bring('other.test')];
    tell(other, { software: { name: 'lies', version: '1' } });
    for (const href of [
      `${other.base}/about-me`,
      'http://127.0.0.1:1/about-me',
      'file:///etc/passwd',
      'javascript:1',
    ]) {
      tell(peer, {}, href);
      await meet(net.a, 'far.test');
      await pass(DAY_MS);
    }
    for (const path of ['/.well-known/nodeinfo', '/about-me']) {
      tell(peer, {});
      peer.on(path, { status: 302, headers: { location: `${other.base}${path}` } });
      await meet(net.a, 'far.test');
      await pass(DAY_MS);
    }
    expect(peer.hitsOf('/.well-known/nodeinfo')).toBe(6);
    expect(other.hits).toEqual([]);
    expect(await softwareOf('far.test')).toEqual({ software: null, software_version: null });
    await Promise.all([peer.close(), other.close()]);
  });
});
