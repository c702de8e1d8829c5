import type { z } from 'zod';
import { invalid, type DomainError } from '#kernel/errors.ts';

/** One thing that does not fit, in the words of a refusal: its reason and the field. */
export function refusalOfIssue(issue: z.core.$ZodIssue): DomainError {
  const field = issue.path.join('.') || undefined;
  if (issue.code === 'too_big' && issue.origin === 'string')
    return invalid('too-long', field, { max: Number(issue.maximum) });
  if (issue.code === 'too_small' && issue.origin === 'string') return invalid('required', field);
  if (issue.code === 'too_big') return invalid('too-large', field, { max: Number(issue.maximum) });
  if (issue.code === 'too_small') return invalid('too-small', field, { min: Number(issue.minimum) });
  return invalid('malformed', field);
}
