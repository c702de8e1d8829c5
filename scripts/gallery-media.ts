/* Pictures for the gallery, drawn rather than found. */
import sharp from 'sharp';

const SCENES: Record<string, string> = {
  'harbour.png': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="#5d6f93"/><stop offset=".55" stop-color="#e8a878"/><stop offset=".62" stop-color="#f6d3a6"/></linearGradient><linearGradient id="w" x2="0" y2="1"><stop stop-color="#d99e77"/><stop offset="1" stop-color="#2b3c55"/></linearGradient></defs><rect width="1200" height="500" fill="url(#s)"/><circle cx="860" cy="470" r="60" fill="#fff1d6"/><rect y="490" width="1200" height="310" fill="url(#w)"/><path d="M0 640 760 505h30L0 730Z" fill="#3a2c2b"/><path d="M180 620v90M420 575v60M640 535v40" stroke="#2a1f20" stroke-width="14"/><circle cx="742" cy="470" r="11" fill="#2a1f20"/><rect x="733" y="480" width="19" height="34" rx="6" fill="#b4472f"/><circle cx="778" cy="472" r="10" fill="#2a1f20"/><rect x="769" y="481" width="18" height="32" rx="6" fill="#e9e2d2"/></svg>`,
  'roof-1.png': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="#3b2f63"/><stop offset="1" stop-color="#d98aa0"/></linearGradient></defs><rect width="1200" height="800" fill="url(#s)"/><path d="M0 620h420v-90h260v140h520v130H0Z" fill="#241d36"/><path d="M300 530V250M240 300h120M255 340h90M860 670V330M800 360h120" stroke="#241d36" stroke-width="10"/></svg>`,
  'roof-2.png': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800"><rect width="1200" height="800" fill="#f0c987"/><circle cx="980" cy="250" r="130" fill="#fff3d9"/><path d="M0 560 300 420l280 150 330-220 290 190v260H0Z" fill="#a8583c"/><path d="M0 680 380 560l330 130 490-160v270H0Z" fill="#6d3428"/></svg>`,
  'roof-3.png': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800"><rect width="1200" height="800" fill="#8fa3ad"/><g fill="#53656f"><rect y="380" width="220" height="420"/><rect x="240" y="280" width="180" height="520"/><rect x="440" y="440" width="300" height="360"/><rect x="770" y="230" width="150" height="570"/><rect x="950" y="400" width="250" height="400"/></g><g stroke="#dce6ea" stroke-width="3" opacity=".7"><path d="m80 40-30 140M280 90l-30 140M520 20l-30 140M700 120l-30 140M910 40l-30 140M1110 90l-30 140M180 420l-30 140M620 380l-30 140M1010 300l-30 140"/></g></svg>`,
  'emoji-sun.png': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="15" fill="#f2a93b"/><g stroke="#f2a93b" stroke-width="5" stroke-linecap="round"><path d="M32 4v8M32 52v8M4 32h8M52 32h8M12 12l6 6M46 46l6 6M12 52l6-6M46 18l6-6"/></g></svg>`,
  'avatar-ines.png': portrait('#d8c3a5', '#6b3f2a', '#c8553d'),
  'avatar-tomasz.png': portrait('#a9c0cf', '#c99a5b', '#27465d'),
  'avatar-kofi.png': portrait('#e6b95c', '#4a2c20', '#2f5d50'),
  'avatar-radio.png': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><rect width="200" height="200" fill="#c43e2a"/><circle cx="100" cy="108" r="14" fill="#fff"/><g fill="none" stroke="#fff" stroke-width="10" stroke-linecap="round"><path d="M64 136a50 50 0 0 1 0-58M136 78a50 50 0 0 1 0 58M42 158a84 84 0 0 1 0-102M158 56a84 84 0 0 1 0 102"/></g></svg>`,
};

function portrait(ground: string, hair: string, coat: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><rect width="200" height="200" fill="${ground}"/><path d="M30 200c4-46 34-66 70-66s66 20 70 66Z" fill="${coat}"/><ellipse cx="100" cy="92" rx="36" ry="44" fill="#d9a282"/><path d="M58 92c-4-40 18-60 44-60s48 22 40 62c-8-26-28-34-44-36-18 8-34 14-40 34Z" fill="${hair}"/></svg>`;
}

const made = new Map<string, Promise<Buffer>>();

/** The picture as PNG, or null for a name that is none. */
export function galleryPicture(name: string): Promise<Buffer> | null {
  const svg = SCENES[name];
  if (!svg) return null;
  let picture = made.get(name);
  if (!picture) {
    picture = sharp(Buffer.from(svg), { density: 144 }).png().toBuffer();
    made.set(name, picture);
  }
  return picture;
}
