import { limits } from '#kernel/limits.ts';
import type { Child } from '#web/jsx/html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { noteError } from '#web/components/drawn-errors.ts';
import { Icon } from '#web/components/icon.tsx';

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
      maxlength={props.maxlength ?? (type === 'search' ? limits.searchCharacters : undefined)}
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

export function Select(
  props: ControlProps & { options: Choice[]; value?: string | undefined; short?: boolean | undefined },
) {
  // A browser takes an empty value for no choice, and does not send a form in which a choice is required.
  const emptyIsChoice = props.options.some(({ value }) => value === '');
  return (
    <Wrapped props={{ optional: false, ...props }} short={props.short}>
      <span class="select">
        <select {...controlAttributes({ ...props, required: props.required && !emptyIsChoice })} class="input">
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
  if (error) noteError(ctx, id, label);
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
      <input
        {...controlAttributes(props)}
        class="input file"
        type="file"
        accept={props.accept}
        multiple={props.multiple}
      />
    </Wrapped>
  );
}

function Wrapped({
  props,
  short = false,
  children,
}: {
  props: ControlProps;
  short?: boolean | undefined;
  children?: Child;
}) {
  const { ctx, name, label, hint, error, required, optional = !required } = props;
  const id = props.id ?? idOf(name);
  if (error) noteError(ctx, id, label);
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

/** The id of the control with that name. */
export function idOf(name: string): string {
  return `field-${name.replaceAll(/[^\w-]/g, '-')}`;
}
