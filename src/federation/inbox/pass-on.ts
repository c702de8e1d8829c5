import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { inboxesOf, onlyWelcome } from '#federation/delivery/audience-inboxes.ts';
import type { Outgoing } from '#federation/delivery/enqueue-deliveries.ts';
import type { InboxContext } from '#federation/inbox/inbox-context.ts';

export interface Passing {
  activityType: 'Create' | 'Update' | 'Delete';
  objectUri: string;
  answeredUri: string | null;
  visibility: Visibility;
}

/**
 * What is to be passed on as it came (ActivityPub §7.1.2): an answer to a post of ours, its edit and its end, to the
 * followers of whom it answers; the end of what somebody here has boosted, to the booster's. They would not hear of it
 * otherwise, since its author's server does not know them. Only what everyone may read, and what carries a signature of
 * its own by which Mastodon believes it or others go and look. Nothing of those whom the answered person has blocked,
 * or who are limited here.
 */
export async function planPassOn(context: InboxContext, passing: Passing): Promise<Outgoing[]> {
  const { json } = context;
  if (!json['signature'] && !json['proof']) return [];
  if (passing.visibility !== 'public' && passing.visibility !== 'unlisted') return [];
  const owners = await ownersOf(context, passing);
  const [senderId] = owners;
  const host = new URL(context.actorUri).host;
  if (senderId === undefined || (await isLimited(context, host))) return [];
  // The end of something is always told: each can come once only.
  if (passing.activityType !== 'Delete' && !context.passOns.take(new URL(context.actorUri).hostname)) return [];
  const inboxes = await inboxesOf(context.reader, { followersOf: owners });
  const elsewhere = inboxes.filter((inbox) => inbox.host !== host);
  const welcome = await onlyWelcome(context.reader, context.site, elsewhere);
  return [
    {
      body: context.raw,
      activityType: passing.activityType,
      senderId,
      orderKey: passing.objectUri,
      inboxes: welcome,
    },
  ];
}

/** The people here who have to do with it: the author of what it answers, and who has boosted it. */
async function ownersOf({ reader, actorId }: InboxContext, { objectUri, answeredUri }: Passing): Promise<number[]> {
  const rows = await reader.read.hot<{ id: number }>(
    `select a.id from accounts a where a.domain = '' and a.deleted_at is null and a.suspended_at is null
       and a.id in (
         select author_id from posts where uri = $1 and visibility in ('public', 'unlisted')
         union
         select b.author_id from posts b join posts p on p.id = b.boost_of_id
         where p.uri = $2 and b.visibility in ('public', 'unlisted'))
       and not exists (select 1 from blocks k where k.blocker_id = a.id and k.blocked_id = $3)
     order by a.id`,
    answeredUri ?? '',
    objectUri,
    actorId,
  );
  return rows.map(({ id }) => id);
}

async function isLimited({ reader, actorId }: InboxContext, host: string): Promise<boolean> {
  if ((await policyOf(reader, host)).severity !== 'none') return true;
  const rows = await reader.read.hot(
    'select 1 as limited from accounts where id = $1 and limited_at is not null',
    actorId,
  );
  return rows.length > 0;
}
