import { textsIn } from '#db/dialect.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import type { InboxContext } from '#federation/inbox/inbox-context.ts';
import { isByFollowed } from '#federation/resolve/followed-here.ts';
import { originOf } from '#federation/translate/read.ts';

/**
 * Whether a post that was sent to us concerns anybody: its author is followed here, it names somebody here, or it
 * answers a post that we have and that it may see, or one by somebody followed here that has not come yet. What concerns
 * nobody is not stored, so that nobody can fill our disk by sending.
 */
export async function isWanted(context: InboxContext, post: RemotePost): Promise<boolean> {
  return (await concernsSomebody(context, post)) || (await overtook(context, post));
}

async function concernsSomebody(context: InboxContext, post: RemotePost): Promise<boolean> {
  const { read, engine } = context.reader;
  const named = JSON.stringify([...post.mentions.map(({ uri }) => uri), ...post.recipientUris]);
  const rows = await read.hot(
    `select 1 as wanted from follows f join accounts a on a.id = f.follower_id
       where f.followee_id = $1 and f.state = 'accepted' and a.domain = ''
     union all select 1 from accounts where domain = '' and uri in ${textsIn(engine, '$2')}
     union all select 1 from posts p join accounts a on a.id = p.author_id
       where p.uri = $3 and (p.local = 0 or ${visibleTo(1)}) limit 1`,
    context.actorId,
    named,
    post.replyToUri ?? '',
  );
  return rows.length > 0;
}

/**
 * Whether a post has overtaken the one that it answers: two authors of one server are delivered side by side, and after
 * an outage in any order.
 */
async function overtook(context: InboxContext, { uri, replyToUri }: RemotePost): Promise<boolean> {
  if (replyToUri === null || originOf(replyToUri) !== originOf(uri)) return false;
  return isByFollowed(context, replyToUri);
}
