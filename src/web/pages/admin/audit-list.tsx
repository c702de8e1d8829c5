import type { AccountView } from '#domain/accounts/account-view.ts';
import { accountViews } from '#domain/accounts/accounts.queries.ts';
import { ruleById } from '#domain/instance/instance.queries.ts';
import type { AuditLine } from '#domain/moderation/audit.queries.ts';
import { parseId } from '#kernel/ids.ts';
import { Time } from '#web/components/time.tsx';
import type { MessageKey } from '#web/i18n.ts';
import { ROLE_NAMES } from '#web/pages/admin/account-parts.tsx';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps } from '#web/web-deps.ts';

/** What lines are about, in words. */
export interface AuditNames {
  accounts: ReadonlyMap<number, AccountView>;
  /** The texts of rules, in force or not. */
  rules: ReadonlyMap<number, string>;
}

interface AuditListProps {
  ctx: ViewContext;
  lines: readonly AuditLine[];
  names: AuditNames;
}

export async function auditNames({ store }: WebDeps, lines: readonly AuditLine[]): Promise<AuditNames> {
  const idsOf = (kind: string) =>
    lines.flatMap(({ target }) =>
      target.startsWith(`${kind}:`) ? (parseId(target.slice(kind.length + 1)) ?? []) : [],
    );
  const rules = new Map<number, string>();
  for (const id of new Set(idsOf('rule'))) {
    const rule = await ruleById(store.read, id);
    if (rule) rules.set(id, rule.text);
  }
  return { accounts: await accountViews(store, idsOf('account')), rules };
}

/** What staff did, in sentences. */
export function AuditList({ ctx, lines, names }: AuditListProps) {
  if (lines.length === 0) return <p class="hint">{ctx.t('audit.none')}</p>;
  return (
    <ol class="audit" role="list">
      {lines.map((line) => (
        <li class="audit-line">
          <p>{sentenceOf(ctx, line, names)}</p>
          <Details ctx={ctx} line={line} />
          <p class="hint">
            <Time ctx={ctx} at={line.at} show="moment" />
          </p>
        </li>
      ))}
    </ol>
  );
}

function sentenceOf(ctx: ViewContext, line: AuditLine, names: AuditNames) {
  const { t } = ctx;
  const key = `audit.${line.action}`;
  const actor = line.byCommandLine ? t('audit.command-line') : (line.actor?.acct ?? t('audit.somebody'));
  const target = <Target ctx={ctx} line={line} names={names} />;
  // An action of a later version, after a step back.
  if (!t.has(key)) return t.rich('audit.unknown', { actor, target });
  const { role, to } = line.details;
  const given = to ?? role;
  return t.rich(key, { actor, target, role: isRole(given) ? t(ROLE_NAMES[given]) : '' });
}

function isRole(value: unknown): value is keyof typeof ROLE_NAMES {
  return typeof value === 'string' && Object.hasOwn(ROLE_NAMES, value);
}

/** What it was done to: a link where there is a page for it. */
function Target({ ctx, line, names }: { ctx: ViewContext; line: AuditLine; names: AuditNames }) {
  const [, kind = '', name = ''] = /^([a-z-]+):(.*)$/s.exec(line.target) ?? [];
  if (kind === 'account') {
    const handle = line.details['handle'];
    const words = names.accounts.get(Number(name))?.acct ?? (typeof handle === 'string' ? `@${handle}` : `№ ${name}`);
    return <a href={`/admin/accounts/${name}`}>{words}</a>;
  }
  if (kind === 'report') return <a href={`/admin/reports/${name}`}>{ctx.t('audit.a-report')}</a>;
  if (kind === 'rule') return <bdi>{names.rules.get(Number(name)) ?? `№ ${name}`}</bdi>;
  if (kind === 'emoji') return <bdi>{`:${name}:`}</bdi>;
  if (kind === 'address') return <bdi>{String(line.details['cidr'] ?? name)}</bdi>;
  if (kind === 'policy') return <bdi>{policyName(ctx, name)}</bdi>;
  if (kind === 'job') return <bdi>{String(line.details['lane'] ?? name)}</bdi>;
  return <bdi>{name}</bdi>;
}

function policyName({ t }: ViewContext, name: string): string {
  const [kind = '', locale = ''] = name.split(':');
  const key = `texts.${kind}`;
  return t.has(key) ? `${t(key)} (${locale})` : name;
}

/** The terms that the sentence does not say. */
function Details({ ctx, line }: { ctx: ViewContext; line: AuditLine }) {
  const { t } = ctx;
  const { severity, rejectMedia, followsCut, files, keys } = line.details;
  const words: string[] = [];
  if (line.action === 'emoji-copied' && typeof line.details['domain'] === 'string') words.push(line.details['domain']);
  const severityKey: MessageKey | null = isSeverity(severity) ? SEVERITY_NAMES[severity] : null;
  if (severityKey) words.push(t(severityKey));
  if (rejectMedia === true) words.push(t('domains.media-rejected'));
  if (typeof followsCut === 'number' && followsCut > 0) words.push(t('audit.follows-cut', { count: followsCut }));
  if (typeof files === 'number') words.push(t('audit.files', { count: files }));
  if (typeof keys === 'string')
    words.push(
      keys
        .split(' ')
        .map((key) => settingName(ctx, key))
        .join(', '),
    );
  return words.length === 0 ? null : <p class="hint">{words.join(' · ')}</p>;
}

function settingName({ t }: ViewContext, setting: string): string {
  const key = `setting.${setting}`;
  return t.has(key) ? t(key) : setting;
}

export const SEVERITY_NAMES = {
  none: 'domains.severity-none',
  limit: 'domains.severity-limit',
  suspend: 'domains.severity-suspend',
} as const satisfies Record<string, MessageKey>;

function isSeverity(value: unknown): value is keyof typeof SEVERITY_NAMES {
  return typeof value === 'string' && Object.hasOwn(SEVERITY_NAMES, value);
}
