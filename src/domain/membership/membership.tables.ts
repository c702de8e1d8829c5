import type { Kit } from '#db/kit.ts';
import type { accountTables } from '#domain/accounts/accounts.tables.ts';
import type { Role } from '#domain/membership/permissions.ts';

export function membershipTables(k: Kit, { accounts }: ReturnType<typeof accountTables>) {
  const accountId = (name = 'account_id') =>
    k
      .id(name)
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' });

  /** A local person: the account's credentials, role and preferences. */
  const members = k.table(
    'members',
    {
      accountId: k
        .id('account_id')
        .primaryKey()
        .references(() => accounts.id, { onDelete: 'cascade' }),
      email: k.text('email').notNull(),
      /**
       * Lower case, without a `+tag`: one address, one member. Until it is confirmed it is nobody's, and the account's id
       * stands behind it (`unconfirmedKey`).
       */
      emailFolded: k.text('email_folded').notNull(),
      emailConfirmedAt: k.time('email_confirmed_at'),
      passwordHash: k.text('password_hash').notNull(),
      role: k.text('role').$type<Role>().notNull().default('user'),
      /** Null while staff has not approved the sign-up. */
      approvedAt: k.time('approved_at'),
      signUpReason: k.text('sign_up_reason').notNull().default(''),
      signUpAddress: k.text('sign_up_address'),
      inviteId: k.id('invite_id'),
      totpSealed: k.text('totp_sealed'),
      totpEnabledAt: k.time('totp_enabled_at'),
      /** The last time step that was accepted, so that a code works once. */
      totpLastStep: k.int('totp_last_step'),
      locale: k.text('locale').$type<'en' | 'fr'>(),
      scheme: k.text('scheme').$type<'light' | 'dark' | 'auto'>().notNull().default('auto'),
      defaultVisibility: k
        .text('default_visibility')
        .$type<'public' | 'unlisted' | 'followers'>()
        .notNull()
        .default('public'),
      defaultLanguage: k.text('default_language'),
      defaultSensitive: k.bool('default_sensitive').notNull().default(k.no),
      notificationsReadId: k.id('notifications_read_id').notNull().default(0),
      createdAt: k.time('created_at').notNull(),
      lastSeenAt: k.time('last_seen_at'),
    },
    (t) => [k.uniqueIndex('members_email').on(t.emailFolded), k.index('members_pending').on(t.approvedAt)],
  );

  const sessions = k.table(
    'sessions',
    {
      id: k.id('id').primaryKey(),
      accountId: accountId(),
      /** SHA-256 of the cookie's value: a leaked database opens no session. */
      tokenHash: k.text('token_hash').notNull(),
      csrfToken: k.text('csrf_token').notNull(),
      createdAt: k.time('created_at').notNull(),
      lastSeenAt: k.time('last_seen_at').notNull(),
      expiresAt: k.time('expires_at').notNull(),
      address: k.text('address'),
      userAgent: k.text('user_agent').notNull().default(''),
    },
    (t) => [k.uniqueIndex('sessions_token').on(t.tokenHash), k.index('sessions_account').on(t.accountId, t.id)],
  );

  /** One-time links by mail: confirm an address, reset a password. */
  const mailTokens = k.table(
    'mail_tokens',
    {
      id: k.id('id').primaryKey(),
      accountId: accountId(),
      purpose: k.text('purpose').$type<'confirm' | 'reset' | 'change-email'>().notNull(),
      tokenHash: k.text('token_hash').notNull(),
      email: k.text('email').notNull(),
      createdAt: k.time('created_at').notNull(),
      expiresAt: k.time('expires_at').notNull(),
      usedAt: k.time('used_at'),
    },
    (t) => [
      k.uniqueIndex('mail_tokens_hash').on(t.tokenHash),
      k.index('mail_tokens_account').on(t.accountId, t.purpose),
    ],
  );

  const recoveryCodes = k.table(
    'recovery_codes',
    { accountId: accountId(), codeHash: k.text('code_hash').notNull(), usedAt: k.time('used_at') },
    (t) => [k.primaryKey({ columns: [t.accountId, t.codeHash] })],
  );

  const invites = k.table(
    'invites',
    {
      id: k.id('id').primaryKey(),
      code: k.text('code').notNull(),
      creatorId: accountId('creator_id'),
      comment: k.text('comment').notNull().default(''),
      usesMax: k.int('uses_max'),
      uses: k.int('uses').notNull().default(0),
      createdAt: k.time('created_at').notNull(),
      expiresAt: k.time('expires_at'),
      revokedAt: k.time('revoked_at'),
    },
    (t) => [k.uniqueIndex('invites_code').on(t.code)],
  );

  /** Used proofs of work, so that one is not shown twice. */
  const spentChallenges = k.table('spent_challenges', {
    challenge: k.text('challenge').primaryKey(),
    expiresAt: k.time('expires_at').notNull(),
  });

  return { members, sessions, mailTokens, recoveryCodes, invites, spentChallenges };
}
