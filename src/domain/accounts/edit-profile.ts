import { eq } from 'drizzle-orm';
import { indexText } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { usedEmoji } from '#domain/emoji/used-emoji.ts';
import { invalid, notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface ProfileEdit {
  accountId: number;
  displayName: string;
  /** As typed. */
  bio: string;
  /** The same, rendered by the door with the mentions that it looked up. */
  bioHtml: string;
  fields: readonly { name: string; value: string; valueHtml: string }[];
  locked: boolean;
  bot: boolean;
  discoverable: boolean;
  indexable: boolean;
  countsHidden: boolean;
  /** Undefined leaves the picture as it is, null takes it away. */
  avatarMediaId?: number | null;
  headerMediaId?: number | null;
}

/** Changes one's own profile. @throws invalid with the field. */
export async function editProfile(unit: Unit, input: ProfileEdit): Promise<void> {
  checkProfile(input);
  const { accounts } = unit.schema;
  const [account] = await unit.tx
    .select({ handle: accounts.handle, version: accounts.version, fields: accounts.fields })
    .from(accounts)
    .where(eq(accounts.id, input.accountId));
  if (!account) throw notFound();
  await checkPicture(unit, input.accountId, input.avatarMediaId, 'avatar');
  await checkPicture(unit, input.accountId, input.headerMediaId, 'header');
  const known = new Map(account.fields.map((field) => [field.valueHtml, field]));
  await unit.tx
    .update(accounts)
    .set({
      displayName: input.displayName.trim(),
      bio: input.bio,
      bioHtml: input.bioHtml,
      fields: input.fields
        .filter((field) => field.name.trim() && field.value.trim())
        .map(({ name, valueHtml }) => ({
          ...(known.get(valueHtml) ?? { verifiedAt: null }),
          name: name.trim(),
          valueHtml,
        })),
      emoji: await usedEmoji(unit, [
        input.displayName,
        input.bio,
        ...input.fields.flatMap(({ name, value }) => [name, value]),
      ]),
      locked: input.locked,
      bot: input.bot,
      discoverable: input.discoverable,
      indexable: input.indexable,
      countsHidden: input.countsHidden,
      ...(input.avatarMediaId === undefined ? {} : { avatarMediaId: input.avatarMediaId }),
      ...(input.headerMediaId === undefined ? {} : { headerMediaId: input.headerMediaId }),
      updatedAt: unit.now,
      version: account.version + 1,
    })
    .where(eq(accounts.id, input.accountId));
  await indexText(unit, 'account_search', input.accountId, `${account.handle} ${input.displayName}`);
  unit.emit({ type: 'account-updated', accountId: input.accountId });
}

/** @throws invalid for a picture that is not this account's upload for that place. */
async function checkPicture(
  unit: Unit,
  accountId: number,
  mediaId: number | null | undefined,
  purpose: 'avatar' | 'header',
): Promise<void> {
  if (mediaId === null || mediaId === undefined) return;
  const own = await unit.tx.hot(
    'select 1 as own from media where id = $1 and account_id = $2 and purpose = $3 and file is not null',
    mediaId,
    accountId,
    purpose,
  );
  if (own.length === 0) throw invalid('media-not-found', purpose);
}

function checkProfile(input: ProfileEdit): void {
  const tooLong = (text: string, max: number, field: string) => {
    if (text.length > max) throw invalid('too-long', field, { max });
  };
  tooLong(input.displayName, limits.displayNameCharacters, 'display_name');
  tooLong(input.bio, limits.bioCharacters, 'bio');
  if (input.fields.length > limits.profileFields)
    throw invalid('fields-too-many', 'fields', { max: limits.profileFields });
  for (const field of input.fields) {
    tooLong(field.name, limits.profileFieldCharacters, 'fields');
    tooLong(field.value, limits.profileFieldCharacters, 'fields');
  }
}
