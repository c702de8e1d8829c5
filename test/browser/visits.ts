import { EMOJI_ELSEWHERE } from '../lived-in/cast.ts';
import type { Town } from '../lived-in/live-in.ts';

/*
 * What of the application is looked at, and as whom. The addresses without parameters come from the routes themselves
 * (pages.test.ts), so that no page is left out; here are those that need to be told which one.
 */

export const ROLES = ['visitor', 'noor', 'tobias', 'maeve', 'ines'] as const;
/** Nobody, somebody with little, a member, a moderator who logs in with codes, the owner. */
export type Role = (typeof ROLES)[number];

/** Addresses that answer, but with no page of their own. */
export const NO_PAGES: readonly RegExp[] = [
  /^\/assets\//,
  /^\/media\//,
  /^\/home\/new$/,
  /^\/source$/,
  /^\/posts$/,
  /^\/posts\/:id\{\[0-9\]\+\}$/,
  /^\/settings$/,
  /^\/settings\/export\/(?:archive|:file)/,
];

/** What is posted to, but by no form that is seen here. */
export const NO_FORMS: readonly string[] = [
  // Only those see it who have moved away, which takes a server at the other end.
  '/settings/move/undo',
];

/** Forms after which others cannot be sent any more: they come last, in this order. */
export const PARTING: readonly string[] = [
  '/admin/emoji/:id{[0-9]+}/delete',
  '/admin/sign-ups/:id{[0-9]+}/approve',
  '/admin/accounts/:id{[0-9]+}/unsuspend',
  '/admin/accounts/:id{[0-9]+}/limit',
  '/admin/accounts/:id{[0-9]+}/unlimit',
  '/notifications/clear',
  '/posts/:id{[0-9]+}/redraft',
  '/posts/:id{[0-9]+}/delete',
  '/settings/security/stop',
  '/settings/sessions/:id/end',
  '/settings/sessions/others/end',
  '/settings/account/password',
  '/settings/move',
  '/settings/account/delete',
  '/logout',
  '/admin/queue/:id{[0-9]+}/forget',
  '/admin/accounts/:id{[0-9]+}/suspend',
  '/admin/accounts/:id{[0-9]+}/delete',
  '/admin/accounts/batch',
];

export function rolesOf(pattern: string): Role[] {
  if (pattern === '/set-up') return ['visitor'];
  if (pattern === '/settings/security') return ['visitor', 'tobias', 'maeve'];
  if (pattern.startsWith('/admin')) return ['ines'];
  if (['/home', '/notifications', '/'].includes(pattern)) return ['visitor', 'tobias', 'ines'];
  return ['visitor', 'tobias'];
}

/** Whose page it is that nobody but they see, or see otherwise. */
const remote = '/@aya@lavoir.example';

/** What stands for the parameters of a pattern; null where it is not known here. */
export function samplesOf(
  pattern: string,
  { accounts, posts, staff, conversations, mailLinks, setUpLink }: Sights,
): string[] | null {
  const account = (who: string) => String(accounts.get(who));
  const samples: Record<string, string[]> = {
    '/:at{@[^/]+}': ['/@tobias', '/@noor', '/@bargains', remote, '/@gruff@rude.example'],
    '/:at{@[^/]+}/:tab{replies|media}': ['/@tobias/replies', '/@tobias/media', '/@noor/replies'],
    '/:at{@[^/]+}/:id{[0-9]+}': [
      `/@tobias/${posts.talkedAbout}`,
      `/@ines/${posts.poll}`,
      `${remote}/${posts.remote}`,
      `/@tobias/${posts.deleted}`,
    ],
    '/:at{@[^/]+}/:id{[0-9]+}/:kind{favourites|boosts}': [
      `/@tobias/${posts.talkedAbout}/favourites`,
      `/@tobias/${posts.talkedAbout}/boosts`,
    ],
    '/:at{@[^/]+}/:id{[0-9]+}/history': [`/@tobias/${posts.talkedAbout}/history`],
    '/:at{@[^/]+}/:kind{followers|following}': ['/@tobias/followers', '/@noor/following', `${remote}/followers`],
    '/tags/:name': ['/tags/potager', '/tags/nothing'],
    '/messages/:id{[0-9]+}': [`/messages/${conversations[0]}`],
    '/posts/:id{[0-9]+}/edit': [`/posts/${posts.talkedAbout}/edit`],
    '/posts/:id{[0-9]+}/delete': [`/posts/${posts.talkedAbout}/delete`],
    '/posts/:id{[0-9]+}/redraft': [`/posts/${posts.pictured}/redraft`],
    '/posts/:id{[0-9]+}/report': [`/posts/${posts.remote}/report`],
    '/accounts/:id{[0-9]+}/mute': [`/accounts/${account('maeve')}/mute`],
    '/accounts/:id{[0-9]+}/block-domain': [`/accounts/${account('aya@lavoir.example')}/block-domain`],
    '/accounts/:id{[0-9]+}/report': [`/accounts/${account('aya@lavoir.example')}/report`],
    '/search': ['/search', '/search?q=bread', '/search?q=%40aya%40lavoir.example', '/search?q=xyzzy'],
    '/sign-up': ['/sign-up', `/sign-up?invite=${staff.inviteCode}`],
    '/sign-up/next': ['/sign-up/next?mail=1&approval=1'],
    '/confirm-email': ['/confirm-email', ...mailLinks.filter((link) => link.startsWith('/confirm-email'))],
    '/reset-password': ['/reset-password', ...mailLinks.filter((link) => link.startsWith('/reset-password'))],
    '/notifications': ['/notifications', '/notifications?only=marks', '/notifications?only=mentions'],
    '/compose': ['/compose', '/compose?visibility=direct&text=%40ines+'],
    // It is reached by a password: see states.ts.
    '/login/second-factor': [],
    '/set-up': [setUpLink],
    ...adminSamples({ account, staff }),
  };
  return samples[pattern] ?? (pattern.includes(':') || pattern.includes('*') ? null : [pattern]);
}

function adminSamples({
  account,
  staff,
}: {
  account(who: string): string;
  staff: Town['staff'];
}): Record<string, string[]> {
  const step = (name: string, who: string) => ({
    [`/admin/accounts/:id{[0-9]+}/${name}`]: [`/admin/accounts/${account(who)}/${name}`],
  });
  const batch = ['tobias', 'jonas'].map((who) => `ids=${account(who)}`).join('&');
  return {
    '/admin/reports/:id': [`/admin/reports/${staff.report}`, `/admin/reports/${staff.settledReport}`],
    '/admin/accounts': ['/admin/accounts', '/admin/accounts?q=nobody-of-that-name'],
    '/admin/accounts/batch': [`/admin/accounts/batch?do=limit&${batch}`],
    '/admin/accounts/:id{[0-9]+}': ['tobias', 'bargains', 'gruff@rude.example'].map(
      (who) => `/admin/accounts/${account(who)}`,
    ),
    ...step('limit', 'tobias'),
    ...step('suspend', 'jonas'),
    ...step('unsuspend', 'bargains'),
    ...step('delete', 'bargains'),
    ...step('reset-totp', 'tobias'),
    ...step('reset-password', 'jonas'),
    '/admin/accounts/:id{[0-9]+}/role': [`/admin/accounts/${account('tobias')}/role?role=moderator`],
    '/admin/sign-ups/:id{[0-9]+}/reject': [`/admin/sign-ups/${staff.signUp}/reject`],
    '/admin/emoji/:id{[0-9]+}': [`/admin/emoji/${staff.emoji}`],
    '/admin/emoji/:id{[0-9]+}/delete': [`/admin/emoji/${staff.emoji}/delete`],
    '/admin/emoji/copy': [
      `/admin/emoji/copy?of=account-${account('aya@lavoir.example')}&name=${EMOJI_ELSEWHERE.shortcode}`,
    ],
    '/admin/rules/:id{[0-9]+}': [`/admin/rules/${staff.rule}`],
    '/admin/rules/:id{[0-9]+}/retire': [`/admin/rules/${staff.rule}/retire`],
    '/admin/texts/versions/:id{[0-9]+}': [`/admin/texts/versions/${staff.policyText}`],
    '/admin/texts/:kind/:locale': ['/admin/texts/terms/en', '/admin/texts/imprint/fr'],
    '/admin/domains/policy': ['/admin/domains/policy', '/admin/domains/policy?domain=rude.example'],
    '/admin/domains/remove': ['/admin/domains/remove?domain=rude.example'],
    '/admin/domains/purge': ['/admin/domains/purge?domain=rude.example'],
    '/admin/queue/:id{[0-9]+}/forget': [`/admin/queue/${staff.deadJob}/forget`],
  };
}

export interface Sights extends Town {
  /** Of a server that has just been installed. */
  setUpLink: string;
  /** Of Tobias, from the newest to the oldest; the oldest is unread. */
  conversations: readonly number[];
  /** Where the mail that was caught leads. */
  mailLinks: string[];
}
