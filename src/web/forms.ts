import type { Context } from 'hono';
import { z } from 'zod';
import { refusalOfIssue } from '#domain/instance/refusal.ts';
import { DomainError, type ErrorCode } from '#kernel/errors.ts';
import type { FormErrors } from '#web/components/form.tsx';
import { isUrlencoded } from '#web/form-type.ts';
import type { Markup } from '#web/jsx/html.ts';
import { safeUrl } from '#web/safe-html.ts';
import { typedText } from '#web/typed-text.ts';
import type { WebEnv } from '#web/web-deps.ts';

/** What a form's page is drawn with: as it was left by the person, and what did not fit. */
export interface FormState {
  /** Text by the field's name; never a password or code. */
  typed: Record<string, string>;
  errors: FormErrors;
}

export const UNTOUCHED: FormState = { typed: {}, errors: {} };

export const STATUS_OF = {
  'not-found': 404,
  'not-allowed': 403,
  invalid: 422,
  conflict: 409,
  'payment-required': 402,
  gone: 410,
  'too-many': 429,
} as const satisfies Record<ErrorCode, number>;

type Status = (typeof STATUS_OF)[ErrorCode];

export interface Submission<Schema extends z.ZodType> {
  schema: Schema;
  /** The form's page, drawn anew when something does not fit. */
  page(state: FormState): Markup | Promise<Markup>;
  /** Does it, and answers: with a redirect, as a rule. Its `DomainError`s go to the form. */
  act(values: z.output<Schema>): Promise<Response> | Response;
}

/**
 * Takes a form: reads it by `schema` and acts, or shows it again with words at the fields, and with everything that
 * was typed but the secrets.
 */
export async function submit<Schema extends z.ZodType>(
  c: Context<WebEnv>,
  form: Submission<Schema>,
): Promise<Response> {
  return submitEntries(c, await formEntries(c), form);
}

/** The same for a form whose fields have been read already, such as one with files. */
export async function submitEntries<Schema extends z.ZodType>(
  c: Context<WebEnv>,
  sent: Record<string, string>,
  form: Submission<Schema>,
): Promise<Response> {
  // Browsers end the lines of a text with CR LF, and count one character in `maxlength`.
  const entries = Object.fromEntries(Object.entries(sent).map(([name, text]) => [name, text.replaceAll('\r\n', '\n')]));
  const again = (errors: FormErrors, status: Status) => answerAgain(c, form.page, entries, errors, status);
  const parsed = form.schema.safeParse(entries);
  if (!parsed.success) return again(errorsOf(c, parsed.error.issues.map(refusalOfIssue)), 422);
  try {
    return await form.act(parsed.data);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return again(errorsOf(c, [error]), STATUS_OF[error.code]);
  }
}

/** The form's page with everything in it but the secrets, and with words at the fields. */
export async function answerAgain(
  c: Context<WebEnv>,
  page: (state: FormState) => Markup | Promise<Markup>,
  entries: Record<string, string>,
  errors: FormErrors,
  status: Status,
): Promise<Response> {
  return c.html(await page({ typed: withoutSecrets(entries), errors }), status);
}

/** Whether a box is to be drawn checked: as it was left, when the form comes back. */
export function isChecked({ typed, errors }: FormState, name: string, otherwise: boolean): boolean {
  return Object.keys(errors).length === 0 ? otherwise : typed[name] !== undefined;
}

/** The text fields of the request's form; of several with one name the last. Empty without a form. */
export async function formEntries(c: Context): Promise<Record<string, string>> {
  if (!isUrlencoded(c)) return {};
  const entries: Record<string, string> = {};
  for (const [name, value] of await c.req.formData()) if (typeof value === 'string') entries[name] = typedText(value);
  return entries;
}

/** The first refusal of each field, in the reader's words. */
export function errorsOf(c: Context<WebEnv>, refusals: readonly DomainError[]): FormErrors {
  const { t } = c.get('ctx');
  const errors: FormErrors = {};
  for (const { field = '', reason, values } of refusals) errors[field] ??= t.error(reason, values);
  return errors;
}

export function withoutSecrets<Value>(entries: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(entries).filter(([name]) => !/password|^code$|_csrf|proof|token/i.test(name)),
  );
}

/** A path of ours to go on to; everything else, such as another site's address, becomes `otherwise`. */
export function localPath(typed: string | null | undefined, otherwise: string): string {
  const path = safeUrl(typed);
  return path?.startsWith('/') ? path : otherwise;
}

/** Fields of forms, for schemas. A field that is missing counts as empty. */
export const field = {
  text: (charactersMax: number) => z.string().trim().max(charactersMax).prefault(''),
  required: (charactersMax: number) => z.string().trim().min(1).max(charactersMax).prefault(''),
  /** Taken as typed, spaces and all. */
  secret: z.string().min(1).max(1024).prefault(''),
  checkbox: z
    .string()
    .optional()
    .transform((value) => value !== undefined && value !== ''),
};
