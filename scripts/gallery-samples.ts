/* A lived-in cast for the gallery: long names, many scripts, everything that can stand on a page. */
import type { AccountView, ProfileView, RelationView } from '#domain/accounts/account-view.ts';
import type { NotificationKind, NotificationView } from '#domain/notifications/notification-view.ts';
import type { MediaView, PollView, PostView } from '#domain/posts/post-view.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';

export const NOW = Date.UTC(2026, 4, 14, 17, 42);

function account(id: number, handle: string, displayName: string, extra: Partial<AccountView> = {}): AccountView {
  const domain = extra.domain ?? null;
  const acct = domain === null ? `@${handle}` : `@${handle}@${domain}`;
  return {
    id,
    handle,
    domain,
    acct,
    uri: `https://${domain ?? 'lanterne.example'}/users/${handle}`,
    url: `https://${domain ?? 'lanterne.example'}/@${handle}`,
    path: `/${acct}`,
    displayName,
    avatarUrl: null,
    bot: false,
    locked: false,
    emoji: [],
    suspended: false,
    limited: false,
    ...extra,
  };
}

export const ines = account(1, 'ines', 'Inès Charpentier', { avatarUrl: '/media/avatar-ines.png' });
export const tomasz = account(2, 'tomasz', 'Tomasz Wiśniewski', {
  domain: 'pomorze.social',
  avatarUrl: '/media/avatar-tomasz.png',
});
export const radio = account(3, 'radio', 'Radio Lanterne', { avatarUrl: '/media/avatar-radio.png', bot: true });
export const wilhelmina = account(
  4,
  'wilhelmina.van.der.heijden',
  'Wilhelmina Annelies van der Heijden-Oosterbroek 🌷',
  {
    domain: 'een-heel-lange-servernaam.gemeenschap.example',
  },
);
export const layla = account(5, 'layla', 'ليلى منصور', { domain: 'qahwa.example', locked: true });
export const kofi = account(6, 'kofi', 'Kofi :sun: Mensah', {
  avatarUrl: '/media/avatar-kofi.png',
  emoji: [{ shortcode: 'sun', url: '/media/emoji-sun.png' }],
});
export const marta = account(7, 'marta', '', { domain: 'bikes.example' });
export const gazette = account(8, 'gazette', 'La Gazette du quartier', { domain: 'journal.example' });

let nextId = 100;

export function post(author: AccountView, contentHtml: string, extra: Partial<PostView> = {}): PostView {
  const id = extra.id ?? nextId++;
  const remote = author.domain !== null;
  return {
    id,
    uri: `${author.uri}/posts/${id}`,
    url: remote
      ? `https://${author.domain}/@${author.handle}/${id}`
      : `https://lanterne.example/@${author.handle}/${id}`,
    path: `${author.path}/${id}`,
    kind: 'note',
    author,
    title: null,
    contentHtml,
    link: null,
    warning: null,
    sensitive: false,
    language: 'en',
    visibility: 'public',
    replyToId: null,
    replyToAccount: null,
    mentions: [],
    media: [],
    poll: null,
    emoji: [],
    repliesCount: 0,
    boostsCount: 0,
    favouritesCount: 0,
    createdAt: NOW - 40 * MINUTE_MS,
    editedAt: null,
    pinned: false,
    viewer: { author: false, favourited: false, boosted: false, bookmarked: false, canBoost: true, canReply: true },
    ...extra,
  };
}

export function viewerOf(extra: Partial<PostView['viewer']>): PostView['viewer'] {
  return {
    author: false,
    favourited: false,
    boosted: false,
    bookmarked: false,
    canBoost: true,
    canReply: true,
    ...extra,
  };
}

let nextMedia = 1;

export function picture(file: string, extra: Partial<MediaView> = {}): MediaView {
  return {
    id: nextMedia++,
    kind: 'image',
    url: `/media/${file}`,
    previewUrl: `/media/${file}`,
    remoteUrl: null,
    mimeType: 'image/png',
    description: null,
    width: 1200,
    height: 800,
    blurhash: 'LEHLk~WB2yk8pyo0adR*.7kCMdnj',
    focusX: 0,
    focusY: 0,
    ...extra,
  };
}

export function poll(extra: Partial<PollView> = {}): PollView {
  return {
    options: [
      { title: 'By bicycle, whatever the weather', votesCount: 41 },
      { title: 'The night train', votesCount: 67 },
      { title: 'I will follow the broadcast', votesCount: 12 },
      { title: 'Still undecided', votesCount: 0 },
    ],
    multiple: false,
    votersCount: 120,
    votesCount: 120,
    expiresAt: NOW + 2 * DAY_MS + 3 * HOUR_MS,
    closed: false,
    ownVotes: [],
    voted: false,
    ...extra,
  };
}

export const harbour = post(
  tomasz,
  '<p>First swim of the year. The water is 11 degrees and I am, officially, awake.</p><p>If you are near the old pier on Sunday: we meet at seven, there is tea, and nobody has to be brave. <a href="https://pomorze.social/tags/coldwater" class="mention hashtag" rel="tag">#<span>coldwater</span></a></p>',
  {
    media: [
      picture('harbour.png', {
        description:
          'The harbour at dawn: a long wooden pier, pale orange sky, two people wrapped in towels at its end.',
      }),
    ],
    repliesCount: 7,
    boostsCount: 23,
    favouritesCount: 148,
    viewer: viewerOf({ favourited: true }),
    createdAt: NOW - 2 * HOUR_MS,
  },
);

export const bakery = post(
  ines,
  '<p>The bakery on the corner has started to sign its loaves. Not a brand, not a logo: the first name of whoever baked it, scored into the crust.</p><p>I have become quietly loyal to “Jo”.</p>',
  {
    repliesCount: 3,
    boostsCount: 12,
    favouritesCount: 57,
    editedAt: NOW - 20 * MINUTE_MS,
    viewer: viewerOf({ author: true, boosted: false, bookmarked: true }),
  },
);

export const election = post(
  kofi,
  '<p>Okay, so the result is in, and I have thoughts.</p><p>Turnout in our district went up by nine points. Nine! Everyone who knocked on a door this spring: that was you.</p>',
  {
    warning: 'Local politics, at some length',
    repliesCount: 31,
    boostsCount: 1204,
    favouritesCount: 12800,
    viewer: viewerOf({ boosted: true }),
  },
);

export const travelPoll = post(
  wilhelmina,
  '<p>How are you all coming to the meeting in Utrecht? Asking because I am the one who orders the soup.</p>',
  {
    kind: 'question',
    poll: poll(),
    repliesCount: 9,
    boostsCount: 4,
    favouritesCount: 18,
    createdAt: NOW - 5 * HOUR_MS,
    visibility: 'unlisted',
  },
);

export const pollResult = post(
  radio,
  '<p>Tonight at nine we play one side of a record from start to finish. Which one?</p>',
  {
    kind: 'question',
    poll: poll({ voted: true, ownVotes: [1], multiple: true, votersCount: 88, closed: true, expiresAt: NOW - HOUR_MS }),
    createdAt: NOW - DAY_MS,
  },
);

export const arabic = post(
  layla,
  '<p>القهوة الأولى في الصباح ليست مشروباً، بل هي وعد صغير بأن النهار سيبدأ على مهل.</p>',
  {
    language: 'ar',
    favouritesCount: 64,
    createdAt: NOW - 3 * DAY_MS,
    visibility: 'followers',
    viewer: viewerOf({ canBoost: false }),
  },
);

export const article = post(
  gazette,
  '<p>For two years the council measured nothing else: cars per hour, minutes per crossing. Then somebody asked the children how they cross the square, and the whole plan had to be drawn again. What follows is the story of a very small roundabout, and of the eleven evenings on which a neighbourhood learned to read a map.</p>',
  {
    kind: 'article',
    title: 'The square that was measured twice',
    link: 'https://journal.example/articles/the-square-that-was-measured-twice',
    boostsCount: 41,
    favouritesCount: 96,
    createdAt: NOW - 26 * HOUR_MS,
  },
);

export const album = post(
  kofi,
  '<p>Four evenings on the roof. :sun: <a href="https://lanterne.example/tags/rooftops" class="mention hashtag" rel="tag">#<span>rooftops</span></a></p>',
  {
    emoji: [{ shortcode: 'sun', url: '/media/emoji-sun.png' }],
    media: [
      picture('roof-1.png', { description: 'Antennas against a violet sky.' }),
      picture('roof-2.png', { focusX: 0.8, focusY: 0.2 }),
      picture('roof-3.png', { description: 'The city in rain, seen from above.' }),
      picture('roof-4.png', { url: null, previewUrl: null, remoteUrl: null }),
    ],
    favouritesCount: 9,
    createdAt: NOW - 8 * DAY_MS,
  },
);

export const sensitive = post(marta, '<p>Healing nicely, thank you all. The bicycle is worse off than I am.</p>', {
  sensitive: true,
  media: [picture('roof-2.png', { description: 'A grazed elbow with a plaster.' }), picture('roof-3.png')],
  createdAt: NOW - 50 * DAY_MS,
});

export const recording = post(radio, '<p>The whole evening, for those who were asleep.</p>', {
  media: [
    picture('evening.ogg', {
      kind: 'audio',
      description: 'Recording of the evening, 58 minutes',
      blurhash: null,
      previewUrl: null,
    }),
  ],
  pinned: true,
});

export const letter = post(
  ines,
  '<p><a href="/@tomasz@pomorze.social">@tomasz</a> I found the book. Shall I bring it on Sunday, or is the pier too wet for paper?</p>',
  {
    visibility: 'direct',
    viewer: viewerOf({ author: true, canBoost: false }),
    replyToId: 1,
    replyToAccount: tomasz,
  },
);

export const code = post(
  marta,
  '<p>The whole trick is one line:</p><pre><code>rsync --archive --delete --link-dest=../yesterday  /srv/data/  backup@vault:/backups/today/</code></pre><p>and <code>--link-dest</code> does the rest. Read the manual twice before you trust me.</p><blockquote><p>Backups are a promise that you make to somebody you have not met yet: yourself, in a bad week.</p></blockquote><ul><li>test the restore</li><li>write down how</li></ul>',
  { createdAt: NOW - 400 * DAY_MS },
);

export const reply1 = post(
  kofi,
  '<p>Nobody has to be brave is the best invitation I have read this year. I will bring towels.</p>',
  {
    replyToId: harbour.id,
    replyToAccount: tomasz,
    createdAt: NOW - 90 * MINUTE_MS,
    favouritesCount: 5,
    repliesCount: 1,
  },
);

export const reply2 = post(tomasz, '<p>Bring two, there is always somebody who forgets.</p>', {
  replyToId: reply1.id,
  replyToAccount: kofi,
  createdAt: NOW - 80 * MINUTE_MS,
});

export const reply3 = post(wilhelmina, '<p>Is there anywhere dry to leave a very old dog?</p>', {
  replyToId: harbour.id,
  replyToAccount: tomasz,
  createdAt: NOW - 30 * MINUTE_MS,
});

export const relation: RelationView = {
  self: false,
  following: false,
  requested: false,
  followedBy: true,
  requestedBy: false,
  showBoosts: true,
  notify: false,
  blocking: false,
  blockedBy: false,
  muting: false,
  mutingUntil: null,
  domainBlocking: false,
};

export const profile: ProfileView = {
  ...tomasz,
  bioHtml:
    '<p>Swims in cold water, repairs sewing machines, reads too many timetables. Posts in Polish and English.</p><p>Also: <a href="https://pomorze.social/@maszyny">@maszyny</a></p>',
  headerUrl: '/media/harbour.png',
  fields: [
    {
      name: 'Workshop',
      valueHtml: '<a href="https://maszyny.example" rel="me">maszyny.example</a>',
      verifiedAt: NOW - 90 * DAY_MS,
    },
    { name: 'Pronouns', valueHtml: 'he / on', verifiedAt: null },
    {
      name: 'Trains I would take again',
      valueHtml: 'Hel – Gdynia, and the 05:12 to anywhere with a sea at the end of it',
      verifiedAt: null,
    },
  ],
  followersCount: 12840,
  followingCount: 312,
  postsCount: 4071,
  asked: true,
  countsHidden: false,
  createdAt: NOW - 900 * DAY_MS,
  movedTo: null,
  memorial: false,
};

export const emptyProfile: ProfileView = {
  ...wilhelmina,
  bioHtml: '',
  headerUrl: null,
  fields: [],
  followersCount: 1,
  followingCount: 0,
  postsCount: 1,
  asked: true,
  countsHidden: false,
  createdAt: NOW - 2 * DAY_MS,
  movedTo: kofi,
  memorial: false,
  limited: true,
};

export function notification(
  kind: NotificationKind,
  from: AccountView,
  about: PostView | null,
  read: boolean,
  minutes: number,
): NotificationView {
  return { id: nextId++, kind, at: NOW - minutes * MINUTE_MS, from, post: about, read };
}
