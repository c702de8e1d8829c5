/**
 * What makes a post `p` that arrived before $1 one that nobody here would miss, as SQL: by nobody here, and neither
 * answered, boosted, favourited, bookmarked, pinned, reported or voted in here, nor about anybody here. Its thread
 * counts as a whole: while it goes on, or somebody here is in it, all of it stays. A boost that arrived later keeps it
 * in timelines, and so here.
 *
 * The plus and the cross joins keep SQLite from beginning at all remote posts, or at everybody here.
 */
export const UNTOUCHED = `+p.local = 0 and p.boost_of_id is null and p.received_at < $1
  and not exists (select 1 from posts t where t.thread_id = p.thread_id and (t.local = 1 or t.received_at >= $1))
  and not exists (select 1 from posts b where b.boost_of_id = p.id and (b.local = 1 or b.received_at >= $1))
  and not exists (select 1 from favourites f cross join accounts a
    where f.post_id = p.id and a.id = f.account_id and a.domain = '')
  and not exists (select 1 from post_mentions m cross join accounts a
    where m.post_id = p.id and a.id = m.account_id and a.domain = '')
  and not exists (select 1 from poll_ballots v where v.post_id = p.id)
  and not exists (select 1 from pins i where i.account_id = p.author_id and i.post_id = p.id)
  and not exists (select 1 from bookmarks k where k.post_id = p.id)`;
