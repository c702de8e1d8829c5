import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { addRule } from '#domain/instance/add-rule.ts';
import { editRule } from '#domain/instance/edit-rule.ts';
import { ruleById, rulesInForce, type Rule } from '#domain/instance/instance.queries.ts';
import { moveRule } from '#domain/instance/move-rule.ts';
import { retireRule } from '#domain/instance/retire-rule.ts';
import { notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { AdminConfirm } from '#web/components/admin-parts.tsx';
import { Card } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Form, SubmitRow, TextArea } from '#web/components/form.tsx';
import { Icon } from '#web/components/icon.tsx';
import { setFlash } from '#web/flash.ts';
import { field, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { asStaff, requirePermission } from '#web/staff.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/rules';

const schema = z.object({
  text: field.required(limits.ruleCharacters),
  hint: field.text(limits.ruleHintCharacters),
});

/** The rules: whoever signs up agrees to them, and reports are judged by them. */
export function adminRuleRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('instance.edit');
  const { read } = deps.store;

  app.get(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    return c.html(<RulesPage frame={frame} rules={await rulesInForce(read)} form={UNTOUCHED} />);
  });

  app.post(PAGE, guard, async (c) => {
    const [frame, rules] = [await frameOf(deps, c), await rulesInForce(read)];
    return submit(c, {
      schema,
      page: (form) => <RulesPage frame={frame} rules={rules} form={form} />,
      async act(words) {
        await deps.commit(asStaff('instance.edit', addRule), { actorId: frame.actorId, ...words });
        setFlash(deps, c, { kind: 'success', message: frame.ctx.t('admin-rules.added') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.get(`${PAGE}/:id{[0-9]+}`, guard, async (c) => {
    const [frame, rule] = [await frameOf(deps, c), await ruleOf(deps, c)];
    return c.html(<RulePage frame={frame} rule={rule} form={UNTOUCHED} />);
  });

  app.post(`${PAGE}/:id{[0-9]+}`, guard, async (c) => {
    const [frame, rule] = [await frameOf(deps, c), await ruleOf(deps, c)];
    return submit(c, {
      schema,
      page: (form) => <RulePage frame={frame} rule={rule} form={form} />,
      async act(words) {
        await deps.commit(asStaff('instance.edit', editRule), { actorId: frame.actorId, id: rule.id, ...words });
        setFlash(deps, c, { kind: 'success', message: frame.ctx.t('admin.saved') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.post(
    `${PAGE}/:id{[0-9]+}/move`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, id, entries }) => {
      const direction = entries['direction'] === 'up' ? 'up' : 'down';
      await deps.commit(asStaff('instance.edit', moveRule), { actorId, id, direction });
      return { kind: 'success', message: c.get('ctx').t('admin-rules.moved') };
    }),
  );

  addRetirement(app, deps);
  return app;
}

function addRetirement(app: Hono<WebEnv>, deps: WebDeps): void {
  const guard = requirePermission('instance.edit');

  app.get(`${PAGE}/:id{[0-9]+}/retire`, guard, async (c) => {
    const [{ ctx, groups }, rule] = [await frameOf(deps, c), await ruleOf(deps, c)];
    return c.html(
      <AdminConfirm
        ctx={ctx}
        groups={groups}
        title={ctx.t('admin-rules.retire-title')}
        effects={[ctx.t('admin-effect.retire-rule'), ctx.t('admin-effect.retire-kept')]}
        undo={ctx.t('admin-effect.retire-undo')}
        action={`${PAGE}/${rule.id}/retire`}
        label={ctx.t('admin-rules.retire')}
        danger
        cancel={PAGE}
      >
        <p class="admin-quote">{rule.text}</p>
      </AdminConfirm>,
    );
  });

  app.post(
    `${PAGE}/:id{[0-9]+}/retire`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      await deps.commit(asStaff('instance.edit', retireRule), { actorId, id });
      return { kind: 'success', message: c.get('ctx').t('admin-rules.retired') };
    }),
  );
}

/** The rule in force that the path names. */
async function ruleOf(deps: WebDeps, c: Context<WebEnv>): Promise<Rule> {
  const rule = await ruleById(deps.store.read, parseId(c.req.param('id')) ?? 0);
  if (!rule || rule.retiredAt !== null) throw notFound();
  return rule;
}

function RulesPage({ frame: { ctx, groups }, rules, form }: { frame: Frame; rules: Rule[]; form: FormState }) {
  const { t } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.rules')} intro={t('admin-rules.intro')}>
      {rules.length === 0 ? <EmptyState title={t('admin-rules.none')} text={t('admin-rules.none-text')} /> : null}
      <ol class="admin-rules" role="list">
        {rules.map((rule, index) => (
          <RuleLine ctx={ctx} rule={rule} number={index + 1} isLast={index === rules.length - 1} />
        ))}
      </ol>
      <Card title={t('admin-rules.new')}>
        <RuleForm ctx={ctx} action={PAGE} words={{ text: '', hint: '' }} form={form} label={t('admin-rules.add')} />
      </Card>
    </AdminLayout>
  );
}

interface RuleLineProps {
  ctx: ViewContext;
  rule: Rule;
  number: number;
  isLast: boolean;
}

function RuleLine({ ctx, rule, number, isLast }: RuleLineProps) {
  const { t } = ctx;
  return (
    <li class="admin-rule">
      <span class="admin-rule-number" aria-hidden="true">
        {number}
      </span>
      <div class="admin-rule-words">
        <p class="admin-rule-text" dir="auto">
          {rule.text}
        </p>
        {rule.hint ? (
          <p class="hint" dir="auto">
            {rule.hint}
          </p>
        ) : null}
      </div>
      <div class="admin-rule-buttons">
        {number > 1 ? <MoveButton ctx={ctx} rule={rule} number={number} direction="up" /> : null}
        {isLast ? null : <MoveButton ctx={ctx} rule={rule} number={number} direction="down" />}
        <a class="button" href={`${PAGE}/${rule.id}`} aria-label={t('admin-rules.edit-number', { number })}>
          {t('admin-rules.edit')}
        </a>
        <a class="button" href={`${PAGE}/${rule.id}/retire`} aria-label={t('admin-rules.retire-number', { number })}>
          {t('admin-rules.retire')}
        </a>
      </div>
    </li>
  );
}

function MoveButton({ ctx, rule, number, direction }: Omit<RuleLineProps, 'isLast'> & { direction: 'up' | 'down' }) {
  const label = ctx.t(direction === 'up' ? 'admin-rules.up' : 'admin-rules.down', { number });
  return (
    <ActionForm ctx={ctx} action={`${PAGE}/${rule.id}/move`} fields={{ direction }} returnTo={PAGE}>
      <button class="icon-button" type="submit" title={label}>
        <Icon ctx={ctx} name={direction === 'up' ? 'arrow-up' : 'arrow-down'} label={label} />
      </button>
    </ActionForm>
  );
}

function RulePage({ frame: { ctx, groups }, rule, form }: { frame: Frame; rule: Rule; form: FormState }) {
  const { t } = ctx;
  return (
    <AdminLayout
      ctx={ctx}
      groups={groups}
      title={t('admin-rules.edit-title')}
      intro={t('admin-rules.edit-text')}
      back={{ href: PAGE, label: t('admin.rules') }}
    >
      <RuleForm ctx={ctx} action={`${PAGE}/${rule.id}`} words={rule} form={form} label={t('admin.save')} cancel />
    </AdminLayout>
  );
}

interface RuleFormProps {
  ctx: ViewContext;
  action: string;
  words: { text: string; hint: string };
  form: FormState;
  label: string;
  cancel?: boolean;
}

function RuleForm({ ctx, action, words, form: { typed, errors }, label, cancel = false }: RuleFormProps) {
  const { t } = ctx;
  return (
    <Form ctx={ctx} action={action} errors={errors} returnTo={PAGE}>
      <TextArea
        ctx={ctx}
        name="text"
        label={t('admin-rules.text')}
        value={typed['text'] ?? words.text}
        error={errors['text']}
        required
        rows={2}
        maxlength={limits.ruleCharacters}
      />
      <TextArea
        ctx={ctx}
        name="hint"
        label={t('admin-rules.hint')}
        hint={t('admin-rules.hint-hint')}
        value={typed['hint'] ?? words.hint}
        error={errors['hint']}
        rows={2}
        maxlength={limits.ruleHintCharacters}
      />
      <SubmitRow ctx={ctx} label={label} {...(cancel ? { cancel: { href: PAGE } } : {})} />
    </Form>
  );
}
