import type { Context } from 'hono';
import { z } from 'zod';
import { dropCookie, readCookie, writeCookie } from '#web/cookies.ts';
import { openValue, sealValue } from '#web/sealed-values.ts';
import type { Flash } from '#web/view-context.ts';
import type { WebDeps } from '#web/web-deps.ts';

const flashSchema = z.object({
  kind: z.enum(['success', 'error', 'info']),
  message: z.string(),
  undo: z.object({ action: z.string(), label: z.string(), fields: z.record(z.string(), z.string()) }).exactOptional(),
});

/** Says on the next page what was done. For answers that redirect. */
export function setFlash({ sealer, site }: Pick<WebDeps, 'sealer' | 'site'>, c: Context, flash: Flash): void {
  writeCookie(c, site, 'flash', sealValue(sealer, 'flash', flash), null);
}

/** What the last answer has left to say; it is said once. */
export function takeFlash({ sealer, site }: Pick<WebDeps, 'sealer' | 'site'>, c: Context): Flash | null {
  const sealed = readCookie(c, site, 'flash');
  if (sealed === null) return null;
  dropCookie(c, site, 'flash');
  return openValue(sealer, 'flash', sealed, flashSchema);
}
