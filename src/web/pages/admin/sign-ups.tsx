import { Hono } from 'hono';
import { z } from 'zod';
import { editSettings } from '#domain/instance/edit-settings.ts';
import { editableSettings, type Settings } from '#domain/instance/settings.ts';
import { approveSignUp } from '#domain/membership/approve-sign-up.ts';
import { rejectSignUp } from '#domain/membership/reject-sign-up.ts';
import { pendingSignUps, type PendingSignUp } from '#domain/membership/sign-ups.queries.ts';
import { findStaffAccount } from '#domain/moderation/staff-accounts.queries.ts';
import { notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import type { Page } from '#kernel/page.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { AdminConfirm } from '#web/components/admin-parts.tsx';
import { Card, KeyValueList } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Field, Form, SubmitRow } from '#web/components/form.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { RegistrationsChoice } from '#web/pages/set-up.tsx';
import { Time } from '#web/components/time.tsx';
import { setFlash } from '#web/flash.ts';
import { submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { languageName } from '#web/i18n.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { asStaff, requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/sign-ups';

const { registrations, minimumAge } = editableSettings.shape;

const schema = z.object({ registrations, minimumAge: z.coerce.number().pipe(minimumAge) });

/** Who may join, and who waits for an answer. */
export function adminSignUpRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('registrations.decide');

  app.get(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const page = await pendingSignUps(deps.store.read, pageRequestOf(c));
    return c.html(
      <SignUpsPage deps={deps} frame={frame} page={page} settings={await deps.settings.read()} form={UNTOUCHED} />,
    );
  });

  app.post(`${PAGE}/mode`, requirePermission('instance.edit'), async (c) => {
    const frame = await frameOf(deps, c);
    const page = await pendingSignUps(deps.store.read, pageRequestOf(c));
    const settings = await deps.settings.read();
    return submit(c, {
      schema,
      page: (form) => <SignUpsPage deps={deps} frame={frame} page={page} settings={settings} form={form} />,
      async act(changes) {
        await deps.commit(asStaff('instance.edit', editSettings), { actorId: frame.actorId, changes });
        setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('admin.saved') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.post(
    `${PAGE}/:id{[0-9]+}/approve`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      await deps.commit(approveSignUp, { actorId, accountId: id });
      return { kind: 'success', message: c.get('ctx').t('admin-sign-ups.approved') };
    }),
  );

  app.get(`${PAGE}/:id{[0-9]+}/reject`, guard, async (c) => {
    const waiting = await findStaffAccount(deps.store, parseId(c.req.param('id')) ?? 0);
    if (!waiting?.pending) throw notFound();
    const { ctx, groups } = await frameOf(deps, c);
    return c.html(
      <AdminConfirm
        ctx={ctx}
        groups={groups}
        title={ctx.t('admin-sign-ups.reject-title', { name: waiting.account.acct })}
        effects={[ctx.t('admin-effect.reject-forgotten'), ctx.t('admin-effect.reject-mail')]}
        undo={ctx.t('admin-effect.reject-undo')}
        action={`${PAGE}/${waiting.id}/reject`}
        label={ctx.t('admin-sign-ups.reject')}
        danger
        cancel={PAGE}
      />,
    );
  });

  app.post(
    `${PAGE}/:id{[0-9]+}/reject`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      await deps.commit(rejectSignUp, { actorId, accountId: id });
      return { kind: 'success', message: c.get('ctx').t('admin-sign-ups.rejected') };
    }),
  );

  return app;
}

interface SignUpsPageProps {
  deps: WebDeps;
  frame: Frame;
  page: Page<PendingSignUp>;
  settings: Settings;
  form: FormState;
}

function SignUpsPage({ deps, frame, page, settings, form }: SignUpsPageProps) {
  const { ctx, groups } = frame;
  const { t } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.sign-ups')}>
      {page.items.length === 0 && page.nextBefore === null ? (
        <EmptyState title={t('admin-sign-ups.none')} text={t('admin-sign-ups.none-text')} />
      ) : null}
      {page.items.map((waiting) => (
        <WaitingPerson frame={frame} waiting={waiting} />
      ))}
      <Pagination ctx={ctx} nextBefore={page.nextBefore} />
      {frame.may('instance.edit') ? (
        <Card>
          {deps.mail.available ? null : (
            <Notice ctx={ctx} kind="warning">
              <p>{t('admin-sign-ups.no-mail')}</p>
            </Notice>
          )}
          <ModeForm frame={frame} settings={settings} form={form} />
        </Card>
      ) : null}
    </AdminLayout>
  );
}

function WaitingPerson({ frame: { ctx }, waiting }: { frame: Frame; waiting: PendingSignUp }) {
  const { t, locale } = ctx;
  const facts = [
    { key: t('admin-accounts.email'), value: waiting.email },
    { key: t('admin-accounts.sign-up-address'), value: waiting.address },
    { key: t('admin-sign-ups.language'), value: waiting.locale && languageName(locale, waiting.locale) },
  ];
  return (
    <article class="admin-entry" aria-labelledby={`waiting-${waiting.id}`}>
      <div class="admin-entry-head">
        <h2 class="admin-entry-title" id={`waiting-${waiting.id}`}>
          @{waiting.handle}
        </h2>
        <span class="admin-entry-time">
          <Time ctx={ctx} at={waiting.createdAt} />
        </span>
      </div>
      <p class="admin-quote" dir="auto">
        {waiting.reason || t('admin-sign-ups.no-reason')}
      </p>
      <KeyValueList items={facts.flatMap(({ key, value }) => (value ? [{ key, value }] : []))} />
      <div class="admin-buttons">
        <ActionForm ctx={ctx} action={`${PAGE}/${waiting.id}/approve`}>
          <button class="button" type="submit">
            <Icon ctx={ctx} name="check" />
            {t('admin-sign-ups.approve', { name: `@${waiting.handle}` })}
          </button>
        </ActionForm>
        <a class="button" href={`${PAGE}/${waiting.id}/reject`}>
          <Icon ctx={ctx} name="x" />
          {t('admin-sign-ups.reject-name', { name: `@${waiting.handle}` })}
        </a>
      </div>
    </article>
  );
}

function ModeForm({ frame: { ctx }, settings, form }: { frame: Frame; settings: Settings; form: FormState }) {
  const { t } = ctx;
  const { typed, errors } = form;
  return (
    <Form ctx={ctx} action={`${PAGE}/mode`} errors={errors} returnTo={PAGE}>
      <RegistrationsChoice
        ctx={ctx}
        value={typed['registrations'] ?? settings.registrations}
        error={errors['registrations']}
      />
      <Field
        ctx={ctx}
        name="minimumAge"
        label={t('set-up.minimum-age')}
        hint={t('set-up.minimum-age-hint')}
        type="number"
        min={limits.minimumAgeLeast}
        max={limits.minimumAgeMost}
        value={typed['minimumAge'] ?? String(settings.minimumAge)}
        error={errors['minimumAge']}
        required
        short
      />
      <SubmitRow ctx={ctx} label={t('admin.save')} />
    </Form>
  );
}
