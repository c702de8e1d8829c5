import type { Unit } from '#db/unit.ts';
import { notFound } from '#kernel/errors.ts';

/** @throws not-found, also for a conversation of somebody else. */
export async function markConversationRead(
  unit: Unit,
  input: { accountId: number; conversationId: number },
): Promise<void> {
  const rows = await unit.tx.hot(
    'update conversations set unread = 0 where id = $1 and account_id = $2 returning id',
    input.conversationId,
    input.accountId,
  );
  if (rows.length === 0) throw notFound();
}
