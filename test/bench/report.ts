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
  /** What a bare route cost at that time. */
  bareMs?: number;
}

/** A gate that is missed by less may be missed by noise: repeats differ, the more the busier the machine is. */
const NOISE = 1.25;

/** Prints the table and returns the lines that miss their gate by more than noise. */
export function printTable(lines: readonly Line[]): Line[] {
  const rows = lines.map((line) => [
    line.what,
    `${rounded(line.measured)} ${line.unit}`,
    line.gate === undefined ? '' : `≤ ${line.gate}`,
    verdictOf(line),
    line.cpu && line.bareMs ? `${rounded(line.measured / line.bareMs)} ×` : '',
  ]);
  const heads = ['what', 'measured', 'gate', '', 'of a bare route'];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  console.log(`\n${lineOf(heads)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}`);
  for (const row of rows) console.log(lineOf(row));
  return lines.filter((line) => line.gate !== undefined && line.measured > line.gate * NOISE);
}

function verdictOf({ measured, gate }: Line): string {
  if (gate === undefined) return '';
  return measured <= gate ? 'ok' : 'over';
}

function rounded(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}
