import { enqueueJobs } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import { findAccountByUri } from '#domain/accounts/accounts.queries.ts';
import { receiveBoost } from '#domain/posts/boost-post.ts';
import { receiveFavourite } from '#domain/posts/favourite-post.ts';
import { receivePin } from '#domain/posts/pin-post.ts';
import { receiveDelete } from '#domain/posts/receive-delete.ts';
import { receiveVote } from '#domain/posts/receive-vote.ts';
import { refreshPost } from '#domain/posts/receive-post.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { enqueueDeliveries, type Outgoing } from '#federation/delivery/enqueue-deliveries.ts';
import type { InboxContext, Outcome } from '#federation/inbox/inbox-context.ts';
import { planPassOn, type Passing } from '#federation/inbox/pass-on.ts';
import { wasUndone } from '#federation/inbox/undone.ts';
import { isWanted } from '#federation/inbox/wanted.ts';
import { PROFILE_FRESH_MS } from '#federation/resolve/fetch-profile.ts';
import { planProfile } from '#federation/resolve/plan-profile.ts';
import type { Hint } from '#federation/resolve/fetch-passed-on.ts';
import { FETCH_LANE, storePostWithThread } from '#federation/resolve/plan-ancestors.ts';
import { mayBring } from '#federation/translate/activity.ts';
import type { Activity } from '#federation/translate/activity-types.ts';
import { postKindOf } from '#federation/translate/post.ts';
import { originOf } from '#federation/translate/read.ts';
import { visibilityOf } from '#federation/translate/audience.ts';

type Of<K extends Activity['kind']> = Extract<Activity, { kind: K }>;

export async function handleCreate(context: InboxContext, activity: Of<'create' | 'update'>): Promise<Outcome> {
  const post = await bringPost(context, activity);
  if (!post) return 'not a post that its sender may bring';
  if (!(await isWanted(context, post))) return 'nobody here follows, is named or is answered';
  const passing = await planPassOn(context, passingOf('Create', post));
  return async (unit) => {
    const id = await storePostWithThread(unit, { post, authorId: context.actorId });
    if (id !== null) await enqueueDeliveries(unit, passing);
  };
}

function passingOf(activityType: 'Create' | 'Update', post: RemotePost): Passing {
  return { activityType, objectUri: post.uri, answeredUri: post.replyToUri, visibility: post.visibility };
}

/** An edit, new counts of a poll; an edit of what is unknown counts as its arrival, when somebody wants it. */
export async function handleUpdate(context: InboxContext, activity: Of<'create' | 'update'>): Promise<Outcome> {
  if (activity.object.uri === activity.actorUri) {
    await context.resolver.accountByUri(activity.actorUri, context.budget, 0);
    return (unit) => planAgain(unit, context.actorId);
  }
  const post = await bringPost(context, activity);
  if (!post) return 'not a post that its sender may bring';
  const known = await context.reader.read.hot<{ author_id: number }>(
    'select author_id from posts where uri = $1',
    post.uri,
  );
  if (known.length === 0 && !(await isWanted(context, post))) return 'an edit of what nobody here wants';
  const input = { post, authorId: context.actorId };
  const passing = await planPassOn(context, passingOf('Update', post));
  return async (unit: Unit) => {
    if (known.length === 0) await storePostWithThread(unit, input);
    else await refreshPost(unit, input);
    await enqueueDeliveries(unit, passing);
  };
}

/** Whose collections somebody has asked for may have others by now. */
async function planAgain(unit: Unit, accountId: number): Promise<void> {
  const asked = await unit.tx.hot(
    'select 1 as asked from accounts where id = $1 and profile_fetched_at is not null',
    accountId,
  );
  if (asked.length > 0) await planProfile(unit, { accountId, before: unit.now - PROFILE_FRESH_MS });
}

/**
 * The post of a Create or Update: the embedded copy when it is the sender's own to bring, else a copy from its origin.
 * Its author must be the sender: nobody publishes for somebody else.
 */
async function bringPost(context: InboxContext, activity: Of<'create' | 'update'>): Promise<RemotePost | null> {
  const { actorUri, object, audience } = activity;
  const embedded = object.json !== null && postKindOf(object.json) !== null && mayBring(actorUri, object);
  const json = embedded ? object.json : (await context.resolver.fetchObject(object.uri, context.budget))?.json;
  const post = json ? await context.resolver.translatePost(json, audience) : null;
  return post && post.authorUri === actorUri ? post : null;
}

/** What never arrived is buried as well, so the sender's server must be the one that it could have come from. */
export async function handleDelete(context: InboxContext, activity: Of<'delete'>): Promise<Outcome> {
  if (originOf(activity.objectUri) !== originOf(activity.actorUri)) return 'a deletion of what is of another server';
  if (await findAccountByUri(context.reader, activity.objectUri)) return 'a deletion of somebody else';
  const passing = await planPassingOfEnd(context, activity.objectUri);
  return async (unit) => {
    await receiveDelete(unit, { actorId: context.actorId, uri: activity.objectUri });
    await enqueueDeliveries(unit, passing);
  };
}

async function planPassingOfEnd(context: InboxContext, objectUri: string): Promise<Outgoing[]> {
  const rows = await context.reader.read.hot<{ reply_to_uri: string | null; visibility: Visibility }>(
    'select reply_to_uri, visibility from posts where uri = $1 and author_id = $2 and boost_of_id is null',
    objectUri,
    context.actorId,
  );
  const [post] = rows;
  if (!post) return [];
  const { reply_to_uri: answeredUri, visibility } = post;
  return planPassOn(context, { activityType: 'Delete', objectUri, answeredUri, visibility });
}

export async function handleAnnounce(context: InboxContext, activity: Of<'announce'>): Promise<Outcome> {
  if (activity.wraps === 'Update' || activity.wraps === 'Delete') return handleAnnouncedChange(context, activity);
  if (!(await isFollowedHere(context)) && !context.resolver.isOurs(activity.object.uri))
    return 'a boost by nobody followed here';
  const postId = await context.resolver.postByUri(activity.object.uri, context.budget, true);
  if (postId === null) return 'a boost of nothing that can be had';
  const followersUri = await context.resolver.followersUriOf(context.actorUri);
  const visibility = visibilityOf(activity.audience, { authorUri: context.actorUri, followersUri });
  return async (unit) => {
    if (await wasUndone(unit, context.actorUri, activity.uri)) return;
    await receiveBoost(unit, {
      actorId: context.actorId,
      postId,
      uri: activity.uri,
      visibility,
      publishedAt: activity.publishedAt ?? context.clock.now(),
    });
  };
}

/**
 * Lemmy tells of edits and ends by the group alone (FEP-1b12). The post's own server is asked, when the group has
 * announced the post here: what stands in the announcement is nobody's word.
 */
async function handleAnnouncedChange(context: InboxContext, { object, wraps }: Of<'announce'>): Promise<Outcome> {
  const announced = await context.reader.read.hot(
    `select 1 as announced from posts b join posts p on p.id = b.boost_of_id
     where b.author_id = $1 and p.uri = $2 and p.local = 0`,
    context.actorId,
    object.uri,
  );
  if (announced.length === 0) return `an announced ${wraps} of what it has not announced`;
  const hint: Hint = { kind: wraps === 'Delete' ? 'delete' : 'update', uri: object.uri };
  const onceKey = `announced ${hint.kind} ${hint.uri}`;
  return (unit) => enqueueJobs(unit, [{ lane: FETCH_LANE, onceKey, data: { passedOn: hint } }]);
}

async function isFollowedHere(context: InboxContext): Promise<boolean> {
  const rows = await context.reader.read.hot(
    `select 1 as followed from follows where followee_id = $1 and state = 'accepted' limit 1`,
    context.actorId,
  );
  return rows.length > 0;
}

export async function handleLike(context: InboxContext, activity: Of<'like'>): Promise<Outcome> {
  return async (unit) => {
    if (await wasUndone(unit, context.actorUri, activity.uri)) return;
    await receiveFavourite(unit, { actorId: context.actorId, postUri: activity.objectUri, uri: activity.uri });
  };
}

export async function handleVote(context: InboxContext, activity: Of<'vote'>): Promise<Outcome> {
  return (unit) =>
    receiveVote(unit, {
      voterId: context.actorId,
      postUri: activity.pollUri,
      title: activity.choice,
      uri: activity.uri,
    });
}

/** Add to or Remove from the sender's own featured collection: a pin. */
export async function handlePin(context: InboxContext, activity: Of<'add' | 'remove'>): Promise<Outcome> {
  const rows = await context.reader.read.hot<{ featured_uri: string | null }>(
    'select featured_uri from accounts where id = $1',
    context.actorId,
  );
  if (!rows[0]?.featured_uri || rows[0].featured_uri !== activity.targetUri) return 'not the own featured collection';
  if (activity.kind === 'add') await context.resolver.postByUri(activity.objectUri, context.budget);
  return (unit) =>
    receivePin(unit, { actorId: context.actorId, postUri: activity.objectUri, pinned: activity.kind === 'add' });
}
