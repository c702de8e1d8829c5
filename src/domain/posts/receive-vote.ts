import type { Unit } from '#db/unit.ts';
import { castBallot, castVote, isClosed } from '#domain/posts/vote.ts';

export interface ReceivedVote {
  voterId: number;
  /** The poll's post, by its address here. */
  postUri: string;
  /** The chosen option's words: that is how a vote travels. */
  title: string;
  uri: string;
}

interface Row {
  id: number;
  author_id: number;
  multiple: number;
  closed_at: number | null;
  expires_at: number | null;
  position: number | null;
}

/**
 * A remote person's vote on a poll of ours. Each option of a multiple choice comes as an activity of its
 * own; anything that is not a first, valid vote by somebody who was given the poll changes nothing.
 */
export async function receiveVote(unit: Unit, input: ReceivedVote): Promise<void> {
  const rows = await unit.tx.hot<Row>(
    `select p.id, p.author_id, q.multiple, q.closed_at, q.expires_at,
       (select o.position from poll_options o where o.post_id = p.id and o.title = $2) as position
     from posts p join polls q on q.post_id = p.id
     where p.uri = $1 and p.local = 1
       and not exists (select 1 from blocks b where b.blocker_id = p.author_id and b.blocked_id = $3)
       and (p.visibility in ('public', 'unlisted')
         or exists (select 1 from follows f where f.follower_id = $3 and f.followee_id = p.author_id
                    and f.state = 'accepted' and p.visibility = 'followers')
         or exists (select 1 from post_mentions m where m.post_id = p.id and m.account_id = $3))`,
    input.postUri,
    input.title,
    input.voterId,
  );
  const [poll] = rows;
  if (!poll || poll.position === null || poll.author_id === input.voterId || isClosed(poll, unit.now)) return;
  const first = await castBallot(unit, poll.id, input.voterId);
  if (!first && poll.multiple === 0) return;
  const counted = await castVote(unit, poll.id, input.voterId, poll.position, input.uri);
  if (counted) unit.emit({ type: 'poll-counts-changed', postId: poll.id, authorId: poll.author_id });
}
