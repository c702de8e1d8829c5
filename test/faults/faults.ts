/** A promise, the line that keeps it, what the line becomes, and the test that must notice. */
export interface Fault {
  promise: string;
  file: string;
  find: string;
  plant: string;
  test: string;
  /** Part of the title of the test that turns red. */
  title: string;
}

export const FAULTS: readonly Fault[] = [
  {
    promise: 'only the author deletes a post',
    file: 'src/domain/posts/delete-post.ts',
    find: 'post.authorId !== input.authorId || ',
    plant: '',
    test: 'test/domain/posts/publish.test.ts',
    title: 'deleting is for the author alone',
  },
  {
    promise: 'only the author edits a post',
    file: 'src/domain/posts/edit-post.ts',
    find: 'post.authorId !== input.authorId || ',
    plant: '',
    test: 'test/domain/posts/publish.test.ts',
    title: 'editing is for the author alone',
  },
  {
    promise: 'followers-only is for followers',
    file: 'src/domain/posts/posts.policy.ts',
    find: "and (p.visibility in ('public', 'unlisted')",
    plant: "and (p.visibility <> 'none'",
    test: 'test/domain/timelines/timelines.test.ts',
    title: 'an account shows its tabs to those who may see them',
  },
  {
    promise: 'a reply is not wider than what it answers',
    file: 'src/domain/posts/publish-post.ts',
    find: 'narrower(input.visibility, answered.visibility)',
    plant: 'input.visibility',
    test: 'test/domain/posts/publish.test.ts',
    title: 'a reply is never for more people',
  },
  {
    promise: 'a private post is not boosted',
    file: 'src/domain/posts/boost-post.ts',
    find: "if (!canBoost(post.visibility, post.author_id === input.accountId)) throw notAllowed('boost-private');",
    plant: '',
    test: 'test/domain/posts/reactions.test.ts',
    title: 'a private post is not boosted',
  },
  {
    promise: 'one ballot a voter',
    file: 'src/domain/posts/vote.ts',
    find: "if (!first) throw conflict('already-voted');",
    plant: '',
    test: 'test/domain/posts/reactions.test.ts',
    title: 'a person votes once',
  },
  {
    promise: 'a mute takes effect at once',
    file: 'src/domain/timelines/wanted-rows.ts',
    find: 'if (!isWanted(row, viewerId, attitude)) return false;',
    plant: '',
    test: 'test/domain/timelines/timelines.test.ts',
    title: 'changes at once with an unfollow, a mute or a block',
  },
  {
    promise: 'a throw undoes the whole command',
    file: 'src/db/group-commit.ts',
    find: `        if (taken === 0) {
          statements.rollback.run();`,
    plant: `        if (taken === 0) {
          statements.commit.run();`,
    test: 'test/db/store.test.ts',
    title: 'forgets everything of a transaction that throws',
  },
  {
    promise: 'a lease ends, and its job goes to another worker',
    file: 'src/db/queue.ts',
    find: 'now + options.leaseMs,',
    plant: 'now + options.leaseMs * 1_000_000,',
    test: 'test/db/queue.test.ts',
    title: 'gives a job to another worker',
  },
  {
    promise: 'a late worker changes nothing',
    file: 'src/db/queue.ts',
    find: 'if (gone.length === 0) throw new LeaseLost(`job ${row.id} has another worker`);',
    plant: '',
    test: 'test/db/queue.test.ts',
    title: 'undoes the late one',
  },
  {
    promise: 'a failed job is tried again',
    file: 'src/db/queue.ts',
    find: 'row.tries >= options.triesMax',
    plant: 'row.tries >= 1',
    test: 'test/db/queue.test.ts',
    title: 'tries a failed job again',
  },
  {
    promise: 'what waited for a host arrives',
    file: 'src/federation/delivery/host-health.ts',
    find: 'const RETRY_FOR_MS = 4 * DAY_MS;',
    plant: 'const RETRY_FOR_MS = -14 * DAY_MS;',
    test: 'test/stories/outage.test.ts',
    title: 'after three days',
  },
  {
    promise: 'what waited for a host arrives in order',
    file: 'src/federation/delivery/claim-deliveries.ts',
    find: 'order by d.id limit $3',
    plant: 'order by d.id desc limit $3',
    test: 'test/stories/outage.test.ts',
    title: 'after an hour',
  },
  {
    promise: 'a host that never comes back is given up',
    file: 'src/federation/delivery/host-health.ts',
    find: 'if (now - since > RETRY_FOR_MS + HOLD_FOR_MS) {',
    plant: 'if (now < 0) {',
    test: 'test/stories/outage.test.ts',
    title: 'given up in the end',
  },
  {
    promise: 'a move needs the new account’s word',
    file: 'src/domain/departures/move-account.ts',
    find: "if (!target.aliases.includes(account.uri)) throw invalid('move-target-alias', 'target');",
    plant: '',
    test: 'test/stories/departures.test.ts',
    title: 'does not name the old one changes nothing',
  },
  {
    promise: 'an account is not let go for one mistake',
    file: 'src/domain/departures/note-gone.ts',
    find: 'if (account.gone_at === null) {',
    plant: 'if (account.gone_at === -1) {',
    test: 'test/stories/departures.test.ts',
    title: 'on two days is let go',
  },
  {
    promise: 'private activities carry no signature of their own',
    file: 'src/federation/outbound/send-event.ts',
    find: 'const activity = plan.forEveryone',
    plant: 'const activity = plan.senderId > 0',
    test: 'test/stories/private-bodies.test.ts',
    title: 'proves nothing to whom it leaks',
  },
  {
    promise: 'no private key enters the queue',
    file: 'src/federation/outbound/send-event.ts',
    find: 'body: JSON.stringify(activity),',
    plant:
      "body: JSON.stringify({ ...activity, key: (await parts.keys.of(plan.senderId)).rsa.privateKey.export({ format: 'jwk' }) }),",
    test: 'test/stories/private-bodies.test.ts',
    title: 'no private key lies in the queue',
  },
  {
    promise: 'nothing is fetched from private addresses',
    file: 'src/federation/egress/addresses.ts',
    find: "if (parsed.range() !== 'unicast') return false;",
    plant: '',
    test: 'test/federation/egress.test.ts',
    title: '',
  },
  {
    promise: 'a signature must cover the body',
    file: 'src/federation/guard/coverage.ts',
    find: "...(method === 'POST' ? ['digest'] : [])",
    plant: '',
    test: 'test/federation/guard.test.ts',
    title: '',
  },
  {
    promise: 'actor, activity and key share an origin',
    file: 'src/federation/guard/speaker.ts',
    find: "if (activity.origin !== actor.origin) return { refused: 'activity and actor differ in origin' };",
    plant: '',
    test: 'test/federation/guard.test.ts',
    title: '',
  },
  {
    promise: 'followers are kept in step',
    file: 'src/domain/relationships/reconcile-followers.ts',
    find: 'if (!listed.has(uri)) await undoFollow',
    plant: 'if (listed.size < 0) await undoFollow',
    test: 'test/stories/followers-sync.test.ts',
    title: 'is gone after the next post to followers',
  },
];
