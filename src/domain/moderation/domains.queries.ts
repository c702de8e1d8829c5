import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { DomainSeverity } from '#domain/moderation/moderation.tables.ts';
import { policyOf, stricterOf, type DomainPolicy } from '#domain/relationships/instance-domain-policy.ts';
import { limits } from '#kernel/limits.ts';
import { livesUnder, readDomain } from '#domain/relationships/relationships.policy.ts';

export interface PolicyLine {
  domain: string;
  severity: DomainSeverity;
  rejectMedia: boolean;
  publicComment: string;
  privateComment: string;
  createdAt: number;
  updatedAt: number;
}

type PolicyRow = Omit<PolicyLine, 'rejectMedia'> & { rejectMedia: number };

const POLICY_COLUMNS = `domain, severity, reject_media as "rejectMedia", public_comment as "publicComment",
  private_comment as "privateComment", created_at as "createdAt", updated_at as "updatedAt"`;

/** A page of a list that is sorted by name. */
export interface NamePage<T> {
  items: T[];
  /** Pass as `after` to get the next page; null when this is the last. */
  nextAfter: string | null;
}

/** The policies by name; those with effect only, where the public asks. */
export async function listDomainPolicies(
  { read }: Pick<Reader, 'read'>,
  page: { after: string | null; limit: number },
  severities: readonly DomainSeverity[] = ['none', 'limit', 'suspend'],
): Promise<NamePage<PolicyLine>> {
  const rows = await read.hot<PolicyRow>(
    `select ${POLICY_COLUMNS} from domain_policies
     where domain > $1 and severity in (${severities.map((severity) => `'${severity}'`).join(', ') || `''`})
     order by domain limit $2`,
    page.after ?? '',
    page.limit + 1,
  );
  return namePage(rows.map(policyLine), page.limit, (line) => line.domain);
}

export async function findDomainPolicy({ read }: Pick<Reader, 'read'>, domain: string): Promise<PolicyLine | null> {
  const rows = await read.hot<PolicyRow>(`select ${POLICY_COLUMNS} from domain_policies where domain = $1`, domain);
  return rows[0] ? policyLine(rows[0]) : null;
}

function policyLine(row: PolicyRow): PolicyLine {
  return { ...row, rejectMedia: row.rejectMedia !== 0 };
}

export interface PeerLine {
  host: string;
  software: string | null;
  softwareVersion: string | null;
  accounts: number;
  /** What holds for it: the strictest of what is held of its host, of a name above it, and of its handles' domains. */
  severity: DomainSeverity;
  /** The domain that this policy names; null where there is none. */
  policyDomain: string | null;
  /** When it last spoke to us and took what we sent, to some minutes; null where it never did. */
  lastHeardAt: number | null;
  lastDeliveredAt: number | null;
  /** Since when its inboxes have not answered; null when they do. */
  failingSince: number | null;
}

/**
 * Servers of which an account is known, or that we have met otherwise, by name.
 * @param filter.text Part of a name, or of the software.
 */
export async function listPeers(
  reader: Pick<Reader, 'read' | 'engine'>,
  filter: { text?: string },
  page: { after: string | null; limit: number },
): Promise<NamePage<PeerLine>> {
  const rows = await reader.read.hot<Omit<PeerLine, 'severity' | 'policyDomain'>>(
    // From name to name in the index: there are many more accounts than servers.
    `with recursive named(host) as (
       select min(host) from accounts where host > $1
       union all
       select (select min(a.host) from accounts a where a.host > named.host) from named where named.host is not null),
     known(host) as (select host from named where host is not null union select host from peers where host > $1)
     select k.host, p.software, p.software_version as "softwareVersion",
       p.last_heard_at as "lastHeardAt", p.last_delivered_at as "lastDeliveredAt",
       (select count(*) from accounts a where a.host = k.host and a.deleted_at is null) as accounts,
       (select d.failing_since from delivery_hosts d where d.host = k.host and d.failures > 0) as "failingSince"
     from known k left join peers p on p.host = k.host
     where k.host like $2 escape '!' or lower(p.software) like $2 escape '!' order by k.host limit $3`,
    page.after ?? '',
    `%${(filter.text ?? '').trim().toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`,
    page.limit + 1,
  );
  const lines: PeerLine[] = [];
  for (const row of rows) {
    const { severity, domain } = await policyOfPeer(reader, row.host);
    lines.push({ ...row, accounts: Number(row.accounts), severity, policyDomain: domain });
  }
  return namePage(lines, page.limit, (line) => line.host);
}

async function policyOfPeer(reader: Pick<Reader, 'read' | 'engine'>, host: string): Promise<DomainPolicy> {
  let strictest = await policyOf(reader, host);
  for (const domain of await handleDomainsOf(reader, host)) {
    strictest = stricterOf(strictest, await policyOf(reader, domain));
  }
  return strictest;
}

/** The domains of a server's handles but its host's own, from one to the next in the index. */
async function handleDomainsOf({ read }: Pick<Reader, 'read'>, host: string): Promise<string[]> {
  const rows = await read.hot<{ domain: string }>(
    `with recursive named(domain) as (
       select min(domain) from accounts where host = $1
       union all
       select (select min(a.domain) from accounts a where a.host = $1 and a.domain > named.domain)
         from named where named.domain is not null)
     select domain from named where domain is not null and domain <> $1 limit $2`,
    host,
    limits.handleDomainsOfPeer,
  );
  return rows.map(({ domain }) => domain);
}

export interface DomainImpact {
  accounts: number;
  /** Follows of people here that a suspension would cut, and follows of them. */
  following: number;
  followers: number;
  reports: number;
}

/** Who would lose whom by a policy on a domain. */
export async function domainImpact({ read }: Pick<Reader, 'read'>, domain: string): Promise<DomainImpact> {
  const known = `(select k.id from accounts k where ${livesUnder('k', '$1')})`;
  const rows = await read.hot<Record<keyof DomainImpact, number>>(
    `select (select count(*) from accounts a where a.deleted_at is null and a.id in ${known}) as accounts,
       (select count(*) from follows f where f.state = 'accepted' and f.followee_id in ${known}) as following,
       (select count(*) from follows f where f.state = 'accepted' and f.follower_id in ${known}) as followers,
       (select count(*) from reports r where r.target_id in ${known}) as reports`,
    readDomain(domain) ?? '',
  );
  const row = rows[0];
  return {
    accounts: Number(row?.accounts ?? 0),
    following: Number(row?.following ?? 0),
    followers: Number(row?.followers ?? 0),
    reports: Number(row?.reports ?? 0),
  };
}

function namePage<T>(rows: T[], limit: number, nameOf: (row: T) => string): NamePage<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextAfter: rows.length > limit && last ? nameOf(last) : null };
}
