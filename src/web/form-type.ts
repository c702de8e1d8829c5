import type { Context } from 'hono';

/** Whether the request brings text fields only. A type that merely begins like this can not be read. */
export function isUrlencoded(c: Context): boolean {
  const [essence = ''] = (c.req.header('content-type') ?? '').split(';');
  return essence.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}
