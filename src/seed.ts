import { withInstance, type OpenInstance } from '#cli/open-instance.ts';
import { DEMO_PASSWORD, INSTANCES } from '#demo/cast.ts';
import { addMember } from '#domain/membership/add-member.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { findAccount } from '#domain/accounts/accounts.queries.ts';
import { makeKeys } from '#federation/keys.ts';
import { hashPassword } from '#kernel/password.ts';

/*
 * `npm run seed`: puts the demo's people into the instance of `DATA_DIR`, for whoever works on its pages. They follow
 * each other and everyone who is here. Running it again adds what they say, not the people.
 */
const SAYINGS = [
  'The kettle is on. #morning',
  'Found the lost measuring tape. It had been in my pocket since Tuesday.',
  'What do you read when nobody is looking?',
];

async function seed(instance: OpenInstance): Promise<void> {
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const people: number[] = [];
  for (const person of INSTANCES.a.cast) people.push(await memberOf(instance, person, passwordHash));
  const everyone = await instance.store.read.hot<{ id: number }>(
    `select a.id from accounts a join members m on m.account_id = a.id where a.deleted_at is null`,
  );
  for (const { id } of everyone) {
    for (const person of people) {
      if (id === person) continue;
      await instance.commit(requestFollow, { followerId: id, followeeId: person });
      await instance.commit(requestFollow, { followerId: person, followeeId: id });
    }
  }
  for (const [index, text] of SAYINGS.entries()) await say(instance, people[index % people.length] ?? 0, text);
  console.log(`${people.length} people are here; everyone's password is: ${DEMO_PASSWORD}`);
}

async function memberOf(
  { store, commit, sealer }: OpenInstance,
  { handle, name, locale }: (typeof INSTANCES.a.cast)[number],
  passwordHash: string,
): Promise<number> {
  const known = await findAccount(store, handle, '');
  if (known) return known.id;
  const email = `${handle}@example.org`;
  const keys = await makeKeys(sealer);
  return commit(addMember, { handle, displayName: name, email, passwordHash, role: 'user', locale, keys });
}

async function say({ commit }: OpenInstance, authorId: number, text: string): Promise<void> {
  await commit(publishPost, {
    authorId,
    text,
    warning: null,
    sensitive: false,
    language: 'en',
    visibility: 'public',
    replyToId: null,
    mediaIds: [],
    poll: null,
  });
}

withInstance(seed).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
