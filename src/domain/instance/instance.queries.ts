import type { Query } from '#db/store.ts';

export interface Rule {
  id: number;
  text: string;
  hint: string;
}

/** The rules in force, in their order. */
export async function rulesInForce(read: Pick<Query, 'hot'>): Promise<Rule[]> {
  return read.hot<Rule>('select id, text, hint from rules where retired_at is null order by position, id');
}

export interface PastRule extends Rule {
  createdAt: number;
  retiredAt: number | null;
}

/** Every rule that ever stood, so that an old report still says which one it meant. */
export async function ruleById(read: Pick<Query, 'hot'>, id: number): Promise<PastRule | null> {
  const rows = await read.hot<PastRule>(
    `select id, text, hint, created_at as "createdAt", retired_at as "retiredAt" from rules where id = $1`,
    id,
  );
  return rows[0] ?? null;
}

export const POLICY_KINDS = ['imprint', 'terms', 'privacy'] as const;

export type PolicyKind = (typeof POLICY_KINDS)[number];

export interface PolicyText {
  id: number;
  kind: PolicyKind;
  locale: 'en' | 'fr';
  markdown: string;
  createdAt: number;
}

const POLICY_COLUMNS = `id, kind, locale, markdown, created_at as "createdAt"`;

/** The text in force in the reader's language, else in the other; null where the admin has written none, or withdrew it. */
export async function policyText(
  read: Pick<Query, 'hot'>,
  kind: PolicyKind,
  locale: 'en' | 'fr',
): Promise<PolicyText | null> {
  const rows = await read.hot<PolicyText>(
    `select ${POLICY_COLUMNS} from policy_texts p where kind = $1
       and id = (select max(id) from policy_texts n where n.kind = p.kind and n.locale = p.locale)
       and markdown <> ''`,
    kind,
  );
  return rows.find((row) => row.locale === locale) ?? rows[0] ?? null;
}

/** All versions, the newest first. */
export async function policyTextVersions(
  read: Pick<Query, 'hot'>,
  kind: PolicyKind,
  locale: 'en' | 'fr',
): Promise<PolicyText[]> {
  return read.hot<PolicyText>(
    `select ${POLICY_COLUMNS} from policy_texts where kind = $1 and locale = $2 order by id desc`,
    kind,
    locale,
  );
}

export async function policyTextById(read: Pick<Query, 'hot'>, id: number): Promise<PolicyText | null> {
  const rows = await read.hot<PolicyText>(`select ${POLICY_COLUMNS} from policy_texts where id = $1`, id);
  return rows[0] ?? null;
}
