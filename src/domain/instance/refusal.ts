import type { z } from 'zod';
import { DomainError, invalid } from '#kernel/errors.ts';

/** One thing that does not fit, in the words of a refusal: its reason and the field. */
export function refusalOfIssue(issue: z.core.$ZodIssue): DomainError {
  return refusalAt(issue.path.join('.') || undefined, issue);
}

function refusalAt(field: string | undefined, issue: z.core.$ZodIssue): DomainError {
  // Of something that may also be empty, what it is otherwise comes last.
  const meant = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined;
  if (meant) return refusalAt(field, meant);
  if (issue.code === 'too_big' && issue.origin === 'string')
    return invalid('too-long', field, { max: Number(issue.maximum) });
  if (issue.code === 'too_small' && issue.origin === 'string') return invalid('required', field);
  if (issue.code === 'too_big') return invalid('too-large', field, { max: Number(issue.maximum) });
  if (issue.code === 'too_small') return invalid('too-small', field, { min: Number(issue.minimum) });
  // A rule of ours brings its own words.
  const refusal: unknown = issue.code === 'custom' ? issue.params?.['refusal'] : undefined;
  if (refusal instanceof DomainError) return refusal;
  if (issue.code === 'invalid_value') return invalid('choice-unknown', field);
  if (issue.code === 'invalid_type' && /^(?:number|int)$/.test(issue.expected))
    return invalid('number-malformed', field);
  if (issue.code === 'invalid_format' && issue.format === 'email') return invalid('email-malformed', field);
  if (issue.code === 'invalid_format' && issue.format === 'url') return invalid('url-malformed', field);
  return invalid('malformed', field);
}
