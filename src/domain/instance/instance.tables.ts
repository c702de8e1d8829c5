import type { Kit } from '#db/kit.ts';

export function instanceTables(k: Kit) {
  /** The instance's own settings: one row a key, see settings.ts. */
  const settings = k.table('settings', { key: k.text('key').primaryKey(), value: k.json<unknown>('value').notNull() });

  const rules = k.table('rules', {
    id: k.id('id').primaryKey(),
    position: k.int('position').notNull(),
    text: k.text('text').notNull(),
    hint: k.text('hint').notNull().default(''),
    createdAt: k.time('created_at').notNull(),
    retiredAt: k.time('retired_at'),
  });

  /** Imprint, terms and privacy: every version is kept. */
  const policyTexts = k.table(
    'policy_texts',
    {
      id: k.id('id').primaryKey(),
      kind: k.text('kind').$type<'imprint' | 'terms' | 'privacy'>().notNull(),
      locale: k.text('locale').$type<'en' | 'fr'>().notNull(),
      markdown: k.text('markdown').notNull(),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [k.index('policy_texts_kind').on(t.kind, t.locale, t.id)],
  );

  /** Other servers that spoke to us or took what we sent, by the host of their addresses. */
  const peers = k.table('peers', {
    host: k.text('host').primaryKey(),
    software: k.text('software'),
    softwareVersion: k.text('software_version'),
    /** When it was last asked for its software, answer or not. */
    nodeInfoAt: k.time('node_info_at'),
    firstSeenAt: k.time('first_seen_at').notNull(),
    /** Both are written now and then, not each time, see `limits.contactNotedMs`. */
    lastHeardAt: k.time('last_heard_at'),
    lastDeliveredAt: k.time('last_delivered_at'),
  });

  return { settings, rules, policyTexts, peers };
}
