import type { MiddlewareHandler } from 'hono';
import { unsupportedPage } from '#web/error-answers.tsx';
import { isUrlencoded, mayBringFiles } from '#web/form-type.ts';
import { boundaryOf } from '#web/multipart.ts';
import type { WebEnv } from '#web/web-deps.ts';

/**
 * Refuses a body that is no form of ours, before anyone tries to read it. A form with files may be sent without them,
 * as urlencoded; a request without a body says no type.
 */
export const checkFormType: MiddlewareHandler<WebEnv> = async (c, next) => {
  const type = c.req.header('content-type');
  if (c.req.method === 'GET' || c.req.method === 'HEAD' || type === undefined || isUrlencoded(c)) return next();
  if (boundaryOf(type) !== null && mayBringFiles(c.req.path)) return next();
  return unsupportedPage(c);
};
