import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import type { FilesToRemove } from '#domain/media/media-storage.ts';
import { purgeHostMedia } from '#domain/media/purge-host-media.ts';
import { requireActor, type StaffInput } from '#domain/moderation/staff-actor.ts';
import { readDomain } from '#domain/relationships/relationships.policy.ts';
import { invalid } from '#kernel/errors.ts';

/**
 * Forgets the copies of a domain's media and gives the files to remove; while `more`, it is to be called again.
 * @throws not-allowed, invalid for what is no domain.
 */
export async function purgeRemoteMedia(
  unit: Unit,
  input: StaffInput & { domain: string },
): Promise<FilesToRemove & { more: boolean }> {
  await requireActor(unit, input, 'domains.edit');
  const domain = readDomain(input.domain);
  if (domain === null) throw invalid('domain-malformed', 'domain');
  const purged = await purgeHostMedia(unit, { domain });
  await recordAudit(unit, {
    actorId: input.actorId,
    action: 'media-purged',
    target: `domain:${domain}`,
    details: { files: purged.cache.length },
  });
  return purged;
}
