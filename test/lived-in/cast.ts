import type { RemoteAccount } from '#domain/accounts/remote-account.ts';
import type { Role } from '#domain/membership/permissions.ts';
import type { Face } from '#demo/drawings.ts';

/* Who lives in the town, and whom its people know elsewhere. */

export interface Resident {
  handle: string;
  name: string;
  bio: string;
  role: Role;
  face?: Face;
  fields?: [name: string, value: string][];
  locked?: boolean;
}

export const PASSWORD = 'a stage of one’s own';

export const INSTANCE = {
  name: 'The Loft',
  description: 'A small server for people who make things after work.',
  longDescription:
    '## Who we are\n\nThirty people with a workshop, a kettle and a leaking roof. We bind books, bake, record birds and repair bicycles.\n\n- Meetings on Thursdays\n- Everyone may bring a friend\n\n> What is said here stays kind.',
  contactEmail: 'ines@example.org',
} as const;

export const RESIDENTS: readonly Resident[] = [
  {
    handle: 'ines',
    name: 'Inès Marchetti',
    bio: 'Bookbinder. I run this place. Ask me anything about paper. #bookbinding',
    role: 'owner',
    face: 'ines',
    fields: [
      ['Workshop', 'https://atelier.example.org/ines'],
      ['Town', 'Lyon, up the stairs'],
    ],
  },
  {
    handle: 'maeve',
    name: 'Maeve O’Rourke',
    bio: 'Sound engineer. Mostly listening. Looks after the reports here.',
    role: 'moderator',
    face: 'maeve',
  },
  {
    handle: 'tobias',
    name: 'Tobias Lund',
    bio: 'Cyclist, baker of flat bread, reluctant gardener. #baking #bicycles',
    role: 'user',
    face: 'tobias',
    fields: [['Bicycle', 'Green, with a bell']],
  },
  {
    handle: 'noor',
    name: 'Noor Haddad',
    bio: 'I approve followers by hand; say hello first.',
    role: 'user',
    face: 'noor',
    locked: true,
  },
  { handle: 'jonas', name: 'Jonas Brandt', bio: 'Prints posters nobody ordered.', role: 'user', face: 'jonas' },
  { handle: 'bargains', name: 'Best Bargains', bio: 'Buy now.', role: 'user' },
];

/** Where the neighbours' pictures lie, if anybody shows them. */
export const PICTURES_ELSEWHERE = 'pictures.lavoir.example';
/** Of a neighbour; nobody has it in their name. */
export const EMOJI_ELSEWHERE = { shortcode: 'umbrella', url: `http://${PICTURES_ELSEWHERE}/umbrella.png` };

/** Hosts below `.example` are nobody's (RFC 2606). */
export const NEIGHBOURS: readonly RemoteAccount[] = [
  neighbour('lucien', 'lavoir.example', 'Lucien Abadie', '<p>Instituteur à la retraite. Je tiens un potager.</p>'),
  {
    ...neighbour('aya', 'lavoir.example', 'Aya Konaté', '<p>Photographe, quand il pleut. Sinon, ailleurs.</p>'),
    emoji: [EMOJI_ELSEWHERE],
  },
  neighbour('salma', 'medina.example', 'سلمى بنعلي', '<p>مترجمة. أكتب عن الكتب والقهوة.</p>'),
  neighbour(
    'charpentier_de_la_montagne_noire',
    'a-rather-long-name-for-a-server.example',
    'Jean-Baptiste de la Tour-du-Pin-Chambly de La Charce',
    '',
  ),
  { ...neighbour('harbour', 'radio.example', 'Harbour Radio', '<p>What is on.</p>'), kind: 'service' },
  neighbour('docs', 'tube.example', 'Slow Films', '<p>One film a month.</p>'),
  neighbour('gruff', 'rude.example', 'Gruff', ''),
  neighbour('seller', 'spam.example', 'Seller', ''),
];

function neighbour(handle: string, domain: string, displayName: string, bioHtml: string): RemoteAccount {
  const uri = `https://${domain}/users/${handle}`;
  return {
    uri,
    url: `https://${domain}/@${handle}`,
    handle,
    domain,
    kind: 'person',
    displayName,
    bioHtml,
    fields: [],
    avatarUrl: null,
    headerUrl: null,
    inbox: `${uri}/inbox`,
    sharedInbox: `https://${domain}/inbox`,
    outbox: `${uri}/outbox`,
    followersUri: `${uri}/followers`,
    followingUri: `${uri}/following`,
    featuredUri: null,
    locked: false,
    discoverable: true,
    indexable: true,
    memorial: false,
    publicKeys: [],
    aliases: [],
    movedToUri: null,
    emoji: [],
    createdAt: null,
  };
}
