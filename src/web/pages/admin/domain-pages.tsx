import type { DomainImpact, NamePage, PolicyLine } from '#domain/moderation/domains.queries.ts';
import { limits } from '#kernel/limits.ts';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { NamePagination } from '#web/components/admin-parts.tsx';
import { Badge, type BadgeKind } from '#web/components/badge.tsx';
import { Card, Stat, StatRow } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Checkbox, ErrorSummary, Field, Form, RadioGroup, SubmitRow, TextArea } from '#web/components/form.tsx';
import { Table, type Column } from '#web/components/table.tsx';
import { isChecked, type FormState } from '#web/forms.ts';
import { formatNumber } from '#web/i18n.ts';
import { SEVERITY_NAMES } from '#web/pages/admin/audit-list.tsx';
import type { Frame } from '#web/pages/admin/frame.ts';
import type { ViewContext } from '#web/view-context.ts';

const PAGE = '/admin/domains';

export function policyPath(domain: string): string {
  return `${PAGE}/policy?domain=${encodeURIComponent(domain)}`;
}

interface PoliciesPageProps {
  frame: Frame;
  page: NamePage<PolicyLine>;
  /** Of the form that looks a server up. */
  form: FormState;
}

export function PoliciesPage({ frame: { ctx, groups }, page, form: { typed, errors } }: PoliciesPageProps) {
  const { t } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.domains')} intro={t('domains.intro')}>
      <ErrorSummary ctx={ctx} errors={errors} />
      <form method="get" action={`${PAGE}/policy`} class="filter-form">
        <Field
          ctx={ctx}
          name="domain"
          label={t('domains.which')}
          placeholder="example.org"
          value={typed['domain']}
          error={errors['domain']}
          required
          spellcheck={false}
          maxlength={limits.domainCharacters}
        />
        <button class="button" type="submit" data-kind="primary">
          {t('domains.look')}
        </button>
      </form>
      <Table
        caption={t('admin.domains')}
        columns={columnsOf(ctx)}
        rows={page.items}
        empty={<EmptyState title={t('domains.none')} text={t('domains.none-text')} />}
      />
      <NamePagination ctx={ctx} nextAfter={page.nextAfter} />
    </AdminLayout>
  );
}

function columnsOf(ctx: ViewContext): Column<PolicyLine>[] {
  const { t } = ctx;
  return [
    {
      label: t('domains.server'),
      head: true,
      cell: ({ domain }) => <a href={policyPath(domain)}>{domain}</a>,
    },
    {
      label: t('domains.policy'),
      cell: ({ severity, rejectMedia }) => (
        <span class="badges">
          <SeverityBadge ctx={ctx} severity={severity} />
          {rejectMedia ? <Badge ctx={ctx} icon="image-off" label={t('domains.media-rejected')} /> : null}
        </span>
      ),
    },
    { label: t('domains.public-comment'), cell: ({ publicComment }) => publicComment || '–' },
    {
      label: t('domains.change'),
      quiet: true,
      cell: ({ domain }) => (
        <a class="button" href={policyPath(domain)} aria-label={t('domains.change-of', { domain })}>
          {t('domains.change')}
        </a>
      ),
    },
  ];
}

const SEVERITY_KINDS: Record<PolicyLine['severity'], BadgeKind> = {
  none: 'neutral',
  limit: 'warning',
  suspend: 'danger',
};

export function SeverityBadge({ ctx, severity }: { ctx: ViewContext; severity: PolicyLine['severity'] }) {
  return <Badge ctx={ctx} kind={SEVERITY_KINDS[severity]} label={ctx.t(SEVERITY_NAMES[severity])} />;
}

interface PolicyPageProps {
  frame: Frame;
  domain: string;
  policy: PolicyLine | null;
  impact: DomainImpact;
  form: FormState;
}

export function PolicyPage({ frame, domain, policy, impact, form }: PolicyPageProps) {
  const { ctx, groups } = frame;
  const { t } = ctx;
  const query = `?domain=${encodeURIComponent(domain)}`;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={domain} back={{ href: PAGE, label: t('admin.domains') }}>
      <Impact ctx={ctx} domain={domain} impact={impact} />
      <Card title={t('domains.policy')}>
        <PolicyForm frame={frame} domain={domain} policy={policy} impact={impact} form={form} />
      </Card>
      <Card title={t('domains.more')}>
        <div class="admin-buttons">
          {policy ? (
            <a class="button" href={`${PAGE}/remove${query}`}>
              {t('domains.remove')}
            </a>
          ) : null}
          <a class="button" href={`${PAGE}/purge${query}`}>
            {t('domains.purge')}
          </a>
          <a class="button" href={`/admin/accounts?origin=remote&domain=${encodeURIComponent(domain)}`}>
            {t('domains.accounts-there')}
          </a>
        </div>
      </Card>
    </AdminLayout>
  );
}

/** Whom it would concern. */
function Impact({ ctx, domain, impact }: { ctx: ViewContext; domain: string; impact: DomainImpact }) {
  const { t, locale } = ctx;
  return (
    <Card title={t('domains.impact')}>
      <p class="hint">{t('domains.impact-text', { domain })}</p>
      <StatRow>
        <Stat label={t('domains.impact-accounts')} value={formatNumber(locale, impact.accounts)} />
        <Stat label={t('domains.impact-following')} value={formatNumber(locale, impact.following)} />
        <Stat label={t('domains.impact-followers')} value={formatNumber(locale, impact.followers)} />
        <Stat label={t('domains.impact-reports')} value={formatNumber(locale, impact.reports)} />
      </StatRow>
    </Card>
  );
}

function PolicyForm({ frame: { ctx }, domain, policy, impact, form }: PolicyPageProps) {
  const { t } = ctx;
  const { typed, errors } = form;
  const follows = impact.following + impact.followers;
  const severities = (['none', 'limit', 'suspend'] as const).map((value) => ({
    value,
    label: t(SEVERITY_NAMES[value]),
    hint: t(`domains.severity-${value}-hint`, { count: follows }),
  }));
  return (
    <Form ctx={ctx} action={`${PAGE}/policy`} errors={errors} returnTo={policyPath(domain)}>
      <input type="hidden" name="domain" value={domain} />
      <RadioGroup
        ctx={ctx}
        name="severity"
        label={t('domains.severity')}
        options={severities}
        value={typed['severity'] ?? policy?.severity ?? 'none'}
        error={errors['severity']}
        required
      />
      {follows > 0 && policy?.severity !== 'suspend' ? (
        <Checkbox
          ctx={ctx}
          name="sure"
          label={t('domains.sure', { count: follows })}
          hint={t('domains.sure-hint')}
          checked={typed['sure'] !== undefined}
          error={errors['sure']}
        />
      ) : null}
      <Checkbox
        ctx={ctx}
        name="rejectMedia"
        label={t('domains.reject-media')}
        hint={t('domains.reject-media-hint')}
        checked={isChecked(form, 'rejectMedia', policy?.rejectMedia ?? false)}
        error={errors['rejectMedia']}
      />
      <TextArea
        ctx={ctx}
        name="publicComment"
        label={t('domains.public-comment')}
        hint={t('domains.public-comment-hint')}
        value={typed['publicComment'] ?? policy?.publicComment}
        error={errors['publicComment']}
        rows={2}
        maxlength={limits.reportCharacters}
      />
      <TextArea
        ctx={ctx}
        name="privateComment"
        label={t('domains.private-comment')}
        hint={t('domains.private-comment-hint')}
        value={typed['privateComment'] ?? policy?.privateComment}
        error={errors['privateComment']}
        rows={2}
        maxlength={limits.reportCharacters}
      />
      <SubmitRow ctx={ctx} label={t('domains.save')} cancel={{ href: PAGE }} />
    </Form>
  );
}
