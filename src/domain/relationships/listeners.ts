import { idsIn, textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { policyOfHome } from '#domain/relationships/instance-domain-policy.ts';
import { namesOfHome, type Home } from '#domain/relationships/relationships.policy.ts';

interface Speaker extends Home {
  limited: boolean;
}

/**
 * Those of the accounts that want to hear from one: local and active; no block either way, none of its domain; no mute,
 * or, for notifications, none that hides them. A limited account is heard by those who follow it, a suspended one by
 * nobody.
 */
export async function listenersOf(
  unit: Unit,
  speakerId: number,
  ids: readonly number[],
  mutes: 'all' | 'hiding-notifications',
): Promise<number[]> {
  const speaker = ids.length === 0 ? null : await findSpeaker(unit, speakerId);
  if (!speaker) return [];
  const rows = await unit.tx.hot<{ id: number }>(
    `select r.id from accounts r
     where r.id in ${idsIn(unit.engine, '$1')} and r.domain = '' and r.kind <> 'application'
       and r.suspended_at is null and r.deleted_at is null
       and not exists (select 1 from blocks x where x.blocker_id = r.id and x.blocked_id = $2)
       and not exists (select 1 from blocks x where x.blocker_id = $2 and x.blocked_id = r.id)
       and not exists (select 1 from mutes x where x.muter_id = r.id and x.muted_id = $2 and x.hide_notifications >= $3
                       and (x.expires_at is null or x.expires_at > $4))
       and not exists (select 1 from domain_blocks x where x.account_id = r.id
                       and x.domain in ${textsIn(unit.engine, '$5')})
       and ($6 = 0 or exists (select 1 from follows x where x.follower_id = r.id and x.followee_id = $2
                              and x.state = 'accepted'))
     order by r.id`,
    JSON.stringify(ids),
    speakerId,
    mutes === 'all' ? 0 : 1,
    unit.now,
    JSON.stringify(namesOfHome(speaker)),
    speaker.limited ? 1 : 0,
  );
  return rows.map((row) => row.id);
}

async function findSpeaker(unit: Unit, id: number): Promise<Speaker | null> {
  const rows = await unit.tx.hot<Home & { limited_at: number | null }>(
    'select domain, host, limited_at from accounts where id = $1 and suspended_at is null and deleted_at is null',
    id,
  );
  const [row] = rows;
  if (!row) return null;
  const { severity } = await policyOfHome({ read: unit.tx, engine: unit.engine }, row);
  if (severity === 'suspend') return null;
  return { domain: row.domain, host: row.host, limited: row.limited_at !== null || severity === 'limit' };
}
