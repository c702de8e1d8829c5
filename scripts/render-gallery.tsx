/*
 * Renders every shape of page to static HTML, for looking at and for axe:
 *   npx tsx scripts/render-gallery.tsx [folder]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Child } from '#web/jsx/html.ts';
import { loadAssets } from '#web/assets.ts';
import { createTranslator, type Locale } from '#web/i18n.ts';
import type { Scheme, ViewContext } from '#web/view-context.ts';
import { AccountCard } from '#web/components/account-card.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { AuthLayout } from '#web/components/auth-layout.tsx';
import { Badge } from '#web/components/badge.tsx';
import { Card, KeyValueList, Stat, StatRow } from '#web/components/card.tsx';
import { Composer } from '#web/components/composer.tsx';
import { ConfirmPage } from '#web/components/confirm-page.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorPage } from '#web/components/error-page.tsx';
import { Notice } from '#web/components/flash.tsx';
import {
  Checkbox,
  DangerZone,
  Field,
  FieldGroup,
  FileField,
  Form,
  RadioGroup,
  Select,
  SubmitRow,
  TextArea,
} from '#web/components/form.tsx';
import { Layout } from '#web/components/layout.tsx';
import { NotificationItem } from '#web/components/notification-item.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Post } from '#web/components/post.tsx';
import { ProfileHeader } from '#web/components/profile-header.tsx';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { Table } from '#web/components/table.tsx';
import { Tabs } from '#web/components/tabs.tsx';
import { Time } from '#web/components/time.tsx';
import * as cast from './gallery-samples.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export const galleryAssets = loadAssets(join(root, 'src/web/assets'));

export interface Page {
  name: string;
  render: (scheme: Scheme) => string;
}

interface ContextOptions extends Partial<ViewContext> {
  path?: string;
  guest?: boolean;
}

export function galleryContext(scheme: Scheme, options: ContextOptions = {}): ViewContext {
  const { guest = false, path = '/home', locale = 'en', ...rest } = options;
  return {
    t: createTranslator(locale),
    locale,
    viewer: guest
      ? null
      : {
          account: cast.ines,
          role: 'admin',
          unreadNotifications: 3,
          unreadMessages: 1,
          followRequests: 0,
          offersEmoji: true,
        },
    instance: {
      name: 'La Lanterne',
      description:
        locale === 'fr'
          ? 'Un petit serveur pour les gens du port, du marché et de la radio locale. Tenu par une association.'
          : 'A small server for the people of the harbour, the market and the local radio. Run by an association.',
      host: 'lanterne.example',
    },
    csrfToken: 'gallery-token',
    path,
    url: new URL(path, 'https://lanterne.example'),
    theme: 'plain',
    scheme,
    flash: null,
    assets: galleryAssets,
    now: cast.NOW,
    ...rest,
  };
}

function page(name: string, options: ContextOptions, body: (ctx: ViewContext) => Child): Page {
  return { name, render: (scheme) => String(body(galleryContext(scheme, options))) };
}

function timeline(ctx: ViewContext): Child {
  return (
    <>
      <Composer ctx={ctx} compact />
      <Post ctx={ctx} post={cast.bakery} />
      <Post ctx={ctx} post={cast.harbour} boostedBy={cast.kofi} />
      <Post ctx={ctx} post={cast.election} />
      <Post ctx={ctx} post={cast.travelPoll} />
      <Post ctx={ctx} post={cast.article} />
      <Post ctx={ctx} post={cast.arabic} />
      <Post ctx={ctx} post={cast.pollResult} />
      <Post ctx={ctx} post={cast.album} />
      <Post ctx={ctx} post={cast.sensitive} />
      <Post ctx={ctx} post={cast.recording} />
      <Post ctx={ctx} post={cast.letter} />
      <Post ctx={ctx} post={cast.code} />
      <Pagination ctx={ctx} nextBefore={99} newest={false} />
    </>
  );
}

function home(name: string, locale: Locale): Page {
  return page(name, { locale }, (ctx) => (
    <Layout ctx={ctx} title={ctx.t('nav.home')}>
      {timeline(ctx)}
    </Layout>
  ));
}

const undo = { action: '/accounts/7/unmute', label: 'Undo', fields: {} };

export const PAGES: Page[] = [
  home('home', 'en'),
  home('home-fr', 'fr'),
  page(
    'home-empty',
    { flash: { kind: 'success', message: 'You are logged in. Good to see you again, Inès.' } },
    (ctx) => (
      <Layout ctx={ctx} title="Home">
        <Composer ctx={ctx} compact />
        <EmptyState
          title="The stage is yours"
          text="Posts by the people you follow will stand here. Begin with somebody from the local timeline, or bring along whom you follow elsewhere."
        >
          <a class="button" href="/local">
            See who is here
          </a>
          <a class="button" href="/settings/export">
            Bring your list
          </a>
        </EmptyState>
      </Layout>
    ),
  ),
  page('thread', { path: '/@tomasz@pomorze.social/1' }, (ctx) => (
    <Layout ctx={ctx} title="Conversation" back={{ href: '/home', label: 'Back' }}>
      <Post ctx={ctx} post={cast.bakery} variant="ancestor" line={{ below: true }} />
      <Post
        ctx={ctx}
        post={{ ...cast.harbour, editedAt: cast.NOW - 3_600_000 }}
        variant="focused"
        line={{ above: true }}
      />
      <Composer ctx={ctx} replyTo={cast.harbour} compact />
      <Post ctx={ctx} post={cast.reply1} variant="reply" line={{ below: true }} />
      <Post ctx={ctx} post={cast.reply2} variant="reply" line={{ above: true }} />
      <Post ctx={ctx} post={cast.reply3} variant="reply" />
      <Post ctx={ctx} post={{ ...cast.reply2, id: 990, path: '/x' }} variant="reply" depth={2} />
    </Layout>
  )),
  page('post-guest', { guest: true, path: '/@gazette@journal.example/2' }, (ctx) => (
    <Layout ctx={ctx} title="La Gazette du quartier">
      <Post ctx={ctx} post={cast.article} variant="focused" />
      <Post ctx={ctx} post={cast.travelPoll} />
    </Layout>
  )),
  page('compose-errors', { path: '/compose' }, (ctx) => (
    <Layout ctx={ctx} title="New post">
      <Composer
        ctx={ctx}
        values={{
          text: 'A text that went on for rather too long, and which is still here.',
          warning: 'Long',
          visibility: 'followers',
          language: 'br',
          mediaDescriptions: ['A pier'],
          poll: { options: ['Only one answer', '', '', ''], multiple: true, minutes: 4320 },
        }}
        errors={{
          text: 'This is 12 characters too long. Shorten it and send it again.',
          poll: 'A poll needs at least two answers.',
        }}
      />
    </Layout>
  )),
  page('edit', { path: '/posts/5/edit' }, (ctx) => (
    <Layout ctx={ctx} title="Edit the post" back={{ href: '/home', label: 'Back' }}>
      <Composer
        ctx={ctx}
        edit
        action="/posts/5/edit"
        media={cast.album.media.slice(0, 2)}
        values={{ text: 'Four evenings on the roof.' }}
      />
    </Layout>
  )),
  page(
    'profile',
    { path: '/@tomasz@pomorze.social', flash: { kind: 'info', message: 'You no longer see posts by @marta.', undo } },
    (ctx) => (
      <Layout ctx={ctx} title="Tomasz Wiśniewski" heading={null}>
        <ProfileHeader ctx={ctx} profile={cast.profile} relation={cast.relation} live />
        <Tabs
          ctx={ctx}
          label="Posts of this account"
          tabs={[
            { href: '#posts', label: 'Posts', current: true },
            { href: '#replies', label: 'Replies', current: false },
            { href: '#media', label: 'Media', current: false, count: 214 },
          ]}
        />
        <Post ctx={ctx} post={cast.harbour} />
        <Pagination ctx={ctx} nextBefore={3} />
      </Layout>
    ),
  ),
  page('profile-fr-moved', { locale: 'fr', path: '/@w' }, (ctx) => (
    <Layout ctx={ctx} title="Wilhelmina" heading={null}>
      <ProfileHeader
        ctx={ctx}
        profile={cast.emptyProfile}
        relation={{ ...cast.relation, following: true, muting: true }}
      />
      <EmptyState title="Rien à lire pour l’instant" text="Les publications de ce compte apparaîtront ici." />
    </Layout>
  )),
  page('notifications', { path: '/notifications' }, (ctx) => (
    <Layout ctx={ctx} title="Notifications">
      <Tabs
        ctx={ctx}
        label="Which notifications"
        tabs={[
          { href: '/notifications', label: 'All', current: true },
          { href: '/notifications?kind=mention', label: 'Mentions', current: false },
        ]}
      />
      <NotificationItem ctx={ctx} notification={cast.notification('mention', cast.kofi, cast.reply1, false, 4)} />
      <NotificationItem
        ctx={ctx}
        notification={cast.notification('favourite', cast.wilhelmina, cast.bakery, false, 12)}
      />
      <NotificationItem ctx={ctx} notification={cast.notification('follow-request', cast.layla, null, false, 50)} />
      <NotificationItem ctx={ctx} notification={cast.notification('boost', cast.tomasz, cast.bakery, true, 200)} />
      <NotificationItem ctx={ctx} notification={cast.notification('follow', cast.marta, null, true, 600)} />
      <NotificationItem
        ctx={ctx}
        notification={cast.notification('poll-ended', cast.radio, cast.pollResult, true, 1500)}
      />
      <NotificationItem ctx={ctx} notification={cast.notification('report', cast.kofi, null, true, 3000)} />
    </Layout>
  )),
  page('people', { path: '/@ines/followers' }, (ctx) => (
    <Layout ctx={ctx} title="Followers" back={{ href: '/@ines', label: 'Back to the profile' }}>
      <AccountCard ctx={ctx} account={cast.tomasz} relation={cast.relation} bioHtml={cast.profile.bioHtml} />
      <AccountCard ctx={ctx} account={cast.wilhelmina} relation={{ ...cast.relation, following: true }} />
      <AccountCard
        ctx={ctx}
        account={cast.layla}
        relation={{ ...cast.relation, requested: true }}
        note="Follows 12 people you follow"
      />
      <AccountCard ctx={ctx} account={cast.marta} relation={{ ...cast.relation, blocking: true }} />
    </Layout>
  )),
  page('confirm', { path: '/posts/5/delete' }, (ctx) => (
    <ConfirmPage
      ctx={ctx}
      title="Delete this post?"
      text="It disappears here and on the servers that have it. The replies stay. There is no way back."
      action="/posts/5/delete"
      label="Delete the post"
      danger
      cancel="/home"
    >
      <Post ctx={ctx} post={cast.bakery} variant="inset" />
    </ConfirmPage>
  )),
  page('settings', { path: '/settings' }, (ctx) => <SettingsLayout ctx={ctx} title="Settings" section={null} />),
  page(
    'settings-profile',
    { path: '/settings/profile', flash: { kind: 'success', message: 'Your profile is saved.' } },
    (ctx) => (
      <SettingsLayout
        ctx={ctx}
        title="Profile"
        section="profile"
        intro="What people see of you, here and on other servers."
      >
        <Form
          ctx={ctx}
          action="/settings/profile"
          multipart
          errors={{ 'fields.0.value': 'This address is not complete: it needs https:// at its beginning.' }}
        >
          <Field
            ctx={ctx}
            name="display_name"
            label="Name"
            value="Inès Charpentier"
            hint="As you wish to be called."
            maxlength={50}
            required
          />
          <TextArea
            ctx={ctx}
            name="bio"
            label="About you"
            value="Notes from a small town with a large harbour."
            hint="Links, @names and #hashtags work."
          />
          <FileField
            ctx={ctx}
            name="avatar"
            label="Picture"
            hint="Square, at most 2 MB. PNG, JPEG, WebP or GIF."
            accept="image/*"
          />
          <FieldGroup
            title="Facts"
            hint="Up to four lines below your bio. A link that leads back to your profile is shown as verified."
          >
            <Field ctx={ctx} name="fields.0.name" label="Label" value="Website" />
            <Field
              ctx={ctx}
              name="fields.0.value"
              label="Content"
              value="ines.example"
              error="This address is not complete: it needs https:// at its beginning."
            />
          </FieldGroup>
          <FieldGroup title="How you appear">
            <RadioGroup
              ctx={ctx}
              name="scheme"
              label="Light or dark"
              value="auto"
              options={[
                { value: 'auto', label: 'As my device says' },
                { value: 'light', label: 'Light', hint: 'Warm paper' },
                { value: 'dark', label: 'Dark', hint: 'Deep slate' },
              ]}
            />
            <Checkbox
              ctx={ctx}
              name="bot"
              label="This is an automated account"
              hint="Says so on the profile, so that nobody feels fooled."
            />
            <Checkbox ctx={ctx} name="locked" label="I approve every follower" checked />
            <Select
              ctx={ctx}
              name="language"
              label="Language of the pages"
              value="en"
              short
              options={[
                { value: 'en', label: 'English' },
                { value: 'fr', label: 'Français' },
              ]}
            />
          </FieldGroup>
          <SubmitRow ctx={ctx} label="Save the profile" />
        </Form>
        <DangerZone title="Delete the account">
          <p>
            Your posts, followers and messages are removed here at once and on other servers as soon as they hear of it.
            You can come back within 30 days by logging in.
          </p>
          <a class="button" href="/settings/account/delete">
            Delete the account…
          </a>
        </DangerZone>
      </SettingsLayout>
    ),
  ),
  page('login', { guest: true, path: '/login' }, (ctx) => (
    <AuthLayout
      ctx={ctx}
      title="Log in"
      intro="Good to see you."
      aside={
        <p>
          No account yet? <a href="/sign-up">Sign up</a>
        </p>
      }
    >
      <Form ctx={ctx} action="/login">
        <Field
          ctx={ctx}
          name="email"
          label="Email or name"
          type="text"
          required
          autocomplete="username"
          spellcheck={false}
        />
        <Field ctx={ctx} name="password" label="Password" type="password" required autocomplete="current-password" />
        <SubmitRow ctx={ctx} label="Log in">
          <a class="button" data-kind="quiet" href="/reset">
            Forgotten?
          </a>
        </SubmitRow>
      </Form>
    </AuthLayout>
  )),
  page('sign-up-fr', { guest: true, locale: 'fr', path: '/sign-up' }, (ctx) => (
    <AuthLayout
      ctx={ctx}
      title="Rejoindre La Lanterne"
      intro="Chaque demande est lue par une personne, en général le jour même."
    >
      <Form ctx={ctx} action="/sign-up" errors={{ handle: 'Ce nom est déjà pris. Que diriez-vous de « ines.c » ?' }}>
        <Field
          ctx={ctx}
          name="handle"
          label="Nom"
          prefix="@"
          suffix="@lanterne.example"
          value="ines"
          required
          spellcheck={false}
          error="Ce nom est déjà pris. Que diriez-vous de « ines.c » ?"
          hint="Des lettres, des chiffres, des points. On ne peut pas le changer plus tard."
        />
        <Field ctx={ctx} name="email" label="Adresse électronique" type="email" required autocomplete="email" />
        <Field
          ctx={ctx}
          name="password"
          label="Mot de passe"
          type="password"
          required
          hint="Dix caractères au moins. Une phrase fait très bien l’affaire."
        />
        <TextArea ctx={ctx} name="reason" label="Pourquoi ici ?" rows={3} />
        <Checkbox ctx={ctx} name="rules" label="J’ai lu les règles et je les respecterai" required />
        <SubmitRow ctx={ctx} label="Envoyer la demande" cancel={{ href: '/' }} />
      </Form>
    </AuthLayout>
  )),
  page('error', { path: '/nowhere' }, (ctx) => <ErrorPage ctx={ctx} kind="not-found" />),
  page('error-fr', { path: '/nowhere', locale: 'fr', guest: true }, (ctx) => (
    <ErrorPage ctx={ctx} kind="broken" reference="7f3k-20ab" />
  )),
  page('search-empty', { path: '/search?q=lighthouse', guest: true }, (ctx) => (
    <Layout ctx={ctx} title="Search" rail={<Notice ctx={ctx}>You can search for @name@server to find anybody.</Notice>}>
      <EmptyState
        title="Nothing found for “lighthouse”"
        text="Only people who wish to be found, hashtags and your own posts are searched. Check the spelling, or look up an address like @name@server."
      />
    </Layout>
  )),
  page('admin', { path: '/admin' }, (ctx) => (
    <AdminLayout
      ctx={ctx}
      title="Overview"
      intro="The last seven days."
      actions={
        <a class="button" href="/admin/invites">
          Invite somebody
        </a>
      }
    >
      <StatRow>
        <Stat label="People who posted" value="312" hint="12 more than the week before" />
        <Stat label="Posts" value="4,071" />
        <Stat label="Open reports" value="2" href="/admin/reports" hint="The oldest waits for 5 hours" />
        <Stat label="Storage" value="18.4 GB" hint="of 80 GB" />
      </StatRow>
      <Card
        title="Servers we talk to"
        actions={
          <a class="button" data-kind="quiet" href="/admin/domains">
            All servers
          </a>
        }
      >
        <Table
          caption="Servers we talk to"
          columns={[
            {
              label: 'Server',
              head: true,
              cell: (row: {
                host: string;
                state: 'success' | 'warning' | 'danger';
                word: string;
                posts: string;
                at: number;
              }) => row.host,
            },
            { label: 'State', cell: (row) => <Badge ctx={ctx} kind={row.state} label={row.word} /> },
            { label: 'Last heard', cell: (row) => <Time ctx={ctx} at={row.at} /> },
            { label: 'Posts', numeric: true, cell: (row) => row.posts },
            {
              label: 'Actions',
              quiet: true,
              cell: () => (
                <a class="button" href="#x">
                  Open
                </a>
              ),
            },
          ]}
          rows={[
            { host: 'pomorze.social', state: 'success', word: 'Well', posts: '12,044', at: cast.NOW - 60_000 },
            {
              host: 'een-heel-lange-servernaam.gemeenschap.example',
              state: 'warning',
              word: 'Slow',
              posts: '88',
              at: cast.NOW - 9_000_000,
            },
            {
              host: 'qahwa.example',
              state: 'danger',
              word: 'Held since yesterday',
              posts: '1,203',
              at: cast.NOW - 90_000_000,
            },
          ]}
        />
      </Card>
      <Card title="This server">
        <KeyValueList
          items={[
            { key: 'Version', value: '0.1.0' },
            { key: 'Database', value: 'SQLite, 212 MB' },
            { key: 'Last backup', value: <Time ctx={ctx} at={cast.NOW - 7_200_000} /> },
          ]}
        />
      </Card>
      <Notice ctx={ctx} kind="warning" title="No backup has been copied elsewhere yet">
        <p>A backup on the same disk goes with the disk.</p>
      </Notice>
    </AdminLayout>
  )),
];

export async function writeGallery(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { name, render } of PAGES) {
    for (const scheme of ['light', 'dark'] as const)
      writeFileSync(join(folder, `${name}.${scheme}.html`), render(scheme));
  }
  const links = PAGES.map(
    ({ name }) => `<li><a href="${name}.light.html">${name}</a> <a href="${name}.dark.html">dark</a>`,
  );
  writeFileSync(join(folder, 'index.html'), `<!doctype html><title>Gallery</title><ul>${links.join('')}</ul>`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? join(tmpdir(), 'estrade-gallery');
  await writeGallery(folder);
  console.log(`${PAGES.length} pages in ${folder}`);
}
