import { idsIn } from '#db/dialect.ts';
import type { Engine, Query } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';

/** Whom an activity goes to: the followers of some accounts, some accounts by name, or everyone we know. */
export interface Recipients {
  followersOf?: readonly number[];
  accountIds?: readonly number[];
  /** Everyone who may hold something of this account: its followers, and who named or answered it. */
  everyone?: boolean;
}

export interface Inbox {
  inbox: string;
  host: string;
}

const REACHABLE = `a.domain <> '' and a.suspended_at is null and a.deleted_at is null`;

/**
 * The one delivery planner: the union of all recipients, collapsed by shared inbox, each inbox once.
 * Recipients of this instance are not among them; they were served in the transaction.
 */
export async function inboxesOf(
  { read, engine }: { read: Query; engine: Engine },
  recipients: Recipients,
): Promise<Inbox[]> {
  const found = new Set<string>();
  const collect = (rows: { inbox: string }[]) => {
    for (const row of rows) found.add(row.inbox);
  };
  const inbox = 'coalesce(a.shared_inbox, a.inbox) as inbox';
  if (recipients.followersOf && recipients.followersOf.length > 0) {
    collect(
      await read.hot(
        `select distinct ${inbox} from follows f join accounts a on a.id = f.follower_id
         where f.followee_id in ${idsIn(engine, '$1')} and f.state = 'accepted' and ${REACHABLE}`,
        JSON.stringify(recipients.followersOf),
      ),
    );
  }
  if (recipients.accountIds && recipients.accountIds.length > 0) {
    collect(
      await read.hot(
        `select distinct ${inbox} from accounts a where a.id in ${idsIn(engine, '$1')} and ${REACHABLE}`,
        JSON.stringify(recipients.accountIds),
      ),
    );
  }
  if (recipients.everyone) collect(await read.hot(`select distinct ${inbox} from accounts a where ${REACHABLE}`));
  return [...found].flatMap((url) => (URL.canParse(url) ? [{ inbox: url, host: new URL(url).host }] : []));
}

/**
 * Without our own, which a stranger's document may name: we would talk to ourselves. Nor the suspended: an account is
 * suspended by the domain of its handle, which need not be the host that its inbox is on.
 */
export async function onlyWelcome(
  reader: { read: Query; engine: Engine },
  site: Site,
  inboxes: readonly Inbox[],
): Promise<Inbox[]> {
  const unwelcome = new Set([site.host]);
  for (const host of new Set(inboxes.map((inbox) => inbox.host))) {
    if ((await policyOf(reader, host)).severity === 'suspend') unwelcome.add(host);
  }
  return inboxes.filter(({ host }) => !unwelcome.has(host));
}
