import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Child } from '#web/jsx/html.ts';
import type { AccountView, ProfileView } from '#domain/accounts/account-view.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { AccountCard } from '#web/components/account-card.tsx';
import { AuthLayout } from '#web/components/auth-layout.tsx';
import { Composer } from '#web/components/composer.tsx';
import { ConfirmPage } from '#web/components/confirm-page.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorPage } from '#web/components/error-page.tsx';
import { Checkbox, Field, Form, RadioGroup, Select, SubmitRow, TextArea } from '#web/components/form.tsx';
import { Layout } from '#web/components/layout.tsx';
import { NotificationItem } from '#web/components/notification-item.tsx';
import { OpenGraph } from '#web/components/open-graph.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Poll } from '#web/components/poll.tsx';
import { Post } from '#web/components/post.tsx';
import { ProfileHeader } from '#web/components/profile-header.tsx';
import { QrCode } from '#web/components/qr-code.tsx';
import { Table } from '#web/components/table.tsx';
import { safeUrl, textWithEmoji, withEmoji } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import * as cast from '../../scripts/gallery-samples.ts';
import { galleryContext, PAGES } from '../../scripts/render-gallery.tsx';
import { structureOf, tagsOf } from './html-structure.ts';

const ATTACKS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)',
  '</textarea><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '<a href="javascript:alert(1)">x</a>',
  '<style>*{display:none}</style>',
  '<div style="position:fixed;inset:0">',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<form action="https://evil.example"><button>',
  '<base href="https://evil.example/">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<!--><img src=x onerror=alert(1)>-->',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '{{constructor.constructor("alert(1)")()}}',
  '\u202Egpj.exe',
];

const HARMLESS = 'plain words';

function render(element: Child): string {
  return String(element);
}

function accountSaying(text: string): AccountView {
  return {
    ...cast.tomasz,
    displayName: text,
    handle: text,
    acct: text,
    domain: text,
    emoji: [{ shortcode: text, url: '/media/x.png' }],
  };
}

function postSaying(text: string): PostView {
  const author = accountSaying(text);
  return {
    ...cast.travelPoll,
    author,
    contentHtml: '<p>ours</p>',
    kind: 'article',
    title: text,
    warning: text,
    replyToAccount: author,
    mentions: [author],
    media: [
      { ...cast.picture('harbour.png'), description: text, mimeType: text, blurhash: null },
      { ...cast.picture('harbour.png'), kind: 'video', description: text, blurhash: null },
      { ...cast.picture('harbour.png'), kind: 'audio', description: text },
    ],
    poll: cast.poll({
      options: [
        { title: text, votesCount: 1 },
        { title: text, votesCount: 2 },
      ],
    }),
    emoji: [{ shortcode: text, url: '/media/x.png' }],
  };
}

function profileSaying(text: string): ProfileView {
  return {
    ...cast.profile,
    ...accountSaying(text),
    fields: [{ name: text, valueHtml: 'ours', verifiedAt: 1 }],
    movedTo: accountSaying(text),
  };
}

function contextSaying(text: string): ViewContext {
  return galleryContext('light', {
    instance: { name: text, description: text, host: text },
    csrfToken: text,
    flash: { kind: 'info', message: text, undo: { action: '/undo', label: text, fields: { name: text } } },
    path: `/search?q=${encodeURIComponent(text)}`,
    viewer: {
      account: accountSaying(text),
      role: 'admin',
      unreadNotifications: 1,
      unreadMessages: 1,
      followRequests: 1,
      offersEmoji: false,
    },
  });
}

/** Every place where words of others stand, all saying the same. */
function everything(text: string): Child[] {
  const ctx = contextSaying(text);
  const post = postSaying(text);
  const notification = cast.notification('favourite', accountSaying(text), post, false, 3);
  return [
    <Layout
      ctx={ctx}
      title={text}
      intro={text}
      back={{ href: '/home', label: text }}
      head={
        <OpenGraph
          ctx={ctx}
          title={text}
          description={text}
          url="https://lanterne.example/"
          image={{ url: 'https://lanterne.example/x.png', description: text }}
        />
      }
    >
      <Post ctx={ctx} post={post} boostedBy={accountSaying(text)} />
      <Post ctx={ctx} post={post} variant="focused" id="focused" />
      <Poll
        ctx={ctx}
        post={post}
        poll={{ ...cast.poll({ voted: true, ownVotes: [0] }), options: [{ title: text, votesCount: 4 }] }}
      />
      <NotificationItem ctx={ctx} notification={{ ...notification, id: 1 }} />
      <NotificationItem ctx={ctx} notification={{ ...notification, id: 2, kind: 'mention' }} />
      <AccountCard ctx={ctx} account={accountSaying(text)} relation={cast.relation} note={text} />
      <Composer
        ctx={ctx}
        replyTo={post}
        values={{
          text,
          warning: text,
          poll: { options: [text, text], multiple: false, minutes: 60 },
          mediaDescriptions: [text],
        }}
        errors={{ text, poll: text, '': text }}
        media={post.media.slice(0, 1)}
      />
      <EmptyState title={text} text={text} />
      <Table caption={text} columns={[{ label: text, cell: (row: string) => row, head: true }]} rows={[text]} />
    </Layout>,
    <Layout ctx={ctx} title={text} heading={null}>
      <ProfileHeader ctx={ctx} profile={profileSaying(text)} relation={cast.relation} />
    </Layout>,
    <AuthLayout ctx={ctx} title={text} intro={text}>
      <Form ctx={ctx} action="/login" errors={{ name: text }} returnTo={text}>
        <Field
          ctx={ctx}
          name="name"
          label={text}
          hint={text}
          value={text}
          error={text}
          prefix={text}
          suffix={text}
          placeholder={text}
        />
        <TextArea ctx={ctx} name="area" label={text} value={text} placeholder={text} />
        <Select ctx={ctx} name="select" label={text} options={[{ value: text, label: text }]} value="none" />
        <Checkbox ctx={ctx} name="check" label={text} hint={text} value={text} />
        <RadioGroup ctx={ctx} name="radio" label={text} options={[{ value: text, label: text, hint: text }]} />
        <SubmitRow ctx={ctx} label={text} cancel={{ href: '/', label: text }} name="do" value={text} />
      </Form>
    </AuthLayout>,
    <ConfirmPage
      ctx={ctx}
      title={text}
      text={text}
      action="/posts/1/delete"
      label={text}
      cancel="/home"
      fields={{ name: text }}
    />,
    <ErrorPage ctx={ctx} kind="invalid" message={text} reference={text} />,
  ];
}

describe('words of others', () => {
  test.each(ATTACKS)('%s stays words, everywhere', async (attack) => {
    const [attacked, plain] = await Promise.all([
      Promise.all(everything(attack).map(render)),
      Promise.all(everything(HARMLESS).map(render)),
    ]);
    expect(attacked.map(structureOf)).toEqual(plain.map(structureOf));
  });

  test('are shown as they were written', async () => {
    const html = render(<EmptyState title={'<b> & "quotes"'} />);
    expect(html).toContain('&lt;b&gt; &amp; &quot;quotes&quot;');
  });

  test('a display name cannot turn the line around it', async () => {
    const html = render(<Post ctx={contextSaying(HARMLESS)} post={postSaying('\u202Enames')} />);
    expect(html).toContain('<bdi class="name">\u202Enames</bdi>');
  });
});

const HOSTILE_ADDRESSES = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://lanterne.example/1',
  '//evil.example/x',
  '/\\evil.example/x',
  '/\t/evil.example',
  '\\\\evil.example',
  'x" onerror="alert(1)',
];

describe('addresses of others', () => {
  test.each(HOSTILE_ADDRESSES)('%s never becomes a link or a source', async (address) => {
    const account = { ...cast.tomasz, url: address, avatarUrl: address, emoji: [{ shortcode: 'sun', url: address }] };
    const post: PostView = {
      ...cast.article,
      author: account,
      url: address,
      link: address,
      contentHtml: '<p>:sun:</p>',
      emoji: account.emoji,
      media: (['image', 'video', 'audio', 'file'] as const).map((kind) => ({
        ...cast.picture('x.png'),
        kind,
        url: address,
        previewUrl: address,
        remoteUrl: address,
      })),
    };
    const ctx = galleryContext('light');
    const html = render(
      <Layout
        ctx={ctx}
        title="x"
        head={
          <OpenGraph
            ctx={ctx}
            title="x"
            description="x"
            url={address}
            image={{ url: address, description: null }}
            activity={address}
          />
        }
      >
        <Post ctx={ctx} post={post} />
        <ProfileHeader
          ctx={ctx}
          profile={{ ...cast.profile, ...account, headerUrl: address, bioHtml: ':sun:' }}
          relation={cast.relation}
        />
      </Layout>,
    );
    const targets = tagsOf(html).flatMap(({ attributes }) =>
      ['href', 'src', 'action', 'formaction', 'poster', 'data-copy']
        .map((name) => attributes.get(name))
        .filter((value) => value !== undefined),
    );
    expect(targets.length).toBeGreaterThan(40);
    expect(targets.filter((target) => !/^(?:\/(?![/\\])|#|https:\/\/|@)/.test(target))).toEqual([]);
    expect(safeUrl(address)).toBeNull();
  });

  test('of the web and of ourselves do', () => {
    expect(safeUrl('https://a.example/ü?x=1')).toBe('https://a.example/%C3%BC?x=1');
    expect(safeUrl('/@ines/1#post')).toBe('/@ines/1#post');
  });
});

describe('custom emoji', () => {
  const sun = [{ shortcode: 'sun', url: 'https://a.example/sun.png?a=1&b="' }];

  test('become pictures with their name', () => {
    expect(String(textWithEmoji('a :sun: b', sun))).toBe(
      'a <img class="emoji" src="https://a.example/sun.png?a=1&amp;b=%22" alt=":sun:" title=":sun:" width="20" height="20" loading="lazy" decoding="async"> b',
    );
  });

  test('are left alone inside tags, also with a > in an attribute', () => {
    const html = '<a href="https://a.example/:sun:" title="> :sun:">x</a>';
    expect(String(withEmoji(html, sun))).toBe(html);
  });

  test('need an address that can be trusted and a plain name', () => {
    const odd = [
      { shortcode: 'sun', url: 'javascript:alert(1)' },
      { shortcode: 'a"b', url: 'https://a.example/x.png' },
    ];
    expect(String(textWithEmoji(':sun: :a"b:', odd))).toBe(':sun: :a&quot;b:');
  });
});

describe.each(PAGES.map((page) => [page.name, page] as const))('the page %s', (_, page) => {
  test('bears the content security policy: no inline script, style or handler', async () => {
    const tags = tagsOf(page.render('light'));
    const inline = tags.filter(
      ({ name, attributes }) =>
        name === 'style' ||
        (name === 'script' && !attributes.get('src')?.startsWith('/assets/')) ||
        [...attributes.keys()].some((key) => key === 'style' || key.startsWith('on')),
    );
    expect(tags.length).toBeGreaterThan(30);
    expect(inline).toEqual([]);
  });

  test('describes every picture and names every control', async () => {
    const html = page.render('light');
    const tags = tagsOf(html);
    expect(tags.filter(({ name, attributes }) => name === 'img' && !attributes.has('alt'))).toEqual([]);
    const ids = new Set(tags.map(({ attributes }) => attributes.get('for')).filter(Boolean));
    const unnamed = tags.filter(
      ({ name, attributes }) =>
        ['input', 'select', 'textarea'].includes(name) &&
        !['hidden', 'checkbox', 'radio'].includes(attributes.get('type') ?? '') &&
        !attributes.has('aria-label') &&
        !ids.has(attributes.get('id')) &&
        attributes.get('name') !== 'poll_minutes',
    );
    expect(unnamed).toEqual([]);
  });

  test('sends the token and the way back with every form that changes something', async () => {
    const forms = page
      .render('light')
      .split('<form')
      .slice(1)
      .map((part) => part.slice(0, part.indexOf('</form>')));
    const bare = forms.filter(
      (form) =>
        /^[^>]*method="post"/.test(form) && !(form.includes('name="_csrf"') && form.includes('name="return_to"')),
    );
    expect(bare).toEqual([]);
  });

  test('has every id once', async () => {
    const ids = tagsOf(page.render('light'))
      .map(({ attributes }) => attributes.get('id'))
      .filter((id) => id !== undefined);
    expect(ids.filter((id, position) => ids.indexOf(id) !== position)).toEqual([]);
  });
});

describe('a post', () => {
  const ctx = galleryContext('light');

  test('says whom it is for, where it comes from, and what can be done', async () => {
    const html = render(<Post ctx={ctx} post={cast.harbour} />);
    expect(html).toContain('<span>Public</span>');
    expect(html).toMatch(/class="post-origin"[^>]*href="https:\/\/pomorze\.social/);
    expect(html).toContain('formaction="/posts/' + cast.harbour.id + '/unfavourite"');
    expect(html).toContain('formaction="/posts/' + cast.harbour.id + '/boost"');
  });

  test('offers its author to edit it, and nobody else', async () => {
    const [own, other] = await Promise.all([
      render(<Post ctx={ctx} post={cast.bakery} />),
      render(<Post ctx={ctx} post={cast.harbour} />),
    ]);
    expect(own).toContain(`/posts/${cast.bakery.id}/edit`);
    expect(other).not.toContain('/edit');
    expect(other).toContain(`/accounts/${cast.tomasz.id}/block`);
  });

  test('asks visitors to log in and gives them no form', async () => {
    const html = render(<Post ctx={galleryContext('light', { guest: true })} post={cast.harbour} />);
    expect(html).not.toContain('<form');
    expect(html).toContain('/login?return_to=');
  });

  test('that may not be boosted has no button for it, and says why', async () => {
    const html = render(<Post ctx={ctx} post={cast.arabic} />);
    expect(html).not.toContain(`/posts/${cast.arabic.id}/boost"`);
    expect(html).toContain('data-refused=""');
  });

  test('is in its own language and direction', async () => {
    const html = render(<Post ctx={ctx} post={cast.arabic} />);
    expect(html).toMatch(/class="post-content prose"[^>]*dir="auto" lang="ar"/);
    expect(render(<Post ctx={ctx} post={{ ...cast.arabic, language: '"><x' }} />)).not.toContain('lang="&quot;');
  });

  test('hides everything that a warning covers, pictures as well', async () => {
    const html = render(<Post ctx={ctx} post={{ ...cast.harbour, warning: 'Cold' }} />);
    const inside = html.slice(html.indexOf('<details class="warning"'), html.lastIndexOf('post-actions'));
    expect(inside).toContain('media-grid');
    expect(inside).toContain('First swim');
  });

  test('shows a badge where a picture has no description', async () => {
    const html = render(<Post ctx={ctx} post={cast.album} />);
    expect(html.match(/data-part="media-undescribed"/g)).toHaveLength(1);
    expect(html.match(/data-part="media-description"/g)).toHaveLength(2);
  });
});

describe('a poll', () => {
  const ctx = galleryContext('light');

  test('is a ballot until one has voted', async () => {
    const html = render(<Poll ctx={ctx} post={cast.travelPoll} poll={cast.poll()} />);
    expect(html.match(/type="radio" name="choice"/g)).toHaveLength(4);
    expect(html).not.toContain('34%');
  });

  test('shows shares of the people, also where several answers are allowed', async () => {
    const html = render(
      <Poll
        ctx={ctx}
        post={cast.pollResult}
        poll={cast.poll({ voted: true, multiple: true, votersCount: 100, votesCount: 120 })}
      />,
    );
    expect(html).toContain('67%');
  });

  test('keeps hidden results hidden', async () => {
    const options = [
      { title: 'A', votesCount: null },
      { title: 'B', votesCount: null },
    ];
    const html = render(<Poll ctx={ctx} post={cast.travelPoll} poll={cast.poll({ voted: true, options })} />);
    expect(html).not.toContain('poll-share');
  });
});

describe('the composer', () => {
  const ctx = galleryContext('light');

  test('keeps what was typed and shows errors by their fields', async () => {
    const html = render(
      <Composer
        ctx={ctx}
        values={{ text: 'Still here', warning: 'Careful', visibility: 'direct', language: 'br', sensitive: true }}
        errors={{ text: 'Too long' }}
      />,
    );
    expect(html).toContain('>Still here</textarea>');
    expect(html).toContain('value="Careful"');
    expect(html).toMatch(/<option value="direct" selected="?"?/);
    expect(html).toMatch(/<option value="br" selected="?"?/);
    expect(html).toMatch(/aria-describedby="field-text-error"/);
    expect(html).toContain('id="field-text-error"');
  });

  test('answers those who take part, but not oneself, and no wider than the post', async () => {
    const html = render(<Composer ctx={ctx} replyTo={{ ...cast.arabic, mentions: [cast.ines, cast.kofi] }} />);
    expect(html).toContain('>@layla@qahwa.example @kofi </textarea>');
    expect(html).toMatch(/<option value="followers" selected="?"?/);
  });
});

describe('pages of a list', () => {
  test('keep the other parameters of the address', async () => {
    const ctx = galleryContext('light', { path: '/search?q=a%26b&before=9' });
    const html = render(<Pagination ctx={ctx} nextBefore={5} />);
    expect(html).toContain('href="/search?q=a%26b&amp;before=5"');
    expect(html).toContain('href="/search?q=a%26b"');
  });

  test('are no more than the list has', async () => {
    expect(render(<Pagination ctx={galleryContext('light')} nextBefore={null} />)).toBe('');
  });
});

describe('themes', () => {
  test('never reach administration', async () => {
    const admin = PAGES.find((page) => page.name === 'admin');
    const html = admin?.render('dark') ?? '';
    expect(html).toContain('data-theme="plain"');
  });

  test('find every part that their contract names, and no other', async () => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/admins/themes.md'), 'utf8');
    const promised = new Set([...docs.matchAll(/^\| `([a-z][a-z-]*)` \|/gm)].map(([, part]) => part));
    const rendered = PAGES.map((page) => page.render('light')).join('');
    const present = new Set([...rendered.matchAll(/data-part="([a-z-]+)"/g)].map(([, part]) => part));
    expect([...promised].filter((part) => !present.has(part))).toEqual([]);
    expect([...present].filter((part) => !promised.has(part))).toEqual([]);
  });

  test('find every property that their contract names, and no other', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/admins/themes.md'), 'utf8');
    const promised = [...docs.matchAll(/^\| `(--[a-z0-9-]+)` \|/gm)].map(([, name = '']) => name);
    const tokens = readFileSync(join(import.meta.dirname, '../../src/web/assets/css/tokens.css'), 'utf8');
    const set = [...new Set([...tokens.matchAll(/^ {4}(--[a-z0-9-]+):/gm)].map(([, name = '']) => name))];
    expect(promised.toSorted()).toEqual(set.toSorted());
  });
});

test('a square to be scanned has its marks in three corners, and light around it', async () => {
  const html = await render(<QrCode text="otpauth://totp/The%20Lantern:ana?secret=JBSWY3DPEHPK3PXP" label="Scan" />);
  const size = Number(/viewBox="0 0 (\d+) /.exec(html)?.[1]);
  const dark = new Set<string>();
  for (const [, x, y, length] of html.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let at = 0; at < Number(length); at += 1) dark.add(`${Number(x) + at} ${y}`);
  }
  const rowOf = (x: number, y: number) => [0, 1, 2, 3, 4, 5, 6].map((at) => (dark.has(`${x + at} ${y}`) ? '#' : '.'));
  for (const [x, y] of [
    [4, 4],
    [size - 11, 4],
    [4, size - 11],
  ] as const) {
    expect(rowOf(x, y).join('')).toBe('#######');
    expect(rowOf(x, y + 1).join('')).toBe('#.....#');
    expect(rowOf(x, y + 3).join('')).toBe('#.###.#');
  }
  const inQuietZone = [...dark].filter((place) =>
    place.split(' ').some((at) => Number(at) < 4 || Number(at) >= size - 4),
  );
  expect(inQuietZone).toEqual([]);
  expect(html).toContain('role="img" aria-label="Scan"');
});
