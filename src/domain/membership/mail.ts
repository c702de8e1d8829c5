/** One message, ready to be sent. */
export interface MailMessage {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same for every try to send the same message, so that a second copy is recognised. */
  messageId: string;
}

/** What sends mail. */
export interface MailPort {
  /** Whether a message can reach a person: an SMTP server is set, or the instance is on this very machine. */
  readonly available: boolean;
  /**
   * `refused` where the server takes nothing for this recipient, now and later.
   * @throws where another try may help.
   */
  send(message: MailMessage): Promise<'sent' | 'refused'>;
  /** The last messages, newest first, where they are caught instead of sent; null where they are sent. */
  caught(): readonly MailMessage[] | null;
}

export type SecurityNotice =
  | 'password-changed'
  | 'totp-enabled'
  | 'totp-disabled'
  | 'new-login'
  | 'email-change-requested';

/** What a message says, before it is put into words. */
export type MailContent =
  | { kind: 'confirm'; handle: string; token: string }
  | { kind: 'reset'; handle: string; token: string }
  | { kind: 'change-email'; handle: string; token: string }
  | { kind: 'notice'; handle: string; notice: SecurityNotice }
  | { kind: 'address-claimed'; handle: string }
  | { kind: 'approved'; handle: string }
  | { kind: 'rejected' }
  | { kind: 'sign-up-waits'; handle: string; newHandle: string; reason: string };

/** Puts a message into words, in a language. */
export type ComposeMail = (
  content: MailContent,
  locale: 'en' | 'fr',
  instance: { name: string; origin: string },
) => Pick<MailMessage, 'subject' | 'text' | 'html'>;
