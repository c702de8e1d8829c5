import { Hono } from 'hono';
import { raw } from '#web/jsx/html.ts';
import { POLICY_KINDS, policyText, type PolicyKind, type PolicyText } from '#domain/instance/instance.queries.ts';
import type { Settings } from '#domain/instance/settings.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Time } from '#web/components/time.tsx';
import { renderMarkdown } from '#web/markdown.ts';
import { AboutLayout } from '#web/pages/about.tsx';
import { mayHere } from '#web/staff.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Imprint, terms and privacy notice, as the admins have published them. */
export function policyRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  for (const kind of POLICY_KINDS) {
    app.get(`/${kind}`, async (c) => {
      const ctx = c.get('ctx');
      const text = await policyText(deps.store.read, kind, ctx.locale);
      const settings = await deps.settings.read();
      const mayWrite = mayHere(c, 'instance.edit');
      return c.html(<PolicyTextPage ctx={ctx} kind={kind} text={text} settings={settings} mayWrite={mayWrite} />);
    });
  }
  return app;
}

interface PolicyTextPageProps {
  ctx: ViewContext;
  kind: PolicyKind;
  text: PolicyText | null;
  settings: Settings;
  mayWrite: boolean;
}

function PolicyTextPage({ ctx, kind, text, settings, mayWrite }: PolicyTextPageProps) {
  const { t } = ctx;
  return (
    <AboutLayout ctx={ctx} title={t(`texts.${kind}`)} path={`/${kind}`} settings={settings}>
      {text ? (
        <>
          <div class="prose policy" lang={text.locale}>
            {raw(renderMarkdown(text.markdown))}
          </div>
          <p class="policy-since">
            {t.rich('texts.since', { time: <Time ctx={ctx} at={text.createdAt} show="day" /> })}
          </p>
        </>
      ) : (
        <EmptyState title={t('texts.not-written')} text={t('texts.not-written-text')}>
          {mayWrite ? (
            <a class="button" href={`/admin/texts/${kind}/${ctx.locale}`}>
              {t('texts.write')}
            </a>
          ) : null}
        </EmptyState>
      )}
    </AboutLayout>
  );
}
