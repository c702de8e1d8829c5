import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { evictCachedMedia } from '#domain/media/evict-cached-media.ts';
import type { FilesToRemove } from '#domain/media/media-storage.ts';
import { requireActor, type StaffInput } from '#domain/moderation/staff-actor.ts';

/**
 * Forgets the copies of remote media, the least recently used first, until the rest has room in `bytesMax`, and gives
 * the files to remove; while `more`, it is to be called again. What is looked at later is fetched anew.
 * @throws not-allowed.
 */
export async function emptyMediaCache(
  unit: Unit,
  input: StaffInput & { bytesMax: number },
): Promise<FilesToRemove & { more: boolean }> {
  await requireActor(unit, input, 'instance.edit');
  const gone = await evictCachedMedia(unit, { bytesMax: input.bytesMax });
  await recordAudit(unit, {
    actorId: input.actorId,
    action: 'media-cache-emptied',
    details: { files: gone.cache.length },
  });
  return gone;
}
