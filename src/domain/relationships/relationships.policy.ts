import { invalid, notAllowed, notFound, type DomainError } from '#kernel/errors.ts';

/** Where an account lives: the domain of its handle and the host of its addresses, mostly one name; empty for local ones. */
export interface Home {
  domain: string;
  host: string;
}

/** One side of a relationship, as far as the rules ask. */
export interface Party extends Home {
  id: number;
  local: boolean;
  uri: string;
  /** The actor that speaks for this instance: nobody's friend. */
  instanceActor: boolean;
  locked: boolean;
  limited: boolean;
  suspended: boolean;
  deleted: boolean;
  moved: boolean;
}

/** What stands between a would-be follower and whom it would follow. */
export interface Standing {
  followerBlocks: boolean;
  followeeBlocks: boolean;
  followerBlocksDomain: boolean;
  followeeBlocksDomain: boolean;
  /** This instance's policy on the remote one of the two. */
  domainSeverity: 'none' | 'limit' | 'suspend';
}

/** Why a follow is refused, or null. What the followee's own choices are (a block) is told as they are: no more. */
export function followRefusal(follower: Party, followee: Party, standing: Standing): DomainError | null {
  if (follower.id === followee.id) return invalid('follow-self');
  if (follower.suspended || follower.deleted || follower.moved) return notAllowed('account-inactive');
  if (followee.suspended || followee.deleted || followee.instanceActor) return notFound('account-gone');
  if (followee.moved) return notAllowed('follow-moved');
  if (standing.domainSeverity === 'suspend') return notAllowed('follow-domain-suspended');
  if (standing.followerBlocks) return notAllowed('follow-blocking');
  if (standing.followerBlocksDomain) return notAllowed('follow-domain-blocked');
  if (standing.followeeBlocks || standing.followeeBlocksDomain) return notAllowed('follow-blocked');
  return null;
}

/** Whether a follow of a local account waits for that person's word. */
export function needsConsent(follower: Party, followee: Party, standing: Standing): boolean {
  return followee.locked || follower.limited || standing.domainSeverity === 'limit';
}

const LABELS_MAX = 10;

/**
 * A domain and those above it, the longest first: `a.b.test` → `a.b.test`, `b.test`, `test`. A port is dropped,
 * so neither a port nor a name in front (`www.`) gets around a rule.
 */
export function domainAndParents(domain: string): string[] {
  const bare = bareDomain(domain);
  if (bare === '') return [];
  const labels = bare.split('.');
  const parents = labels.map((_, index) => labels.slice(index).join('.'));
  return parents.length <= LABELS_MAX ? parents : [bare, ...parents.slice(-LABELS_MAX)];
}

/** All names by which an account's home can be shut out. */
export function namesOfHome({ domain, host }: Home): string[] {
  return [...new Set([...domainAndParents(domain), ...domainAndParents(host)])];
}

export function isUnderDomain(domain: string, parent: string): boolean {
  const bare = bareDomain(domain);
  return bare === parent || bare.endsWith(`.${parent}`);
}

function bareDomain(domain: string): string {
  return domain.toLowerCase().replace(/:\d+$/, '').replace(/\.+$/, '');
}

/**
 * A domain as people type or paste it (`@x@Évil.example`, `https://evil.example/about`), in the form in which
 * domains are compared; null when it is none.
 */
export function readDomain(text: string): string | null {
  const host = text
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[/?#].*$/s, '')
    .replace(/^.*@/, '');
  const parsed = host === '' ? null : URL.parse(`https://${host}`);
  const domain = parsed ? bareDomain(parsed.hostname) : '';
  return /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(domain)
    ? domain
    : null;
}

/** SQL: whether a column holds a domain or one below it. The domain, a value or a column, went through `readDomain`. */
export function underDomain(column: string, domain: string): string {
  const under = [`'%.' || ${domain}`, `${domain} || ':%'`, `'%.' || ${domain} || ':%'`];
  return `(${column} = ${domain} or ${under.map((pattern) => `${column} like ${pattern}`).join(' or ')})`;
}

/** SQL: whether the account with this alias lives on a domain or below it, by its handle or by its addresses. */
export function livesUnder(alias: string, domain: string): string {
  return `(${underDomain(`${alias}.domain`, domain)} or ${underDomain(`${alias}.host`, domain)})`;
}
