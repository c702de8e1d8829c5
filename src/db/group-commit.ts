import type Sqlite from 'better-sqlite3';
import { runInsideWrite } from '#db/write-scope.ts';
import { monotonicMs } from '#kernel/clock.ts';

/** How many works one transaction takes in, and for how long: whoever came first waits for all of them. */
const WORKS_MAX = 64;
const TAKING_MS = 10;

interface Waiting {
  work(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export interface GroupCommit {
  write<T>(work: () => Promise<T>): Promise<T>;
  /** How many times it has committed, or has tried to. */
  count(): number;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

/**
 * Runs write transactions on the only writing connection, one after the other. Those that wait at the same time are
 * committed together: it is the disk's promise that costs, and one COMMIT asks for it once, however many there are.
 * Each stands or falls by itself, and nobody is answered before the COMMIT has returned.
 */
export function createGroupCommit(writer: Sqlite.Database): GroupCommit {
  const waiting: Waiting[] = [];
  const statements = {
    begin: writer.prepare('BEGIN IMMEDIATE'),
    savepoint: writer.prepare('SAVEPOINT work'),
    release: writer.prepare('RELEASE work'),
    undo: writer.prepare('ROLLBACK TO work'),
    commit: writer.prepare('COMMIT'),
    rollback: writer.prepare('ROLLBACK'),
  };
  let turning: Promise<void> | null = null;
  let count = 0;

  const turn = async () => {
    while (waiting.length > 0) {
      // Whatever else is ready to run may bring more to commit.
      await new Promise(setImmediate);
      await commitGroup();
    }
    turning = null;
  };

  async function commitGroup(): Promise<void> {
    const answers: (() => void)[] = [];
    const written: Waiting[] = [];
    try {
      statements.begin.run();
    } catch (error) {
      // Another process has held the database for longer than anyone should wait.
      for (const one of waiting.splice(0)) one.reject(error);
      return;
    }
    try {
      await runAll(written, answers);
      if (writer.inTransaction) statements.commit.run();
    } catch (error) {
      if (writer.inTransaction) statements.rollback.run();
      for (const one of written) one.reject(error);
    }
    count += 1;
    // Too late for those that have been rejected.
    for (const answer of answers) answer();
  }

  /** @throws when the transaction is lost, and with it what others have written. */
  async function runAll(written: Waiting[], answers: (() => void)[]): Promise<void> {
    const until = monotonicMs() + TAKING_MS;
    for (let taken = 0; taken < WORKS_MAX && (taken === 0 || monotonicMs() < until); taken += 1) {
      const next = waiting.shift();
      if (!next) return;
      if (taken > 0) statements.savepoint.run();
      try {
        const value = await runInsideWrite(next.work);
        if (taken > 0) statements.release.run();
        written.push(next);
        answers.push(() => next.resolve(value));
      } catch (error) {
        answers.push(() => next.reject(error));
        // After SQLITE_FULL the transaction is already rolled back.
        if (!writer.inTransaction) throw error;
        if (taken === 0) {
          statements.rollback.run();
          return;
        }
        statements.undo.run();
        statements.release.run();
      }
    }
  }

  return {
    write: <T>(work: () => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: resolve, reject });
        turning ??= turn();
      }),
    count: () => count,
    async idle() {
      // eslint-disable-next-line no-unmodified-loop-condition -- a turn ends it
      while (turning) await turning;
    },
  };
}
