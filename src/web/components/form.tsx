import type { Child } from '#web/jsx/html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { FormFields } from '#web/components/action-form.tsx';
import { labelOfError, noteError } from '#web/components/drawn-errors.ts';
import { idOf } from '#web/components/field.tsx';
import { Icon } from '#web/components/icon.tsx';

export {
  Checkbox,
  Field,
  FieldError,
  FileField,
  RadioGroup,
  Select,
  TextArea,
  type Choice,
} from '#web/components/field.tsx';

/** Translated messages by the field's name; the empty name holds what belongs to no field. */
export type FormErrors = Record<string, string>;

interface FormProps {
  ctx: ViewContext;
  action: string;
  errors?: FormErrors | undefined;
  /** Files are sent. */
  multipart?: boolean | undefined;
  returnTo?: string | undefined;
  class?: string | undefined;
  children?: Child;
}

/** A page's form: token, return path and the summary of errors come with it. */
export function Form({ ctx, action, errors = {}, multipart = false, returnTo, class: className, children }: FormProps) {
  return (
    <form
      method="post"
      action={action}
      class={className ? `form ${className}` : 'form'}
      data-part="form"
      enctype={multipart ? 'multipart/form-data' : undefined}
    >
      <FormFields ctx={ctx} returnTo={returnTo} />
      <ErrorSummary ctx={ctx} errors={errors} />
      {children}
    </form>
  );
}

/** Says that something is wrong and leads to each field. Nothing is shown without errors. */
export function ErrorSummary({ ctx, errors }: { ctx: ViewContext; errors: FormErrors }) {
  const entries = Object.entries(errors);
  if (entries.length === 0) return null;
  noteError(ctx, null);
  return (
    <div class="notice" data-kind="error" data-part="error-summary" role="alert" tabindex={-1} autofocus>
      <Icon ctx={ctx} name="circle-alert" />
      <div class="notice-words">
        <p class="notice-title">{ctx.t('form.errors', { count: entries.length })}</p>
        <ul class="notice-list">
          {entries.map(([name, message]) => (
            <li>{name === '' ? message : <a href={`#${idOf(name)}`}>{withLabel(ctx, name, message)}</a>}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** "Something is missing here" says nothing where it does not stand beside the field. */
function withLabel(ctx: ViewContext, name: string, message: string): string {
  const label = labelOfError(ctx, idOf(name))?.replace(/[\s?!.:]+$/, '');
  return label ? ctx.t('form.error-of', { label, message }) : message;
}

/** Groups fields of a long form under a heading of its own. */
export function FieldGroup({ title, hint, children }: { title: string; hint?: Child; children?: Child }) {
  return (
    <fieldset class="field-group" data-part="field-group">
      <legend class="field-group-title">{title}</legend>
      {hint ? <p class="hint">{hint}</p> : null}
      {children}
    </fieldset>
  );
}

interface SubmitRowProps {
  ctx: ViewContext;
  label: string;
  /** A way out that is as easy as going on. */
  cancel?: { href: string; label?: string | undefined } | undefined;
  danger?: boolean | undefined;
  /** Name and value of the button, for forms with several. */
  name?: string | undefined;
  value?: string | undefined;
  children?: Child;
}

export function SubmitRow({ ctx, label, cancel, danger = false, name, value, children }: SubmitRowProps) {
  return (
    <div class="submit-row" data-part="submit-row">
      <button class="button" type="submit" data-kind={danger ? 'danger' : 'primary'} name={name} value={value}>
        {label}
      </button>
      {cancel ? (
        <a class="button" href={cancel.href} data-cancel>
          {cancel.label ?? ctx.t('form.cancel')}
        </a>
      ) : null}
      {children}
    </div>
  );
}

/** The last thing on a page: what is dangerous, what will happen, and the way back. */
export function DangerZone({ title, children }: { title: string; children?: Child }) {
  return (
    <section class="danger-zone" data-part="danger-zone">
      <h2 class="danger-zone-title">{title}</h2>
      {children}
    </section>
  );
}
