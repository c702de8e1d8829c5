import { Pool } from 'undici';
import type { Measured } from './server.ts';

export interface Call {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

/** Connections of one caller, a peer's usual share; more would only queue on the one event loop. */
const CONNECTIONS = 16;

/**
 * Makes the calls over kept-alive connections, side by side.
 * @throws when one is answered otherwise than with `status`: a refusal is quick, and its speed is worth nothing.
 */
export async function drive(server: Measured, calls: readonly Call[], status: number): Promise<void> {
  const pool = new Pool(`http://127.0.0.1:${server.port}`, { connections: CONNECTIONS });
  const waiting = calls.values();
  const work = async () => {
    for (const call of waiting) {
      const answer = await pool.request({ ...call, body: call.body ?? null });
      const text = await answer.body.text();
      if (answer.statusCode !== status) {
        throw new Error(`${call.method} ${call.path} answers ${answer.statusCode}: ${text.slice(0, 300)}`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
  } finally {
    await pool.close();
  }
}

/** CPU of the server per operation while `work` runs, in milliseconds. */
export async function costOf(server: Measured, operations: number, work: () => Promise<void>): Promise<number> {
  const before = server.cpuMs();
  await work();
  return (server.cpuMs() - before) / operations;
}

export function repeat<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
