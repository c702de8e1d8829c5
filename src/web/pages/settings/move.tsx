import { Hono } from 'hono';
import { z } from 'zod';
import type { AccountView } from '#domain/accounts/account-view.ts';
import { accountViews } from '#domain/accounts/accounts.queries.ts';
import { ownMove, type OwnMove } from '#domain/departures/aliases.queries.ts';
import { addAlias, moveAccount, removeAlias, undoMove } from '#domain/departures/move-account.ts';
import { invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { AccountCard } from '#web/components/account-card.tsx';
import { ActionForm } from '#web/components/action-form.tsx';
import { Card } from '#web/components/card.tsx';
import { Checkbox, DangerZone, Field, Form, SubmitRow } from '#web/components/form.tsx';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { requirePassword } from '#web/credentials.ts';
import { setFlash } from '#web/flash.ts';
import { field, isChecked, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { lookUpAccount, readAgain, readHandle } from '#web/look-up.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/settings/move';

const aliasSchema = z.object({ alias: field.required(limits.emailCharacters) });
const moveSchema = z.object({
  target: field.required(limits.emailCharacters),
  current_password: field.secret,
  sure: field.checkbox,
});

/** Going to another server with all followers, and coming from one. */
export function moveRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  const movedView = async (move: OwnMove) =>
    move.movedToId === null ? null : ((await accountViews(deps.store, [move.movedToId])).get(move.movedToId) ?? null);
  const pageOf = async (ctx: ViewContext, accountId: number, forms: Pick<MovePageProps, 'alias' | 'move'> = {}) => {
    const own = await ownMove(deps.store.read, accountId);
    return <MovePage ctx={ctx} own={own} movedTo={await movedView(own)} {...forms} />;
  };
  /** @throws invalid where nobody answers to the typed handle. */
  const accountOf = async (accountId: number, typed: string, name: string): Promise<number> => {
    const handle = readHandle(typed, deps.site.handleDomain);
    const id = handle ? await lookUpAccount(deps, accountId, handle) : null;
    if (id === null) throw invalid('account-not-found', name);
    return id;
  };

  app.get(PAGE, requireLogin, async (c) => c.html(await pageOf(c.get('ctx'), sessionOf(c).accountId)));

  app.post(`${PAGE}/aliases`, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    return submit(c, {
      schema: aliasSchema,
      page: (form) => pageOf(c.get('ctx'), accountId, { alias: form }),
      async act({ alias }) {
        const aliasId = await accountOf(accountId, alias, 'alias');
        const view = (await accountViews(deps.store, [aliasId])).get(aliasId);
        if (!view) throw invalid('account-not-found', 'alias');
        await deps.commit(addAlias, { accountId, uri: view.uri });
        setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('move.alias-added', { account: view.acct }) });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.post(`${PAGE}/aliases/remove`, requireLogin, async (c) =>
    submit(c, {
      schema: z.object({ uri: field.required(2048) }),
      page: (form) => pageOf(c.get('ctx'), sessionOf(c).accountId, { alias: form }),
      async act({ uri }) {
        await deps.commit(removeAlias, { accountId: sessionOf(c).accountId, uri });
        setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('move.alias-removed') });
        return c.redirect(PAGE, 303);
      },
    }),
  );

  app.post(PAGE, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    return submit(c, {
      schema: moveSchema,
      page: (form) => pageOf(c.get('ctx'), accountId, { move: form }),
      async act({ target, current_password, sure }) {
        await requirePassword(deps, c, current_password);
        if (!sure) throw invalid('not-sure', 'sure');
        const targetId = await accountOf(accountId, target, 'target');
        // Hollo 0.10 tells nobody of a new alias.
        await readAgain(deps, accountId, targetId);
        await deps.commit(moveAccount, { accountId, targetId });
        setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('move.done') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.post(`${PAGE}/undo`, requireLogin, async (c) => {
    await deps.commit(undoMove, { accountId: sessionOf(c).accountId });
    setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('move.undone') });
    return c.redirect(PAGE, 303);
  });

  return app;
}

interface MovePageProps {
  ctx: ViewContext;
  own: OwnMove;
  movedTo: AccountView | null;
  alias?: FormState;
  move?: FormState;
}

function MovePage({ ctx, own, movedTo, alias = UNTOUCHED, move = UNTOUCHED }: MovePageProps) {
  const { t } = ctx;
  return (
    <SettingsLayout ctx={ctx} title={t('settings.move')} section="move" intro={t('move.intro')}>
      <Card title={t('move.here')}>
        <p>{t('move.here-text')}</p>
        <ul class="plain-list">
          {own.aliases.map((uri) => (
            <li class="plain-list-line">
              <span>{uri}</span>
              <ActionForm ctx={ctx} action={`${PAGE}/aliases/remove`} fields={{ uri }} returnTo={PAGE}>
                <button class="button" type="submit">
                  {t('move.alias-remove')}
                </button>
              </ActionForm>
            </li>
          ))}
        </ul>
        <Form ctx={ctx} action={`${PAGE}/aliases`} errors={alias.errors}>
          <Field
            ctx={ctx}
            name="alias"
            label={t('move.alias')}
            hint={t('move.alias-hint')}
            value={alias.typed['alias'] ?? ''}
            error={alias.errors['alias']}
            required
            spellcheck={false}
            maxlength={limits.emailCharacters}
          />
          <SubmitRow ctx={ctx} label={t('move.alias-add')} />
        </Form>
      </Card>
      {movedTo ? <Moved ctx={ctx} movedTo={movedTo} /> : <Leave ctx={ctx} move={move} />}
    </SettingsLayout>
  );
}

function Moved({ ctx, movedTo }: { ctx: ViewContext; movedTo: AccountView }) {
  const { t } = ctx;
  return (
    <Card title={t('move.moved')}>
      <AccountCard ctx={ctx} account={movedTo} />
      <p>{t('move.moved-text')}</p>
      <ActionForm ctx={ctx} action={`${PAGE}/undo`} returnTo={PAGE}>
        <button class="button" type="submit">
          {t('move.undo')}
        </button>
      </ActionForm>
    </Card>
  );
}

function Leave({ ctx, move }: { ctx: ViewContext; move: FormState }) {
  const { t } = ctx;
  return (
    <DangerZone title={t('move.away')}>
      <p>{t('move.away-text')}</p>
      <Form ctx={ctx} action={PAGE} errors={move.errors}>
        <Field
          ctx={ctx}
          name="target"
          label={t('move.target')}
          hint={t('move.target-hint')}
          value={move.typed['target'] ?? ''}
          error={move.errors['target']}
          required
          spellcheck={false}
          maxlength={limits.emailCharacters}
        />
        <Field
          ctx={ctx}
          name="current_password"
          type="password"
          autocomplete="current-password"
          label={t('settings.current-password')}
          error={move.errors['current_password']}
          required
        />
        <Checkbox
          ctx={ctx}
          name="sure"
          label={t('move.sure')}
          checked={isChecked(move, 'sure', false)}
          error={move.errors['sure']}
        />
        <SubmitRow ctx={ctx} label={t('move.submit')} danger />
      </Form>
    </DangerZone>
  );
}
