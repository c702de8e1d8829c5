import type { Reader } from '#domain/accounts/accounts.queries.ts';

/** Whether nothing of this account is heard here: it is suspended, or it is gone. */
export async function isSilenced(reader: Reader, accountId: number): Promise<boolean> {
  const rows = await reader.read.hot(
    'select 1 as silenced from accounts where id = $1 and (suspended_at is not null or deleted_at is not null)',
    accountId,
  );
  return rows.length > 0;
}
