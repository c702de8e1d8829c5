import type { MiddlewareHandler } from 'hono';
import { Html } from '#web/jsx/html.ts';
import type { WebEnv } from '#web/web-deps.ts';

/** Lets `c.html` send elements as the bytes that they are kept in, not as one text that is encoded anew for each page. */
export const answerInBytes: MiddlewareHandler<WebEnv> = async (c, next) => {
  const { html } = c;
  c.html = ((page: unknown, ...rest: [status?: never, headers?: Record<string, string>]) => {
    if (!(page instanceof Html)) return html(page as string, ...rest);
    const [status, headers] = rest;
    return c.body(page.toBytes() as Uint8Array<ArrayBuffer>, status, {
      'Content-Type': 'text/html; charset=UTF-8',
      ...headers,
    });
  }) as typeof c.html;
  await next();
};
