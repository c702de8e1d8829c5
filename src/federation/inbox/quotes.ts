import { visibleTo } from '#domain/posts/posts.policy.ts';
import { inboxesOf, onlyWelcome } from '#federation/delivery/audience-inboxes.ts';
import { enqueueDeliveries } from '#federation/delivery/enqueue-deliveries.ts';
import { rejectQuote } from '#federation/documents/activities.ts';
import type { InboxContext, Outcome } from '#federation/inbox/inbox-context.ts';
import type { Activity } from '#federation/translate/activity-types.ts';
import { QUOTE_CONTEXT } from '#federation/vocabulary.ts';

/**
 * Somebody asks whether they may quote a post (FEP-044f). As long as nobody here can say who may, the answer is no, so
 * that they are not left waiting for one. Only for a post that they may see, since an answer says that it is there.
 */
export async function handleQuoteRequest(
  context: InboxContext,
  request: Extract<Activity, { kind: 'quote-request' }>,
): Promise<Outcome> {
  const { reader, actorId, site } = context;
  const [quoted] = await reader.read.hot<{ author_id: number; author_uri: string }>(
    `select p.author_id, a.uri as author_uri from posts p join accounts a on a.id = p.author_id
     where p.uri = $2 and p.local = 1 and p.boost_of_id is null and ${visibleTo(1)}`,
    actorId,
    request.objectUri,
  );
  if (!quoted) return 'asks to quote what is no post of ours, or not for them';
  const inboxes = await onlyWelcome(reader, site, await inboxesOf(reader, { accountIds: [actorId] }));
  return (unit) => {
    const activity = rejectQuote(unit.newId(), quoted.author_uri, request);
    return enqueueDeliveries(unit, [
      {
        body: JSON.stringify({ '@context': QUOTE_CONTEXT, ...activity }),
        activityType: 'Reject',
        senderId: quoted.author_id,
        orderKey: `${quoted.author_uri} ${context.actorUri}`,
        inboxes,
      },
    ]);
  };
}
