import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { refusalOfIssue } from '#domain/instance/refusal.ts';
import { editableSettings, type EditableSettings, type Settings } from '#domain/instance/settings.ts';
import { need } from '#kernel/assert.ts';

export interface SettingsEdit {
  /** Null when the server's command line acts. */
  actorId: number | null;
  changes: Partial<EditableSettings>;
}

/**
 * Changes the given settings and leaves the others. The door has asked for `instance.edit`.
 * @throws invalid, with the first field that does not fit.
 */
export async function editSettings(unit: Unit, { actorId, changes }: SettingsEdit): Promise<void> {
  const parsed = editableSettings.partial().strict().safeParse(changes);
  if (!parsed.success) throw refusalOfIssue(need(parsed.error.issues[0], 'zod refused without an issue'));
  await writeSettings(unit, parsed.data as Partial<EditableSettings>);
  const keys = Object.keys(parsed.data);
  await recordAudit(unit, { actorId, action: 'settings-edited', details: { keys: keys.join(' ') } });
  unit.emit({ type: 'instance-updated' });
}

/** Writes without looking at the values; for the commands of this folder and the set-up. */
export async function writeSettings(unit: Pick<Unit, 'tx'>, values: Partial<Settings>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) await writeSetting(unit, key, value);
  }
}

async function writeSetting({ tx }: Pick<Unit, 'tx'>, key: string, value: unknown): Promise<void> {
  await tx.hot(
    'insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value',
    key,
    JSON.stringify(value),
  );
}
