import type { CommitWith } from '#db/commit.ts';
import type { Job } from '#db/queue.ts';
import { linkedAccount } from '#domain/accounts/linked-accounts.queries.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { recordLinkCheck, type LinkAnswer } from '#domain/accounts/record-link-check.ts';
import type { DomainEvent } from '#domain/events.ts';
import { fetchPage, type PageSettings } from '#federation/resolve/fetch-page.ts';
import { linksBack } from '#federation/resolve/links-back.ts';
import type { Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

export interface CheckLinksParts extends PageSettings {
  reader: Reader;
  commit: CommitWith;
  clock: Clock;
}

/**
 * The handler of the links lane: asks the pages that a local profile names whether they link back to it, after each
 * change of the profile and once in a while. What was asked a moment ago is not asked again, however often somebody
 * saves their profile.
 */
export function createCheckLinks(parts: CheckLinksParts): (job: Job) => Promise<void> {
  return async (job) => {
    const accountId = await accountOf(parts.reader, job);
    const before = parts.clock.now() - limits.linkPauseMs;
    const account = accountId === null ? null : await linkedAccount(parts.reader, accountId, before);
    if (!account || account.links.length === 0) return;
    const addresses = new Set([account.uri, account.url].map((address) => new URL(address).href));
    const answers = new Map<string, LinkAnswer>();
    for (const link of account.links) {
      const page = await fetchPage(link, parts);
      if (page === 'no-answer') answers.set(link, 'no-answer');
      else answers.set(link, page !== 'none' && linksBack(page.html, page.at, addresses) ? 'links-back' : 'does-not');
    }
    await job.finish(recordLinkCheck, { accountId: account.id, answers });
  };
}

/** A change of a profile comes as its event, a later look as a job with the account. */
async function accountOf({ read }: Reader, { refId, data }: Job): Promise<number | null> {
  if (refId === null) return typeof data['accountId'] === 'number' ? data['accountId'] : null;
  const [row] = await read.hot<{ event: string }>('select event from outbox where id = $1', refId);
  const event = row ? (JSON.parse(row.event) as DomainEvent) : null;
  return event?.type === 'account-updated' ? event.accountId : null;
}
