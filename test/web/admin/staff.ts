import { ROLES, type Role } from '#domain/membership/permissions.ts';
import { copyKey, copyName } from '#domain/media/file-names.ts';
import { recordCachedMedia } from '#domain/media/record-cached-media.ts';
import { addMember, sessionOf } from '../../members.ts';
import type { Browser, Page } from '../browser.ts';
import { openSite, type Site, type SiteOptions } from '../site.ts';

/** An instance with one member of each role. */
export interface StaffedSite extends Site {
  ids: Record<Role, number>;
  /** A browser that is logged in; without a role a visitor's. */
  as(role: Role | null, options?: { language?: string; address?: string }): Promise<Browser>;
  audited(): Promise<AuditRow[]>;
}

export interface AuditRow {
  actor_id: number | null;
  action: string;
  target: string;
  details: string;
}

export async function openStaffedSite(options: SiteOptions = {}): Promise<StaffedSite> {
  const site = await openSite(options);
  const ids: Partial<Record<Role, number>> = {};
  for (const role of ROLES) ids[role] = await addMember(site.world, `the_${role}`, { role });
  const known = ids as Record<Role, number>;
  return {
    ...site,
    ids: known,
    as: (role, browserOptions) => browserAs(site, role === null ? null : known[role], browserOptions),
    audited: () =>
      site.world.store.read.hot<AuditRow>('select actor_id, action, target, details from audit_entries order by id'),
  };
}

export async function browserAs(
  site: Site,
  accountId: number | null,
  options: { language?: string; address?: string } = {},
): Promise<Browser> {
  const browser = site.browser(options);
  if (accountId !== null) browser.jar.set('__Host-session', await sessionOf(site.world, accountId));
  return browser;
}

/** Forms that may bring files. */
const WITH_FILES = /^\/posts(?:\/\d+\/edit)?$|^\/settings\/profile$|^\/admin\/emoji$/;

/** Sends a form that stands on no page of this browser, with its token: what somebody might type by hand. */
export async function postRaw(
  site: Site,
  browser: Browser,
  path: string,
  fields: Record<string, string>,
  files: Record<string, Uint8Array<ArrayBuffer>> = {},
): Promise<Page> {
  const token = browser.jar.get('__Host-session');
  const csrf = token === undefined ? await visitorToken(browser) : await sessionToken(site);
  const entries = Object.entries({ _csrf: csrf, ...fields });
  const withFiles = new FormData();
  for (const [name, value] of entries) withFiles.append(name, value);
  for (const [name, bytes] of Object.entries(files)) withFiles.append(name, new Blob([bytes]), 'file');
  return browser.send(path, {
    method: 'POST',
    body: WITH_FILES.test(path) ? withFiles : new URLSearchParams(entries),
    headers: { origin: site.deps.site.origin, 'sec-fetch-site': 'same-origin' },
  });
}

/** A copy of another server's picture, with its file. Returns the file's name. */
export async function keepCopy(site: Site, domain: string): Promise<string> {
  const url = `https://${domain}/picture.png`;
  const content = new Uint8Array([1, 2, 3]);
  const name = copyName(copyKey(url, 'original'), 'image/webp');
  await site.deps.mediaCache.storage.put(name, content);
  const copy = { type: 'image/webp', bytes: content.byteLength } as const;
  await site.world.commit(recordCachedMedia, [{ url, variant: 'original', domain, copy }]);
  return name;
}

async function visitorToken(browser: Browser): Promise<string> {
  await browser.get('/login');
  return browser.form('/login')['_csrf'] ?? '';
}

/** The newest session is the one that was just opened for the browser. */
async function sessionToken(site: Site): Promise<string> {
  const rows = await site.world.store.read.hot<{ csrf_token: string }>(
    'select csrf_token from sessions order by id desc limit 1',
  );
  return rows[0]?.csrf_token ?? '';
}
