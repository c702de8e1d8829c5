import type { Query } from '#db/store.ts';
import type { ProfileField } from '#domain/accounts/account-view.ts';

/** A profile as its owner edits it. */
export interface OwnProfile {
  displayName: string;
  /** As typed. */
  bio: string;
  fields: ProfileField[];
  locked: boolean;
  bot: boolean;
  discoverable: boolean;
  indexable: boolean;
  countsHidden: boolean;
  hasAvatar: boolean;
  hasHeader: boolean;
}

interface Row {
  display_name: string;
  bio: string;
  fields: string;
  locked: number;
  bot: number;
  discoverable: number;
  indexable: number;
  counts_hidden: number;
  avatar_media_id: number | null;
  header_media_id: number | null;
}

export async function ownProfile(read: Pick<Query, 'hot'>, accountId: number): Promise<OwnProfile | null> {
  const rows = await read.hot<Row>(
    `select display_name, bio, fields, locked, bot, discoverable, indexable, counts_hidden, avatar_media_id, header_media_id
     from accounts where id = $1 and domain = ''`,
    accountId,
  );
  const [row] = rows;
  if (!row) return null;
  return {
    displayName: row.display_name,
    bio: row.bio,
    fields: JSON.parse(row.fields) as ProfileField[],
    locked: row.locked !== 0,
    bot: row.bot !== 0,
    discoverable: row.discoverable !== 0,
    indexable: row.indexable !== 0,
    countsHidden: row.counts_hidden !== 0,
    hasAvatar: row.avatar_media_id !== null,
    hasHeader: row.header_media_id !== null,
  };
}
