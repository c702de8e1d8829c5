import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { openPerson, type Person } from './person.ts';
import { openServers, type Server } from './server.ts';

/*
 * Two servers as two communities would run them, and people who know nothing but their pages. Each scene is played
 * once; what it leaves has to be on the pages of both sides, then, and after both servers were stopped and started.
 */

/** How long a post may take from the button to the other server's home. */
const AT_HOME_WITHIN_MS = 2000;
const GREETING = 'Good morning to both sides of the hill.';
/** Longer than any of these takes, and shorter than nobody would notice. */
const SCENE_MS = 60_000;

interface Scene {
  name: string;
  play(): Promise<void>;
  /** What both sides show from then on. */
  holds(): Promise<void>;
}

let servers: Record<'a' | 'b', Server> & { close(): Promise<void> };
let browser: Browser;
let anna: Person;
let arno: Person;
let amal: Person;
let bela: Person;
let bruno: Person;
let bice: Person;
/** Paths of posts, on the server that is named. */
const at: Record<string, string> = {};

const SCENES: Scene[] = [
  {
    name: 'somebody elsewhere is found by name and followed',
    async play() {
      await bela.lookUp(anna.address);
      await bela.pressOnProfile('Follow');
      await bela.finds(bela.profileAt(servers.b) + '/following', anna.address);
    },
    async holds() {
      await bela.visit(anna.profileAt(servers.b));
      await bela.page.locator('.profile-actions').getByRole('button', { name: 'Unfollow' }).waitFor();
      await anna.finds('/notifications?only=follows', 'bela follows you');
      await anna.finds(`${anna.profileAt(servers.a)}/followers`, bela.address);
    },
  },
  {
    name: 'the next post is at home on the other side at once',
    async play() {
      const tookMs: number[] = [];
      // Three of them: something else on the machine may hold up one.
      for (const words of ['Good evening to both sides of the hill.', 'Good night then.', GREETING]) {
        await bela.visit('/home');
        const pressedAt = await anna.post(words);
        await bela.finds('/home', words);
        tookMs.push(Math.round(performance.now() - pressedAt));
      }
      console.log(`from the button to the other side’s home: ${tookMs.join(', ')} ms`);
      expect(tookMs.toSorted((x, y) => x - y)[1]).toBeLessThan(AT_HOME_WITHIN_MS);
      at['morning at a'] = await anna.pathOf('/home', 'Good morning');
      at['morning at b'] = await bela.pathOf('/home', 'Good morning');
    },
    async holds() {
      await anna.finds('/home', GREETING);
      await bela.finds('/home', GREETING);
    },
  },
  {
    name: 'a reply stands below the post on both sides, and its author is told',
    async play() {
      await bela.reply(path('morning at b'), 'And a good one to yours.');
    },
    async holds() {
      await anna.finds('/notifications?only=mentions', 'And a good one to yours.');
      await anna.finds(path('morning at a'), /1 reply[\s\S]*And a good one to yours\./);
      await bela.finds(path('morning at b'), /1 reply[\s\S]*And a good one to yours\./);
    },
  },
  {
    name: 'a boost and a favourite are counted on both sides',
    async play() {
      await bela.press(path('morning at b'), 'Boost');
      await bela.press(path('morning at b'), 'Favourite');
    },
    async holds() {
      await anna.finds(path('morning at a'), /1 boost\s+1 favourite/);
      await anna.finds(`${path('morning at a')}/boosts`, bela.address);
      await anna.finds(`${path('morning at a')}/favourites`, bela.address);
      await anna.finds('/notifications?only=marks', 'bela boosted your post');
      await anna.finds('/notifications?only=marks', 'bela added your post to their favourites');
      await bela.finds(path('morning at b'), /1 boost\s+1 favourite/);
      for (const label of ['Boost', 'Favourite']) {
        const button = bela.focusedPost().getByRole('button', { name: label });
        expect(await button.getAttribute('aria-pressed')).toBe('true');
      }
      await bela.finds('/favourites', 'Good morning to both sides');
    },
  },
  {
    name: 'a favourite that is taken back is gone on both sides',
    async play() {
      await anna.post('Liked in haste.');
      at['haste at b'] = await bela.pathOf('/home', 'Liked in haste.');
      at['haste at a'] = await anna.pathOf('/home', 'Liked in haste.');
      await bela.press(path('haste at b'), 'Favourite');
      await anna.finds(path('haste at a'), '1 favourite');
      await bela.press(path('haste at b'), 'Favourite');
    },
    async holds() {
      await anna.misses(path('haste at a'), '1 favourite');
      await anna.finds(`${path('haste at a')}/favourites`, 'It is nobody’s favourite yet');
      await bela.misses(path('haste at b'), '1 favourite');
    },
  },
  {
    name: 'a vote is counted on both sides',
    async play() {
      await anna.post('Where shall we meet?', { poll: ['On the hill', 'In the valley'] });
      at['poll at a'] = await anna.pathOf('/home', 'Where shall we meet?');
      at['poll at b'] = await bela.pathOf('/home', 'Where shall we meet?');
      await bela.visit(path('poll at b'));
      await bela.page.getByLabel('In the valley').check();
      await bela.page.getByRole('button', { name: 'Vote' }).click();
      await bela.finds(path('poll at b'), '1 person voted');
    },
    async holds() {
      const result = /On the hill\s+0\s?%\s+In the valley[\s\S]*100\s?%[\s\S]*1 person voted/;
      await anna.finds(path('poll at a'), result);
      await bela.finds(path('poll at b'), result);
      expect(await bela.focusedPost().locator('.poll-result', { hasText: 'In the valley' }).innerHTML()).toContain(
        'Your vote',
      );
    },
  },
  {
    name: 'an edit shows on both sides, with what stood there before',
    async play() {
      await anna.post('The path is wett today.');
      at['edited at b'] = await bela.pathOf('/home', 'The path is wett today.');
      at['edited at a'] = await anna.pathOf('/home', 'The path is wett today.');
      await anna.edit(path('edited at a'), 'The path is wet today.');
    },
    async holds() {
      for (const [person, key] of [
        [anna, 'edited at a'],
        [bela, 'edited at b'],
      ] as const) {
        await person.finds(path(key), 'The path is wet today.');
        await person.finds(path(key), 'Edited');
        await person.finds(`${path(key)}/history`, 'The path is wett today.');
      }
    },
  },
  {
    name: 'a deletion takes the post from both sides',
    async play() {
      await anna.post('Nobody needs to keep this.');
      at['deleted at b'] = await bela.pathOf('/home', 'Nobody needs to keep this.');
      at['deleted at a'] = await anna.pathOf('/home', 'Nobody needs to keep this.');
      await anna.remove(path('deleted at a'));
    },
    async holds() {
      await anna.finds(path('deleted at a'), 'This is no longer here');
      await bela.finds(path('deleted at b'), 'There is nothing here');
      await anna.misses('/home', 'Nobody needs to keep this.');
      await bela.misses('/home', 'Nobody needs to keep this.');
    },
  },
  {
    name: 'a post for followers reaches those and nobody else',
    async play() {
      await anna.post('Among those who follow: the key is under the third stone.', { visibility: 'Followers' });
      at['followers at b'] = await bela.pathOf('/home', 'the key is under the third stone');
      at['followers at a'] = await anna.pathOf('/home', 'the key is under the third stone');
    },
    async holds() {
      await anna.finds(path('followers at a'), /third stone[\s\S]*Followers/);
      await bela.finds(path('followers at b'), /third stone[\s\S]*Followers/);
      // Bruno is on the server that keeps it, Arno on the one that wrote it.
      await bruno.finds(path('followers at b'), 'There is nothing here');
      await arno.finds(path('followers at a'), 'There is nothing here');
      for (const stranger of [bruno, arno]) {
        expect(await stranger.read(anna.profileAt(stranger.server))).not.toContain('third stone');
      }
    },
  },
  {
    name: 'a direct post reaches the one it names',
    async play() {
      await anna.post(`${bela.address} Between us: I have lost the key.`, { visibility: 'Mentioned people' });
      await bela.finds('/messages', 'I have lost the key');
      await bela.page.locator('main a[href^="/messages/"]').first().click();
      await bela.page.waitForURL(/\/messages\/\d+/);
      at['message at b'] = new URL(bela.page.url()).pathname;
      await anna.visit('/messages');
      await anna.page.locator('main a[href^="/messages/"]').first().click();
      await anna.page.waitForURL(/\/messages\/\d+/);
      at['message at a'] = new URL(anna.page.url()).pathname;
      await bela.reply(path('message at b'), 'Third stone, you said.');
    },
    async holds() {
      for (const [person, key] of [
        [anna, 'message at a'],
        [bela, 'message at b'],
      ] as const) {
        await person.finds(path(key), /I have lost the key[\s\S]*Third stone, you said\./);
      }
      await bruno.finds('/messages', 'No messages yet');
      await bruno.finds(path('message at b'), 'There is nothing here');
      await arno.finds(path('message at a'), 'There is nothing here');
      expect(await bruno.read(anna.profileAt(servers.b))).not.toContain('lost the key');
    },
  },
  {
    name: 'a block ends the follow and what it brought, on both sides',
    async play() {
      await bruno.lookUp(arno.address);
      await bruno.pressOnProfile('Follow');
      await arno.finds(`${arno.profileAt(servers.a)}/followers`, bruno.address);
      await arno.post('While we still talk.');
      await bruno.finds('/home', 'While we still talk.');
      await arno.block(bruno.profileAt(servers.a));
      await bruno.finds(arno.profileAt(servers.b), 'This account has blocked you');
      // Bela follows him instead, so that his next post is sent there.
      await bela.lookUp(arno.address);
      await bela.pressOnProfile('Follow');
      await arno.finds(`${arno.profileAt(servers.a)}/followers`, bela.address);
      await arno.post('Now for the others.');
    },
    async holds() {
      await arno.finds('/settings/blocks', bruno.address);
      await arno.misses(`${arno.profileAt(servers.a)}/followers`, bruno.address);
      await bruno.finds(arno.profileAt(servers.b), 'This account has blocked you');
      expect(await bruno.page.locator('.profile-actions').getByRole('button', { name: 'Follow' }).count()).toBe(0);
      await bela.finds('/home', 'Now for the others.');
      expect(await bruno.read('/home')).not.toContain('Now for the others.');
      await bruno.misses('/home', 'While we still talk.');
      await bruno.misses(`${bruno.profileAt(servers.b)}/following`, arno.address);
    },
  },
  {
    name: 'who moves to the other server is followed there',
    async play() {
      await anna.lookUp(bice.address);
      await anna.pressOnProfile('Follow');
      await bela.lookUp(`@${bice.handle}`);
      await bela.pressOnProfile('Follow');
      await bice.finds(`${bice.profileAt(servers.b)}/followers`, anna.address);
      await amal.nameAlias(bice.address);
      await bice.moveTo(amal.address);
      await anna.finds(`${anna.profileAt(servers.a)}/following`, `@${amal.handle}`);
      await bela.finds(`${bela.profileAt(servers.b)}/following`, amal.address);
      await amal.finds(`${amal.profileAt(servers.a)}/followers`, bela.address);
      await amal.post('Unpacking on this side of the hill.');
    },
    async holds() {
      await anna.finds(bice.profileAt(servers.a), 'This account has moved');
      await bela.finds(bice.profileAt(servers.b), 'This account has moved');
      await amal.finds(`${amal.profileAt(servers.a)}/followers`, /bela[\s\S]*anna|anna[\s\S]*bela/);
      await bela.misses(`${bela.profileAt(servers.b)}/following`, 'bice');
      await anna.misses(`${anna.profileAt(servers.a)}/following`, 'bice');
      await anna.finds('/home', 'Unpacking on this side of the hill.');
      await bela.finds('/home', 'Unpacking on this side of the hill.');
    },
  },
];

function path(key: string): string {
  const found = at[key];
  if (found === undefined) throw new Error(`an earlier scene has not left ${key}`);
  return found;
}

describe('two servers, by their pages alone', () => {
  beforeAll(async () => {
    servers = await openServers(['a', 'b']);
    await Promise.all([servers.a.start(), servers.b.start()]);
    browser = await launchChromium();
    anna = await openPerson(browser, servers.a, 'anna');
    arno = await openPerson(browser, servers.a, 'arno');
    amal = await openPerson(browser, servers.a, 'amal');
    bela = await openPerson(browser, servers.b, 'bela');
    bruno = await openPerson(browser, servers.b, 'bruno');
    bice = await openPerson(browser, servers.b, 'bice');
  });

  afterAll(async () => {
    await browser?.close();
    await servers?.close();
  });

  test('both are set up through their printed links, and others sign up', async () => {
    const links = await Promise.all([servers.a.setUpLink(), servers.b.setUpLink()]);
    await Promise.all([anna.setUp('The Hill', links[0]), bela.setUp('The Valley', links[1])]);
    for (const person of [arno, amal, bruno, bice]) await person.join();
    for (const person of [anna, arno, amal, bela, bruno, bice]) {
      await person.finds(`/@${person.handle}`, person.address);
    }
  });

  for (const { name, play, holds } of SCENES) {
    test(name, { timeout: SCENE_MS }, async () => {
      await play();
      await holds();
    });
  }

  test('both are stopped and started', async () => {
    expect(await Promise.all([servers.a.stop(), servers.b.stop()])).toEqual([0, 0]);
    await Promise.all([servers.a.start(), servers.b.start()]);
    expect(servers.a.said()).not.toContain('/set-up?token=');
  });

  for (const { name, holds } of SCENES) {
    test(`after that: ${name}`, { timeout: SCENE_MS }, () => holds());
  }

  test('no page breaks a rule of the content security policy, or fails in its scripts', () => {
    for (const person of [anna, arno, amal, bela, bruno, bice]) expect(person.complaints).toEqual([]);
  });
});
