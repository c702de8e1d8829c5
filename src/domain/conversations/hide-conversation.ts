import type { Unit } from '#db/unit.ts';
import { notFound } from '#kernel/errors.ts';

/**
 * Takes a conversation off one's list until something new is said in it. The posts stay, and the others' lists too.
 * @throws not-found, also for a conversation of somebody else.
 */
export async function hideConversation(
  unit: Unit,
  input: { accountId: number; conversationId: number },
): Promise<void> {
  const rows = await unit.tx.hot(
    'update conversations set hidden_at = $1, unread = 0 where id = $2 and account_id = $3 returning id',
    unit.now,
    input.conversationId,
    input.accountId,
  );
  if (rows.length === 0) throw notFound();
}
