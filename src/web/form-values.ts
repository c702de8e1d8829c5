import type { Context } from 'hono';

/** Every value of one name in the request's form, such as ticked boxes; none without a form. */
export async function formValues(c: Context, name: string): Promise<string[]> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '')) return [];
  return (await c.req.formData()).getAll(name).filter((value) => typeof value === 'string');
}
