import type { ComposeMail, MailContent, SecurityNotice } from '#domain/membership/mail.ts';
import { limits } from '#kernel/limits.ts';
import { createTranslator, formatDuration, type MessageKey, type Translator } from '#web/i18n.ts';

interface Letter {
  subject: string;
  paragraphs: string[];
  link: { label: string; href: string } | null;
  /** What to do when it was not the reader who asked. */
  footnote: string;
}

interface Sender {
  name: string;
  origin: string;
}

/** Plain text, and the same as simple HTML: no pictures, nothing that is loaded, nothing that tells who has read it. */
export const composeMail: ComposeMail = (content, locale, instance) => {
  const t = createTranslator(locale);
  const letter = letterOf(t, content, instance);
  const greeting = 'handle' in content ? t('mail.greeting', { handle: content.handle }) : t('mail.greeting-stranger');
  const lines = [greeting, ...letter.paragraphs];
  const from = `${instance.name}\n${instance.origin}`;
  const text = [...lines, ...(letter.link ? [letter.link.href] : []), letter.footnote, from].join('\n\n');
  const page = <Html {...{ letter, lines, instance, locale }} />;
  const html = `<!doctype html>${page}`;
  return { subject: letter.subject, text, html };
};

function letterOf(t: Translator, content: MailContent, instance: Sender): Letter {
  const { name, origin } = instance;
  const host = new URL(origin).host;
  const footnote = t('mail.not-you', { host });
  const page = (path: string, token: string) => `${origin}/${path}?token=${encodeURIComponent(token)}`;
  switch (content.kind) {
    case 'confirm':
      return {
        subject: t('mail.confirm-subject', { instance: name }),
        paragraphs: [t('mail.confirm', { instance: name, time: formatDuration(t.locale, limits.confirmTokenMs) })],
        link: { label: t('mail.confirm-link'), href: page('confirm-email', content.token) },
        footnote,
      };
    case 'change-email':
      return {
        subject: t('mail.change-email-subject', { instance: name }),
        paragraphs: [
          t('mail.change-email', { instance: name, time: formatDuration(t.locale, limits.changeEmailTokenMs) }),
        ],
        link: { label: t('mail.confirm-link'), href: page('confirm-email', content.token) },
        footnote,
      };
    case 'reset':
      return {
        subject: t('mail.reset-subject', { instance: name }),
        paragraphs: [t('mail.reset', { instance: name, time: formatDuration(t.locale, limits.resetTokenMs) })],
        link: { label: t('mail.reset-link'), href: page('reset-password', content.token) },
        footnote: t('mail.reset-not-you', { host }),
      };
    case 'notice':
      return {
        subject: t('mail.notice-subject', { instance: name }),
        paragraphs: [t(NOTICES[content.notice], { instance: name })],
        link: { label: t('mail.notice-link'), href: `${origin}/settings/account` },
        footnote: t('mail.notice-not-you'),
      };
    case 'address-claimed':
      return {
        subject: t('mail.address-claimed-subject', { instance: name }),
        paragraphs: [
          t('mail.address-claimed', { instance: name, handle: content.handle }),
          t('mail.address-claimed-reset', { link: `${origin}/reset-password` }),
        ],
        link: { label: t('mail.approved-link'), href: `${origin}/login` },
        footnote: t('mail.address-claimed-not-you'),
      };
    case 'approved':
      return {
        subject: t('mail.approved-subject', { instance: name }),
        paragraphs: [t('mail.approved', { instance: name })],
        link: { label: t('mail.approved-link'), href: `${origin}/login` },
        footnote,
      };
    case 'rejected':
      return {
        subject: t('mail.rejected-subject', { instance: name }),
        paragraphs: [t('mail.rejected', { instance: name })],
        link: null,
        footnote: t('mail.rejected-data'),
      };
    case 'sign-up-waits':
      return {
        subject: t('mail.sign-up-waits-subject', { instance: name, handle: content.newHandle }),
        paragraphs: [
          t('mail.sign-up-waits', { instance: name, handle: content.newHandle }),
          ...(content.reason === '' ? [] : [t('mail.sign-up-reason', { reason: content.reason })]),
        ],
        link: { label: t('mail.sign-up-waits-link'), href: `${origin}/admin/sign-ups` },
        footnote: t('mail.staff-why', { host }),
      };
  }
}

const NOTICES: Record<SecurityNotice, MessageKey> = {
  'password-changed': 'mail.password-changed',
  'totp-enabled': 'mail.totp-enabled',
  'totp-disabled': 'mail.totp-disabled',
  'new-login': 'mail.new-login',
  'email-change-requested': 'mail.email-change-requested',
};

interface HtmlProps {
  letter: Letter;
  lines: string[];
  instance: Sender;
  locale: string;
}

const QUIET = 'color: #5b5852; font-size: 14px';

function Html({ letter, lines, instance, locale }: HtmlProps) {
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <title>{letter.subject}</title>
      </head>
      <body style="margin: 0; padding: 24px; font: 16px/1.5 sans-serif; color: #24211d; background: #faf8f4">
        <div style="max-width: 34em; margin: 0 auto">
          {lines.map((line) => (
            <p style="white-space: pre-line">{line}</p>
          ))}
          {letter.link ? (
            <>
              <p>
                <a
                  href={letter.link.href}
                  style="display: inline-block; padding: 10px 18px; background: #a3331f; color: #ffffff; text-decoration: none; border-radius: 6px"
                >
                  {letter.link.label}
                </a>
              </p>
              <p style={QUIET}>{letter.link.href}</p>
            </>
          ) : null}
          <p style={QUIET}>{letter.footnote}</p>
          <p style={QUIET}>
            {instance.name} · {instance.origin}
          </p>
        </div>
      </body>
    </html>
  );
}
