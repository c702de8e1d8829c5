import type { Context } from 'hono';
import type { z } from 'zod';
import { DomainError } from '#kernel/errors.ts';
import { checkFormToken } from '#web/csrf.ts';
import { answerAgain, errorsOf, STATUS_OF, submitEntries, type Submission } from '#web/forms.ts';
import { watchForm, type WatchedForm } from '#web/rescue-form.ts';
import { readUploadForm } from '#web/upload-form.ts';
import type { UploadedFile } from '#web/uploads.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

export interface UploadSubmission<Schema extends z.ZodType> extends Pick<Submission<Schema>, 'schema' | 'page'> {
  act(values: z.output<Schema>, files: readonly UploadedFile[]): Promise<Response>;
  /** Where it is said that the form is too large, or did not arrive whole; above the form where it has several files. */
  fileField?: string;
}

/**
 * Takes a form with files as `submit` takes one without. Browsers send fields in the order of the page, and of a form
 * that is too large only the beginning is read: what is typed stands above the files, so that it is not lost.
 */
export async function submitUpload<Schema extends z.ZodType>(
  deps: WebDeps,
  c: Context<WebEnv>,
  { schema, page, act, fileField = '' }: UploadSubmission<Schema>,
): Promise<Response> {
  let watched: WatchedForm | undefined;
  try {
    return await readUploadForm(
      deps,
      c,
      ({ fields, files }) =>
        submitEntries(c, lastOf(fields), {
          schema,
          page: ({ typed, errors }) =>
            page({ typed, errors: { ...errors, ...errorsOf(c, lostFiles(files)), ...errors } }),
          act(values) {
            checkFormToken(deps, c, fields.get('_csrf')?.at(-1) ?? null);
            return act(values, files);
          },
        }),
      () => (watched = watchForm(c.req.raw)).request,
    );
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const entries = lastOf((await watched?.rescue()) ?? new Map());
    const { code, reason, values } = error;
    const field = error.field === 'file' ? fileField : '';
    return answerAgain(
      c,
      page,
      entries,
      errorsOf(c, [new DomainError(code, reason, { field, values })]),
      STATUS_OF[code],
    );
  }
}

/** A page cannot put a file back into its field. */
function lostFiles(files: readonly UploadedFile[]): DomainError[] {
  return files.map(({ field }) => new DomainError('invalid', 'file-lost', { field }));
}

/** Of several fields with one name the last. */
function lastOf(fields: ReadonlyMap<string, string[]>): Record<string, string> {
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, (values.at(-1) ?? '').replaceAll('\r\n', '\n')]),
  );
}
