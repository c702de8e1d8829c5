import type { Unit } from '#db/unit.ts';

/** Marks everything up to a notification as read, or all that there is; never less than was read already. */
export async function markNotificationsRead(
  unit: Unit,
  input: { accountId: number; upToId: number | null },
): Promise<void> {
  const rows = await unit.tx.hot<{ id: number | null }>(
    'select max(id) as id from notifications where account_id = $1 and id <= $2',
    input.accountId,
    input.upToId ?? Number.MAX_SAFE_INTEGER,
  );
  const upTo = rows[0]?.id ?? 0;
  await unit.tx.hot(
    'update members set notifications_read_id = $1 where account_id = $2 and notifications_read_id < $1',
    upTo,
    input.accountId,
  );
}
