/*
 * Makes src/web/assets/icons.svg from lucide-static: run `npx tsx scripts/build-icons.ts` after adding a name
 * to ICON_NAMES. The result is committed, so that running a server needs no icon package.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { ICON_NAMES } from '#web/icon-names.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const symbols = ICON_NAMES.map((name) => {
  const svg = readFileSync(`${root}node_modules/lucide-static/icons/${name}.svg`, 'utf8');
  const shapes = svg
    .slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
    .replaceAll(/\s*\n\s*/g, '');
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
});

writeFileSync(
  `${root}src/web/assets/icons.svg`,
  `<!-- Lucide icons (https://lucide.dev), ISC licence, © Lucide Icons and Contributors; parts © 2013–present Cole Bemis, MIT. -->\n` +
    `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`,
);

const icon = readFileSync(`${root}src/web/assets/icon.svg`);
for (const size of [180, 192, 512]) {
  const png = await sharp(icon, { density: (72 * size) / 32 })
    .resize(size, size)
    .png({ palette: true })
    .toBuffer();
  writeFileSync(`${root}src/web/assets/icon-${size}.png`, png);
}
