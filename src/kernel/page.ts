/** A window on a list that is sorted by id, newest first. */
export interface PageRequest {
  /** Older than this id. */
  before: number | null;
  /** Newer than this id. */
  after: number | null;
  limit: number;
}

export interface Page<T> {
  items: T[];
  /** Pass as `before` to get the next (older) page; null when this page is the last. */
  nextBefore: number | null;
}

export function firstPage(limit: number): PageRequest {
  return { before: null, after: null, limit };
}

/** Makes a page of rows that were asked for with one row more than `limit`. */
export function pageOf<T extends { id: number }>(rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextBefore: rows.length > limit && last ? last.id : null };
}
