import { defineConfig } from 'vitest/config';

/*
 * Every test of the domain and the doors runs twice: on SQLite and on PostgreSQL (PGlite, in process).
 * Tests that touch no database run once, in the `sqlite` project.
 */
const onBothEngines = ['test/domain/**', 'test/stories/**', 'test/db/**', 'test/web/**'];
const suites = ['test/browser/**', 'test/long/**', 'test/faults/**', 'test/bench/**', 'test/processes/**'];
const include = ['test/**/*.test.ts', 'test/**/*.test.tsx'];

const shared = {
  expect: { requireAssertions: true },
  server: { deps: { inline: [/drizzle-orm/] } },
  testTimeout: 90_000,
  hookTimeout: 90_000,
};

/** The files of one worker share its modules: they keep nothing between tests, and loading them takes half of the time. */
const together = { isolate: false };

const engine = process.env['TEST_DATABASE_URL'] ? 'postgresql' : 'pglite';

export default defineConfig({
  test: {
    // As many files at a time as there are processors; vitest would leave one of them idle.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          ...shared,
          ...together,
          name: 'sqlite',
          include,
          exclude: [...suites, 'node_modules/**'],
          env: { TEST_ENGINE: 'sqlite' },
        },
      },
      {
        test: {
          ...shared,
          ...together,
          name: 'postgresql',
          include: onBothEngines.map((folder) => `${folder}/*.test.ts*`.replace('**/', '**/')),
          exclude: ['node_modules/**'],
          env: { TEST_ENGINE: engine },
        },
      },
      ...['browser', 'long', 'faults', 'processes'].map((name) => ({
        test: {
          ...shared,
          name,
          include: [`test/${name}/**/*.test.ts`],
          env: { TEST_ENGINE: 'sqlite' },
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Most of the long tests wait, and a browser has one processor to itself; the others measure.
          fileParallelism: name === 'long' || name === 'browser',
          // What is concurrent there is pages of one browser: one is drawn while others are asked for.
          maxConcurrency: 3,
        },
      })),
    ],
  },
});
