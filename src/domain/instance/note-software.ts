import type { Unit } from '#db/unit.ts';

/** What a server says that it runs; null where it did not say. */
export interface PeerSoftware {
  name: string;
  version: string | null;
}

/** Marks servers as asked for their software, so that no other process asks them on the same day. */
export async function markAsked(unit: Unit, hosts: readonly string[]): Promise<void> {
  for (const host of hosts) await unit.tx.hot('update peers set node_info_at = $1 where host = $2', unit.now, host);
}

/** Writes down what a server runs. */
export async function noteSoftware(unit: Unit, input: { host: string; software: PeerSoftware }): Promise<void> {
  await unit.tx.hot(
    'update peers set software = $1, software_version = $2 where host = $3',
    input.software.name,
    input.software.version,
    input.host,
  );
}
