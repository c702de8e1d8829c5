import { importsOf } from './imports.ts';
import { lineOf } from './source.ts';
import type { Source } from './source.ts';

/** What only some files may do, whatever their layer may import. */
interface Fence {
  what: string;
  /** Files inside the fence. */
  inside: RegExp;
  modules?: RegExp;
  /** Words in the code; comments and strings do not count. */
  words?: RegExp;
}

/** Runs in browsers, not here: it has the browser's own clock and fetch. */
const ISLANDS = 'src/web/assets/';

const FENCES: Fence[] = [
  { what: 'Fedify', inside: /^src\/federation\//, modules: /^@fedify\// },
  {
    what: 'the web server',
    inside: /^src\/(main\.ts$|app\.tsx?$)/,
    modules: /^@hono\//,
  },
  {
    what: 'Hono',
    inside: /^src\/(app\.tsx?$|api\/|web\/|federation\/mount\.ts$)/,
    modules: /^hono($|\/)/,
  },
  {
    what: 'the environment',
    inside: /^src\/config\//,
    modules: /^node:process$/,
    words: /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[|\}\s*=\s*process\b|\bimport\.meta\.env\b/g,
  },
  {
    what: 'the clock and chance',
    inside: new RegExp(`^src/kernel/|^${ISLANDS}`),
    modules: /^node:perf_hooks$/,
    words:
      /\bDate\s*\.\s*now\b|\bnew\s+Date\b(?!\s*\(\s*[^\s)])|(?<!new\s+)(?<![\w$.])Date\s*\(|\bMath\s*\.\s*random\b|\bperformance\s*\.\s*now\b|\bTemporal\s*\.\s*Now\b|\bprocess\s*\.\s*hrtime\b/g,
  },
  {
    what: 'fetch',
    inside: new RegExp(
      `^src/federation/(egress|loaders|resolve|send|sender|deliver|delivery|nodeinfo)([/.-]|$)|^src/ports/|^${ISLANDS}`,
    ),
    modules: /^undici$/,
    // A member of ours (`app.fetch`) and a key (`{ fetch: … }`) are not the global.
    words:
      /\b(?:globalThis|window|self)\s*\.\s*fetch\b|(?<![\w$.])fetch\b(?!\s*\??\s*:)|\bnew\s+(?:WebSocket|EventSource|XMLHttpRequest)\b/g,
  },
  {
    what: 'a database driver',
    inside: /^src\/db\//,
    modules:
      /^(better-sqlite3|pg|pg-native|@electric-sql\/pglite|node:sqlite)($|\/)|^drizzle-orm\/(better-sqlite3|node-postgres|pglite|postgres-js|libsql|migrator)/,
  },
  { what: "a driver's own transaction", inside: /^src\/db\//, words: /\.\s*transaction\s*(<[^>]*>)?\s*\(/g },
  // `net` and `dns` judge addresses where we connect; clients on `node:http` would escape the egress check.
  {
    what: 'node:net, node:dns',
    inside: /^src\/(config|federation\/egress)/,
    modules: /^node:(net|dns|dns\/promises)$/,
  },
  {
    what: 'node:http and its kind',
    inside: /^src\/main\.ts$/,
    modules: /^node:(http|https|http2|tls|dgram)$/,
  },
];

/** Every step over a fence, one line each. Types pass: they are gone when the program runs. */
export function fenceFaults(source: Source): string[] {
  const { imports } = importsOf(source);
  return FENCES.filter((fence) => !fence.inside.test(source.path)).flatMap((fence) => {
    const imported = imports.filter((one) => fence.modules?.test(one.module ?? '') && !isBuiltinType(one));
    const words = fence.words ? [...source.code.matchAll(fence.words)] : [];
    const lines = [...imported.map((one) => one.line), ...words.map((match) => lineOf(source, match.index))];
    return lines.map((line) => `${source.path}:${line}: ${fence.what} belongs elsewhere`);
  });
}

/** Types of Node's own modules do no harm; those of a fenced package would carry its words out. */
function isBuiltinType(one: { typeOnly: boolean; module: string | null }): boolean {
  return one.typeOnly && one.module?.startsWith('node:') === true;
}
