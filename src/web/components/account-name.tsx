import type { AccountView } from '#domain/accounts/account-view.ts';
import { textWithEmoji } from '#web/safe-html.ts';
import type { LocaleContext, ViewContext } from '#web/view-context.ts';
import { Avatar } from '#web/components/avatar.tsx';
import { Icon } from '#web/components/icon.tsx';

/** A display name with its emoji, isolated so that its direction never turns the line around it. */
export function DisplayName({ account }: { account: Pick<AccountView, 'displayName' | 'handle' | 'emoji'> }) {
  return <bdi class="name">{textWithEmoji(account.displayName.trim() || account.handle, account.emoji)}</bdi>;
}

/** Name and domain; for accounts of this instance only the name, unless its `host` is given. */
export function Handle({
  account,
  host = null,
}: {
  account: Pick<AccountView, 'handle' | 'domain'>;
  host?: string | null | undefined;
}) {
  const domain = account.domain ?? host;
  return (
    <bdi class="handle" data-part="handle">
      @{account.handle}
      {domain === null ? null : <span class="handle-domain">@{domain}</span>}
    </bdi>
  );
}

export function AccountBadges({ ctx, account }: { ctx: LocaleContext; account: Pick<AccountView, 'bot' | 'locked'> }) {
  return (
    <>
      {account.bot ? <Icon ctx={ctx} name="bot" label={ctx.t('account.bot')} class="icon-badge" /> : null}
      {account.locked ? <Icon ctx={ctx} name="lock" label={ctx.t('account.locked')} class="icon-badge" /> : null}
    </>
  );
}

/** The name as a link, for sentences: "Ada boosted". */
export function AccountLink({ account }: { account: AccountView }) {
  return (
    <a class="account-link" href={account.path} title={account.acct}>
      <DisplayName account={account} />
    </a>
  );
}

/** Avatar, name and handle in a row: the head of a post, a line of a list, the viewer's own corner. */
export function AccountLine({
  ctx,
  account,
  link = true,
}: {
  ctx: ViewContext;
  account: AccountView;
  link?: boolean | undefined;
}) {
  const inside = (
    <>
      <Avatar account={account} />
      <span class="account-line-words">
        <span class="account-line-name">
          <DisplayName account={account} /> <AccountBadges ctx={ctx} account={account} />
        </span>
        <Handle account={account} />
      </span>
    </>
  );
  if (!link) return <span class="account-line">{inside}</span>;
  return (
    <a class="account-line" data-part="account-line" href={account.path}>
      {inside}
    </a>
  );
}
