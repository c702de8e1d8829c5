import type { Context } from 'hono';
import { originOf } from '#web/csrf.ts';
import { isUrlencoded, mayBringFiles } from '#web/form-type.ts';
import { withoutSecrets } from '#web/forms.ts';
import { boundaryOf } from '#web/multipart.ts';
import { watchForm } from '#web/rescue-form.ts';
import { typedText } from '#web/typed-text.ts';
import type { WebEnv } from '#web/web-deps.ts';

/** Less than this is typed again as quickly as it is copied, and may as well be the value of a choice. */
const WORTH_KEEPING_CHARACTERS = 20;

/**
 * What a person typed into the form of this request, for a page that cannot show the form itself. Never a secret, and
 * nothing of a form that another site has sent: it would speak on our page. A form with files is read as far as its
 * texts go; one that a handler has read already is that handler's to show.
 */
export async function textsOfForm(c: Context<WebEnv>): Promise<string[]> {
  if (c.req.method !== 'POST' || originOf(c, c.get('ctx').url.origin) !== 'ours') return [];
  const fields = await fieldsOf(c);
  const { return_to: _, ...open } = withoutSecrets(Object.fromEntries(fields));
  const texts = Object.values(open).flatMap((values) => values.map((text) => text.replaceAll('\r\n', '\n').trim()));
  return [...new Set(texts.filter((text) => text.length >= WORTH_KEEPING_CHARACTERS || /\s/.test(text)))];
}

async function fieldsOf(c: Context<WebEnv>): Promise<Map<string, string[]>> {
  const fields = new Map<string, string[]>();
  if (isUrlencoded(c)) {
    for (const [name, value] of await c.req.formData()) {
      if (typeof value === 'string') fields.set(name, [...(fields.get(name) ?? []), typedText(value)]);
    }
    return fields;
  }
  const hasFiles = boundaryOf(c.req.header('content-type') ?? null) !== null && mayBringFiles(c.req.path);
  return hasFiles && !c.req.raw.bodyUsed ? watchForm(c.req.raw).rescue() : fields;
}
