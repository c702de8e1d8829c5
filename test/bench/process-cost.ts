import { readdirSync, readFileSync } from 'node:fs';

/** `getconf CLK_TCK` of every Linux. */
const MS_PER_TICK = 10;

interface Stat {
  pid: number;
  parent: number;
  ticks: number;
}

/** User and system time of a process, its threads and its children, in milliseconds; steps of ten. */
export function cpuMsOf(pid: number): number {
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []));
  const family = new Set([pid]);
  let ticks = 0;
  for (let added = true; added;) {
    added = false;
    for (const stat of stats) {
      if (family.has(stat.pid) || !family.has(stat.parent)) continue;
      family.add(stat.pid);
      added = true;
    }
  }
  for (const stat of stats) if (family.has(stat.pid)) ticks += stat.ticks;
  return ticks * MS_PER_TICK;
}

/** What a process holds of the memory, in MB. */
export function residentMbOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1000;
}

function readStat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything, brackets and blanks as well.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent = 0, own = 0, system = 0, children = 0, childrenSystem = 0] = [1, 11, 12, 13, 14].map((index) =>
      Number(fields[index]),
    );
    return { pid, parent, ticks: own + system + children + childrenSystem };
  } catch {
    // It ended meanwhile.
    return null;
  }
}
