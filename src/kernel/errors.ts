/** The closed set of reasons for which a command refuses. Each adapter translates them once. */
export const ERROR_CODES = [
  'not-found',
  'not-allowed',
  'invalid',
  'conflict',
  'payment-required',
  'gone',
  'too-many',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * A refusal by the domain. Throwing it rolls the command's transaction back.
 * `message` is a key of the locales (`error.<reason>`), safe to show; `field` names the form field
 * it belongs to; `values` fill the message's placeholders; `cause` is for the log only.
 */
export class DomainError extends Error {
  override name = 'DomainError';
  readonly code: ErrorCode;
  readonly reason: string;
  readonly field: string | undefined;
  readonly values: Record<string, string | number>;

  constructor(
    code: ErrorCode,
    reason: string,
    details: { field?: string; values?: Record<string, string | number>; cause?: unknown } = {},
  ) {
    super(`${code}: ${reason}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.reason = reason;
    this.field = details.field;
    this.values = details.values ?? {};
  }
}

export function notFound(reason = 'not-found'): DomainError {
  return new DomainError('not-found', reason);
}

export function notAllowed(reason = 'not-allowed'): DomainError {
  return new DomainError('not-allowed', reason);
}

export function invalid(reason: string, field?: string, values?: Record<string, string | number>): DomainError {
  return new DomainError('invalid', reason, {
    ...(field === undefined ? {} : { field }),
    ...(values ? { values } : {}),
  });
}

export function conflict(reason: string, field?: string): DomainError {
  return new DomainError('conflict', reason, field === undefined ? {} : { field });
}

export function tooMany(reason: string, values?: Record<string, string | number>): DomainError {
  return new DomainError('too-many', reason, values ? { values } : {});
}
