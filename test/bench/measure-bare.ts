import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { Line } from './report.ts';
import { costOf, drive, repeat } from './drive.ts';
import { startBareServer } from './server.ts';

export interface Bare {
  /** What a bare route costs now, in milliseconds. */
  routeMs(): Promise<number>;
  /** What an RSA signature costs now, in milliseconds. */
  signMs(): number;
  /** What nothing here can be cheaper than. */
  lines(): Promise<Line[]>;
  stop(): Promise<void>;
}

export async function openBare(): Promise<Bare> {
  const server = await startBareServer();
  const get = { method: 'GET', path: '/bare', headers: {} } as const;
  const post = { method: 'POST', path: '/bare', headers: {}, body: Buffer.alloc(2400, 'x') } as const;
  const cost = (call: typeof get | typeof post, count: number, status: number) =>
    costOf(server, count, () =>
      drive(
        server,
        repeat(count, () => call),
        status,
      ),
    );
  await cost(get, 1000, 200);
  await cost(post, 500, 202);
  return {
    routeMs: () => cost(get, 3000, 200),
    signMs,
    async lines() {
      return [
        { what: 'a bare Hono route (GET)', measured: await cost(get, 6000, 200), unit: 'ms', cpu: true },
        { what: 'a bare Hono route (POST of 2.4 KB)', measured: await cost(post, 3000, 202), unit: 'ms', cpu: true },
        { what: 'crypto.verify of RSA 2048 over SHA-256', measured: verifyMs(), unit: 'ms', cpu: true },
        { what: 'crypto.sign of the same', measured: signMs(), unit: 'ms', cpu: true, signatures: 1 },
      ];
    },
    stop: () => server.stop(),
  };
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const text = createHash('sha512').update('bench').digest();

function verifyMs(): number {
  const signature = sign('sha256', text, pair.privateKey);
  return ownCostOf(3000, () => void verify('sha256', text, pair.publicKey, signature));
}

function signMs(): number {
  return ownCostOf(500, () => void sign('sha256', text, pair.privateKey));
}

/** CPU of this process for each of `count` calls, in milliseconds. */
function ownCostOf(count: number, work: () => void): number {
  const before = process.cpuUsage();
  for (let done = 0; done < count; done += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}
