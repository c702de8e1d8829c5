import { and, eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { requireStaff } from '#domain/membership/member.ts';
import { invalid, tooMany } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { foldReadableCode, newReadableCode } from '#kernel/tokens.ts';

export interface NewInvite {
  creatorId: number;
  /** For whom it is; only staff sees it. */
  comment: string;
  /** Null for any number. */
  usesMax: number | null;
  /** From now, in milliseconds; null for no end. */
  lifeMs: number | null;
}

/** Makes an invite and returns its code. @throws not-allowed, invalid, too-many. */
export async function createInvite(unit: Unit, input: NewInvite): Promise<{ id: number; code: string }> {
  await requireStaff(unit, input.creatorId, 'invites.create');
  const { usesMax, lifeMs } = input;
  if (usesMax !== null && (!Number.isInteger(usesMax) || usesMax < 1 || usesMax > limits.inviteUses)) {
    throw invalid('too-large', 'usesMax', { max: limits.inviteUses });
  }
  if (lifeMs !== null && (lifeMs <= 0 || lifeMs > limits.inviteLifeMs)) throw invalid('malformed', 'lifeMs');
  const comment = input.comment.trim();
  if (comment.length > limits.inviteCommentCharacters) {
    throw invalid('too-long', 'comment', { max: limits.inviteCommentCharacters });
  }
  const { invites } = unit.schema;
  const own = await unit.tx.$count(invites, and(eq(invites.creatorId, input.creatorId), isNull(invites.revokedAt)));
  if (own >= limits.invitesPerMember) throw tooMany('too-many-invites', { max: limits.invitesPerMember });

  const id = unit.newId();
  const code = foldReadableCode(newReadableCode(4));
  const expiresAt = lifeMs === null ? null : unit.now + lifeMs;
  await unit.tx
    .insert(invites)
    .values({ id, code, creatorId: input.creatorId, comment, usesMax, createdAt: unit.now, expiresAt });
  await recordAudit(unit, { actorId: input.creatorId, action: 'invite-created', target: `invite:${id}` });
  return { id, code };
}
