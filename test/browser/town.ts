import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { PICTURES_ELSEWHERE } from '../lived-in/cast.ts';
import { liveIn } from '../lived-in/live-in.ts';
import { freePort, openServers, until, type Server } from '../processes/server.ts';
import { openSite } from '../web/site.ts';
import { AXE_SCRIPT } from './axe.ts';
import { NO_PAGES, type Role, type Sights } from './visits.ts';
import { openWindows, type Windows } from './windows.ts';

/** A server whose people have lived there for a while, one that has just been installed, and windows to look at both. */
export interface OpenTown {
  server: Server;
  /** It is not set up yet. */
  empty: Server;
  sights: Sights;
  windows: Windows;
  /** In which no script runs. */
  plainWindows: Windows;
  close(): Promise<void>;
}

export async function openTown(): Promise<OpenTown> {
  const folder = mkdtempSync(join(tmpdir(), 'estrade-pages-'));
  const port = await freePort();
  const town = await liveIn(folder, `a.localhost:${port}`);
  const pictures = await servePicture();
  // Nobody answers under the names of the others, but where their pictures lie.
  const hostMap = `${PICTURES_ELSEWHERE}=${pictures.origin},*.example=http://127.0.0.1:9`;
  const env = { HOST_MAP: hostMap, BACKUP_EVERY_HOURS: '0', LOG_LEVEL: 'error' };
  const inhabited = await openServers(['a'], { dataDir: folder, ports: [port], env });
  const installed = await openServers(['new']);
  const server = inhabited.a;
  const empty = installed.new;
  await Promise.all([server.start(), empty.start()]);
  const given = { origin: server.origin, sessions: town.sessions };
  const windows = await openWindows({ ...given, initScript: AXE_SCRIPT });
  const plainWindows = await openWindows({ ...given, javaScriptEnabled: false });
  const sights = {
    ...town,
    setUpLink: await empty.setUpLink(),
    conversations: await conversationsOf('tobias', server, windows),
    mailLinks: await linksInMail(server, windows),
  };
  return {
    server,
    empty,
    sights,
    windows,
    plainWindows,
    async close() {
      await Promise.all([windows.close(), plainWindows.close()]);
      await Promise.all([inhabited.close(), installed.close()]);
      await pictures.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The addresses of all pages and forms, as the routes say them. */
export async function routesOfTheSite(): Promise<{
  reading: string[];
  pages: string[];
  actions: string[];
}> {
  const site = await openSite();
  const { routes } = site.app;
  await site.close();
  const of = (wanted: string) => [...new Set(routes.filter(({ method }) => method === wanted).map(({ path }) => path))];
  const reading = of('GET');
  return {
    reading,
    pages: reading.filter((pattern) => !NO_PAGES.some((none) => none.test(pattern))),
    actions: of('POST'),
  };
}

/** One picture, whichever is asked for. */
async function servePicture(): Promise<{ origin: string; close(): Promise<unknown> }> {
  const image = sharp({ create: { width: 64, height: 64, channels: 3, background: 'steelblue' } });
  const bytes = await image.png().toBuffer();
  const server = createServer((_, response) => response.setHeader('content-type', 'image/png').end(bytes));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return once(server.close(), 'close');
    },
  };
}

/** From the newest to the oldest. */
async function conversationsOf(role: Role, server: Server, windows: Windows): Promise<number[]> {
  return windows.use(role, 'en', async (page) => {
    await page.goto(`${server.origin}/messages`);
    const links = page.locator('main a[href^="/messages/"]');
    const paths = await links.evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).pathname));
    return paths.map((path) => Number(/\d+/.exec(path)?.[0]));
  });
}

/** The links in what was sent, as paths. */
async function linksInMail(server: Server, windows: Windows): Promise<string[]> {
  return windows.use('visitor', 'en', async (page) => {
    const mails = page.locator('main .card a');
    const isThere = async () => {
      await page.goto(`${server.origin}/dev/mail`);
      return (await mails.count()) > 1;
    };
    if (!(await until(isThere, 10_000))) throw new Error('no mail with a link was caught');
    const links = await mails.evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
    return links.map((link) => link.slice(server.origin.length));
  });
}
