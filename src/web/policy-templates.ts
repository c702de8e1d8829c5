import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICY_KINDS, type PolicyKind } from '#domain/instance/instance.queries.ts';
import { LOCALES, type Locale } from '#web/i18n.ts';

/** The drafts that an instance's texts may start from, see docs/policy/README.md; null where there is none. */
export type PolicyTemplates = (kind: PolicyKind, locale: Locale) => string | null;

/** Read once, at start. */
export function loadPolicyTemplates(folder: string): PolicyTemplates {
  const texts = new Map<string, string>();
  for (const kind of POLICY_KINDS) {
    for (const locale of LOCALES) {
      const file = join(folder, `${kind}.${locale}.md`);
      if (existsSync(file)) texts.set(`${kind} ${locale}`, readFileSync(file, 'utf8'));
    }
  }
  return (kind, locale) => texts.get(`${kind} ${locale}`) ?? null;
}

/** What the drafts leave open, as `{operator}`. */
const PLACEHOLDER = /\{([a-z]+(?:-[a-z]+)*)\}/g;

/** Fills in what the server knows; the rest stays for the admin. */
export function fillTemplate(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string) => known[name] || whole);
}

/** What is still open, each once, as it stands in the text. */
export function openPlaceholders(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([whole]) => whole))];
}
