import sharp from 'sharp';

/* Faces, and pictures that people have taken: drawn, so that they are ours and always the same. */

export type Scene = keyof typeof SCENES;
export type Face = keyof typeof FACES;

export interface Drawings {
  scene(name: Scene): Uint8Array;
  face(name: Face): Uint8Array;
}

/**
 * Draws everything at once, as PNG. To be called before the image worker has begun: from then on the process refuses
 * to read SVG.
 */
export async function drawAll(): Promise<Drawings> {
  const scenes = await renderAll(SCENES, (inside) => svg(1200, 800, 1, inside));
  const faces = await renderAll(FACES, (inside) => svg(200, 200, 2, inside));
  // A copy each time: whoever takes one may hand its memory to another thread.
  return { scene: (name) => new Uint8Array(scenes[name]), face: (name) => new Uint8Array(faces[name]) };
}

async function renderAll<Name extends string>(
  drawings: Record<Name, string>,
  frame: (inside: string) => string,
): Promise<Record<Name, Buffer>> {
  const rendered: [string, Buffer][] = [];
  for (const [name, inside] of Object.entries<string>(drawings)) {
    rendered.push([
      name,
      await sharp(Buffer.from(frame(inside)))
        .png()
        .toBuffer(),
    ]);
  }
  return Object.fromEntries(rendered) as Record<Name, Buffer>;
}

function svg(width: number, height: number, scale: number, inside: string): string {
  const size = `viewBox="0 0 ${width} ${height}" width="${width * scale}" height="${height * scale}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${inside}</svg>`;
}

const SCENES = {
  paper: marbled(['#1f3a4d', '#c9654a', '#efe3cd', '#7d9aa0', '#d9a441'], 11),
  paperGreen: marbled(['#2e4a3b', '#e9ddc6', '#b5523b', '#86a184', '#f2ead8'], 5),
  swifts: `<defs><linearGradient id="a" x2="0" y2="1"><stop stop-color="#2c3a63"/><stop offset=".5" stop-color="#b9708a"/><stop offset=".8" stop-color="#f3b98a"/></linearGradient></defs><rect width="1200" height="800" fill="url(#a)"/><circle cx="880" cy="560" r="70" fill="#ffe5bd"/>${[
    [310, 180, 1.2],
    [420, 250, 0.9],
    [560, 150, 1],
    [700, 300, 0.7],
    [250, 320, 0.6],
    [820, 190, 0.8],
    [960, 280, 0.6],
  ]
    .map(
      ([x, y, s]) =>
        `<path transform="translate(${x} ${y}) scale(${s})" d="M0 0c-34-30-74-34-112-22 40 0 72 14 92 36-6 12-10 26-8 40 8-12 18-22 30-26 24 4 48 0 74-14-24 0-44-4-56-14 14-26 44-46 84-52-38-8-76 12-104 52Z" fill="#1d1b33"/>`,
    )
    .join(
      '',
    )}<path d="M0 800V600l90-40 70 44 60-80h150v90l120-30 90 56 80-120 130 20v70l150-60 120 60 60-40 80 30v200Z" fill="#1d1b33"/><path d="M262 524v-60h30v60M690 520v-70h26v74" fill="#1d1b33"/>`,
  canal: `<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="#8298a6"/><stop offset="1" stop-color="#c9d3d2"/></linearGradient><linearGradient id="w" x2="0" y2="1"><stop stop-color="#93a7a9"/><stop offset="1" stop-color="#3d5560"/></linearGradient></defs><rect width="1200" height="430" fill="url(#s)"/><rect y="420" width="1200" height="380" fill="url(#w)"/><g fill="#5b6f73"><path d="M0 430V210h150v-40h130v60h110v200ZM800 430V180h120v50h130v-70h150v270Z"/></g><path d="M380 430c60-130 380-130 440 0h-60c-50-84-270-84-320 0Z" fill="#46585c"/><g fill="#e9c98f"><rect x="40" y="260" width="30" height="44"/><rect x="196" y="226" width="30" height="44"/><rect x="960" y="276" width="30" height="44"/><rect x="1100" y="220" width="30" height="44"/></g><g fill="#f0d9a8" opacity=".45"><path d="m36 470 38 0-8 150-22 0ZM192 470l38 0-8 130-22 0ZM956 470l38 0-8 140-22 0ZM1096 470l38 0-8 130-22 0Z"/></g><path d="M520 700h260l-40 46H560Z" fill="#b5523b"/><path d="M560 700c10-40 40-60 80-60s60 20 70 60Z" fill="#2c3d44"/><g stroke="#eef4f4" stroke-width="3" opacity=".55"><path d="m90 30-36 150M240 90l-36 150M400 10l-36 150M560 70l-36 150M720 20l-36 150M880 80l-36 150M1040 30l-36 150M1160 110l-36 150M330 300l-24 100M620 260l-24 100M760 330l-24 100M1080 330l-24 100M150 360l-24 100"/></g><g fill="none" stroke="#dfe9e9" stroke-width="3" opacity=".6"><ellipse cx="240" cy="560" rx="46" ry="10"/><ellipse cx="420" cy="650" rx="60" ry="13"/><ellipse cx="900" cy="600" rx="50" ry="11"/><ellipse cx="1040" cy="720" rx="70" ry="15"/><ellipse cx="700" cy="520" rx="34" ry="7"/></g>`,
  bread: `<rect width="1200" height="800" fill="#c9a27a"/><g stroke="#b48a60" stroke-width="5" opacity=".7"><path d="M0 130h1200M0 290h1200M0 470h1200M0 640h1200"/></g><path d="M120 560c-30-190 190-300 470-300s520 90 490 290c-20 120-230 170-490 170s-450-40-470-160Z" fill="#efe6d8"/><path d="M190 540c-20-150 150-240 400-240s440 80 420 230c-20 100-190 140-420 140s-380-30-400-130Z" fill="#c5833f"/><path d="M240 520c0-120 140-190 340-190s370 60 370 170-150 130-360 130-350-20-350-110Z" fill="#dca35c"/><g fill="#a8652c"><ellipse cx="410" cy="440" rx="50" ry="26"/><ellipse cx="610" cy="400" rx="38" ry="20"/><ellipse cx="780" cy="470" rx="56" ry="28"/><ellipse cx="560" cy="540" rx="46" ry="22"/><ellipse cx="330" cy="530" rx="30" ry="16"/><ellipse cx="880" cy="550" rx="30" ry="15"/></g><g fill="#f3e3c4" opacity=".8"><circle cx="480" cy="500" r="7"/><circle cx="690" cy="520" r="9"/><circle cx="700" cy="430" r="6"/><circle cx="520" cy="380" r="7"/><circle cx="850" cy="420" r="7"/><circle cx="370" cy="480" r="6"/></g>`,
};

/** Paper as binders make it: stripes of colour that a comb has gone through. */
function marbled(colours: readonly string[], seed: number): string {
  const stripes = Array.from(
    { length: 30 },
    (_, index) =>
      `<rect x="${index * 48 - 120}" y="-120" width="${34 + ((index * 7) % 22)}" height="1060" fill="${colours[index % colours.length]}"/>`,
  ).join('');
  return `<defs><filter id="m" x="-10%" y="-10%" width="120%" height="120%"><feTurbulence type="fractalNoise" baseFrequency=".0035 .009" numOctaves="3" seed="${seed}"/><feDisplacementMap in="SourceGraphic" scale="320" xChannelSelector="R" yChannelSelector="G"/></filter></defs><rect width="1200" height="800" fill="${colours[0]}"/><g filter="url(#m)" transform="translate(-60 -60) scale(1.1)">${stripes}</g>`;
}

const FACES = {
  ines: face(
    '#e3cda9',
    '#5a3324',
    '#bf4d36',
    '#d9a585',
    'M56 96c-6-46 20-66 46-66s50 20 44 70c-2-24-12-38-30-46-26 16-52 16-60 42Z',
  ),
  tobias: face(
    '#a9c1cc',
    '#c48f4c',
    '#2f5468',
    '#e6b899',
    'M60 84c0-36 20-52 44-52 22 0 40 16 38 52-10-14-16-22-40-24-20 2-34 8-42 24Z',
  ),
  maeve: face(
    '#cbb7d6',
    '#8c3b2a',
    '#4b3b66',
    '#efc6ab',
    'M54 140c-12-70 6-112 48-112s58 42 46 112c-6-30-8-58-26-80-24 8-48 14-54 28-6 14-8 32-14 52Z',
  ),
  noor: face(
    '#b9cfae',
    '#241c1a',
    '#2f6b57',
    '#b98161',
    'M52 130c-10-66 12-100 50-100s60 34 48 100c-8-20-8-44-16-62-22-14-46-14-66 0-8 18-8 42-16 62Z',
  ),
  jonas: face(
    '#ecd08a',
    '#3a2b22',
    '#7a5a2a',
    '#8c5a3f',
    'M62 80c2-32 18-46 40-46s38 14 40 46c-12-12-24-16-40-16s-28 4-40 16Z',
  ),
  lucien: face(
    '#c7d3b0',
    '#d8d3c8',
    '#5b6b3a',
    '#e2b493',
    'M66 74c0-24 16-36 36-36s38 12 38 36c-8-10-20-14-38-14s-28 4-36 14ZM72 116c6 30 20 38 30 38s24-8 30-38c-8 8-18 10-30 10s-22-2-30-10Z',
  ),
  aya: face(
    '#e8b9a0',
    '#1e1613',
    '#243b5a',
    '#7d4e36',
    'M52 92c-8-40 18-66 50-66s60 26 50 66c-4-14-8-26-18-34-20-8-44-8-64 0-10 8-14 20-18 34Z',
  ),
} as const;

function face(ground: string, hair: string, coat: string, skin: string, cut: string): string {
  return `<rect width="200" height="200" fill="${ground}"/><path d="M22 200c6-44 36-62 80-62s72 18 78 62Z" fill="${coat}"/><path d="M86 118h32v34c-8 8-24 8-32 0Z" fill="${skin}"/><ellipse cx="102" cy="92" rx="36" ry="43" fill="${skin}"/><path d="${cut}" fill="${hair}"/><g fill="#2a211f"><circle cx="89" cy="94" r="3.4"/><circle cx="116" cy="94" r="3.4"/></g><path d="M92 114c6 5 14 5 20 0" stroke="#2a211f" stroke-width="3" fill="none" stroke-linecap="round"/>`;
}
