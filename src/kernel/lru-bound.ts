/**
 * Bounds an `LRUCache` by how many it holds. Its own `max` sets room for all of them aside at once, which for the caches
 * of one instance takes 20 ms and some megabytes; so bounded, it grows with what it holds.
 */
export function atMost(entries: number): { maxSize: number; sizeCalculation: () => number } {
  return { maxSize: entries, sizeCalculation: () => 1 };
}
