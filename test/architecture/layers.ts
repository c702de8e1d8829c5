import { importsOf } from './imports.ts';
import type { Import } from './imports.ts';
import type { Source } from './source.ts';

/*
 * Who may import whom. docs/developers/architecture.md tells it in words; these tables are what holds.
 */

type Layer =
  | 'kernel'
  | 'config'
  | 'db'
  | 'domain'
  | 'ports'
  | 'federation'
  | 'api'
  | 'web'
  | 'jobs'
  | 'locales'
  | 'demo'
  | 'cli'
  | 'top';

interface Door {
  /** Layers of which anything may be imported. */
  layers: Layer[];
  /** Single files of other layers. */
  files: RegExp[];
  /** Files of which only types may be imported. */
  types: RegExp[];
  /** Packages and Node modules; null where any will do that no fence holds back. */
  modules: RegExp[] | null;
}

const adapter = (own: Layer, files: RegExp[]): Door => ({
  layers: [own, 'domain', 'kernel', 'locales'],
  files: [/^src\/db\/commit\.ts$/, ...files],
  types: [/^src\/db\//, /^src\/config\//],
  modules: null,
});

const COMPOSITION: Door = {
  layers: ['top', 'kernel', 'config', 'db', 'domain', 'ports', 'federation', 'api', 'web', 'jobs', 'locales'],
  files: [/^package\.json$/],
  types: [],
  modules: null,
};

const DOORS: Record<Layer, Door> = {
  kernel: { layers: ['kernel'], files: [], types: [], modules: [/^node:crypto$/, /^temporal-polyfill$/] },
  config: { layers: ['config', 'kernel'], files: [], types: [], modules: [/^zod$/, /^node:/] },
  db: {
    layers: ['db', 'kernel'],
    // Tables belong to their slices, and what is written to the outbox are their events.
    files: [/^src\/domain\/.*\.tables\.ts$/],
    types: [/^src\/domain\/(.*\.)?events\.ts$/, /^src\/config\//],
    modules: null,
  },
  domain: {
    layers: ['domain', 'kernel'],
    files: [/^src\/db\/(unit|schema|dialect|insert-row)\.ts$/],
    types: [/^src\/db\//],
    modules: [/^drizzle-orm$/, /^zod$/, /^linkify-it$/, /^node:crypto$/],
  },
  ports: {
    layers: ['ports', 'kernel', 'locales'],
    files: [],
    types: [/^src\/domain\//, /^src\/config\//],
    modules: null,
  },
  // Federation keeps Fedify's key-value pairs and queue on our tables, and refuses to fetch inside a command.
  federation: adapter('federation', [/^src\/db\/(dialect|schema|queue|outbox|write-scope)\.ts$/]),
  api: adapter('api', []),
  web: adapter('web', []),
  jobs: adapter('jobs', [/^src\/db\/(schema|queue|outbox|copy-sqlite)\.ts$/]),
  locales: { layers: [], files: [], types: [], modules: [] },
  // Whole instances with people in them: it puts together, as `main` does.
  demo: { ...COMPOSITION, layers: [...COMPOSITION.layers, 'demo'] },
  cli: { ...COMPOSITION, layers: [...COMPOSITION.layers, 'cli'] },
  top: { ...COMPOSITION, layers: [...COMPOSITION.layers, 'demo', 'cli'] },
};

/** Doors that stand open in one file only, each with its reason. */
const NAMED_DOORS: { file: RegExp; imports: RegExp; reason: string }[] = [
  {
    file: /^src\/domain\/.*\.tables\.ts$/,
    imports: /^src\/db\/kit\.ts$/,
    reason: 'tables are written with the column helpers of both engines',
  },
];

function layerOf(path: string): Layer | null {
  if (/^src\/[\w-]+\.tsx?$/.test(path)) return 'top';
  const folder = /^src\/([\w-]+)\//.exec(path)?.[1];
  return folder !== undefined && Object.hasOwn(DOORS, folder) ? (folder as Layer) : null;
}

/** Every import that goes through no door of its layer, one line each. */
export function layerFaults(source: Source): string[] {
  const layer = layerOf(source.path);
  if (layer === null) return [`${source.path}: its folder has no place in the table of layers`];
  const { imports, unreadableLines } = importsOf(source);
  return [
    ...unreadableLines.map((line) => `${source.path}:${line}: an import whose target cannot be read`),
    ...imports
      .filter((one) => !mayImport(source.path, layer, one))
      .map(
        (one) =>
          `${source.path}:${one.line}: ${layer} may not import ${one.typeOnly ? 'types of ' : ''}${one.specifier}`,
      ),
  ];
}

function mayImport(from: string, layer: Layer, one: Import): boolean {
  const door = DOORS[layer];
  const { file, module } = one;
  if (file === null) {
    return door.modules === null || door.modules.some((allowed) => allowed.test(module ?? ''));
  }
  const target = layerOf(file);
  return (
    (target !== null && door.layers.includes(target)) ||
    door.files.some((allowed) => allowed.test(file)) ||
    (one.typeOnly && door.types.some((allowed) => allowed.test(file))) ||
    NAMED_DOORS.some((named) => named.file.test(from) && named.imports.test(file))
  );
}
