import type { Context } from 'hono';

/** The forms with files; every other one that comes as such is none of ours. */
const BRINGS_FILES = /^\/(?:posts(?:\/[0-9]+\/(?:edit|redraft))?|settings\/profile|admin\/emoji)$/;

export function mayBringFiles(path: string): boolean {
  return BRINGS_FILES.test(path);
}

/** Whether the request brings text fields only. A type that merely begins like this cannot be read. */
export function isUrlencoded(c: Context): boolean {
  const [essence = ''] = (c.req.header('content-type') ?? '').split(';');
  return essence.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}
