import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editProfile } from '#domain/accounts/edit-profile.ts';
import { profileView } from '#domain/accounts/accounts.queries.ts';
import { renderField } from '#domain/posts/render-text.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { recheckLinks } from '#jobs/recheck-links.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import type { Peer } from '../peer.ts';
import { bring } from '../security/harness.ts';
import { follow } from './cast.ts';

let net: Network & Record<'a' | 'b', NetworkInstance>;
let alice: number;
let home: Peer;

beforeEach(async () => {
  net = await openNetwork('a', 'b');
  alice = await net.a.person('alice');
  home = await bring(net, 'home.test');
});

afterEach(async () => {
  await home.close();
  await net.close();
});

const page = (html: string) => home.on('/', { type: 'text/html; charset=utf-8', body: html });
const LINK = '<!doctype html><p><a rel="me" href="http://a.test/@alice">me</a>';

/** Saves alice's profile with these fields and lets everything happen that follows. */
async function save(...values: string[]): Promise<void> {
  await net.a.commit(editProfile, {
    accountId: alice,
    displayName: 'Alice',
    bio: '',
    bioHtml: '',
    fields: values.map((value, index) => ({
      name: `Field ${index}`,
      value,
      valueHtml: renderField(value, new Map(), net.a.site.origin),
    })),
    locked: false,
    bot: false,
    discoverable: true,
    indexable: true,
    countsHidden: false,
  });
  await net.settle();
}

const marks = async () => (await profileView(net.a.store, alice))?.fields.map(({ verifiedAt }) => verifiedAt !== null);

async function recheckAfter(ms: number): Promise<void> {
  net.clock.advance(ms);
  await recheckLinks(net.a);
  await net.settle();
}

describe('a link of a profile', () => {
  test('is marked with the date when its page links back, by an element of either kind', async () => {
    page(LINK);
    home.on('/actor', {
      type: 'text/html',
      body: `<head><link href='http://a.test/users/alice' REL="nofollow ME" /></head>`,
    });
    home.on('/other', { type: 'text/html', body: LINK.replace('alice', 'bob') });
    await save('http://home.test/', 'http://home.test/actor', 'http://home.test/other', 'see http://home.test/');
    expect(await marks()).toEqual([true, true, false, false]);
    const profile = await profileView(net.a.store, alice);
    expect(profile?.fields[0]?.verifiedAt).toBe(net.clock.now());
    expect(profile?.fields[0]?.valueHtml).toContain('rel="me nofollow noopener noreferrer"');
  });

  test('is looked at again when the profile is saved after its page was mended', async () => {
    page('<p>Nothing here yet');
    await save('http://home.test/');
    expect(await marks()).toEqual([false]);
    page(LINK);
    net.clock.advance(limits.linkPauseMs + 1);
    await save('http://home.test/');
    expect(await marks()).toEqual([true]);
  });

  test('is not asked after again with each press of the button', async () => {
    page(LINK);
    for (let press = 0; press < 5; press += 1) await save('http://home.test/');
    expect(home.hitsOf('/')).toBe(1);
    expect(await marks()).toEqual([true]);
  });

  test('loses its mark when the page is somebody else’s one day', async () => {
    page(LINK);
    await save('http://home.test/');
    await recheckAfter(HOUR_MS);
    expect(home.hitsOf('/')).toBe(1);
    page('<p>This domain is for sale');
    await recheckAfter(limits.linkRecheckMs);
    expect(home.hitsOf('/')).toBe(2);
    expect(await marks()).toEqual([false]);
  });

  test('keeps its mark while its page does not answer for some days, and no longer', async () => {
    page(LINK);
    await save('http://home.test/');
    home.on('/', { status: 503 });
    await recheckAfter(limits.linkRecheckMs + MINUTE_MS);
    expect(await marks()).toEqual([true]);
    await recheckAfter(limits.linkRecheckMs + MINUTE_MS);
    expect(await marks()).toEqual([true]);
    await recheckAfter(limits.linkRecheckMs + DAY_MS);
    expect(await marks()).toEqual([false]);
  });

  test('is confirmed here only: another instance takes nobody’s word for it', async () => {
    page(LINK);
    const bob = await net.b.person('bob');
    const aliceThere = await follow(net, net.b, bob, '@alice@a.test');
    await save('http://home.test/');
    expect(await marks()).toEqual([true]);
    const there = await profileView(net.b.store, aliceThere);
    expect(there?.fields).toMatchObject([{ name: 'Field 0', verifiedAt: null }]);
  });

  test('of one profile is confirmed by the profile of another server that names it', async () => {
    const body = `<dl><dd><a href="http://a.test/@alice" rel="me nofollow noopener noreferrer">a.test/@alice</a></dd></dl>`;
    home.on('/@alice', { type: 'text/html', body });
    await save('http://home.test/@alice');
    expect(await marks()).toEqual([true]);
  });
});
