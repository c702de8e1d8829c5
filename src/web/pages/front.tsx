import { Hono } from 'hono';
import type { ProfileView } from '#domain/accounts/account-view.ts';
import { rulesInForce, type Rule } from '#domain/instance/instance.queries.ts';
import { instanceNumbers, type InstanceNumbers } from '#domain/instance/node-info.queries.ts';
import type { Registrations, Settings } from '#domain/instance/settings.ts';
import type { TimelineItem } from '#domain/posts/post-view.ts';
import { discoverablePeople } from '#domain/search/directory.queries.ts';
import { localTimeline } from '#domain/timelines/timelines.queries.ts';
import { firstPage } from '#kernel/page.ts';
import { Avatar } from '#web/components/avatar.tsx';
import { Document } from '#web/components/document.tsx';
import { FlashMessage } from '#web/components/flash.tsx';
import { Icon, Mark } from '#web/components/icon.tsx';
import { SkipLink } from '#web/components/layout.tsx';
import { TimelinePost } from '#web/components/post.tsx';
import { SiteFooter } from '#web/components/site-footer.tsx';
import { formatNumber, type MessageKey } from '#web/i18n.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const POSTS_SHOWN = 5;
const PEOPLE_ON_STAGE = 7;

interface Front {
  settings: Settings;
  numbers: InstanceNumbers;
  people: ProfileView[];
  posts: TimelineItem[];
  rules: Rule[];
}

/** What a visitor sees first. Whoever is at home here goes home. */
export function frontRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/', async (c) => {
    if (c.get('session')) return c.redirect('/home', 303);
    return c.html(<FrontPage ctx={c.get('ctx')} front={await readFront(deps)} />);
  });

  return app;
}

async function readFront({ store, settings, clock }: WebDeps): Promise<Front> {
  const present = await settings.read();
  const posts = present.showLatestPosts ? await localTimeline(store, null, firstPage(POSTS_SHOWN)) : null;
  return {
    settings: present,
    numbers: await instanceNumbers(store.read, clock.now()),
    people: await discoverablePeople(store, null, PEOPLE_ON_STAGE),
    posts: posts?.items ?? [],
    rules: await rulesInForce(store.read),
  };
}

function FrontPage({ ctx, front }: { ctx: ViewContext; front: Front }) {
  const { instance, t } = ctx;
  const { settings, posts, rules } = front;
  return (
    <Document ctx={ctx} title={null} kind="front" head={<FrontHead ctx={ctx} />}>
      <SkipLink ctx={ctx} />
      <header class="front-bar">
        <a class="brand" href="/" aria-current="page">
          <Mark size={28} />
          <span class="brand-name">{instance.name}</span>
        </a>
        <nav class="front-nav" aria-label={t('nav.label')}>
          <a href="/explore">{t('nav.explore')}</a>
          <a href="/about">{t('nav.about')}</a>
          <a class="button" href="/login">
            {t('nav.log-in')}
          </a>
        </nav>
      </header>
      <main class="front" id="main" tabindex={-1}>
        <FlashMessage ctx={ctx} />
        <Hero ctx={ctx} front={front} />
        <div class="front-body" data-single={posts.length === 0 ? '' : undefined}>
          {posts.length > 0 ? <Latest ctx={ctx} posts={posts} /> : null}
          <div class="front-side">
            <WhatItIs ctx={ctx} />
            {rules.length > 0 ? <FrontRules ctx={ctx} rules={rules} /> : null}
            {settings.contactEmail ? <Contact ctx={ctx} email={settings.contactEmail} /> : null}
          </div>
        </div>
      </main>
      <SiteFooter ctx={ctx} />
    </Document>
  );
}

function FrontHead({ ctx: { instance, assets, url } }: { ctx: ViewContext }) {
  return (
    <>
      {instance.description ? <meta name="description" content={instance.description} /> : null}
      <link rel="canonical" href={`${url.origin}/`} />
      <meta property="og:type" content="website" />
      <meta property="og:title" content={instance.name} />
      <meta property="og:site_name" content={instance.name} />
      {instance.description ? <meta property="og:description" content={instance.description} /> : null}
      <meta property="og:url" content={`${url.origin}/`} />
      <meta property="og:image" content={`${url.origin}${assets.url('icon-512.png')}`} />
    </>
  );
}

const JOIN_WORDS: Record<Registrations, MessageKey> = {
  open: 'front.join-open',
  approval: 'front.join-approval',
  invite: 'front.join-invite',
  closed: 'front.join-closed',
};

/** The stage: the name in the light, and below it some of the people, on the platform. */
function Hero({ ctx, front: { settings, people, numbers } }: { ctx: ViewContext; front: Front }) {
  const { instance, t } = ctx;
  const isClosed = settings.registrations === 'closed';
  return (
    <section class="hero" data-part="hero" aria-labelledby="hero-title">
      <p class="hero-host">{instance.host}</p>
      <h1 class="hero-title" id="hero-title">
        {instance.name}
      </h1>
      {instance.description ? <p class="hero-text">{instance.description}</p> : null}
      <div class="hero-doors">
        {isClosed ? null : (
          <a class="button" data-kind="primary" href="/sign-up">
            {t('front.join')}
          </a>
        )}
        <a class="button" href={isClosed ? '/explore' : '/login'}>
          {t(isClosed ? 'front.look-around' : 'nav.log-in')}
        </a>
      </div>
      <p class="hero-hint">{t(JOIN_WORDS[settings.registrations], { years: settings.minimumAge })}</p>
      <Platform ctx={ctx} people={people} />
      <Numbers ctx={ctx} numbers={numbers} />
    </section>
  );
}

function Platform({ ctx, people }: { ctx: ViewContext; people: readonly ProfileView[] }) {
  return (
    <div class="platform">
      {people.length === 0 ? null : (
        <ul class="platform-people" role="list" aria-label={ctx.t('front.people')}>
          {people.map((person) => (
            <li>
              <a href={person.path} title={person.displayName || person.handle}>
                <Avatar account={person} size="large" />
                <span class="visually-hidden">{person.displayName || person.handle}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <span class="platform-step" aria-hidden="true" />
      <span class="platform-step" aria-hidden="true" />
    </div>
  );
}

function Numbers({ ctx: { t, locale }, numbers }: { ctx: ViewContext; numbers: InstanceNumbers }) {
  const shown = [
    { key: 'front.users', count: numbers.users },
    { key: 'front.posts', count: numbers.posts },
    { key: 'front.servers', count: numbers.peers },
  ] as const;
  return (
    <p class="hero-numbers">
      {shown.map(({ key, count }) => (
        <span>{t.rich(key, { count, shown: <strong>{formatNumber(locale, count)}</strong> })}</span>
      ))}
    </p>
  );
}

function Latest({ ctx, posts }: { ctx: ViewContext; posts: readonly TimelineItem[] }) {
  const { t } = ctx;
  return (
    <section class="front-latest" aria-labelledby="front-latest">
      <h2 class="front-title" id="front-latest">
        {t('front.latest')}
      </h2>
      <div class="timeline" data-part="timeline">
        {posts.map((item) => (
          <TimelinePost ctx={ctx} item={item} />
        ))}
      </div>
      <p>
        <a class="button" href="/local">
          {t('front.more')}
          <Icon ctx={ctx} name="arrow-right" />
        </a>
      </p>
    </section>
  );
}

function WhatItIs({ ctx: { t, instance } }: { ctx: ViewContext }) {
  return (
    <section class="front-part">
      <h2 class="front-title">{t('front.what-title')}</h2>
      <p>{t('front.what', { instance: instance.name, handle: `@name@${instance.host}` })}</p>
      <p>{t('front.what-money')}</p>
      <p>
        <a href="/about">{t('rail.about')}</a>
      </p>
    </section>
  );
}

function FrontRules({ ctx: { t }, rules }: { ctx: ViewContext; rules: readonly Rule[] }) {
  return (
    <section class="front-part">
      <h2 class="front-title">{t('about.rules')}</h2>
      <ol class="front-rules">
        {rules.map((rule) => (
          <li dir="auto">{rule.text}</li>
        ))}
      </ol>
      <p>
        <a href="/rules">{t('front.rules-more')}</a>
      </p>
    </section>
  );
}

function Contact({ ctx: { t }, email }: { ctx: ViewContext; email: string }) {
  return (
    <section class="front-part">
      <h2 class="front-title">{t('about.contact')}</h2>
      <p>
        <a href={`mailto:${email}`}>{email}</a>
      </p>
    </section>
  );
}
