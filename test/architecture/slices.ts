import { importsOf } from './imports.ts';
import type { Source } from './source.ts';

/**
 * The slices of the domain, those to come among them. One may import those before it. A new slice is written where its
 * needs are met and those who need it follow.
 */
const SLICES = [
  'instance',
  'media',
  'emoji',
  'accounts',
  'relationships',
  'filters',
  'ledger',
  'payments',
  'paid-follows',
  'membership',
  'posts',
  'conversations',
  'lists',
  'timelines',
  'search',
  'spaces',
  'notifications',
  'context',
  'departures',
  'moderation',
  'appeals',
  'council',
  'signals',
  'retention',
  'upkeep',
];

/** Imports against that order. They may not close a circle with the others, which is checked as well. */
const EDGES_AGAINST_THE_ORDER: { from: string; to: string; reason: string }[] = [];

/**
 * Tables form a layer below, in an order of their own: each refers to those before it. A foreign key against the
 * order is declared in `db/schema.ts`.
 */
const TABLES_ORDER = [
  'instance',
  'emoji',
  'accounts',
  'membership',
  'relationships',
  'filters',
  'lists',
  'posts',
  'media',
  'conversations',
  'timelines',
  'search',
  'ledger',
  'payments',
  'paid-follows',
  'spaces',
  'notifications',
  'context',
  'moderation',
  'appeals',
  'council',
  'signals',
];

/** They join the slices and belong to none; of them a slice imports only the types of `events.ts`. */
const JOINTS = ['src/domain/reactions.ts', 'src/domain/events.ts', 'src/domain/consumers.ts'];

interface Edge {
  from: string;
  to: string;
  where: string;
  /** From a tables file to another, or to a type: it follows the order of the tables. */
  ofTables: boolean;
}

export function sliceFaults(sources: Source[]): string[] {
  const domain = sources.filter((source) => source.path.startsWith('src/domain/'));
  const slices = domain.filter((source) => !JOINTS.includes(source.path));
  const edges = slices.flatMap(edgesOf);
  return [
    ...slices.flatMap(strangerFaults),
    ...slices.flatMap(jointFaults),
    ...edges
      .filter((edge) => !edgeAllowed(edge))
      .map((edge) => `${edge.where}: ${edge.from} may not import ${edge.to}`),
    ...circles(edges.filter((edge) => !edge.ofTables)),
  ];
}

function sliceOf(path: string): string | null {
  return /^src\/domain\/([\w-]+)\//.exec(path)?.[1] ?? null;
}

function strangerFaults(source: Source): string[] {
  const slice = sliceOf(source.path);
  if (slice === null) return [`${source.path}: lies in no slice`];
  return SLICES.includes(slice) ? [] : [`${source.path}: the slice ${slice} has no place in the order`];
}

function jointFaults(source: Source): string[] {
  return importsOf(source)
    .imports.filter((one) => one.file !== null && JOINTS.includes(one.file))
    .filter((one) => !(one.typeOnly && one.file === 'src/domain/events.ts'))
    .map((one) => `${source.path}:${one.line}: a slice may not import ${one.specifier}`);
}

function edgesOf(source: Source): Edge[] {
  const from = sliceOf(source.path);
  return importsOf(source).imports.flatMap((one) => {
    const to = one.file === null ? null : sliceOf(one.file);
    if (from === null || to === null || from === to) return [];
    const ofTables = isTables(source.path) && (one.typeOnly || isTables(one.file ?? ''));
    return [{ from, to, where: `${source.path}:${one.line}`, ofTables }];
  });
}

function isTables(path: string): boolean {
  return path.endsWith('.tables.ts');
}

function edgeAllowed(edge: Edge): boolean {
  const order = edge.ofTables ? TABLES_ORDER : SLICES;
  const named = EDGES_AGAINST_THE_ORDER.some((one) => one.from === edge.from && one.to === edge.to);
  return named || (order.includes(edge.to) && order.indexOf(edge.to) < order.indexOf(edge.from));
}

/** The circles among the edges that are really there: a chain of imports that comes back to its slice. */
function circles(edges: { from: string; to: string }[]): string[] {
  const next = Map.groupBy(edges, (edge) => edge.from);
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (slice: string, path: string[]): void => {
    if (path.includes(slice))
      found.push(`a circle of slices: ${[...path.slice(path.indexOf(slice)), slice].join(' → ')}`);
    if (path.includes(slice) || done.has(slice)) return;
    for (const edge of next.get(slice) ?? []) walk(edge.to, [...path, slice]);
    done.add(slice);
  };
  for (const slice of next.keys()) walk(slice, []);
  return [...new Set(found)];
}
