import type { AddressBlock, EmailDomainBlock } from '#domain/moderation/blocks.queries.ts';
import type { NamePage } from '#domain/moderation/domains.queries.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import type { Page } from '#kernel/page.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { NamePagination } from '#web/components/admin-parts.tsx';
import { Card } from '#web/components/card.tsx';
import { Field, Form, Select, SubmitRow, type Choice } from '#web/components/form.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Table, type Column } from '#web/components/table.tsx';
import { Time } from '#web/components/time.tsx';
import type { FormState } from '#web/forms.ts';
import { formatDuration } from '#web/i18n.ts';
import type { Frame } from '#web/pages/admin/frame.ts';
import type { ViewContext } from '#web/view-context.ts';

const PAGE = '/admin/blocks';

/** Addresses are handed on to other people, so a block of one always ends. */
export const ADDRESS_DAYS = [1, 7, 30, 90, 365] as const;
/** 0 is for ever. */
export const EMAIL_DAYS = [30, 365, 0] as const;

interface BlocksPageProps {
  frame: Frame;
  blocks: { addresses: Page<AddressBlock>; emailDomains: NamePage<EmailDomainBlock> };
  address: FormState;
  email: FormState;
}

export function BlocksPage({ frame: { ctx, groups }, blocks, address, email }: BlocksPageProps) {
  const { t } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.blocks')} intro={t('blocks.intro')}>
      <Card title={t('blocks.addresses')}>
        <Table
          caption={t('blocks.addresses')}
          columns={addressColumns(ctx)}
          rows={blocks.addresses.items}
          empty={<p class="hint">{t('blocks.no-addresses')}</p>}
        />
        <Pagination ctx={ctx} nextBefore={blocks.addresses.nextBefore} />
        <AddressForm ctx={ctx} form={address} />
      </Card>
      <Card title={t('blocks.email-domains')}>
        <Table
          caption={t('blocks.email-domains')}
          columns={emailColumns(ctx)}
          rows={blocks.emailDomains.items}
          empty={<p class="hint">{t('blocks.no-email-domains')}</p>}
        />
        <NamePagination ctx={ctx} nextAfter={blocks.emailDomains.nextAfter} />
        <EmailForm ctx={ctx} form={email} />
      </Card>
    </AdminLayout>
  );
}

function addressColumns(ctx: ViewContext): Column<AddressBlock>[] {
  const { t } = ctx;
  return [
    { label: t('blocks.network'), head: true, cell: ({ cidr }) => cidr },
    { label: t('blocks.comment'), cell: ({ comment }) => comment || '–' },
    { label: t('blocks.until'), cell: ({ expiresAt }) => <Time ctx={ctx} at={expiresAt} show="day" /> },
    {
      label: t('blocks.remove'),
      quiet: true,
      cell: ({ id, cidr }) => (
        <ActionForm ctx={ctx} action={`${PAGE}/addresses/${id}/remove`} returnTo={PAGE}>
          <button class="button" type="submit" aria-label={t('blocks.remove-name', { name: cidr })}>
            {t('blocks.remove')}
          </button>
        </ActionForm>
      ),
    },
  ];
}

function emailColumns(ctx: ViewContext): Column<EmailDomainBlock>[] {
  const { t } = ctx;
  return [
    { label: t('blocks.provider'), head: true, cell: ({ domain }) => domain },
    { label: t('blocks.comment'), cell: ({ comment }) => comment || '–' },
    {
      label: t('blocks.until'),
      cell: ({ expiresAt }) =>
        expiresAt === null ? t('blocks.for-ever') : <Time ctx={ctx} at={expiresAt} show="day" />,
    },
    {
      label: t('blocks.remove'),
      quiet: true,
      cell: ({ domain }) => (
        <ActionForm ctx={ctx} action={`${PAGE}/email-domains/remove`} fields={{ domain }} returnTo={PAGE}>
          <button class="button" type="submit" aria-label={t('blocks.remove-name', { name: domain })}>
            {t('blocks.remove')}
          </button>
        </ActionForm>
      ),
    },
  ];
}

function durations(ctx: ViewContext, days: readonly number[]): Choice[] {
  return days.map((value) => ({
    value: String(value),
    label: value === 0 ? ctx.t('blocks.for-ever') : formatDuration(ctx.locale, value * DAY_MS),
  }));
}

function AddressForm({ ctx, form: { typed, errors } }: { ctx: ViewContext; form: FormState }) {
  const { t } = ctx;
  return (
    <Form ctx={ctx} action={`${PAGE}/addresses`} errors={errors} returnTo={PAGE}>
      <Field
        ctx={ctx}
        name="cidr"
        label={t('blocks.network')}
        hint={t('blocks.network-hint')}
        placeholder="203.0.113.0/24"
        value={typed['cidr']}
        error={errors['cidr']}
        required
        spellcheck={false}
        short
      />
      <Select
        ctx={ctx}
        name="days"
        label={t('blocks.how-long')}
        options={durations(ctx, ADDRESS_DAYS)}
        value={typed['days'] ?? '30'}
        error={errors['days'] ?? errors['expiresAt']}
        short
      />
      <Field
        ctx={ctx}
        name="comment"
        label={t('blocks.comment')}
        hint={t('blocks.comment-hint')}
        value={typed['comment']}
        error={errors['comment']}
        maxlength={limits.reportCharacters}
      />
      <SubmitRow ctx={ctx} label={t('blocks.add-address')} />
    </Form>
  );
}

function EmailForm({ ctx, form: { typed, errors } }: { ctx: ViewContext; form: FormState }) {
  const { t } = ctx;
  return (
    <Form ctx={ctx} action={`${PAGE}/email-domains`} errors={errors} returnTo={PAGE}>
      <Field
        ctx={ctx}
        name="domain"
        label={t('blocks.provider')}
        hint={t('blocks.provider-hint')}
        placeholder="mail.example"
        value={typed['domain']}
        error={errors['domain']}
        required
        spellcheck={false}
        short
      />
      <Select
        ctx={ctx}
        name="emailDays"
        label={t('blocks.how-long')}
        options={durations(ctx, EMAIL_DAYS)}
        value={typed['emailDays'] ?? '365'}
        error={errors['emailDays'] ?? errors['expiresAt']}
        short
      />
      <Field
        ctx={ctx}
        name="emailComment"
        label={t('blocks.comment')}
        hint={t('blocks.comment-hint')}
        value={typed['emailComment']}
        error={errors['emailComment']}
        maxlength={limits.reportCharacters}
      />
      <SubmitRow ctx={ctx} label={t('blocks.add-provider')} />
    </Form>
  );
}
