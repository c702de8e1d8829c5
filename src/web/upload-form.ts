import type { Context } from 'hono';
import { invalid } from '#kernel/errors.ts';
import { isUrlencoded } from '#web/form-type.ts';
import { boundaryOf } from '#web/multipart.ts';
import { sessionOf } from '#web/session.ts';
import { typedText } from '#web/typed-text.ts';
import type { UploadForm } from '#web/uploads.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/**
 * Runs `use` with the form of a member's request. Our forms with files are multipart; a form sent as urlencoded, by a
 * program or by a browser without files to send, is the same form with nothing in its file fields.
 * @param request to be read instead of the one that came; only a form with files is read from it.
 * @throws what `Uploads.read` throws.
 */
export async function readUploadForm<T>(
  deps: Pick<WebDeps, 'uploads'>,
  c: Context<WebEnv>,
  use: (form: UploadForm) => Promise<T>,
  request: () => Request = () => c.req.raw,
): Promise<T> {
  const type = c.req.header('content-type') ?? '';
  if (boundaryOf(type) !== null) return deps.uploads.read(request(), sessionOf(c).accountId, use);
  if (!isUrlencoded(c)) throw invalid('upload-malformed');
  const fields = new Map<string, string[]>();
  for (const [name, value] of await c.req.formData()) {
    if (typeof value === 'string') fields.set(name, [...(fields.get(name) ?? []), typedText(value)]);
  }
  return use({ fields, files: [] });
}
