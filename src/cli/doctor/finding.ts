/** What a check has found: `warning` is worth a look, `fault` is broken. */
export interface Finding {
  level: 'ok' | 'warning' | 'fault';
  text: string;
}

export function ok(text: string): Finding {
  return { level: 'ok', text };
}

export function warning(text: string): Finding {
  return { level: 'warning', text };
}

export function fault(text: string): Finding {
  return { level: 'fault', text };
}

/** `3 hours`, for a person. */
export function duration(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
  ];
  const [unitMs, name] = units.find(([size]) => ms >= size) ?? [1000, 'second'];
  const count = Math.round(ms / unitMs);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
