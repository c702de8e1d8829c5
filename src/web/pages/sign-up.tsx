import { Hono } from 'hono';
import { z } from 'zod';
import { rulesInForce, type Rule } from '#domain/instance/instance.queries.ts';
import type { Settings } from '#domain/instance/settings.ts';
import { checkPassword } from '#domain/membership/membership.policy.ts';
import { inviteStands } from '#domain/membership/sign-ups.queries.ts';
import { signUp } from '#domain/membership/sign-up.ts';
import { invalid, notAllowed } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { visitorOf } from '#kernel/networks.ts';
import { hashPassword } from '#kernel/password.ts';
import { AuthLayout } from '#web/components/auth-layout.tsx';
import { EmailField, HandleField, NewPasswordField } from '#web/components/credential-fields.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Checkbox, Field, Form, SubmitRow, TextArea } from '#web/components/form.tsx';
import { field, formEntries, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { newChallenge, readProof } from '#web/proof-of-work.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const schema = z.object({
  handle: field.required(limits.handleCharacters),
  email: field.required(limits.emailCharacters),
  password: field.secret,
  reason: field.text(limits.signUpReasonCharacters),
  invite: field.text(100),
  isOldEnough: field.checkbox,
  acceptsRules: field.checkbox,
  proof: field.text(10_000),
});

/** Everything that the page shows besides the form itself. */
interface Terms {
  settings: Settings;
  rules: Rule[];
  /** Whether the code in the address or the form would be taken. */
  invited: boolean;
  challenge: string;
}

/** With what `signUp` refuses as well, so that all that is missing is said at once. */
function schemaOf({ settings, invited }: Terms) {
  const isAskedWhy = settings.registrations === 'approval' && !invited;
  const tooYoung = invalid('age-required', 'isOldEnough', { years: settings.minimumAge });
  return schema.extend({
    reason: isAskedWhy ? field.required(limits.signUpReasonCharacters) : schema.shape.reason,
    isOldEnough: field.checkbox.refine(Boolean, { params: { refusal: tooYoung } }),
    acceptsRules: field.checkbox.refine(Boolean, { params: { refusal: invalid('rules-required', 'acceptsRules') } }),
  });
}

export function signUpRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  const termsOf = async (invite: string): Promise<Terms> => {
    const { settings, store, clock, challengeSecret } = deps;
    const present = await settings.read();
    return {
      settings: present,
      rules: await rulesInForce(store.read),
      invited: invite !== '' && (await inviteStands(store.read, invite, clock.now())),
      challenge: present.registrations === 'open' ? await newChallenge(challengeSecret, clock.now()) : '',
    };
  };

  app.get('/sign-up', async (c) => {
    if (c.get('session')) return c.redirect('/home', 303);
    const invite = c.req.query('invite') ?? '';
    const form = { ...UNTOUCHED, typed: { invite } };
    return c.html(<SignUpPage deps={deps} ctx={c.get('ctx')} terms={await termsOf(invite)} form={form} />);
  });

  app.post('/sign-up', async (c) => {
    const ctx = c.get('ctx');
    const terms = await termsOf((await formEntries(c))['invite'] ?? '');
    return submit(c, {
      schema: schemaOf(terms),
      page: (form) => <SignUpPage deps={deps} ctx={ctx} terms={terms} form={form} />,
      async act({ handle, email, password, invite, proof, ...answers }) {
        await deps.rateLimits.take('signUpPerVisitor', visitorOf(c.get('address')));
        refuseClosed(terms, invite);
        checkPassword(password, { handle, email });
        const { awaits } = await deps.commit(signUp, {
          ...answers,
          handle,
          email,
          passwordHash: await hashPassword(password),
          keys: await deps.keys(),
          locale: ctx.locale,
          inviteCode: invite === '' ? null : invite,
          proof: await readProof(deps.challengeSecret, proof),
          address: c.get('address'),
          mailWorks: deps.mail.available,
        });
        const next = new URLSearchParams();
        if (awaits.confirmation) next.set('mail', '1');
        if (awaits.approval) next.set('approval', '1');
        return c.redirect(next.size > 0 ? `/sign-up/next?${next.toString()}` : '/login', 303);
      },
    });
  });

  app.get('/sign-up/next', (c) => {
    const { mail, approval } = c.req.query();
    return c.html(<NextPage ctx={c.get('ctx')} mail={mail === '1'} approval={approval === '1'} />);
  });

  return app;
}

/** What `signUp` refuses as well, before the work that a stranger could ask for: keys take a good part of a second. */
function refuseClosed({ settings, invited }: Terms, invite: string): void {
  if (settings.registrations === 'closed') throw notAllowed('registrations-closed');
  if (settings.registrations === 'invite' && invite === '') throw notAllowed('invite-required');
  if (invite !== '' && !invited) throw invalid('invite-invalid', 'invite');
}

interface SignUpPageProps {
  deps: WebDeps;
  ctx: ViewContext;
  terms: Terms;
  form: FormState;
}

function SignUpPage(props: SignUpPageProps) {
  const { ctx, terms } = props;
  const { t } = ctx;
  const logIn = (
    <p>
      {t('sign-up.have-account')} <a href="/login">{t('nav.log-in')}</a>
    </p>
  );
  if (terms.settings.registrations === 'closed') {
    return (
      <AuthLayout ctx={ctx} title={t('sign-up.closed-title')} aside={logIn}>
        <p>{t('sign-up.closed', { instance: ctx.instance.name })}</p>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout
      ctx={ctx}
      title={t('sign-up.title', { instance: ctx.instance.name })}
      intro={<Intro {...props} />}
      aside={logIn}
    >
      <SignUpForm {...props} />
    </AuthLayout>
  );
}

function Intro({ ctx: { t }, terms: { settings, invited }, form: { typed } }: SignUpPageProps) {
  if (invited) return <p>{t('sign-up.invited')}</p>;
  if (typed['invite']) return <p>{t('error.invite-invalid')}</p>;
  if (settings.registrations === 'approval') return <p>{t('sign-up.by-approval')}</p>;
  if (settings.registrations === 'invite') return <p>{t('sign-up.by-invite')}</p>;
  return null;
}

function SignUpForm({ deps, ctx, terms, form }: SignUpPageProps) {
  const { t } = ctx;
  const { typed, errors } = form;
  const { settings, rules, invited } = terms;
  const decided = invited || settings.registrations === 'invite';
  return (
    <Form ctx={ctx} action="/sign-up" errors={errors}>
      {invited ? (
        <input type="hidden" name="invite" value={typed['invite']} />
      ) : settings.registrations === 'invite' ? (
        <Field
          ctx={ctx}
          name="invite"
          label={t('sign-up.invite')}
          value={typed['invite']}
          error={errors['invite']}
          required
          spellcheck={false}
        />
      ) : null}
      <HandleField ctx={ctx} form={form} hint={t('sign-up.handle-hint')} handleDomain={deps.site.handleDomain} />
      <EmailField ctx={ctx} form={form} hint={t('sign-up.email-hint')} />
      <NewPasswordField ctx={ctx} form={form} />
      {settings.registrations === 'approval' && !decided ? (
        <TextArea
          ctx={ctx}
          name="reason"
          label={t('sign-up.reason')}
          hint={t('sign-up.reason-hint')}
          value={typed['reason']}
          error={errors['reason']}
          required
          maxlength={limits.signUpReasonCharacters}
        />
      ) : null}
      <Checkbox
        ctx={ctx}
        name="isOldEnough"
        label={t('sign-up.age', { years: settings.minimumAge })}
        checked={typed['isOldEnough'] !== undefined}
        error={errors['isOldEnough']}
        required
      />
      <RuleList ctx={ctx} rules={rules} />
      <Checkbox
        ctx={ctx}
        name="acceptsRules"
        label={t('sign-up.accepts')}
        hint={<Papers ctx={ctx} />}
        checked={typed['acceptsRules'] !== undefined}
        error={errors['acceptsRules']}
        required
      />
      {settings.registrations === 'open' && !decided ? <Work ctx={ctx} challenge={terms.challenge} /> : null}
      <SubmitRow ctx={ctx} label={t('sign-up.submit')} />
    </Form>
  );
}

function RuleList({ ctx, rules }: { ctx: ViewContext; rules: Rule[] }) {
  if (rules.length === 0) return null;
  return (
    <section class="prose" aria-labelledby="rules">
      <h2 id="rules">{ctx.t('sign-up.rules')}</h2>
      <ol>
        {rules.map((rule) => (
          <li>
            <strong>{rule.text}</strong>
            {rule.hint ? <p>{rule.hint}</p> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Papers({ ctx: { t } }: { ctx: ViewContext }) {
  return (
    <>
      <a href="/terms">{t('footer.terms')}</a> · <a href="/privacy">{t('footer.privacy')}</a>
    </>
  );
}

/** Filled by the island `proof-of-work.js`. */
function Work({ ctx, challenge }: { ctx: ViewContext; challenge: string }) {
  return (
    <>
      <input type="hidden" name="proof" data-challenge={challenge} />
      <noscript>
        <Notice ctx={ctx}>
          <p>{ctx.t('sign-up.without-script')}</p>
        </Notice>
      </noscript>
    </>
  );
}

function NextPage({ ctx, mail, approval }: { ctx: ViewContext; mail: boolean; approval: boolean }) {
  const { t } = ctx;
  return (
    <AuthLayout ctx={ctx} title={t('sign-up.next-title')}>
      {mail ? <p>{t('sign-up.next-mail')}</p> : null}
      {approval ? <p>{t(mail ? 'sign-up.next-mail-approval' : 'sign-up.next-approval')}</p> : null}
      {mail ? (
        <p>
          <a href="/confirm-email">{t('sign-up.no-mail')}</a>
        </p>
      ) : null}
    </AuthLayout>
  );
}
