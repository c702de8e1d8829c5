import type { AccountView } from '#domain/accounts/account-view.ts';
import type { Assets } from '#web/assets.ts';
import type { Locale, Translator } from '#web/i18n.ts';

/** Roles as the pages need them: whether to show the doors to moderation and administration. */
export type ViewerRole = 'member' | 'moderator' | 'admin' | 'owner';

export interface Viewer {
  account: AccountView;
  role: ViewerRole;
  unreadNotifications: number;
  unreadMessages: number;
  followRequests: number;
  /** There are emoji of the instance to write with. */
  offersEmoji: boolean;
}

export type Scheme = 'light' | 'dark' | 'auto';

/** What the last action did, said once on the next page. */
export interface Flash {
  kind: 'success' | 'error' | 'info';
  message: string;
  /** A form that takes the action back; the CSRF token and `return_to` are added. */
  undo?: { action: string; label: string; fields: Record<string, string> };
}

/** What is the same for everybody who reads in one language. */
export type LocaleContext = Pick<ViewContext, 't' | 'locale' | 'assets'>;

/** Everything a component may know of the request. Passed on as the plain prop `ctx`. */
export interface ViewContext {
  t: Translator;
  locale: Locale;
  /** Null for a visitor who is not logged in. */
  viewer: Viewer | null;
  instance: { name: string; description: string; host: string };
  csrfToken: string;
  /** Path and query of this page: where forms return to. */
  path: string;
  url: URL;
  /** A loaded theme's name; an unknown one is shown as plain. */
  theme: string;
  scheme: Scheme;
  flash: Flash | null;
  assets: Assets;
  /** Milliseconds since 1970, so that a page's times agree with each other. */
  now: number;
}

export function isStaff(ctx: ViewContext): boolean {
  return ctx.viewer !== null && ctx.viewer.role !== 'member';
}
