import type { AccountView, RelationView } from '#domain/accounts/account-view.ts';
import { safeUrl } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Menu, MenuAction, MenuDivider, MenuLink } from '#web/components/menu.tsx';
import type { IconName } from '#web/icon-names.ts';

interface RelationProps {
  ctx: ViewContext;
  account: AccountView;
  relation: RelationView;
}

/** The one button for where the viewer stands: its words say what pressing it does. */
export function FollowButton({ ctx, account, relation, main = false }: RelationProps & { main?: boolean | undefined }) {
  const { t } = ctx;
  if (relation.self) {
    return (
      <a class="button" href="/settings/profile">
        <Icon ctx={ctx} name="pencil" />
        {t('relation.edit-profile')}
      </a>
    );
  }
  if (account.suspended || relation.blockedBy) return null;
  const { verb, label, icon, primary } = nextStep(account, relation);
  return (
    <ActionForm ctx={ctx} action={`/accounts/${account.id}/${verb}`} class="follow-form">
      <button
        class="button"
        type="submit"
        data-kind={primary && main ? 'primary' : undefined}
        data-part="follow-button"
      >
        <Icon ctx={ctx} name={icon} />
        {t(label)}
        <span class="visually-hidden"> {account.acct}</span>
      </button>
    </ActionForm>
  );
}

interface Step {
  verb: string;
  label:
    | 'relation.unblock'
    | 'relation.unfollow'
    | 'relation.withdraw'
    | 'relation.request'
    | 'relation.follow-back'
    | 'relation.follow';
  icon: IconName;
  primary: boolean;
}

function nextStep(account: AccountView, relation: RelationView): Step {
  if (relation.blocking) return { verb: 'unblock', label: 'relation.unblock', icon: 'ban', primary: false };
  if (relation.following) return { verb: 'unfollow', label: 'relation.unfollow', icon: 'user-check', primary: false };
  if (relation.requested) return { verb: 'unfollow', label: 'relation.withdraw', icon: 'clock', primary: false };
  if (account.locked) return { verb: 'follow', label: 'relation.request', icon: 'user-plus', primary: true };
  return {
    verb: 'follow',
    label: relation.followedBy ? 'relation.follow-back' : 'relation.follow',
    icon: 'user-plus',
    primary: true,
  };
}

/** All that can be done about an account, the drastic things last. */
export function RelationMenu({ ctx, account, relation }: RelationProps) {
  const { t } = ctx;
  const base = `/accounts/${account.id}`;
  const name = `@${account.handle}`;
  const origin = safeUrl(account.url);
  return (
    <Menu ctx={ctx} label={t('account.more')}>
      {account.domain !== null && origin ? (
        <MenuLink
          ctx={ctx}
          href={origin}
          icon="external-link"
          label={t('account.at-origin', { host: account.domain })}
          external
        />
      ) : null}
      {relation.self || relation.blocking || relation.blockedBy ? null : (
        <MenuLink
          ctx={ctx}
          href={`/compose?text=${encodeURIComponent(`${account.acct} `)}`}
          icon="at-sign"
          label={t('account.mention', { name })}
        />
      )}
      {relation.following ? <FollowEntries ctx={ctx} base={base} relation={relation} /> : null}
      {relation.self ? null : (
        <>
          <MenuDivider />
          {relation.followedBy ? (
            <MenuAction
              ctx={ctx}
              action={`${base}/remove-follower`}
              icon="user-minus"
              label={t('account.remove-follower')}
            />
          ) : null}
          {relation.muting ? (
            <MenuAction
              ctx={ctx}
              action={`${base}/unmute`}
              icon="volume-2"
              label={t('account.unmute-name', { name })}
            />
          ) : (
            <MenuLink ctx={ctx} href={`${base}/mute`} icon="volume-x" label={t('account.mute-name', { name })} dialog />
          )}
          <MenuAction
            ctx={ctx}
            action={`${base}/${relation.blocking ? 'unblock' : 'block'}`}
            icon="ban"
            label={t(relation.blocking ? 'account.unblock-name' : 'account.block-name', { name })}
            danger={!relation.blocking}
          />
          {account.domain === null ? null : <DomainEntry ctx={ctx} account={account} relation={relation} />}
          <MenuLink ctx={ctx} href={`${base}/report`} icon="flag" label={t('account.report', { name })} danger />
        </>
      )}
    </Menu>
  );
}

function FollowEntries({ ctx, base, relation }: { ctx: ViewContext; base: string; relation: RelationView }) {
  const { t } = ctx;
  return (
    <>
      <MenuAction
        ctx={ctx}
        action={`${base}/${relation.showBoosts ? 'hide-boosts' : 'show-boosts'}`}
        icon="repeat-2"
        label={t(relation.showBoosts ? 'account.hide-boosts' : 'account.show-boosts')}
      />
      <MenuAction
        ctx={ctx}
        action={`${base}/${relation.notify ? 'unnotify' : 'notify'}`}
        icon={relation.notify ? 'bell' : 'bell-plus'}
        label={t(relation.notify ? 'account.unnotify' : 'account.notify')}
      />
    </>
  );
}

function DomainEntry({ ctx, account, relation }: RelationProps) {
  const host = account.domain ?? '';
  if (relation.domainBlocking) {
    return (
      <MenuAction
        ctx={ctx}
        action={`/accounts/${account.id}/unblock-domain`}
        icon="server"
        label={ctx.t('account.unblock-domain', { host })}
      />
    );
  }
  return (
    <MenuLink
      ctx={ctx}
      href={`/accounts/${account.id}/block-domain`}
      icon="server"
      label={ctx.t('account.block-domain', { host })}
      dialog
      danger
    />
  );
}
