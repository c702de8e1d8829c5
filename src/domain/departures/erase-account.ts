import { eq } from 'drizzle-orm';
import { forgetText } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { graveOf } from '#domain/accounts/account-uris.ts';
import { erasePosts } from '#domain/posts/erase-posts.ts';
import { deleteFollows, type FollowRow } from '#domain/relationships/follow-rows.ts';
import { notFound } from '#kernel/errors.ts';

/**
 * Takes a local person out of the instance: nothing personal is left but the handle, which stays taken for ever.
 * The account's row, its keys and its follows across servers stay until the news has gone out, see `sweepMembership`.
 * The caller has checked who may do it. @throws not-found.
 */
export async function eraseAccount(unit: Unit, accountId: number): Promise<void> {
  const { accounts, tombstones } = unit.schema;
  const [account] = await unit.tx
    .update(accounts)
    .set({
      displayName: '',
      bio: '',
      bioHtml: '',
      fields: [],
      emoji: [],
      aliases: [],
      avatarMediaId: null,
      headerMediaId: null,
      postsCount: 0,
      lastPostAt: null,
      deletedAt: unit.now,
      updatedAt: unit.now,
    })
    .where(eq(accounts.id, accountId))
    .returning({ handle: accounts.handle, domain: accounts.domain, uri: accounts.uri });
  if (!account || account.domain !== '') throw notFound();
  await unit.tx.hot('update accounts set version = version + 1 where id = $1', accountId);
  await forgetText(unit, 'account_search', accountId);
  await unit.tx
    .insert(tombstones)
    .values({ uri: graveOf(unit.site, account.handle), deletedAt: unit.now })
    .onConflictDoNothing();
  await erasePosts(unit, accountId);
  await eraseMarks(unit, accountId);
  await endLocalFollows(unit, accountId);
  unit.emit({ type: 'account-deleted', accountId, uri: account.uri, local: true });
}

/** What a person has marked, chosen and been told; a vote stays in the counts of its poll, without a name. */
async function eraseMarks(unit: Unit, accountId: number): Promise<void> {
  for (const statement of [
    'delete from members where account_id = $1',
    'delete from sessions where account_id = $1',
    'delete from mail_tokens where account_id = $1',
    'delete from recovery_codes where account_id = $1',
    'delete from invites where creator_id = $1',
    'delete from bookmarks where account_id = $1',
    'delete from poll_votes where account_id = $1',
    'delete from poll_ballots where account_id = $1',
    'delete from post_mentions where account_id = $1',
    'delete from notifications where account_id = $1 or from_id = $1',
    'delete from conversations where account_id = $1',
    'delete from mutes where muter_id = $1 or muted_id = $1',
    'delete from domain_blocks where account_id = $1',
    'delete from blocks where blocker_id = $1 or blocked_id = $1',
    'delete from severed_follows where follower_id = $1 or followee_id = $1',
  ]) {
    await unit.tx.hot(statement, accountId);
  }
}

/** Follows across servers are needed once more: they say who is to be told. */
async function endLocalFollows(unit: Unit, accountId: number): Promise<void> {
  const follows = await unit.tx.hot<FollowRow>(
    `select f.id, f.follower_id, f.followee_id, f.uri, f.state from follows f
     join accounts a on a.id = case when f.follower_id = $1 then f.followee_id else f.follower_id end
     where (f.follower_id = $1 or f.followee_id = $1) and a.domain = ''`,
    accountId,
  );
  await deleteFollows(unit, follows);
}
