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
  words?: RegExp[];
}

/** Runs in browsers, not here: it has the browser's own clock and fetch. */
const ISLANDS = 'src/web/assets/';

const FENCES: Fence[] = [
  { what: 'Fedify', inside: /^src\/federation\//, modules: /^@fedify\// },
  {
    what: 'the web server',
    inside: /^src\/(main\.ts$|app\.tsx?$|demo\/instances\.ts$|federation\/mount(\.ts$|\/))/,
    modules: /^@hono\//,
  },
  {
    what: 'Hono',
    inside: /^src\/(app\.tsx?$|doors\.ts$|api\/|web\/|federation\/mount(\.ts$|\/))/,
    modules: /^hono($|\/)/,
  },
  {
    what: 'the environment',
    inside: /^src\/config\//,
    modules: /^node:process$/,
    words: [/\bprocess\s*(\?\.|\.)\s*env\b/g, /\bprocess\s*\[/g, /\}\s*=\s*process\b/g, /\bimport\.meta\.env\b/g],
  },
  {
    what: 'the clock and chance',
    inside: new RegExp(`^src/kernel/|^${ISLANDS}`),
    modules: /^node:perf_hooks$/,
    words: [
      /\bDate\s*\.\s*now\b/g,
      // Without a moment between the brackets, or without brackets.
      /\bnew\s+Date\b(?!\s*\(\s*[^\s)])/g,
      /(?<!new\s+)(?<![\w$.])Date\s*\(/g,
      /\bMath\s*\.\s*random\b/g,
      /\bperformance\s*\.\s*now\b/g,
      /\bTemporal\s*\.\s*Now\b/g,
      /\bprocess\s*\.\s*hrtime\b/g,
    ],
  },
  {
    what: 'fetch',
    inside: new RegExp(
      `^src/federation/(egress|loaders|resolve|send|sender|deliver|delivery|nodeinfo)([/.-]|$)|^src/ports/|^${ISLANDS}`,
    ),
    modules: /^undici$/,
    // A member of ours (`app.fetch`) and a key (`{ fetch: … }`) are not the global.
    words: [
      /\b(?:globalThis|window|self)\s*\.\s*fetch\b/g,
      /(?<![\w$.])fetch\b(?!\s*\??\s*:)/g,
      /\bnew\s+(?:WebSocket|EventSource|XMLHttpRequest)\b/g,
    ],
  },
  {
    what: 'a database driver',
    inside: /^src\/db\//,
    modules: new RegExp(
      [
        '^(better-sqlite3|pg|pg-native|@electric-sql/pglite|node:sqlite)($|/)',
        '^drizzle-orm/(better-sqlite3|node-postgres|pglite|postgres-js|libsql)',
      ].join('|'),
    ),
  },
  { what: "a driver's own transaction", inside: /^src\/db\//, words: [/\.\s*transaction\s*(<[^>]*>)?\s*\(/g] },
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
    const words = (fence.words ?? []).flatMap((word) => [...source.code.matchAll(word)]);
    const lines = [...imported.map((one) => one.line), ...words.map((match) => lineOf(source, match.index))];
    return lines.map((line) => `${source.path}:${line}: ${fence.what} belongs elsewhere`);
  });
}

/** Types of Node's own modules do no harm; those of a fenced package would carry its words out. */
function isBuiltinType(one: { typeOnly: boolean; module: string | null }): boolean {
  return one.typeOnly && one.module?.startsWith('node:') === true;
}
