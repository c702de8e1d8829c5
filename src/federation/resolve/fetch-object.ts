import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { Site } from '#db/unit.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import { createDomainShares, ShareSpent } from '#federation/domain-shares.ts';
import { readUri } from '#federation/guard/speaker.ts';
import type { InstanceSigner } from '#federation/instance-signer.ts';
import type { Loaders } from '#federation/loaders.ts';
import type { WebFingerOptions } from '#federation/resolve/ask-web-finger.ts';
import type { Budget } from '#federation/resolve/budget.ts';
import { monotonicMs, type Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

export interface ObjectFetchParts {
  reader: Reader;
  clock: Clock;
  site: Site;
  loaders: Loaders;
  signer: InstanceSigner;
  webFinger: WebFingerOptions;
}

export type ObjectFetch = ReturnType<typeof createObjectFetch>;

/**
 * Fetches documents from where they live. Each must carry the address that was asked for: one that names another is
 * asked for there once, and dropped when it differs again (FEP-fe34). Nothing is fetched from a suspended domain, and of
 * each registrable domain only so much in a time: whoever owns one has as many names below it as they like, and each can
 * name the next. What goes beyond it throws `ShareSpent`.
 */
export function createObjectFetch(parts: ObjectFetchParts) {
  const shares = createDomainShares(limits.documentsPerDomain, parts.clock);
  /** To be told of each request: takes it from the share of its domain. */
  const spendFrom = (budget: Budget) => (at: URL) => {
    if (!budget.forPerson && !shares.take(at.hostname))
      throw new ShareSpent(`the domain of ${at.host} has had its share`);
  };

  const isOurs = (uri: string) => uri.startsWith(`${parts.site.origin}/`);

  const isSuspended = async (uri: string) => {
    const host = URL.parse(uri)?.host;
    return !host || (await policyOf(parts.reader, host)).severity === 'suspend';
  };

  /** The document at an address, with the address that it gives itself; null when there is none to be had. */
  async function fetchObject(uri: string, budget: Budget): Promise<{ uri: string; json: unknown } | null> {
    let at = uri;
    for (let round = 0; round < 2; round += 1) {
      if (budget.fetches <= 0 || monotonicMs() > budget.until || (await isSuspended(at))) return null;
      budget.fetches -= 1;
      const { document, documentUrl } = await parts.loaders.fetchDocument(at, {
        signer: await parts.signer.signer(),
        beforeRequest: spendFrom(budget),
      });
      const id = readUri((document as { id?: unknown } | null)?.id, {
        plainHttpHosts: (hostname) => parts.webFinger.plainHttp(hostname),
      })?.href;
      if (!id || isOurs(id)) return null;
      if (id === URL.parse(at)?.href) return speaksFor(documentUrl, id) ? { uri: id, json: document } : null;
      at = id;
    }
    return null;
  }

  return { isOurs, isSuspended, fetchObject, spendFrom };
}

/** Where a document lay decides who says it: a server that redirects anywhere has not said what lies there. */
function speaksFor(documentUrl: string, id: string): boolean {
  return URL.parse(documentUrl)?.origin === new URL(id).origin;
}
