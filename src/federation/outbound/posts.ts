import type { EventOf } from '#domain/events.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import * as activities from '#federation/documents/activities.ts';
import { localPost, type LocalPost } from '#federation/documents/note.ts';
import { localPartyOf, partyOf } from '#federation/outbound/parties.ts';
import type { OutboundContext, Plan } from '#federation/outbound/plan.ts';
import { accountUris } from '#domain/accounts/account-uris.ts';
import { PUBLIC, type JsonLd } from '#federation/vocabulary.ts';

export async function postPublished(context: OutboundContext, event: EventOf<'post-published'>): Promise<Plan[]> {
  const post = await localPost(context.reader, context.site, event.postId);
  return post ? [await planOf(context, post, activities.create(post))] : [];
}

export async function postEdited(context: OutboundContext, event: EventOf<'post-edited'>): Promise<Plan[]> {
  const post = await localPost(context.reader, context.site, event.postId);
  return post ? [await planOf(context, post, activities.update(post, context.eventId))] : [];
}

/** New counts of a poll of ours, and its end, travel as an Update of the question. */
export async function pollChanged(
  context: OutboundContext,
  event: EventOf<'poll-counts-changed'> | EventOf<'poll-ended'>,
): Promise<Plan[]> {
  const post = await localPost(context.reader, context.site, event.postId);
  if (!post) return [];
  const plan = await planOf(context, post, activities.update(post, context.eventId));
  const voters = await context.reader.read.hot<{ id: number }>(
    // Who voted and was sent away since is told no more.
    `select b.account_id as id from poll_ballots b join posts p on p.id = b.post_id join accounts a on a.id = p.author_id
     where b.post_id = $1 and ${visibleTo(2).replaceAll('$2', 'b.account_id')}`,
    event.postId,
  );
  return [
    {
      ...plan,
      recipients: {
        ...plan.recipients,
        accountIds: [...(plan.recipients.accountIds ?? []), ...voters.map(({ id }) => id)],
      },
    },
  ];
}

export async function postDeleted(context: OutboundContext, event: EventOf<'post-deleted'>): Promise<Plan[]> {
  const author = await localPartyOf(context.reader, event.authorId);
  if (!author) return [];
  const everyone = isPublic(event.visibility);
  const carriers = everyone ? event.carriedByIds : [];
  const followers = event.visibility === 'direct' ? {} : { followersOf: [author.id, ...carriers] };
  return [
    {
      activity: activities.deletePost(event.uri, author.uri, everyone ? [PUBLIC] : [author.followersUri]),
      senderId: author.id,
      recipients: { ...followers, accountIds: event.reachedIds },
      orderKey: event.uri,
      forEveryone: everyone,
    },
  ];
}

async function planOf(context: OutboundContext, post: LocalPost, activity: JsonLd): Promise<Plan> {
  const named = await context.reader.read.hot<{ id: number }>(
    `select account_id as id from post_mentions where post_id = $1
     union select reply_to_account_id from posts where id = $1 and reply_to_account_id is not null
       and visibility in ('public', 'unlisted')`,
    post.id,
  );
  const followers =
    post.visibility === 'direct' ? {} : { followersOf: [post.authorId, ...(await answeredBy(context, post))] };
  return {
    activity,
    senderId: post.authorId,
    recipients: { ...followers, accountIds: named.map(({ id }) => id) },
    orderKey: String(post.note.id),
    forEveryone: isPublic(post.visibility),
    syncFollowers: post.visibility === 'followers',
  };
}

/** The author of what a post for everyone answers: those who follow the one see the answers of the other. */
async function answeredBy({ reader }: OutboundContext, post: LocalPost): Promise<number[]> {
  if (!isPublic(post.visibility)) return [];
  const rows = await reader.read.hot<{ id: number }>(
    'select reply_to_account_id as id from posts where id = $1 and reply_to_account_id is not null',
    post.id,
  );
  return rows.map(({ id }) => id);
}

function isPublic(visibility: Visibility): boolean {
  return visibility === 'public' || visibility === 'unlisted';
}

interface BoostRow {
  uri: string;
  visibility: Visibility;
  created_at: number;
  post_uri: string;
  author_id: number;
  author_uri: string;
}

export async function postBoosted(context: OutboundContext, event: EventOf<'post-boosted'>): Promise<Plan[]> {
  const booster = await localPartyOf(context.reader, event.accountId);
  if (!booster) return [];
  const rows = await context.reader.read.hot<BoostRow>(
    `select b.uri, b.visibility, b.created_at, p.uri as post_uri, p.author_id, a.uri as author_uri
     from posts b join posts p on p.id = b.boost_of_id join accounts a on a.id = p.author_id where b.id = $1`,
    event.boostId,
  );
  const [row] = rows;
  if (!row) return [];
  const activity = activities.announce(
    {
      uri: row.uri,
      boosterHandle: booster.handle,
      visibility: row.visibility,
      createdAt: row.created_at,
      postUri: row.post_uri,
      authorUri: row.author_uri,
    },
    context.site,
  );
  return [
    {
      activity,
      senderId: booster.id,
      recipients: { followersOf: [booster.id], accountIds: [row.author_id] },
      orderKey: row.uri,
      forEveryone: isPublic(row.visibility),
    },
  ];
}

export async function boostUndone(context: OutboundContext, event: EventOf<'boost-undone'>): Promise<Plan[]> {
  const booster = await localPartyOf(context.reader, event.accountId);
  const posts = await context.reader.read.hot<{ uri: string; author_id: number }>(
    'select uri, author_id from posts where id = $1',
    event.postId,
  );
  if (!booster) return [];
  const [post] = posts;
  const activity = {
    id: event.uri,
    type: 'Announce',
    actor: booster.uri,
    to: [PUBLIC],
    cc: [booster.followersUri],
    object: post?.uri ?? event.uri,
  };
  return [
    {
      activity: activities.undo(activity),
      senderId: booster.id,
      recipients: { followersOf: [booster.id], accountIds: post ? [post.author_id] : [] },
      orderKey: event.uri,
      forEveryone: isPublic(event.visibility),
    },
  ];
}

export async function favouriteChanged(
  context: OutboundContext,
  event: EventOf<'post-favourited'> | EventOf<'favourite-undone'>,
): Promise<Plan[]> {
  const fan = await localPartyOf(context.reader, event.accountId);
  const rows = await context.reader.read.hot<{ uri: string; author_id: number }>(
    'select uri, author_id from posts where id = $1',
    event.postId,
  );
  const [post] = rows;
  const author = post ? await partyOf(context.reader, post.author_id) : null;
  if (!fan || !post || !author || author.local) return [];
  const like = activities.like(event.uri, fan.uri, post.uri, author.uri);
  return [
    {
      activity: event.type === 'post-favourited' ? like : activities.undo(like),
      senderId: fan.id,
      recipients: { accountIds: [author.id] },
      orderKey: event.uri,
      forEveryone: false,
    },
  ];
}

export async function pinChanged(
  context: OutboundContext,
  event: EventOf<'post-pinned'> | EventOf<'post-unpinned'>,
): Promise<Plan[]> {
  const owner = await localPartyOf(context.reader, event.accountId);
  const rows = await context.reader.read.hot<{ uri: string; visibility: Visibility }>(
    'select uri, visibility from posts where id = $1',
    event.postId,
  );
  const [post] = rows;
  if (!owner || !post || !isPublic(post.visibility)) return [];
  const { featuredUri, followersUri } = accountUris(context.site, owner.handle);
  const type = event.type === 'post-pinned' ? 'Add' : 'Remove';
  return [
    {
      activity: activities.changePin(type, context.eventId, owner.uri, featuredUri, followersUri, post.uri),
      senderId: owner.id,
      recipients: { followersOf: [owner.id] },
      orderKey: `pin ${post.uri}`,
      forEveryone: true,
    },
  ];
}

/** A local person's choices on a remote poll: each option is an activity of its own. */
export async function pollVoted(context: OutboundContext, event: EventOf<'poll-voted'>): Promise<Plan[]> {
  const voter = await localPartyOf(context.reader, event.accountId);
  const rows = await context.reader.read.hot<{ uri: string; author_id: number; author_uri: string; local: number }>(
    'select p.uri, p.author_id, a.uri as author_uri, p.local from posts p join accounts a on a.id = p.author_id where p.id = $1',
    event.postId,
  );
  const [poll] = rows;
  if (!voter || !poll || poll.local !== 0) return [];
  const votes = await context.reader.read.hot<{ uri: string; title: string }>(
    `select v.uri, o.title from poll_votes v join poll_options o on o.post_id = v.post_id and o.position = v.position
     where v.post_id = $1 and v.account_id = $2 order by v.position`,
    event.postId,
    event.accountId,
  );
  return votes.map(({ uri, title }) => ({
    activity: activities.vote(uri, voter.uri, poll.author_uri, poll.uri, title),
    senderId: voter.id,
    recipients: { accountIds: [poll.author_id] },
    orderKey: `vote ${poll.uri} ${voter.uri}`,
    forEveryone: false,
  }));
}
