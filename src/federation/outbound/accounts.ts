import { INSTANCE_HANDLE, accountUris } from '#domain/accounts/account-uris.ts';
import type { EventOf } from '#domain/events.ts';
import { findAccount } from '#domain/accounts/accounts.queries.ts';
import * as activities from '#federation/documents/activities.ts';
import { actorDocument } from '#federation/documents/actor.ts';
import { localPartyOf, partyOf } from '#federation/outbound/parties.ts';
import type { OutboundContext, Plan } from '#federation/outbound/plan.ts';

export async function accountChanged(
  context: OutboundContext,
  event: EventOf<'account-updated'> | EventOf<'account-suspended'> | EventOf<'account-unsuspended'>,
): Promise<Plan[]> {
  const account = await localPartyOf(context.reader, event.accountId);
  const document = account ? await actorDocument(context.reader, context.site, account.handle) : null;
  if (!account || !document) return [];
  return [
    {
      activity: activities.updateActor(document, account.followersUri, context.eventId),
      senderId: account.id,
      recipients: { followersOf: [account.id] },
      orderKey: account.uri,
      forEveryone: true,
    },
  ];
}

/** Everyone who may hold something of it is told, not its followers alone. */
export async function accountDeleted(context: OutboundContext, event: EventOf<'account-deleted'>): Promise<Plan[]> {
  if (!event.local) return [];
  return [
    {
      activity: activities.deleteActor(event.uri),
      senderId: event.accountId,
      recipients: { everyone: true },
      orderKey: event.uri,
      forEveryone: true,
    },
  ];
}

export async function accountMoved(context: OutboundContext, event: EventOf<'account-moved'>): Promise<Plan[]> {
  const account = await localPartyOf(context.reader, event.accountId);
  const target = await partyOf(context.reader, event.targetId);
  if (!account || !target) return [];
  return [
    {
      activity: activities.move(context.eventId, account.uri, target.uri, account.followersUri),
      senderId: account.id,
      recipients: { followersOf: [account.id] },
      orderKey: account.uri,
      forEveryone: true,
    },
  ];
}

interface ReportRow {
  uri: string;
  target_id: number;
  target_uri: string;
  target_domain: string;
  post_ids: string;
  comment: string;
}

/** A report that its maker wanted passed on, to the reported account's instance, in the instance's own name. */
export async function reportMade(context: OutboundContext, event: EventOf<'report-made'>): Promise<Plan[]> {
  if (!event.forward) return [];
  const { read } = context.reader;
  const rows = await read.hot<ReportRow>(
    `select r.uri, r.target_id, a.uri as target_uri, a.domain as target_domain, r.post_ids, r.comment
     from reports r join accounts a on a.id = r.target_id where r.id = $1`,
    event.reportId,
  );
  const [report] = rows;
  const instance = await findAccount(context.reader, INSTANCE_HANDLE, '');
  if (!report || report.target_domain === '' || !instance) return [];
  const posts: string[] = [];
  for (const id of JSON.parse(report.post_ids) as number[]) {
    const found = await read.hot<{ uri: string }>(
      'select uri from posts where id = $1 and author_id = $2',
      id,
      report.target_id,
    );
    posts.push(...found.map(({ uri }) => uri));
  }
  return [
    {
      activity: activities.flag(
        report.uri,
        accountUris(context.site, INSTANCE_HANDLE).uri,
        [report.target_uri, ...posts],
        report.comment,
      ),
      senderId: instance.id,
      recipients: { accountIds: [report.target_id] },
      orderKey: report.uri,
      forEveryone: false,
    },
  ];
}
