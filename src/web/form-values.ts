import type { Context } from 'hono';
import { isUrlencoded } from '#web/form-type.ts';
import { typedText } from '#web/typed-text.ts';

/** Every value of one name in the request's form, such as ticked boxes; none without a form. */
export async function formValues(c: Context, name: string): Promise<string[]> {
  if (!isUrlencoded(c)) return [];
  const values = (await c.req.formData()).getAll(name);
  return values.filter((value) => typeof value === 'string').map(typedText);
}
