import { Hono } from 'hono';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { requireLogin } from '#web/session.ts';
import type { WebEnv } from '#web/web-deps.ts';

/** The list of all settings, which a phone shows as a page of its own. */
export function settingsRoutes(): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get('/settings', requireLogin, (c) => {
    const ctx = c.get('ctx');
    return c.html(<SettingsLayout ctx={ctx} title={ctx.t('settings.title')} section={null} />);
  });
  return app;
}
