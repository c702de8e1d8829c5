import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Another folder than `dist`, for whoever builds apart from somebody who runs it; how old it is, is then theirs to know. */
const OWN_BUNDLE = process.env['BUNDLE'];
const BUNDLE = OWN_BUNDLE ?? join(ROOT, 'dist');

/**
 * The words after `node` in `npm start`: flags and program.
 * @throws when there is no bundle, or the sources are newer than it.
 */
export function startArguments(): string[] {
  const program = join(BUNDLE, 'main.js');
  if (!existsSync(program)) throw new Error(`There is no ${program}: run "npm run build" first.`);
  if (OWN_BUNDLE === undefined) refuseOldBundle(program);
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const [node, ...words] = scripts.start.split(/\s+/);
  if (node !== 'node' || words.at(-1) !== 'dist/main.js')
    throw new Error(`"npm start" is not a plain node: ${scripts.start}`);
  return [...words.slice(0, -1), program];
}

function refuseOldBundle(program: string): void {
  const built = statSync(program).mtimeMs;
  const newer = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    // Assets are read from where they lie, not from the bundle.
    .filter((entry) => entry.isFile() && /\.(?:tsx?|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .find((file) => statSync(file).mtimeMs > built);
  if (newer) throw new Error(`${newer} is newer than ${program}: run "npm run build" first.`);
}
