import type { Face, Scene } from '#demo/drawings.ts';

/** Who lives in the demo. Everyone's password is `estrade demo`. */
export interface CastMember {
  handle: string;
  name: string;
  bio: string;
  role: 'owner' | 'user';
  locale: 'en' | 'fr';
  face: Face;
  header?: Scene;
}

export const DEMO_PASSWORD = 'estrade demo';

export const INSTANCES = {
  a: {
    host: 'a.localhost:3001',
    port: 3001,
    name: 'The Loft',
    description: 'A small server for people who make things after work.',
    cast: [
      {
        handle: 'ines',
        name: 'Inès Marchetti',
        bio: 'Bookbinder. I run this place. Ask me anything about paper.',
        role: 'owner',
        locale: 'en',
        face: 'ines',
        header: 'paper',
      },
      {
        handle: 'tobias',
        name: 'Tobias Lund',
        bio: 'Cyclist, baker of flat bread, reluctant gardener.',
        role: 'user',
        locale: 'en',
        face: 'tobias',
        header: 'bread',
      },
      {
        handle: 'maeve',
        name: 'Maeve O’Rourke',
        bio: 'Sound engineer. Mostly listening.',
        role: 'user',
        locale: 'en',
        face: 'maeve',
        header: 'swifts',
      },
    ],
  },
  b: {
    host: 'b.localhost:3002',
    port: 3002,
    name: 'Le Lavoir',
    description: 'Un petit serveur de quartier, où l’on parle de tout.',
    cast: [
      {
        handle: 'lucien',
        name: 'Lucien Abadie',
        bio: 'Instituteur à la retraite. Je tiens ce serveur et un potager.',
        role: 'owner',
        locale: 'fr',
        face: 'lucien',
        header: 'paperGreen',
      },
      {
        handle: 'aya',
        name: 'Aya Konaté',
        bio: 'Photographe, quand il pleut. Sinon, ailleurs.',
        role: 'user',
        locale: 'fr',
        face: 'aya',
        header: 'canal',
      },
    ],
  },
} as const satisfies Record<
  string,
  { host: string; port: number; name: string; description: string; cast: readonly CastMember[] }
>;

export type InstanceKey = keyof typeof INSTANCES;
