import { Hono, type Context } from 'hono';
import { raw } from '#web/jsx/html.ts';
import { z } from 'zod';
import {
  POLICY_KINDS,
  policyTextById,
  policyTextVersions,
  type PolicyKind,
  type PolicyText,
} from '#domain/instance/instance.queries.ts';
import { publishPolicyText } from '#domain/instance/publish-policy-text.ts';
import { invalid, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { Badge } from '#web/components/badge.tsx';
import { Card } from '#web/components/card.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Form, SubmitRow, TextArea } from '#web/components/form.tsx';
import { Table } from '#web/components/table.tsx';
import { Time } from '#web/components/time.tsx';
import { setFlash } from '#web/flash.ts';
import { field, formEntries, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { languageName, LOCALES, type Locale } from '#web/i18n.ts';
import { renderMarkdown } from '#web/markdown.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { fillTemplate, openPlaceholders } from '#web/policy-templates.ts';
import { asStaff, requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/texts';

const schema = z.object({ markdown: field.text(limits.policyTextCharacters) });

/** Imprint, terms and privacy notice, in both languages. Every version that was published is kept. */
export function adminTextRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('instance.edit');

  app.get(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    return c.html(<TextsPage frame={frame} texts={await presentTexts(deps)} />);
  });

  app.get(`${PAGE}/versions/:id{[0-9]+}`, guard, async (c) => {
    const version = await policyTextById(deps.store.read, parseId(c.req.param('id')) ?? 0);
    if (!version) throw notFound();
    return c.html(<VersionPage frame={await frameOf(deps, c)} version={version} />);
  });

  app.get(`${PAGE}/:kind/:locale`, guard, async (c) => {
    const { kind, locale } = textOf(c);
    const frame = await frameOf(deps, c);
    const versions = await policyTextVersions(deps.store.read, kind, locale);
    const draft = c.req.query('from') === 'draft' ? await draftOf(deps, kind, locale) : null;
    const form = draft === null ? UNTOUCHED : { typed: { markdown: draft }, errors: {} };
    const hasDraft = deps.policyTemplates(kind, locale) !== null;
    return c.html(
      <TextPage frame={frame} kind={kind} locale={locale} versions={versions} form={form} hasDraft={hasDraft} />,
    );
  });

  app.post(`${PAGE}/:kind/:locale`, guard, async (c) => {
    const { kind, locale } = textOf(c);
    const frame = await frameOf(deps, c);
    const { t } = frame.ctx;
    const versions = await policyTextVersions(deps.store.read, kind, locale);
    const hasDraft = deps.policyTemplates(kind, locale) !== null;
    const page = (form: FormState, preview = false) => (
      <TextPage
        frame={frame}
        kind={kind}
        locale={locale}
        versions={versions}
        form={form}
        hasDraft={hasDraft}
        preview={preview}
      />
    );
    const asksForPreview = (await formEntries(c))['preview'] !== undefined;
    return submit(c, {
      schema,
      page,
      async act({ markdown }) {
        if (asksForPreview) return c.html(page({ typed: { markdown }, errors: {} }, true));
        const [open] = openPlaceholders(markdown);
        if (open) throw invalid('placeholder-open', 'markdown', { name: open });
        await deps.commit(asStaff('instance.edit', publishPolicyText), {
          actorId: frame.actorId,
          kind,
          locale,
          markdown,
        });
        setFlash(deps, c, { kind: 'success', message: t(markdown === '' ? 'texts.withdrawn' : 'texts.published') });
        return c.redirect(`${PAGE}/${kind}/${locale}`, 303);
      },
    });
  });

  return app;
}

function textOf(c: Context<WebEnv>): { kind: PolicyKind; locale: Locale } {
  const kind = POLICY_KINDS.find((one) => one === c.req.param('kind'));
  const locale = LOCALES.find((one) => one === c.req.param('locale'));
  if (!kind || !locale) throw notFound();
  return { kind, locale };
}

/** Our draft with what the server knows filled in. */
async function draftOf(deps: WebDeps, kind: PolicyKind, locale: Locale): Promise<string | null> {
  const draft = deps.policyTemplates(kind, locale);
  const settings = await deps.settings.read();
  return (
    draft &&
    fillTemplate(draft, {
      'instance-name': settings.name,
      domain: deps.site.host,
      'contact-email': settings.contactEmail,
      'minimum-age': String(settings.minimumAge),
    })
  );
}

interface PresentText {
  kind: PolicyKind;
  locale: Locale;
  newest: PolicyText | null;
}

async function presentTexts({ store }: WebDeps): Promise<PresentText[]> {
  const texts: PresentText[] = [];
  for (const kind of POLICY_KINDS) {
    for (const locale of LOCALES) {
      const [newest] = await policyTextVersions(store.read, kind, locale);
      texts.push({ kind, locale, newest: newest ?? null });
    }
  }
  return texts;
}

function TextsPage({ frame: { ctx, groups }, texts }: { frame: Frame; texts: PresentText[] }) {
  const { t, locale: reader } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.texts')} intro={t('texts.intro')}>
      <Table
        caption={t('admin.texts')}
        columns={[
          { label: t('texts.text'), head: true, cell: ({ kind }: PresentText) => t(`texts.${kind}`) },
          { label: t('texts.language'), cell: ({ locale }) => languageName(reader, locale) },
          {
            label: t('texts.state'),
            cell: ({ newest }) =>
              newest && newest.markdown !== '' ? (
                <span>{t.rich('texts.since', { time: <Time ctx={ctx} at={newest.createdAt} show="day" /> })}</span>
              ) : (
                <Badge ctx={ctx} label={t('texts.not-written')} />
              ),
          },
          {
            label: t('texts.edit'),
            quiet: true,
            cell: ({ kind, locale }) => (
              <a
                class="button"
                href={`${PAGE}/${kind}/${locale}`}
                aria-label={`${t('texts.edit')}: ${t(`texts.${kind}`)}, ${languageName(reader, locale)}`}
              >
                {t('texts.edit')}
              </a>
            ),
          },
        ]}
        rows={texts}
      />
    </AdminLayout>
  );
}

interface TextPageProps {
  frame: Frame;
  kind: PolicyKind;
  locale: Locale;
  /** The newest first. */
  versions: PolicyText[];
  form: FormState;
  hasDraft: boolean;
  preview?: boolean;
}

function TextPage({ frame, kind, locale, versions, form, hasDraft, preview = false }: TextPageProps) {
  const { ctx, groups } = frame;
  const { t } = ctx;
  const path = `${PAGE}/${kind}/${locale}`;
  const markdown = form.typed['markdown'] ?? versions[0]?.markdown ?? '';
  return (
    <AdminLayout
      ctx={ctx}
      groups={groups}
      title={`${t(`texts.${kind}`)} · ${languageName(ctx.locale, locale)}`}
      back={{ href: PAGE, label: t('admin.texts') }}
    >
      {preview ? (
        <Card title={t('texts.preview')}>
          <div class="prose policy" lang={locale}>
            {raw(renderMarkdown(markdown))}
          </div>
        </Card>
      ) : null}
      {hasDraft && markdown === '' ? (
        <Notice ctx={ctx}>
          <p>{t('texts.draft-text')}</p>
          <p>
            <a href={`${path}?from=draft`}>{t('texts.draft')}</a>
          </p>
        </Notice>
      ) : null}
      <Form ctx={ctx} action={path} errors={form.errors} returnTo={path} class="form-wide">
        <TextArea
          ctx={ctx}
          name="markdown"
          label={t('texts.text')}
          hint={t('texts.markdown-hint')}
          value={markdown}
          error={form.errors['markdown']}
          rows={18}
          maxlength={limits.policyTextCharacters}
        />
        <SubmitRow ctx={ctx} label={t('texts.publish')}>
          <button class="button" type="submit" name="preview" value="on">
            {t('texts.preview')}
          </button>
        </SubmitRow>
      </Form>
      <Versions frame={frame} versions={versions} />
    </AdminLayout>
  );
}

function Versions({ frame: { ctx }, versions }: { frame: Frame; versions: PolicyText[] }) {
  const { t } = ctx;
  if (versions.length === 0) return null;
  return (
    <Card title={t('texts.versions')}>
      <ul class="admin-versions" role="list">
        {versions.map((version, index) => (
          <li>
            <a href={`${PAGE}/versions/${version.id}`}>
              <Time ctx={ctx} at={version.createdAt} show="moment" />
            </a>{' '}
            {version.markdown === '' ? t('texts.was-withdrawn') : index === 0 ? t('texts.in-force') : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function VersionPage({ frame: { ctx, groups }, version }: { frame: Frame; version: PolicyText }) {
  const { t } = ctx;
  return (
    <AdminLayout
      ctx={ctx}
      groups={groups}
      title={`${t(`texts.${version.kind}`)} · ${languageName(ctx.locale, version.locale)}`}
      intro={t.rich('texts.version-of', { time: <Time ctx={ctx} at={version.createdAt} show="moment" /> })}
      back={{ href: `${PAGE}/${version.kind}/${version.locale}`, label: t('form.back') }}
    >
      <div class="prose policy" lang={version.locale}>
        {version.markdown === '' ? <p>{t('texts.was-withdrawn')}</p> : raw(renderMarkdown(version.markdown))}
      </div>
    </AdminLayout>
  );
}
