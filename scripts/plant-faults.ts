import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
  'rolldown.config.mjs',
  'tsconfig.json',
  'vitest.config.ts',
];

/** Copies in which faults are planted side by side. */
const COPIES = 2;
const RUN_WITHIN_MS = 240_000;

interface Verdict {
  failed: string[];
  total: number;
}

async function main(): Promise<void> {
  const wanted = process.argv[2] ?? '';
  const faults = FAULTS.filter(({ promise }) => promise.includes(wanted));
  const waiting = [...faults];
  let missed = 0;
  const workThrough = async (folder: string) => {
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
      const problem = await plant(folder, fault);
      if (problem) missed += 1;
      console.log(`${problem ? 'MISSED' : 'caught'}  ${fault.promise}${problem ? `: ${problem}` : ''}`);
    }
  };
  await Promise.all(Array.from({ length: COPIES }, () => inCopy(workThrough)));
  console.log(`${faults.length - missed} passed, ${missed} failed`);
  process.exitCode = missed > 0 || faults.length === 0 ? 1 : 0;
}

async function inCopy(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'estrade-faults-'));
  try {
    for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Null when the test noticed, else why it did not. */
async function plant(folder: string, fault: Fault): Promise<string | null> {
  const file = join(folder, fault.file);
  const sound = readFileSync(file, 'utf8');
  if (sound.split(fault.find).length !== 2) return `the line is not once in ${fault.file}`;
  writeFileSync(
    file,
    sound.replace(fault.find, () => fault.plant),
  );
  try {
    const verdict = await runTest(folder, fault);
    if (verdict.total === 0) return 'no test ran';
    const noticed = verdict.failed.some((name) => name.includes(fault.title));
    return noticed
      ? null
      : `no test "${fault.title}" turned red (${verdict.failed.length} others did, of ${verdict.total})`;
  } finally {
    writeFileSync(file, sound);
  }
}

async function runTest(folder: string, { test, title, inBundle }: Fault): Promise<Verdict> {
  const output = join(folder, 'report.json');
  rmSync(output, { force: true });
  // A program that cannot be built would turn everything red, and show nothing.
  if (inBundle && (await run(folder, ['node_modules/rolldown/bin/cli.mjs', '-c'])) !== 0)
    return { failed: [], total: 0 };
  const project = inBundle ? (test.split('/')[1] ?? '') : 'sqlite';
  const reporting = ['--reporter', 'json', '--outputFile', output];
  // The others of the file would prove nothing. A title may begin with that of the suite, after which vitest puts a sign.
  const wanted = ['--testNamePattern', title.replaceAll(/\W+/g, String.raw`\W+`)];
  await run(folder, ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporting, ...wanted, test]);
  if (!existsSync(output)) return { failed: [], total: 0 };
  const report = JSON.parse(readFileSync(output, 'utf8')) as {
    testResults: { message: string; assertionResults: { fullName: string; status: string }[] }[];
  };
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const results = all.filter(({ status }) => status === 'passed' || status === 'failed');
  const broken = report.testResults.filter(({ message }) => message).map(({ message }) => message);
  return {
    failed: [...results.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName), ...broken],
    total: results.length,
  };
}

async function run(folder: string, words: string[]): Promise<number | null> {
  const child = spawn(process.execPath, words, { cwd: folder, stdio: 'ignore', timeout: RUN_WITHIN_MS });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

await main();
