import { Hono } from 'hono';
import { serveAsset } from '#web/assets.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Style sheets, fonts, icons and the islands. Their addresses hold their hashes, so they are kept for a year. */
export function assetRoutes({ assets }: Pick<WebDeps, 'assets'>): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get('/assets/*', (c) => {
    const asset = serveAsset(assets, c.req.path);
    if (asset === null) return c.body(null, 404);
    const headers = { etag: asset.etag, 'cache-control': 'public, max-age=31536000, immutable' };
    if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304, headers);
    return c.body(asset.body, 200, { ...headers, 'content-type': asset.type });
  });
  return app;
}
