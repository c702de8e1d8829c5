import type { EventType } from '#domain/events.ts';

export const FEDERATION_LANE = 'event:federation';
export const MAIL_LANE = 'event:mail';
export const LINKS_LANE = 'event:links';
export const MOVE_LANE = 'event:move';

const mail: ReadonlySet<EventType> = new Set([
  'mail-requested',
  'address-claimed',
  'sign-up-requested',
  'member-approved',
  'sign-up-rejected',
  'security-noticed',
]);

/** Events that never leave the instance. */
const localOnly: ReadonlySet<EventType> = new Set([
  'account-created',
  'sign-up-requested',
  'member-approved',
  'sign-up-rejected',
  'mail-requested',
  'address-claimed',
  'security-noticed',
  'followers-moved',
  'post-received',
  'post-refreshed',
  'instance-updated',
]);

/** The lanes that are told of an event by a job of their own. */
export function consumersOf(type: EventType): readonly string[] {
  const lanes: string[] = [];
  if (!localOnly.has(type)) lanes.push(FEDERATION_LANE);
  if (mail.has(type)) lanes.push(MAIL_LANE);
  if (type === 'account-updated') lanes.push(LINKS_LANE);
  if (type === 'followers-moved') lanes.push(MOVE_LANE);
  return lanes;
}
