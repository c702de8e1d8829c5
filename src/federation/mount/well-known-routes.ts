import type { Federation } from '@fedify/fedify';
import { Hono, type Context } from 'hono';
import type { Site } from '#db/unit.ts';

/** WebFinger and NodeInfo, by Fedify, and host-meta for those who still ask for it. */
export function wellKnownRoutes({ wellKnown, site }: { wellKnown: Federation<void>; site: Site }): Hono {
  const app = new Hono();
  const ask = (c: Context) => {
    // The address that was meant is our configured origin, whatever a proxy made of it.
    const url = new URL(c.req.url);
    const request = new Request(new URL(url.pathname + url.search, site.origin), { headers: c.req.raw.headers });
    return wellKnown.fetch(request, { contextData: undefined });
  };
  app.get('/.well-known/webfinger', ask);
  app.get('/.well-known/nodeinfo', ask);
  app.get('/nodeinfo/2.1', ask);
  app.get('/.well-known/host-meta', (c) =>
    c.body(
      `<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n` +
        `  <Link rel="lrdd" template="${site.origin}/.well-known/webfinger?resource={uri}"/>\n</XRD>\n`,
      200,
      { 'content-type': 'application/xrd+xml; charset=utf-8' },
    ),
  );
  return app;
}
