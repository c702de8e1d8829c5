import { DrizzleQueryError } from 'drizzle-orm';

/** A query that the database refused. Its cause is the driver's error. */
export class QueryFailed extends Error {
  override name = 'QueryFailed';
}

/**
 * The same failure without the values of the query: Drizzle writes them into its message, and from there posts, mail
 * addresses and hashes of passwords would get into logs and onto the page of failed jobs.
 */
export function withoutValues(error: unknown): unknown {
  if (!(error instanceof DrizzleQueryError)) return error;
  const why = error.cause instanceof Error ? error.cause.message : 'refused';
  return new QueryFailed(`${why}: ${error.query}`, { cause: error.cause });
}
