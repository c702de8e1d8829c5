import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Debian builds both from one source. The first has no windows, menus and profiles, and takes a quarter less of a processor. */
const CHROMIUMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/**
 * Debian's Chromium, with everything switched off by which it calls home. All its pages are of one process, which keeps
 * what it has compiled for them. @throws when there is none.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? CHROMIUMS.find((path) => existsSync(path));
  if (executablePath === undefined || !existsSync(executablePath))
    throw new Error(
      `There is no ${executablePath ?? CHROMIUMS.join(', and no ')}: install Debian's package chromium-headless-shell, or say in CHROMIUM where one is.`,
    );
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-site-isolation-trials',
      '--renderer-process-limit=1',
    ],
  });
}
