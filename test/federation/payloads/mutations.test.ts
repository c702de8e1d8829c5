import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RemoteAccount } from '#domain/accounts/remote-account.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { readAccount } from '#federation/translate/account.ts';
import { readActivity } from '#federation/translate/activity.ts';
import { readCollection, readDocument } from '#federation/translate/document.ts';
import { readPost } from '#federation/translate/post.ts';
import { asObject } from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';
import { sanitize } from '#federation/translate/sanitize.ts';
import { captured } from './captured.ts';
import { NOW, outcomeOf } from './outcome.ts';

const PEERS = resolve(import.meta.dirname, '../../fixtures/peers');

/** Ours always, and the captured ones where they are. */
const documents = [
  ...globSync('*/*.json', { cwd: PEERS })
    .toSorted()
    .map((name) => readFileSync(resolve(PEERS, name), 'utf8')),
  ...[...(captured?.values() ?? [])].map((document) => JSON.stringify(document)),
];

const DATES = 'not-a-date 0000-00-00T00:00:00Z 9999-12-31T23:59:59Z 1970-01-01T00:00:00Z 2026-01-01'.split(' ');
const ADDRESSES = (
  'javascript:alert(1) data:text/html,x https:// http://[::1 //evil.example https://evil.example/x ' +
  'https://user:pass@evil.example/ HTTPS://EVIL.EXAMPLE/X https://{{DOMAIN}}/x as:Public Public'
).split(' ');
const WORDS =
  'Note Person Follow Question Create Tombstone OrderedCollection PropertyValue text/markdown en x-klingon x 5';
const TEXTS = ['', ' ', 'https://a b', '\u0000', '\ud800', '\u202e\u2066', '<script>alert(1)</script>', '&#0;&#xd800;'];
const HTML = ['<img src=x onerror=alert(1)>', '<p style="position:fixed">x', '<b>'.repeat(100_000)];
const NUMBERS: unknown[] = [null, true, false, 0, -1, 5, 1e308, 1.5];
const SHAPES: unknown[] = [[], {}, [[]], [{}], [null], { a: 1 }, { id: 5 }, { type: 'Note' }, { id: {} }, { href: [] }];
const OBJECTS: unknown[] = [
  { url: { url: {} } },
  { totalItems: -5 },
  { en: 5, fr: ['x'] },
  { '@value': 'x' },
  { toString: 'x' },
];

const FLOODS: unknown[] = [
  Array.from({ length: 100_000 }, (_, index) => `https://a.example/${index}`),
  Array.from({ length: 20_000 }, (_, index) => ({ type: 'Mention', href: `https://a.example/${index}`, name: '@b' })),
  Array.from({ length: 20_000 }, (_, index) => ({
    type: 'Image',
    name: `${index}`,
    url: `https://a.example/${index}`,
  })),
];

/** What stands where something else is expected. */
const misfits: unknown[] = [
  ...DATES,
  ...ADDRESSES,
  ...WORDS.split(' '),
  ...TEXTS,
  ...HTML,
  ...NUMBERS,
  ...SHAPES,
  ...OBJECTS,
  'x'.repeat(1_000_000),
  `https://a.example/${'x'.repeat(100_000)}`,
  ...FLOODS,
  Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x-${index}`, 'text'])),
  nested(5000),
];

interface Edit {
  place: number;
  misfit: number;
  way: 'spoil' | 'replace' | 'remove' | 'list' | 'object' | 'borrow';
}

const edit: fc.Arbitrary<Edit> = fc.record({
  // Half of them near the top, where most of what is read stands.
  place: fc.oneof(fc.nat(40), fc.nat()),
  misfit: fc.nat(misfits.length - 1),
  way: fc.constantFrom('spoil', 'spoil', 'spoil', 'spoil', 'replace', 'replace', 'remove', 'list', 'object', 'borrow'),
});

test(
  '2,000 mutations of real documents never throw, and what comes of them keeps every limit',
  { timeout: 60_000 },
  () => {
    let kept = 0;
    fc.assert(
      fc.property(fc.nat(documents.length - 1), fc.array(edit, { minLength: 1, maxLength: 4 }), (which, edits) => {
        const document: unknown = JSON.parse(documents[which] ?? 'null');
        for (const one of edits) mutate(document, one);
        kept += checked(document) ? 1 : 0;
      }),
      { seed: 58, numRuns: 2000 },
    );
    // Most mutations hit what may be left out: a reader that refused everything would pass the rest of this test.
    expect(kept).toBeGreaterThan(500);
  },
);

test.each(misfits.map((misfit, index) => [index, misfit]))('misfit %i alone is no document', (_, misfit) => {
  expect(checked(misfit)).toBe(false);
  expect(readActivity(misfit).kind).toBe('refused');
});

/** Reads a document in every way; true when a post or account comes of it. */
function checked(document: unknown): boolean {
  outcomeOf(document);
  const context = { now: NOW, followersUri: null };
  const activity = readActivity(document);
  expectPlain(activity, ['json']);
  expectPlain(readDocument(document, context), ['items', 'first', 'json']);
  expectPlain(readCollection(document), ['items', 'first']);
  let found = false;
  for (const json of [document, asObject(document)?.['object']]) {
    const post = readPost(json, context);
    if ('post' in post) expectPost(post.post);
    const account = readAccount(json);
    if ('account' in account) expectAccount(account.account);
    found ||= 'post' in post || 'account' in account;
  }
  return found;
}

function expectPost(post: RemotePost): void {
  expectPlain(post, []);
  const bounds: [number, number][] = [
    [post.uri.length, 2048],
    [post.title?.length ?? 0, 300],
    [post.warning?.length ?? 0, 500],
    [post.contentHtml.length, 800_000],
    [post.mentions.length, 100],
    [post.hashtags.length, 100],
    [post.emoji.length, 100],
    [post.media.length, 16],
    [post.poll?.options.length ?? 0, 20],
    [post.recipientUris.length, 1000],
    [post.publishedAt, NOW],
    [post.editedAt ?? 0, NOW],
    [post.poll?.closedAt ?? 0, NOW],
  ];
  expect(bounds.filter(([value, max]) => !(value <= max))).toEqual([]);
  expect(sanitize(post.contentHtml, 800_000)).toBe(post.contentHtml);
  const addresses = [post.uri, post.authorUri, post.url, post.replyToUri, post.quoteUri];
  expectAddresses([...addresses, ...post.media.flatMap((one) => [one.url, one.previewUrl])]);
  expectAddresses([...post.emoji.map((one) => one.url), ...post.mentions.map((one) => one.uri)]);
  expect(post.poll?.options.every((option) => option.votesCount >= 0) ?? true).toBe(true);
}

function expectAccount(account: RemoteAccount): void {
  expectPlain(account, []);
  expect(account.handle).toMatch(/^[^\s@/<>"]{1,255}$/);
  expect(account.domain).toMatch(/^[\w.:[\]-]+$/);
  expect(account.displayName.length).toBeLessThanOrEqual(200);
  expect(account.fields.length).toBeLessThanOrEqual(20);
  const htmls = [account.bioHtml, ...account.fields.map((field) => field.valueHtml)];
  expect(htmls.map((html) => sanitize(html, 800_000))).toEqual(htmls);
  expectAddresses([account.uri, account.url, account.inbox, account.sharedInbox, account.outbox, account.movedToUri]);
  expectAddresses([
    account.avatarUrl,
    account.headerUrl,
    account.followersUri,
    account.followingUri,
    ...account.aliases,
  ]);
}

function expectAddresses(addresses: (string | null)[]): void {
  expect(addresses.filter((one) => one !== null && !/^https?:\/\/[^\s@/\\]+/i.test(one))).toEqual([]);
}

/** Only plain values, and only text that every database takes. */
function expectPlain(value: unknown, raw: string[]): void {
  const text = JSON.stringify(value, (key, inner: unknown) => (raw.includes(key) ? undefined : inner));
  expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i);
}

function mutate(document: unknown, { place, misfit, way }: Edit): void {
  const places = placesOf(document);
  const at = places[place % Math.max(1, places.length)];
  if (!at) return;
  const { holder, key } = at;
  if (way === 'spoil') holder[key] = spoilt(holder[key], misfit);
  if (way === 'remove') delete holder[key];
  if (way === 'replace') holder[key] = misfits[misfit];
  if (way === 'list') holder[key] = [holder[key], misfits[misfit]];
  if (way === 'object') holder[key] = { id: holder[key], type: misfits[misfit] };
  if (way === 'borrow') holder[key] = places[misfit % places.length]?.value;
}

/** Something of the kind that stands there, which readers look at more closely than at what is plainly wrong. */
function spoilt(value: unknown, misfit: number): unknown {
  const kin = typeof value === 'string' && /^\d{4}-/.test(value) ? DATES : Array.isArray(value) ? FLOODS : null;
  const addresses = typeof value === 'string' && value.startsWith('http') ? ADDRESSES : null;
  const choice = kin ?? addresses ?? misfits;
  return choice[misfit % choice.length];
}

/** Every value of a document with the object or list that holds it; contexts and keys are not ours to read. */
function placesOf(document: unknown): { holder: Json; key: string; value: unknown }[] {
  const places: { holder: Json; key: string; value: unknown }[] = [];
  const open = [document];
  while (open.length > 0 && places.length < 2000) {
    const holder = open.shift();
    if (typeof holder !== 'object' || holder === null) continue;
    for (const [key, value] of Object.entries(holder)) {
      if (key === '@context' || key === 'signature') continue;
      places.push({ holder: holder as Json, key, value });
      if (!misfits.includes(value)) open.push(value);
    }
  }
  return places;
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { object: value, url: value };
  return value;
}
