import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { DomainError } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { assetRoutes } from '#web/asset-routes.ts';
import { checkFormType } from '#web/check-form-type.ts';
import { checkCsrf } from '#web/csrf.ts';
import { brokenPage, notFoundPage, refusedPage, tooLargePage } from '#web/error-answers.tsx';
import { answerInBytes } from '#web/answer-in-bytes.ts';
import { aboutRoutes } from '#web/pages/about.tsx';
import { ADMIN_PAGES } from '#web/pages/admin.ts';
import { confirmEmailRoutes } from '#web/pages/confirm-email.tsx';
import { caughtMailRoutes } from '#web/pages/caught-mail.tsx';
import { frontRoutes } from '#web/pages/front.tsx';
import { logInRoutes } from '#web/pages/log-in.tsx';
import { policyRoutes } from '#web/pages/policies.tsx';
import { READING_PAGES } from '#web/pages/reading.ts';
import { resetPasswordRoutes } from '#web/pages/reset-password.tsx';
import { secondFactorRoutes } from '#web/pages/second-factor.tsx';
import { setUpRoutes } from '#web/pages/set-up.tsx';
import { accountSettingsRoutes } from '#web/pages/settings/account.tsx';
import { settingsRoutes } from '#web/pages/settings/overview.tsx';
import { blockRoutes } from '#web/pages/settings/blocks.tsx';
import { exportRoutes } from '#web/pages/settings/export.tsx';
import { moveRoutes } from '#web/pages/settings/move.tsx';
import { preferencesRoutes } from '#web/pages/settings/preferences.tsx';
import { profileSettingsRoutes } from '#web/pages/settings/profile.tsx';
import { securityRoutes } from '#web/pages/settings/security.tsx';
import { sessionsRoutes } from '#web/pages/settings/sessions.tsx';
import { signUpRoutes } from '#web/pages/sign-up.tsx';
import { prepareView } from '#web/prepare-view.ts';
import { requireSetUp } from '#web/require-set-up.ts';
import { securityHeaders } from '#web/security-headers.ts';
import { resolveSession } from '#web/session.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

export type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Every page, each a sub-app of its own file. */
const PAGES: readonly ((deps: WebDeps) => Hono<WebEnv>)[] = [
  frontRoutes,
  aboutRoutes,
  policyRoutes,
  setUpRoutes,
  signUpRoutes,
  confirmEmailRoutes,
  logInRoutes,
  secondFactorRoutes,
  resetPasswordRoutes,
  settingsRoutes,
  profileSettingsRoutes,
  accountSettingsRoutes,
  securityRoutes,
  sessionsRoutes,
  preferencesRoutes,
  blockRoutes,
  moveRoutes,
  exportRoutes,
  caughtMailRoutes,
  ...ADMIN_PAGES,
  ...READING_PAGES,
];

/**
 * The web pages as one app. It answers every request, those for nothing as well: other doors come before it.
 */
export function createWeb(parts: WebDeps): Hono<WebEnv> {
  const deps: WebDeps = { ...parts, commit: commitAndLookAgain(parts) };
  const app = new Hono<WebEnv>();
  app.use(securityHeaders(deps.site));
  app.route('/', assetRoutes(deps));
  app.use(resolveSession(deps));
  app.use(answerInBytes);
  app.use(prepareView(deps));
  const limitBody = bodyLimit({ maxSize: limits.formBodyBytes, onError: tooLargePage });
  // Forms with files are read by `Uploads`, which has bounds of its own; nobody reads the body of a GET.
  app.use((c, next) =>
    c.req.method === 'GET' || c.req.header('content-type')?.toLowerCase().startsWith('multipart/form-data')
      ? next()
      : limitBody(c, next),
  );
  app.use(requireSetUp(deps));
  app.use(checkFormType);
  app.use(checkCsrf(deps));
  for (const routes of PAGES) app.route('/', routes(deps));

  app.all('*', (c) => notFoundPage(c));
  app.onError((error, c) => {
    // Before the view stands there is no page to show it on.
    if (!c.get('ctx')) return c.text(deps.report(error), 500);
    return error instanceof DomainError ? refusedPage(c, error) : brokenPage(c, deps.report(error));
  });
  return app;
}

/** What a page has changed shows on the next one: the settings are read anew after each commit of the pages. */
function commitAndLookAgain({ commit, settings }: WebDeps): WebDeps['commit'] {
  return async (command, input) => {
    const output = await commit(command, input);
    settings.drop();
    return output;
  };
}
