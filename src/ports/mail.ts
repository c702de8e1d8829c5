import { createTransport } from 'nodemailer';
import type { Config } from '#config/config.ts';
import type { MailMessage, MailPort } from '#domain/membership/mail.ts';
import { SECOND_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

/**
 * SMTP where a server is configured. Without one, an instance on this very machine catches its mail, so that it can be
 * tried out; any other sends none.
 */
export function openMail(config: Pick<Config, 'mail' | 'origin'>): MailPort {
  if (config.mail) return smtpMail(config.mail);
  const { hostname } = config.origin;
  return hostname === 'localhost' || hostname.endsWith('.localhost') ? catchMail() : noMail;
}

/** Sends through an SMTP server: STARTTLS with `smtp:` where the server offers it, TLS from the start with `smtps:`. */
export function smtpMail({ url, from }: { url: string; from: string }): MailPort {
  const transport = createTransport(
    {
      url,
      connectionTimeout: 15 * SECOND_MS,
      greetingTimeout: 15 * SECOND_MS,
      socketTimeout: 60 * SECOND_MS,
      // A message is text of ours: nothing in it may name a file or an address to be read.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    available: true,
    async send({ to, subject, text, html, messageId }) {
      try {
        await transport.sendMail({
          // As an object, so that no address in it is parsed into several.
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId,
          // RFC 3834: no answering machine answers.
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        });
        return 'sent';
      } catch (error) {
        if (refusesRecipient(error)) return 'refused';
        throw error;
      }
    },
    caught: () => null,
  };
}

/** RFC 5321 §4.2.1: a 5yz answer to RCPT is for good. */
function refusesRecipient(error: unknown): boolean {
  const { rejected, responseCode } = error as { rejected?: string[]; responseCode?: number };
  return (rejected?.length ?? 0) > 0 && responseCode !== undefined && responseCode >= 500 && responseCode < 600;
}

/** Keeps the last messages in memory instead of sending them. */
export function catchMail(): MailPort {
  const caught: MailMessage[] = [];
  return {
    available: true,
    async send(message) {
      caught.unshift(message);
      caught.length = Math.min(caught.length, limits.caughtMails);
      return 'sent';
    },
    caught: () => caught,
  };
}

const noMail: MailPort = {
  available: false,
  send: async () => 'refused',
  caught: () => null,
};
