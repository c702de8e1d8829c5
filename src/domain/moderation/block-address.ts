import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { requireActor, type StaffInput } from '#domain/moderation/staff-actor.ts';
import { invalid, notFound, tooMany } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { parseAddress } from '#kernel/networks.ts';

/** Wider than these, a block would hold whole providers or countries. */
const PREFIX_MIN = { 32: 8, 128: 16 } as const;

/**
 * Keeps a network address, or a network, from signing up and logging in until a given time. Returns the block's id.
 * @throws not-allowed; invalid for what is no network, too wide a one, or an end in the past; too-many.
 */
export async function blockAddress(
  unit: Unit,
  input: StaffInput & { cidr: string; comment: string; expiresAt: number },
): Promise<number> {
  await requireActor(unit, input, 'blocks.edit');
  const cidr = readNetwork(input.cidr);
  if (input.expiresAt <= unit.now) throw invalid('block-end-past', 'expiresAt');
  const { addressBlocks } = unit.schema;
  if ((await unit.tx.$count(addressBlocks)) >= limits.addressBlocks) {
    throw tooMany('address-blocks-too-many', { max: limits.addressBlocks });
  }
  const id = unit.newId();
  const comment = input.comment.trim().slice(0, limits.reportCharacters);
  await unit.tx.insert(addressBlocks).values({ id, cidr, comment, createdAt: unit.now, expiresAt: input.expiresAt });
  await recordAudit(unit, {
    actorId: input.actorId,
    action: 'address-blocked',
    target: `address:${id}`,
    details: { cidr },
  });
  return id;
}

/** @throws not-allowed, not-found. */
export async function unblockAddress(unit: Unit, input: StaffInput & { blockId: number }): Promise<void> {
  await requireActor(unit, input, 'blocks.edit');
  const [gone] = await unit.tx.hot<{ cidr: string }>(
    'delete from address_blocks where id = $1 returning cidr',
    input.blockId,
  );
  if (!gone) throw notFound();
  await recordAudit(unit, {
    actorId: input.actorId,
    action: 'address-unblocked',
    target: `address:${input.blockId}`,
    details: { cidr: gone.cidr },
  });
}

function readNetwork(typed: string): string {
  const [text = '', prefix, ...rest] = typed.trim().split('/');
  const address = parseAddress(text);
  if (!address || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) {
    throw invalid('network-malformed', 'cidr');
  }
  const length = prefix === undefined ? address.bits : Number(prefix);
  if (length > address.bits) throw invalid('network-malformed', 'cidr');
  if (length < PREFIX_MIN[address.bits]) throw invalid('network-too-wide', 'cidr', { min: PREFIX_MIN[address.bits] });
  return `${text.replace(/^\[|\]$|%.*$/g, '')}/${length}`;
}
