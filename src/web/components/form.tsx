import type { Child } from 'hono/jsx';
import type { ViewContext } from '#web/view-context.ts';
import { FormFields } from '#web/components/action-form.tsx';
import { Icon } from '#web/components/icon.tsx';

/** Translated messages by the field's name; the empty name holds what belongs to no field. */
export type FormErrors = Record<string, string>;

export interface ControlProps {
  ctx: ViewContext;
  name: string;
  label: string;
  /** One sentence below the label. */
  hint?: Child;
  error?: string | undefined;
  required?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Whether the label says "(optional)"; by default where a text or file is not required. */
  optional?: boolean | undefined;
  /** The element's id: `field-<name>` unless a name stands twice on a page. */
  id?: string | undefined;
}

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
  return (
    <div class="notice" data-kind="error" data-part="error-summary" role="alert" tabindex={-1} autofocus>
      <Icon ctx={ctx} name="circle-alert" />
      <div class="notice-words">
        <p class="notice-title">{ctx.t('form.errors', { count: entries.length })}</p>
        <ul class="notice-list">
          {entries.map(([name, message]) => (
            <li>{name === '' ? message : <a href={`#${idOf(name)}`}>{message}</a>}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

type FieldProps = ControlProps & {
  value?: string | undefined;
  type?: 'text' | 'email' | 'password' | 'url' | 'number' | 'search' | 'tel' | 'date' | 'datetime-local' | undefined;
  autocomplete?: string | undefined;
  inputmode?: 'text' | 'numeric' | 'email' | 'url' | 'search' | 'decimal' | undefined;
  placeholder?: string | undefined;
  maxlength?: number | undefined;
  minlength?: number | undefined;
  min?: number | string | undefined;
  max?: number | string | undefined;
  pattern?: string | undefined;
  spellcheck?: boolean | undefined;
  autofocus?: boolean | undefined;
  /** Fixed words before or after what is typed, such as `@` and `@example.org`. */
  prefix?: string | undefined;
  suffix?: string | undefined;
  /** Half a line: for codes, numbers, dates. */
  short?: boolean | undefined;
};

/* For handles, codes and domains. The type of `spellcheck` is boolean, but the attribute is enumerated. */
const NO_SPELLING: Record<string, string> = { spellcheck: 'false', autocapitalize: 'none' };

export function Field(props: FieldProps) {
  const { value, type = 'text', prefix, suffix, short = false, autocomplete, inputmode, placeholder } = props;
  const input = (
    <input
      {...controlAttributes(props)}
      class="input"
      type={type}
      value={value}
      autocomplete={autocomplete}
      inputmode={inputmode}
      placeholder={placeholder}
      maxlength={props.maxlength}
      minlength={props.minlength}
      min={props.min}
      max={props.max}
      pattern={props.pattern}
      autocapitalize={type === 'email' || type === 'url' ? 'none' : undefined}
      autofocus={props.autofocus}
      dir={type === 'text' ? 'auto' : undefined}
      {...(props.spellcheck === false ? NO_SPELLING : {})}
    />
  );
  return (
    <Wrapped props={props} short={short}>
      {prefix === undefined && suffix === undefined ? (
        input
      ) : (
        <span class="input-group">
          {prefix === undefined ? null : <span class="input-affix">{prefix}</span>}
          {input}
          {suffix === undefined ? null : <span class="input-affix">{suffix}</span>}
        </span>
      )}
    </Wrapped>
  );
}

type TextAreaProps = ControlProps & {
  value?: string | undefined;
  rows?: number | undefined;
  maxlength?: number | undefined;
  placeholder?: string | undefined;
};

export function TextArea(props: TextAreaProps) {
  return (
    <Wrapped props={props}>
      <textarea
        {...controlAttributes(props)}
        class="input textarea"
        rows={props.rows ?? 4}
        maxlength={props.maxlength}
        placeholder={props.placeholder}
        dir="auto"
      >
        {props.value ?? ''}
      </textarea>
    </Wrapped>
  );
}

export interface Choice {
  value: string;
  label: string;
  hint?: string | undefined;
  disabled?: boolean | undefined;
}

export function Select(props: ControlProps & { options: Choice[]; value?: string | undefined; short?: boolean | undefined }) {
  return (
    <Wrapped props={{ optional: false, ...props }} short={props.short}>
      <span class="select">
        <select {...controlAttributes(props)} class="input">
          {props.options.map((option) => (
            <option value={option.value} selected={option.value === props.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon ctx={props.ctx} name="chevron-down" />
      </span>
    </Wrapped>
  );
}

export function Checkbox(props: ControlProps & { checked?: boolean | undefined; value?: string | undefined }) {
  const { ctx, label, hint, error, checked, value = 'on' } = props;
  const id = props.id ?? idOf(props.name);
  return (
    <div class="field" data-part="field" data-invalid={error ? '' : undefined}>
      <label class="choice">
        <input {...controlAttributes(props)} type="checkbox" value={value} checked={checked} />
        <span class="choice-words">
          <span class="choice-label">{label}</span>
          {hint ? (
            <span class="choice-hint" id={`${id}-hint`}>
              {hint}
            </span>
          ) : null}
        </span>
      </label>
      <FieldError ctx={ctx} id={id} error={error} />
    </div>
  );
}

export function RadioGroup(props: ControlProps & { options: Choice[]; value?: string | undefined }) {
  const { ctx, name, label, hint, error, options, value, required, disabled } = props;
  const id = props.id ?? idOf(name);
  return (
    <fieldset
      class="field choices"
      id={id}
      data-part="field"
      data-invalid={error ? '' : undefined}
      aria-describedby={describedBy(id, hint, error)}
    >
      <legend class="label">{label}</legend>
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {options.map((option) => (
        <label class="choice">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            required={required}
            disabled={disabled || option.disabled}
          />
          <span class="choice-words">
            <span class="choice-label">{option.label}</span>
            {option.hint ? <span class="choice-hint">{option.hint}</span> : null}
          </span>
        </label>
      ))}
      <FieldError ctx={ctx} id={id} error={error} />
    </fieldset>
  );
}

export function FileField(props: ControlProps & { accept?: string | undefined; multiple?: boolean | undefined }) {
  return (
    <Wrapped props={props}>
      <input {...controlAttributes(props)} class="input file" type="file" accept={props.accept} multiple={props.multiple} />
    </Wrapped>
  );
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

function Wrapped({ props, short = false, children }: { props: ControlProps; short?: boolean | undefined; children?: Child }) {
  const { ctx, name, label, hint, error, required, optional = !required } = props;
  const id = props.id ?? idOf(name);
  return (
    <div class="field" data-part="field" data-short={short ? '' : undefined} data-invalid={error ? '' : undefined}>
      <label class="label" for={id}>
        {label}
        {optional ? <span class="label-optional"> {ctx.t('form.optional')}</span> : null}
      </label>
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {children}
      <FieldError ctx={ctx} id={id} error={error} />
    </div>
  );
}

export function FieldError({ ctx, id, error }: { ctx: ViewContext; id: string; error: string | undefined }) {
  if (!error) return null;
  return (
    <p class="field-error" id={`${id}-error`}>
      <Icon ctx={ctx} name="circle-alert" />
      <span>{error}</span>
    </p>
  );
}

function controlAttributes(props: ControlProps): Record<string, unknown> {
  const id = props.id ?? idOf(props.name);
  return {
    id,
    name: props.name,
    required: props.required,
    disabled: props.disabled,
    'aria-invalid': props.error ? 'true' : undefined,
    'aria-describedby': describedBy(id, props.hint, props.error),
  };
}

function describedBy(id: string, hint: Child, error: string | undefined): string | undefined {
  const ids = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter((part) => part !== null);
  return ids.length > 0 ? ids.join(' ') : undefined;
}

function idOf(name: string): string {
  return `field-${name.replaceAll(/[^\w-]/g, '-')}`;
}
