import { encode } from 'uqr';

interface QrCodeProps {
  /** What is read from it. */
  text: string;
  /** Says the same to those who do not see it. */
  label: string;
}

/** Light around it, as scanners want (ISO/IEC 18004, 6.3.8), in modules. */
const QUIET_ZONE = 4;

/** A square to be scanned: dark on light in every colour scheme, since many scanners read no other. */
export function QrCode({ text, label }: QrCodeProps) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  return (
    <svg class="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect class="qr-code-ground" width={size} height={size} />
      <path class="qr-code-ink" d={darkModules(data)} />
    </svg>
  );
}

/** One stroke for each run of dark modules of a line. */
function darkModules(lines: boolean[][]): string {
  return lines
    .map((line, y) => {
      const runs = line.map((dark) => (dark ? '1' : '0')).join('');
      return [...runs.matchAll(/1+/g)]
        .map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`)
        .join('');
    })
    .join('');
}
