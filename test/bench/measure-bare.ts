import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { Line } from './report.ts';
import { costOf, drive, repeat } from './drive.ts';
import { startBareServer } from './server.ts';

/** What nothing here can be cheaper than. */
export async function measureBare(): Promise<Line[]> {
  const server = await startBareServer();
  try {
    const get = { method: 'GET', path: '/bare', headers: {} } as const;
    const post = { method: 'POST', path: '/bare', headers: {}, body: Buffer.alloc(2400, 'x') } as const;
    await drive(server, [...repeat(1000, () => get)], 200);
    const getMs = await costOf(server, 6000, () => drive(server, repeat(6000, () => get), 200));
    await drive(server, repeat(500, () => post), 202);
    const postMs = await costOf(server, 3000, () => drive(server, repeat(3000, () => post), 202));
    return [
      { what: 'a bare Hono route (GET)', measured: getMs, unit: 'ms', cpu: true },
      { what: 'a bare Hono route (POST of 2.4 KB)', measured: postMs, unit: 'ms', cpu: true },
      { what: 'crypto.verify of RSA 2048 over SHA-256', measured: verifyMs(), unit: 'ms', cpu: true },
      { what: 'crypto.sign of the same', measured: signMs(), unit: 'ms', cpu: true },
    ];
  } finally {
    await server.stop();
  }
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
