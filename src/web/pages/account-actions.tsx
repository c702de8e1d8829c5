import { Hono, type Context } from 'hono';
import type { AccountView } from '#domain/accounts/account-view.ts';
import { accountViews } from '#domain/accounts/accounts.queries.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import { muteAccount } from '#domain/relationships/mute-account.ts';
import { removeFollower } from '#domain/relationships/remove-follower.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { setFollowOptions } from '#domain/relationships/set-follow-options.ts';
import { unblockDomain } from '#domain/relationships/unblock-domain.ts';
import { undoBlock } from '#domain/relationships/undo-block.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import { unmuteAccount } from '#domain/relationships/unmute-account.ts';
import { MINUTE_MS } from '#kernel/clock.ts';
import { notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { act, type Action } from '#web/act.ts';
import { Confirm } from '#web/components/confirm-page.tsx';
import { Checkbox, Form, Select, SubmitRow } from '#web/components/form.tsx';
import { Layout } from '#web/components/layout.tsx';
import { localPath } from '#web/forms.ts';
import { formatDuration, type MessageKey } from '#web/i18n.ts';
import type { RateName } from '#web/rate-limits.ts';
import { requireLogin } from '#web/session.ts';
import type { Flash, ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** From half an hour to a month; 0 stands for "until I lift it". */
const MUTE_MINUTES = [30, 60, 360, 1440, 3 * 1440, 7 * 1440, 30 * 1440];

interface Verb {
  does(deps: WebDeps, action: Action): Promise<void>;
  said: MessageKey;
  /** The verb that takes it back. */
  undo?: string;
  rate?: RateName;
}

const VERBS: Record<string, Verb> = {
  unfollow: {
    does: (deps, { accountId, id }) => deps.commit(undoFollow, { followerId: accountId, followeeId: id }),
    said: 'relation-said.unfollowed',
    undo: 'follow',
  },
  'remove-follower': {
    does: (deps, { accountId, id }) => deps.commit(removeFollower, { followeeId: accountId, followerId: id }),
    said: 'relation-said.follower-removed',
  },
  'hide-boosts': {
    does: (deps, action) => setOptions(deps, action, { showBoosts: false }),
    said: 'relation-said.boosts-hidden',
    undo: 'show-boosts',
  },
  'show-boosts': {
    does: (deps, action) => setOptions(deps, action, { showBoosts: true }),
    said: 'relation-said.boosts-shown',
  },
  notify: {
    does: (deps, action) => setOptions(deps, action, { notify: true }),
    said: 'relation-said.notified',
    undo: 'unnotify',
  },
  unnotify: { does: (deps, action) => setOptions(deps, action, { notify: false }), said: 'relation-said.unnotified' },
  mute: { does: mute, said: 'relation-said.muted', undo: 'unmute' },
  unmute: {
    does: (deps, { accountId, id }) => deps.commit(unmuteAccount, { muterId: accountId, mutedId: id }),
    said: 'relation-said.unmuted',
  },
  block: {
    does: (deps, { accountId, id }) => deps.commit(blockAccount, { blockerId: accountId, blockedId: id }),
    said: 'relation-said.blocked',
    undo: 'unblock',
  },
  unblock: {
    does: (deps, { accountId, id }) => deps.commit(undoBlock, { blockerId: accountId, blockedId: id }),
    said: 'relation-said.unblocked',
  },
};

/** What a person does about another account. */
export function accountActionRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  for (const [name, verb] of Object.entries(VERBS)) {
    app.post(
      `/accounts/:id{[0-9]+}/${name}`,
      requireLogin,
      act(deps, verb.rate ?? 'actPerAccount', async (action) => {
        const account = await accountById(deps, action.id);
        await verb.does(deps, action);
        return said(action.c.get('ctx'), account, verb);
      }),
    );
  }

  app.post(
    '/accounts/:id{[0-9]+}/follow',
    requireLogin,
    act(deps, 'followPerAccount', async ({ c, accountId, id }) => {
      const account = await accountById(deps, id);
      const state = await deps.commit(requestFollow, { followerId: accountId, followeeId: id });
      return said(c.get('ctx'), account, {
        said: state === 'accepted' ? 'relation-said.followed' : 'relation-said.requested',
        undo: 'unfollow',
      });
    }),
  );

  app.get('/accounts/:id{[0-9]+}/mute', requireLogin, async (c) =>
    c.html(<MutePage ctx={c.get('ctx')} account={await accountOfPath(deps, c)} cancel={c.req.query('return_to')} />),
  );

  mountDomainBlocks(app, deps);
  return app;
}

function mountDomainBlocks(app: Hono<WebEnv>, deps: WebDeps): void {
  app.get('/accounts/:id{[0-9]+}/block-domain', requireLogin, async (c) => {
    const account = await accountOfPath(deps, c);
    if (account.domain === null) throw notFound();
    return c.html(<BlockDomainPage ctx={c.get('ctx')} account={account} host={account.domain} />);
  });

  app.post(
    '/accounts/:id{[0-9]+}/block-domain',
    requireLogin,
    act(deps, 'actPerAccount', async ({ c, accountId, id }) => {
      const { t } = c.get('ctx');
      const { domain: host } = await accountById(deps, id);
      if (host === null) throw notFound();
      const count = await deps.commit(blockDomain, { accountId, domain: host });
      return {
        kind: 'success',
        message: t('relation-said.domain-blocked', { host, count }),
        undo: undoOf(id, 'unblock-domain', t('form.undo')),
      };
    }),
  );

  app.post(
    '/accounts/:id{[0-9]+}/unblock-domain',
    requireLogin,
    act(deps, 'actPerAccount', async ({ c, accountId, id }) => {
      const { domain: host } = await accountById(deps, id);
      if (host === null) throw notFound();
      await deps.commit(unblockDomain, { accountId, domain: host });
      return { kind: 'success', message: c.get('ctx').t('relation-said.domain-unblocked', { host }) };
    }),
  );
}

/** @throws not-found. */
async function accountById(deps: WebDeps, id: number | null): Promise<AccountView> {
  const account = id === null ? undefined : (await accountViews(deps.store, [id])).get(id);
  if (!account) throw notFound();
  return account;
}

async function accountOfPath(deps: WebDeps, c: Context<WebEnv>): Promise<AccountView> {
  return accountById(deps, parseId(c.req.param('id')));
}

function setOptions(
  deps: WebDeps,
  { accountId, id }: Action,
  options: { showBoosts?: boolean; notify?: boolean },
): Promise<void> {
  return deps.commit(setFollowOptions, { followerId: accountId, followeeId: id, ...options });
}

async function mute(deps: WebDeps, { accountId, id, entries }: Action): Promise<void> {
  const minutes = MUTE_MINUTES.find((one) => String(one) === entries['minutes']);
  await deps.commit(muteAccount, {
    muterId: accountId,
    mutedId: id,
    // A bare button says nothing of notifications, and means all of it.
    hideNotifications: entries['minutes'] === undefined || entries['notifications'] !== undefined,
    expiresAt: minutes === undefined ? null : deps.clock.now() + minutes * MINUTE_MS,
  });
}

function said(ctx: ViewContext, account: AccountView, verb: Pick<Verb, 'said' | 'undo'>): Flash {
  const message = ctx.t(verb.said, { name: account.acct });
  return {
    kind: 'success',
    message,
    ...(verb.undo ? { undo: undoOf(account.id, verb.undo, ctx.t('form.undo')) } : {}),
  };
}

function undoOf(accountId: number, verb: string, label: string): NonNullable<Flash['undo']> {
  return { action: `/accounts/${accountId}/${verb}`, label, fields: {} };
}

/** The section is what the `dialogs` island shows in place. */
function MutePage({
  ctx,
  account,
  cancel: typed,
}: {
  ctx: ViewContext;
  account: AccountView;
  cancel: string | undefined;
}) {
  const { t } = ctx;
  const cancel = localPath(typed, account.path);
  const title = t('mute.title', { name: account.acct });
  const lengths = MUTE_MINUTES.map((minutes) => ({
    value: String(minutes),
    label: formatDuration(ctx.locale, minutes * MINUTE_MS),
  }));
  return (
    <Layout
      ctx={ctx}
      title={title}
      heading={null}
      bar={ctx.instance.name}
      back={{ href: cancel, label: t('form.back') }}
    >
      <section class="confirm" data-part="confirm" data-confirm aria-labelledby="confirm-title">
        <h1 class="confirm-title" id="confirm-title">
          {title}
        </h1>
        <p class="confirm-text">{t('mute.text')}</p>
        <Form ctx={ctx} action={`/accounts/${account.id}/mute`} returnTo={cancel}>
          <Select
            ctx={ctx}
            name="minutes"
            label={t('mute.length')}
            options={[{ value: '0', label: t('mute.for-ever') }, ...lengths]}
            value="0"
          />
          <Checkbox ctx={ctx} name="notifications" label={t('mute.notifications')} checked />
          <SubmitRow ctx={ctx} label={t('mute.confirm')} cancel={{ href: cancel }} />
        </Form>
      </section>
    </Layout>
  );
}

function BlockDomainPage({ ctx, account, host }: { ctx: ViewContext; account: AccountView; host: string }) {
  const { t } = ctx;
  return (
    <Layout
      ctx={ctx}
      title={t('block-domain.title', { host })}
      heading={null}
      bar={ctx.instance.name}
      back={{ href: account.path, label: t('form.back') }}
    >
      <Confirm
        ctx={ctx}
        title={t('block-domain.title', { host })}
        text={t('block-domain.text', { host })}
        action={`/accounts/${account.id}/block-domain`}
        label={t('account.block-domain', { host })}
        danger
        cancel={account.path}
      />
    </Layout>
  );
}
