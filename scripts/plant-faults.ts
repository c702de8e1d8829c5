import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULTS, type Fault } from '../test/faults/faults.ts';

/*
 * Breaks one promise after the other in a copy of the tree, and expects the named test to turn red. A test that stays
 * green guards nothing. Use: npm run test:faults [-- <part of a promise>]
 */
const ROOT = new URL('..', import.meta.url).pathname;
const COPIED = [
  'src',
  'test',
  'migrations',
  'themes',
  'docs',
  'scripts',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

interface Verdict {
  failed: string[];
  total: number;
}

function main(): void {
  const wanted = process.argv[2] ?? '';
  const faults = FAULTS.filter(({ promise }) => promise.includes(wanted));
  const folder = mkdtempSync(join(tmpdir(), 'estrade-faults-'));
  let missed = 0;
  try {
    for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const fault of faults) {
      const problem = plant(folder, fault);
      if (problem) missed += 1;
      console.log(`${problem ? 'MISSED' : 'caught'}  ${fault.promise}${problem ? `: ${problem}` : ''}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${faults.length - missed} passed, ${missed} failed`);
  process.exitCode = missed > 0 || faults.length === 0 ? 1 : 0;
}

/** Null when the test noticed, else why it did not. */
function plant(folder: string, fault: Fault): string | null {
  const file = join(folder, fault.file);
  const sound = readFileSync(file, 'utf8');
  if (sound.split(fault.find).length !== 2) return `the line is not once in ${fault.file}`;
  writeFileSync(
    file,
    sound.replace(fault.find, () => fault.plant),
  );
  try {
    const verdict = runTest(folder, fault.test);
    if (verdict.total === 0) return 'no test ran';
    const noticed = verdict.failed.some((name) => name.includes(fault.title));
    return noticed ? null : `no test "${fault.title}" turned red (${verdict.failed.length} others did)`;
  } finally {
    writeFileSync(file, sound);
  }
}

function runTest(folder: string, test: string): Verdict {
  const output = join(folder, 'report.json');
  rmSync(output, { force: true });
  const reporting = ['--reporter', 'json', '--outputFile', output];
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'sqlite', ...reporting, test], {
    cwd: folder,
    stdio: 'ignore',
    timeout: 120_000,
  });
  if (!existsSync(output)) return { failed: [], total: 0 };
  const report = JSON.parse(readFileSync(output, 'utf8')) as {
    testResults: { message: string; assertionResults: { fullName: string; status: string }[] }[];
  };
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const broken = report.testResults.filter(({ message }) => message).map(({ message }) => message);
  return {
    failed: [...results.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName), ...broken],
    total: results.length,
  };
}

main();
