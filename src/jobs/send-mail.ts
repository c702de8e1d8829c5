import type { Commit } from '#db/unit.ts';
import type { Unit, Site } from '#db/unit.ts';
import { enqueueJobs, type Job } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import { MAIL_LANE } from '#domain/consumers.ts';
import type { DomainEvent, EventOf } from '#domain/events.ts';
import type { Settings } from '#domain/instance/settings.ts';
import type { ComposeMail, MailContent, MailPort } from '#domain/membership/mail.ts';
import { issueMailToken } from '#domain/membership/mail-tokens.ts';
import { mailRecipient, staffWith, type MailRecipient } from '#domain/membership/membership.queries.ts';
import { signUpReason } from '#domain/membership/sign-ups.queries.ts';
import { hashToken, newToken } from '#kernel/tokens.ts';

export interface SendMailParts {
  store: Pick<Store, 'read'>;
  commit: Commit;
  mail: MailPort;
  compose: ComposeMail;
  site: Site;
  settings: { read(): Promise<Settings> };
}

/**
 * The handler of the mail lane: turns an event into messages. The tokens of links are made here and handed to the
 * mail at once, so that none of them ever lies in the outbox. A message may be sent twice when the process ends
 * between sending and acknowledging; both copies have one Message-ID.
 */
export function sendMail(parts: SendMailParts): (job: Job) => Promise<void> {
  return async (job) => {
    const event = await eventOf(parts, job);
    if (event === null || !parts.mail.available) return;
    switch (event.type) {
      case 'mail-requested':
        return sendLink(parts, job, event);
      case 'security-noticed':
        return toMember(parts, job, event.accountId, ({ handle }) => ({
          kind: 'notice',
          handle,
          notice: event.notice,
        }));
      case 'address-claimed':
        return toMember(parts, job, event.accountId, ({ handle }) => ({ kind: 'address-claimed', handle }));
      case 'member-approved':
        return toMember(parts, job, event.accountId, ({ handle }) => ({ kind: 'approved', handle }));
      case 'sign-up-rejected':
        return send(parts, job, { email: event.email, locale: event.locale }, { kind: 'rejected' });
      case 'sign-up-requested':
        return tellStaff(parts, job, event);
      default:
        return;
    }
  };
}

async function eventOf({ store }: SendMailParts, job: Job): Promise<DomainEvent | null> {
  if (job.refId === null) return null;
  const rows = await store.read.hot<{ event: string }>('select event from outbox where id = $1', job.refId);
  return rows[0] ? (JSON.parse(rows[0].event) as DomainEvent) : null;
}

async function sendLink(parts: SendMailParts, job: Job, event: EventOf<'mail-requested'>): Promise<void> {
  const { accountId, purpose, email } = event;
  const token = newToken();
  const to = await parts.commit(issueMailToken, { accountId, purpose, email, tokenHash: hashToken(token) });
  if (to === null) return;
  await send(parts, job, { email, locale: to.locale }, { kind: purpose, handle: to.handle, token });
}

async function toMember(
  parts: SendMailParts,
  job: Job,
  accountId: number,
  content: (recipient: MailRecipient) => MailContent,
): Promise<void> {
  const recipient = await mailRecipient(parts.store.read, accountId);
  if (recipient) await send(parts, job, recipient, content(recipient));
}

/** The first job makes one for each of the staff, so that a failure at one is not a second mail to the others. */
async function tellStaff(parts: SendMailParts, job: Job, event: EventOf<'sign-up-requested'>): Promise<void> {
  const { staffId } = job.data;
  if (typeof staffId === 'number') {
    const [newcomer, reason] = await Promise.all([
      mailRecipient(parts.store.read, event.accountId),
      signUpReason(parts.store.read, event.accountId),
    ]);
    // Decided or withdrawn before the mail was written.
    if (newcomer === null || reason === null) return;
    return toMember(parts, job, staffId, ({ handle }) => ({
      kind: 'sign-up-waits',
      handle,
      newHandle: newcomer.handle,
      reason,
    }));
  }
  const staff = await staffWith(parts.store.read, 'registrations.decide');
  const jobs = staff.map((one) => ({ lane: MAIL_LANE, refId: job.refId as number, data: { staffId: one.accountId } }));
  await job.finish((unit: Unit) => enqueueJobs(unit, jobs), undefined);
}

async function send(
  { mail, compose, site, settings }: SendMailParts,
  job: Job,
  to: { email: string; locale: 'en' | 'fr' | null },
  content: MailContent,
): Promise<void> {
  const { name, defaultLocale } = await settings.read();
  const words = compose(content, to.locale ?? defaultLocale, { name, origin: site.origin });
  await mail.send({ ...words, to: to.email, messageId: `<${job.id}@${new URL(site.origin).hostname}>` });
}
