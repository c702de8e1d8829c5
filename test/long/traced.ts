import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../processes/server.ts';

/** Of Debian's package `strace`. */
const STRACE = '/usr/bin/strace';
const ATTACHED_WITHIN_MS = 10_000;

/** An HTTP answer that left the process, and how the database's log stood at that moment. */
export interface Answer {
  status: number;
  /** Writes to the log since the answer before. */
  written: number;
  /** Whether all that had been written to the log had also been synced to the disk. */
  synced: boolean;
}

/**
 * Watches the system calls of a process until `stop`. Its main thread alone: there the database is written and requests
 * are answered, so the calls come in the order in which they were made.
 * @throws when there is no strace, or the system does not let one process look at another.
 */
export async function trace(pid: number): Promise<{ stop(): Promise<Answer[]> }> {
  if (!existsSync(STRACE)) throw new Error(`There is no ${STRACE}: install Debian's package strace.`);
  const folder = mkdtempSync(join(tmpdir(), 'estrade-trace-'));
  const file = join(folder, 'calls');
  const calls = 'trace=write,writev,pwrite64,pwritev,fsync,fdatasync,sendto,sendmsg';
  const child = spawn(STRACE, ['-y', '-s', '32', '-e', calls, '-o', file, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  const deadline = Date.now() + ATTACHED_WITHIN_MS;
  while (!/ attached\b/.test(said)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`strace does not attach: ${said}`);
    }
    await pause(20);
  }
  return {
    async stop() {
      // Detaches, and leaves the process running.
      child.kill('SIGINT');
      await ended;
      const answers = answersIn(readFileSync(file, 'utf8'));
      rmSync(folder, { recursive: true, force: true });
      return answers;
    },
  };
}

function answersIn(calls: string): Answer[] {
  const answers: Answer[] = [];
  let written = 0;
  let synced = true;
  for (const call of calls.split('\n')) {
    if (/^p?writev?(?:64)?\(\d+<[^>]*-wal>/.test(call)) {
      written += 1;
      synced = false;
    } else if (/^f(?:data)?sync\(\d+<[^>]*-wal>\)\s*= 0/.test(call)) {
      synced = true;
    } else {
      const status = /^(?:writev?|sendto|sendmsg)\(\d+<(?:socket|TCP).*?"HTTP\/1\.1 (\d{3})/.exec(call)?.[1];
      if (status === undefined) continue;
      answers.push({ status: Number(status), written, synced });
      written = 0;
    }
  }
  return answers;
}
