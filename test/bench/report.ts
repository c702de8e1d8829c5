/** One line of the table. */
export interface Line {
  what: string;
  /** In `unit`, of which less is better. */
  measured: number;
  unit: 'ms' | 'MB' | 'ms/s' | '×';
  /** The promise; lines without one are printed for comparison. */
  gate?: number;
  /** A line of CPU time is held against the bare route. */
  cpu?: boolean;
  /** How many RSA signatures are made in it. */
  signatures?: number;
  /** What a bare route and such a signature cost at that time. */
  bareMs?: number;
  signMs?: number;
}

/** What they cost on the machine that the gates were set on: the bare route 0.035 to 0.047. See decision 0018. */
const GATES_BARE_MS = 0.041;
const GATES_SIGN_MS = 0.26;

/** A gate that is missed by less may be missed by noise: repeats differ, the more the busier the machine is. */
const NOISE = 1.25;

/** Prints the table and returns the lines that miss their gate by more than noise at the speed that it was set at. */
export function printTable(lines: readonly Line[]): Line[] {
  const rows = lines.map((line) => [
    line.what,
    `${rounded(line.measured)} ${line.unit}`,
    line.gate === undefined ? '' : `≤ ${line.gate}`,
    verdictOf(line),
    line.cpu && line.bareMs ? `${rounded(line.measured / line.bareMs)} ×` : '',
    line.cpu ? `${rounded(atSpeedOfGates(line))} ms` : '',
  ]);
  const heads = ['what', 'measured', 'gate', '', 'of a bare route', "at the gates' speed"];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  console.log(`\n${lineOf(heads)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}`);
  for (const row of rows) console.log(lineOf(row));
  return lines.filter((line) => line.gate !== undefined && atSpeedOfGates(line) > line.gate * NOISE);
}

function verdictOf(line: Line): string {
  if (line.gate === undefined) return '';
  if (line.measured <= line.gate) return 'ok';
  return atSpeedOfGates(line) <= line.gate ? 'ok at their speed' : 'over';
}

/** An estimate: processors differ more in signing than in the rest, so that is told apart. */
function atSpeedOfGates({ measured, cpu, signatures = 0, bareMs, signMs = GATES_SIGN_MS }: Line): number {
  if (!cpu || !bareMs) return measured;
  return ((measured - signatures * signMs) * GATES_BARE_MS) / bareMs + signatures * GATES_SIGN_MS;
}

function rounded(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}
