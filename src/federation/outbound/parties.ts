import type { Reader } from '#domain/accounts/accounts.queries.ts';

/** An account as an activity names it. */
export interface Party {
  id: number;
  uri: string;
  handle: string;
  local: boolean;
  followersUri: string;
}

export async function partyOf({ read }: Pick<Reader, 'read'>, id: number): Promise<Party | null> {
  const rows = await read.hot<{
    id: number;
    uri: string;
    handle: string;
    domain: string;
    followers_uri: string | null;
  }>('select id, uri, handle, domain, followers_uri from accounts where id = $1', id);
  const [row] = rows;
  if (!row) return null;
  return {
    id: row.id,
    uri: row.uri,
    handle: row.handle,
    local: row.domain === '',
    followersUri: row.followers_uri ?? `${row.uri}/followers`,
  };
}

/** The account when it is one of ours: only those speak through us. */
export async function localPartyOf(reader: Pick<Reader, 'read'>, id: number): Promise<Party | null> {
  const party = await partyOf(reader, id);
  return party?.local ? party : null;
}
