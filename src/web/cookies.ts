import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Site } from '#db/unit.ts';

export type CookieName = 'session' | 'csrf' | 'flash' | 'second-factor' | 'device';

/**
 * Our cookies: HttpOnly, SameSite=Lax, for every path. On https they carry the prefix `__Host-`, with which browsers
 * refuse a cookie that another host of the domain, or plain http, has set (RFC 6265bis §4.1.3.2).
 */
export function writeCookie(c: Context, site: Site, name: CookieName, value: string, maxAgeMs: number | null): void {
  setCookie(c, nameOn(site, name), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure(site),
    // RFC 6265bis: browsers keep none longer than 400 days.
    ...(maxAgeMs === null ? {} : { maxAge: Math.floor(maxAgeMs / 1000) }),
  });
}

export function readCookie(c: Context, site: Site, name: CookieName): string | null {
  return getCookie(c, nameOn(site, name)) || null;
}

export function dropCookie(c: Context, site: Site, name: CookieName): void {
  deleteCookie(c, nameOn(site, name), { path: '/', secure: isSecure(site), httpOnly: true, sameSite: 'Lax' });
}

function nameOn(site: Site, name: CookieName): string {
  return isSecure(site) ? `__Host-${name}` : name;
}

function isSecure(site: Site): boolean {
  return site.origin.startsWith('https:');
}
