import { policyText, POLICY_KINDS, rulesInForce } from '#domain/instance/instance.queries.ts';
import { laneDepths } from '#domain/instance/jobs.queries.ts';
import { HOUR_MS } from '#kernel/clock.ts';
import type { NoticeKind } from '#web/components/flash.tsx';
import { formatRelative } from '#web/i18n.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps } from '#web/web-deps.ts';

/** Something that whoever runs the server should know of, with what it means and where it is mended. */
export interface Concern {
  kind: NoticeKind;
  title: string;
  text: string;
  link?: { href: string; label: string };
}

/** What is not as it should be, the worst first. */
export async function findConcerns(deps: WebDeps, ctx: ViewContext): Promise<Concern[]> {
  const found = [
    await diskConcern(deps, ctx),
    await backupConcern(deps, ctx),
    mailConcern(deps, ctx),
    await deadJobConcern(deps, ctx),
    await openDoorConcern(deps, ctx),
    await textConcern(deps, ctx),
    await sourceConcern(deps, ctx),
  ];
  return found.filter((concern) => concern !== null);
}

async function diskConcern({ media }: WebDeps, { t }: ViewContext): Promise<Concern | null> {
  if (!(await media.uploads.usage()).full) return null;
  return {
    kind: 'error',
    title: t('concern.disk'),
    text: t('concern.disk-text'),
    link: { href: '/admin/storage', label: t('admin.storage') },
  };
}

async function backupConcern({ backups }: WebDeps, { t, locale, now }: ViewContext): Promise<Concern | null> {
  if (backups === null) return null;
  const [newest] = await backups.list();
  if (backups.everyHours === null)
    return { kind: 'warning', title: t('concern.no-backups'), text: t('concern.no-backups-text') };
  if (!newest)
    return {
      kind: 'info',
      title: t('concern.first-backup'),
      text: t('concern.first-backup-text', { hours: backups.everyHours }),
    };
  // One that was missed may have been a restart; two are a fault.
  if (now - newest.at < 2 * backups.everyHours * HOUR_MS + HOUR_MS) return null;
  return {
    kind: 'warning',
    title: t('concern.old-backup'),
    text: t('concern.old-backup-text', { time: formatRelative(locale, newest.at, now, 'long') }),
  };
}

function mailConcern({ mail }: WebDeps, { t }: ViewContext): Concern | null {
  if (!mail.available) return { kind: 'warning', title: t('concern.no-mail'), text: t('concern.no-mail-text') };
  if (mail.caught() === null) return null;
  return {
    kind: 'info',
    title: t('concern.caught-mail'),
    text: t('concern.caught-mail-text'),
    link: { href: '/dev/mail', label: t('concern.caught-mail-link') },
  };
}

async function deadJobConcern({ store }: WebDeps, { t }: ViewContext): Promise<Concern | null> {
  const count = (await laneDepths(store.read)).reduce((sum, lane) => sum + lane.dead, 0);
  if (count === 0) return null;
  return {
    kind: 'warning',
    title: t('concern.dead-jobs', { count }),
    text: t('concern.dead-jobs-text'),
    link: { href: '/admin/queue', label: t('admin.queue') },
  };
}

/** An open door without rules or without anybody to write to. */
async function openDoorConcern({ store, settings }: WebDeps, { t }: ViewContext): Promise<Concern | null> {
  if ((await rulesInForce(store.read)).length === 0) {
    return {
      kind: 'info',
      title: t('concern.no-rules'),
      text: t('concern.no-rules-text'),
      link: { href: '/admin/rules', label: t('admin.rules') },
    };
  }
  if ((await settings.read()).contactEmail !== '') return null;
  return {
    kind: 'info',
    title: t('concern.no-contact'),
    text: t('concern.no-contact-text'),
    link: { href: '/admin/instance', label: t('admin.instance') },
  };
}

async function textConcern({ store }: WebDeps, { t, locale }: ViewContext): Promise<Concern | null> {
  for (const kind of POLICY_KINDS) {
    if (await policyText(store.read, kind, locale)) continue;
    return {
      kind: 'info',
      title: t('concern.no-texts'),
      text: t('concern.no-texts-text'),
      link: { href: '/admin/texts', label: t('admin.texts') },
    };
  }
  return null;
}

async function sourceConcern({ settings }: WebDeps, { t }: ViewContext): Promise<Concern | null> {
  if ((await settings.read()).sourceUrl !== '') return null;
  return {
    kind: 'info',
    title: t('concern.no-source'),
    text: t('concern.no-source-text'),
    link: { href: '/admin/instance', label: t('admin.instance') },
  };
}
