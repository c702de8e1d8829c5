import type { Unit } from '#db/unit.ts';

/** Closes what has run out, at most `most` polls, and returns how many there were. */
export async function closePolls(unit: Unit, { most }: { most: number }): Promise<number> {
  const rows = await unit.tx.hot<{ post_id: number; author_id: number }>(
    `select q.post_id, p.author_id from polls q join posts p on p.id = q.post_id
     where q.closed_at is null and q.expires_at <= $1 order by q.expires_at limit $2`,
    unit.now,
    most,
  );
  for (const row of rows) {
    await unit.tx.hot('update polls set closed_at = $1 where post_id = $2', unit.now, row.post_id);
    await unit.tx.hot('update posts set version = version + 1 where id = $1', row.post_id);
    unit.emit({ type: 'poll-ended', postId: row.post_id, authorId: row.author_id });
  }
  return rows.length;
}
