import { Hono } from 'hono';
import { z } from 'zod';
import { createInvite } from '#domain/membership/create-invite.ts';
import { revokeInvite } from '#domain/membership/revoke-invite.ts';
import { openInvites, type InviteLine } from '#domain/membership/sign-ups.queries.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import type { Page } from '#kernel/page.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { Card } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Field, Form, Select, SubmitRow } from '#web/components/form.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Table, type Column } from '#web/components/table.tsx';
import { Time } from '#web/components/time.tsx';
import { setFlash } from '#web/flash.ts';
import { field, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { formatDuration } from '#web/i18n.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requirePermission } from '#web/staff.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/invites';

/** How long an invitation may be good for, in days; 0 for as long as it is not revoked. */
const LIVES = [1, 7, 30, 90, 365, 0] as const;

const schema = z.object({
  comment: field.text(limits.inviteCommentCharacters),
  uses: z
    .literal('')
    .or(z.coerce.number().pipe(z.int().min(1).max(limits.inviteUses)))
    .prefault(''),
  days: z.coerce.number().pipe(z.union(LIVES.map((days) => z.literal(days)))),
});

/** Links by which people join whatever the registrations are otherwise. */
export function adminInviteRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('invites.create');

  app.get(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const page = await openInvites(deps.store.read, pageRequestOf(c));
    return c.html(<InvitesPage deps={deps} frame={frame} page={page} form={UNTOUCHED} />);
  });

  app.post(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const page = await openInvites(deps.store.read, pageRequestOf(c));
    return submit(c, {
      schema,
      page: (form) => <InvitesPage deps={deps} frame={frame} page={page} form={form} />,
      async act({ comment, uses, days }) {
        await deps.commit(createInvite, {
          creatorId: frame.actorId,
          comment,
          usesMax: uses === '' ? null : uses,
          lifeMs: days === 0 ? null : days * DAY_MS,
        });
        setFlash(deps, c, { kind: 'success', message: frame.ctx.t('admin-invites.created') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.post(
    `${PAGE}/:id{[0-9]+}/revoke`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      await deps.commit(revokeInvite, { actorId, inviteId: id });
      return { kind: 'success', message: c.get('ctx').t('admin-invites.revoked') };
    }),
  );

  return app;
}

interface InvitesPageProps {
  deps: WebDeps;
  frame: Frame;
  page: Page<InviteLine>;
  form: FormState;
}

function InvitesPage({ deps, frame: { ctx, groups }, page, form }: InvitesPageProps) {
  const { t } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.invites')} intro={t('admin-invites.intro')}>
      <Table
        caption={t('admin.invites')}
        columns={columnsOf(deps, ctx)}
        rows={page.items}
        empty={<EmptyState title={t('admin-invites.none')} text={t('admin-invites.none-text')} />}
      />
      <Pagination ctx={ctx} nextBefore={page.nextBefore} />
      <Card title={t('admin-invites.new')}>
        <InviteForm ctx={ctx} form={form} />
      </Card>
    </AdminLayout>
  );
}

function columnsOf({ site }: WebDeps, ctx: ViewContext): Column<InviteLine>[] {
  const { t } = ctx;
  return [
    {
      label: t('admin-invites.link'),
      head: true,
      cell: ({ code }) => <code class="admin-code">{`${site.origin}/sign-up?invite=${code}`}</code>,
    },
    { label: t('admin-invites.comment'), cell: ({ comment }) => comment || '–' },
    { label: t('admin-invites.by'), cell: ({ creatorHandle }) => `@${creatorHandle}` },
    {
      label: t('admin-invites.uses'),
      numeric: true,
      cell: ({ uses, usesMax }) =>
        usesMax === null ? t('admin-invites.used', { uses }) : t('admin-invites.used-of', { uses, max: usesMax }),
    },
    {
      label: t('admin-invites.until'),
      cell: ({ expiresAt }) =>
        expiresAt === null ? t('admin-invites.no-end') : <Expiry ctx={ctx} expiresAt={expiresAt} />,
    },
    {
      label: t('admin-invites.revoke'),
      quiet: true,
      cell: ({ id, code }) => (
        <ActionForm ctx={ctx} action={`${PAGE}/${id}/revoke`}>
          <button class="button" type="submit" aria-label={t('admin-invites.revoke-code', { code })}>
            {t('admin-invites.revoke')}
          </button>
        </ActionForm>
      ),
    },
  ];
}

function Expiry({ ctx, expiresAt }: { ctx: ViewContext; expiresAt: number }) {
  if (expiresAt <= ctx.now) return <>{ctx.t('admin-invites.over')}</>;
  return <Time ctx={ctx} at={expiresAt} show="day" />;
}

function InviteForm({ ctx, form: { typed, errors } }: { ctx: ViewContext; form: FormState }) {
  const { t, locale } = ctx;
  const lives = LIVES.map((days) => ({
    value: String(days),
    label: days === 0 ? t('admin-invites.no-end') : formatDuration(locale, days * DAY_MS),
  }));
  return (
    <Form ctx={ctx} action={PAGE} errors={errors} returnTo={PAGE}>
      <Field
        ctx={ctx}
        name="comment"
        label={t('admin-invites.comment')}
        hint={t('admin-invites.comment-hint')}
        value={typed['comment']}
        error={errors['comment']}
        maxlength={limits.inviteCommentCharacters}
      />
      <Field
        ctx={ctx}
        name="uses"
        label={t('admin-invites.uses-max')}
        hint={t('admin-invites.uses-hint')}
        type="number"
        min={1}
        max={limits.inviteUses}
        value={typed['uses'] ?? '1'}
        error={errors['uses'] ?? errors['usesMax']}
        short
      />
      <Select
        ctx={ctx}
        name="days"
        label={t('admin-invites.life')}
        options={lives}
        value={typed['days'] ?? '7'}
        error={errors['days'] ?? errors['lifeMs']}
        short
      />
      <SubmitRow ctx={ctx} label={t('admin-invites.create')} />
    </Form>
  );
}
