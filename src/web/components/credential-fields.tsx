import type { Child } from '#web/jsx/html.ts';
import { limits } from '#kernel/limits.ts';
import { Field } from '#web/components/field.tsx';
import type { FormState } from '#web/forms.ts';
import type { ViewContext } from '#web/view-context.ts';

/* Fields `handle`, `email` and `password`, wherever somebody chooses one: at set-up, sign-up, and later on. */

interface CredentialFieldProps {
  ctx: ViewContext;
  form: FormState;
  label?: string;
  hint?: Child;
}

export function HandleField({
  ctx,
  form: { typed, errors },
  hint,
  handleDomain,
}: CredentialFieldProps & { handleDomain: string }) {
  return (
    <Field
      ctx={ctx}
      name="handle"
      label={ctx.t('sign-up.handle')}
      hint={hint}
      prefix="@"
      suffix={`@${handleDomain}`}
      value={typed['handle']}
      error={errors['handle']}
      required
      autocomplete="username"
      spellcheck={false}
      maxlength={limits.handleCharacters}
    />
  );
}

export function EmailField({ ctx, form: { typed, errors }, label, hint }: CredentialFieldProps) {
  return (
    <Field
      ctx={ctx}
      name="email"
      label={label ?? ctx.t('sign-up.email')}
      hint={hint}
      type="email"
      value={typed['email']}
      error={errors['email']}
      required
      autocomplete="email"
      maxlength={limits.emailCharacters}
    />
  );
}

export function NewPasswordField({ ctx, form: { errors }, label }: CredentialFieldProps) {
  const { t } = ctx;
  return (
    <Field
      ctx={ctx}
      name="password"
      label={label ?? t('sign-up.password')}
      hint={t('sign-up.password-hint', { min: limits.passwordCharactersMin })}
      type="password"
      error={errors['password']}
      required
      autocomplete="new-password"
      minlength={limits.passwordCharactersMin}
    />
  );
}
