import type { AccountView } from '#domain/accounts/account-view.ts';
import { AccountLine } from '#web/components/account-name.tsx';
import { Layout } from '#web/components/layout.tsx';
import { hostOf, safeUrl } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';

interface ElsewhereProps {
  ctx: ViewContext;
  account: AccountView;
  /** Of the page at its origin. */
  url: string;
  kind: 'account' | 'post';
}

/** What visitors find in the place of somebody else's page: where it is at home. */
export function ElsewherePage({ ctx, account, url, kind }: ElsewhereProps) {
  const { t } = ctx;
  const origin = safeUrl(url);
  const host = hostOf(url) ?? account.domain ?? '';
  return (
    <Layout
      ctx={ctx}
      title={account.acct}
      head={<meta name="robots" content="noindex" />}
      intro={t(kind === 'post' ? 'elsewhere.post' : 'elsewhere.account', { host })}
    >
      <div class="elsewhere">
        <AccountLine ctx={ctx} account={account} link={false} />
        <p class="submit-row">
          {origin && !origin.startsWith('/') ? (
            <a class="button" data-kind="primary" href={origin} rel="noopener noreferrer nofollow">
              {t('elsewhere.go', { host })}
            </a>
          ) : null}
          <a class="button" href={`/login?return_to=${encodeURIComponent(ctx.path)}`}>
            {t('elsewhere.log-in')}
          </a>
        </p>
      </div>
    </Layout>
  );
}
