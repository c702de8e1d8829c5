import type { Line } from './report.ts';
import { costOf, drive, repeat, type Call } from './drive.ts';
import type { Town } from './population.ts';
import type { Measured } from './server.ts';

const CALLS = 4000;
/**
 * Until the engine has compiled what a request runs through, as it has for the bare route by then: of 24,000 requests
 * the first 13,000 cost twice what the others do. A server pays for that once in its life.
 */
const WARM_UP = 15_000;

/** Documents of ActivityPub that somebody has asked for before. */
export async function measureDocuments(town: Town, server: Measured): Promise<Line[]> {
  const line = async (what: string, path: string, accept: string, gate?: number): Promise<Line> => {
    const call: Call = { method: 'GET', path, headers: { host: town.site.host, accept } };
    await drive(
      server,
      repeat(WARM_UP, () => call),
      200,
    );
    const measured = await costOf(server, CALLS, () =>
      drive(
        server,
        repeat(CALLS, () => call),
        200,
      ),
    );
    return { what, measured, unit: 'ms', cpu: true, ...(gate === undefined ? {} : { gate }) };
  };
  const document = 'application/activity+json';
  return [
    await line('GET /healthz', '/healthz', '*/*'),
    await line('GET an actor (cached)', `/users/${town.star.handle}`, document, 0.1),
    await line('GET a note (cached)', new URL(town.star.postUri).pathname, document, 0.1),
  ];
}
