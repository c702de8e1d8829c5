import type { Unit } from '#db/unit.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import { conflict, invalid, notAllowed, notFound } from '#kernel/errors.ts';

export interface Ballot {
  accountId: number;
  postId: number;
  positions: readonly number[];
}

interface OpenPoll {
  author_id: number;
  local: number;
  multiple: number;
  closed_at: number | null;
  expires_at: number | null;
}

/**
 * A local person's ballot: one per poll and person, whatever arrives at once.
 * @throws conflict when the poll is closed or was voted on, invalid for no or wrong options, not-allowed on
 * one's own poll, not-found for a poll that the voter may not see.
 */
export async function vote(unit: Unit, input: Ballot): Promise<void> {
  const poll = await openPollOf(unit, input);
  const positions = [...new Set(input.positions)];
  if (poll.author_id === input.accountId) throw notAllowed('poll-own');
  if (positions.length === 0) throw invalid('vote-empty', 'choice');
  if (positions.length > 1 && poll.multiple === 0) throw invalid('vote-single', 'choice');
  const first = await castBallot(unit, input.postId, input.accountId);
  if (!first) throw conflict('already-voted');
  for (const position of positions) {
    const counted = await castVote(unit, input.postId, input.accountId, position, voteUri(unit, input, position));
    if (!counted) throw invalid('vote-unknown-option', 'choice');
  }
  unit.emit({ type: 'poll-voted', postId: input.postId, accountId: input.accountId, positions });
  if (poll.local !== 0) unit.emit({ type: 'poll-counts-changed', postId: input.postId, authorId: poll.author_id });
}

function voteUri(unit: Unit, input: Ballot, position: number): string {
  return `${unit.site.origin}/votes/${input.postId}/${input.accountId}/${position}`;
}

async function openPollOf(unit: Unit, input: Ballot): Promise<OpenPoll> {
  const rows = await unit.tx.hot<OpenPoll>(
    `select p.author_id, p.local, q.multiple, q.closed_at, q.expires_at
     from polls q join posts p on p.id = q.post_id join accounts a on a.id = p.author_id
     where q.post_id = $1 and ${visibleTo(2)}`,
    input.postId,
    input.accountId,
  );
  const [poll] = rows;
  if (!poll) throw notFound();
  if (isClosed(poll, unit.now)) throw conflict('poll-closed');
  return poll;
}

export function isClosed(poll: { closed_at: number | null; expires_at: number | null }, now: number): boolean {
  return poll.closed_at !== null || (poll.expires_at !== null && poll.expires_at <= now);
}

/** The voter's row and the count of voters; false when there was a ballot already. */
export async function castBallot(unit: Unit, postId: number, accountId: number): Promise<boolean> {
  const rows = await unit.tx.hot(
    `insert into poll_ballots (post_id, account_id, created_at) values ($1, $2, $3)
     on conflict (post_id, account_id) do nothing returning post_id`,
    postId,
    accountId,
    unit.now,
  );
  if (rows.length === 0) return false;
  await unit.tx.hot('update polls set voters_count = voters_count + 1 where post_id = $1', postId);
  // The counts are part of the post's document.
  await unit.tx.hot('update posts set version = version + 1 where id = $1', postId);
  return true;
}

/** One option's count; false when there is no such option or this voter chose it already. */
export async function castVote(
  unit: Unit,
  postId: number,
  accountId: number,
  position: number,
  uri: string,
): Promise<boolean> {
  const option = await unit.tx.hot(
    'select 1 as known from poll_options where post_id = $1 and position = $2',
    postId,
    position,
  );
  if (option.length === 0) return false;
  const rows = await unit.tx.hot(
    `insert into poll_votes (post_id, account_id, position, uri) values ($1, $2, $3, $4)
     on conflict (post_id, account_id, position) do nothing returning post_id`,
    postId,
    accountId,
    position,
    uri,
  );
  if (rows.length === 0) return false;
  await unit.tx.hot(
    'update poll_options set votes_count = votes_count + 1 where post_id = $1 and position = $2',
    postId,
    position,
  );
  return true;
}
