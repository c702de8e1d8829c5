import type { Unit } from '#db/unit.ts';
import { findMentions, mentionKey, type MentionTarget } from '#domain/posts/render-text.ts';
import { limits } from '#kernel/limits.ts';

export interface MentionedAccount {
  id: number;
  target: MentionTarget;
}

/**
 * The accounts that a text names and that are known here; the door has looked unknown ones up before.
 * Suspended and deleted accounts stay plain text.
 */
export async function mentionedAccounts(unit: Unit, text: string): Promise<Map<string, MentionedAccount>> {
  const found = new Map<string, MentionedAccount>();
  for (const mention of findMentions(text).slice(0, limits.mentionsPerPost)) {
    const domain = mention.domain?.toLowerCase() ?? '';
    const rows = await unit.tx.hot<{ id: number; handle: string; domain: string; url: string }>(
      `select id, handle, domain, url from accounts
       where handle_folded = $1 and domain = $2 and suspended_at is null and deleted_at is null
         and pending_at is null and kind <> 'application'`,
      mention.handle.toLowerCase(),
      domain === unit.site.handleDomain ? '' : domain,
    );
    const [row] = rows;
    if (!row) continue;
    const acct = `@${row.handle}@${row.domain || unit.site.handleDomain}`;
    found.set(mentionKey(mention), { id: row.id, target: { url: row.url, acct } });
  }
  return found;
}
