import type { Store } from '#db/store.ts';
import type { Commit } from '#db/unit.ts';
import { markAsked, noteSoftware, type PeerSoftware } from '#domain/instance/note-software.ts';
import { peersToAsk } from '#domain/instance/peers.queries.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import { DAY_MS, type Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

export interface AskPeersParts {
  store: Store;
  commit: Commit;
  clock: Clock;
  /** Asks one server; null where it does not say. */
  askForSoftware(host: string): Promise<PeerSoftware | null>;
}

/** The same host at most so often. */
const ASKED_EVERY_MS = DAY_MS;
/** Who has not been in contact for longer is left in peace. */
const CONTACT_MS = 2 * DAY_MS;
const AT_A_TIME = 4;

/** Asks servers with whom we are in contact what they run, some at a time, each once a day. */
export async function askPeers({ store, commit, clock, askForSoftware }: AskPeersParts, stopping?: AbortSignal) {
  const now = clock.now();
  const span = { askedBefore: now - ASKED_EVERY_MS, inContactAfter: now - CONTACT_MS };
  const hosts = await peersToAsk(store.read, span, limits.peersAskedAtOnce);
  if (hosts.length === 0) return;
  // Before they are asked: another process does not ask them as well, and one that hangs has had its turn.
  await commit(markAsked, hosts);
  const askNext = async () => {
    for (let host = hosts.shift(); host !== undefined; host = hosts.shift()) {
      if (stopping?.aborted) return;
      if ((await policyOf(store, host)).severity === 'suspend') continue;
      const software = await askForSoftware(host);
      if (software) await commit(noteSoftware, { host, software });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, askNext));
}
