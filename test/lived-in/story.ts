import { bookmarkPost } from '#domain/posts/bookmark-post.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { pinPost } from '#domain/posts/pin-post.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import { muteAccount } from '#domain/relationships/mute-account.ts';
import { setFollowOptions } from '#domain/relationships/set-follow-options.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import type { Actors } from './actors.ts';
import { idOf, type Stage } from './stage.ts';

/** Posts that pages are looked at with, by what is to be seen on them. */
export interface Posts {
  /** Of Tobias: edited, answered by several, boosted and favourited. */
  talkedAbout: number;
  /** Of Tobias: with a picture. */
  pictured: number;
  /** Of somebody elsewhere, with answers. */
  remote: number;
  poll: number;
  deleted: number;
}

/** How long the story lasts, and a little more: the last word is some minutes old when it is read. */
export const STORY_MS = 56 * HOUR_MS;

/** Two days in the town, of which the last hours are read first. */
export async function tellStory(stage: Stage, actors: Actors): Promise<Posts> {
  await meet(stage, actors);
  await fillTheFirstDays(actors);
  const deleted = await quarrel(stage, actors);
  const talkedAbout = await bake(stage, actors);
  const remote = await hearFromElsewhere(stage, actors);
  await whisper(actors);
  const { poll, pictured } = await today(stage, actors);
  return { talkedAbout, pictured, remote, poll, deleted };
}

async function meet(stage: Stage, actors: Actors): Promise<void> {
  const { follows } = actors;
  for (const who of ['maeve', 'tobias', 'noor', 'jonas', 'lucien@lavoir.example', 'aya@lavoir.example']) {
    await follows(who, 'ines');
  }
  for (const whom of ['maeve', 'noor', 'jonas', 'aya@lavoir.example', 'harbour@radio.example', 'docs@tube.example']) {
    await follows('tobias', whom);
  }
  for (const who of ['maeve', 'lucien@lavoir.example', 'aya@lavoir.example', 'salma@medina.example'])
    await follows(who, 'tobias');
  await follows('ines', 'lucien@lavoir.example');
  await follows('ines', 'tobias');
  await follows('ines', 'maeve');
  await follows('maeve', 'aya@lavoir.example');
  const notify = { followerId: idOf(stage, 'tobias'), followeeId: idOf(stage, 'maeve'), notify: true };
  await stage.commit(setFollowOptions, notify);
}

/** Enough that lists have a second page. */
async function fillTheFirstDays({ says, tells, later }: Actors): Promise<void> {
  for (let sheet = 1; sheet <= 12; sheet += 1) {
    await says('ines', `Sheet ${sheet} of twelve is folded. #bookbinding`);
    later(HOUR_MS);
    await tells('harbour@radio.example', `<p>Now on air: tide tables, part ${sheet}.</p>`, { language: 'en' });
    later(HOUR_MS);
  }
}

async function quarrel(stage: Stage, { says, tells, later }: Actors): Promise<number> {
  await tells('gruff@rude.example', '<p>Your bread is a crime, and so is your garden.</p>', { language: 'en' });
  await says('bargains', 'BUY ten bells, pay for eleven https://spam.example/bells');
  await says('jonas', 'I shall print “NO BELLS” and hang it everywhere.', { warning: 'Grumbling' });
  const deleted = await says('tobias', 'I take this back.');
  await stage.commit(deletePost, { postId: deleted, authorId: idOf(stage, 'tobias') });
  const tobias = idOf(stage, 'tobias');
  await stage.commit(blockAccount, { blockerId: tobias, blockedId: idOf(stage, 'gruff@rude.example') });
  await stage.commit(blockDomain, { accountId: tobias, domain: 'spam.example' });
  const muted = { muterId: tobias, mutedId: idOf(stage, 'bargains'), hideNotifications: true };
  await stage.commit(muteAccount, { ...muted, expiresAt: stage.clock.now() + 30 * DAY_MS });
  later(8 * HOUR_MS);
  return deleted;
}

async function bake(stage: Stage, { says, tells, later, favours, boosts }: Actors): Promise<number> {
  const bread = await says('tobias', 'Third attempt at the flat bread. It is, at lst, flat. #baking', {
    pictures: [['bread', 'A flat bread with dark bubbles on a floured board']],
  });
  await stage.commit(pinPost, { accountId: idOf(stage, 'tobias'), postId: bread });
  later(10 * MINUTE_MS);
  const edit = { postId: bread, authorId: idOf(stage, 'tobias'), warning: null, sensitive: false, language: 'en' };
  await stage.commit(editPost, { ...edit, text: 'Third attempt at the flat bread. It is, at last, flat. #baking' });
  const crust = await says('maeve', '@tobias I could hear the crust from here.', { replyToId: bread });
  const proof = await says('tobias', '@maeve Then you have heard the proof.', { replyToId: crust });
  await tells('lucien@lavoir.example', '<p>Chez nous on l’appelle une fouace. Il faut des olives.</p>', {
    replyTo: bread,
  });
  await says('ines', '@tobias Bring it on Thursday, flat things stack well.', { replyToId: bread });
  await tells('aya@lavoir.example', '<p>Je viens pour la photo, et pour les miettes.</p>', { replyTo: proof });
  for (const who of ['ines', 'maeve', 'noor', 'lucien@lavoir.example', 'salma@medina.example'])
    await favours(who, bread);
  await boosts('ines', bread);
  await boosts('aya@lavoir.example', bread);
  await stage.commit(bookmarkPost, { accountId: idOf(stage, 'tobias'), postId: crust });
  later(9 * HOUR_MS);
  return bread;
}

async function hearFromElsewhere(stage: Stage, { says, tells, later, favours, boosts }: Actors): Promise<number> {
  await tells('docs@tube.example', '<p>Forty minutes on how a canal lock is mended.</p>', {
    kind: 'video',
    title: 'The Lock Keepers',
    language: 'en',
  });
  const rain = await tells(
    'aya@lavoir.example',
    '<p>Il pleut enfin. La lumière sur le canal vaut tous les étés. <a href="https://lavoir.example/tags/photo" rel="tag">#photo</a></p>',
    {
      hashtags: ['photo'],
    },
  );
  await says('tobias', '@aya@lavoir.example And the towpath smells of it.', { replyToId: rain });
  await boosts('maeve', rain);
  for (const who of ['ines', 'tobias', 'jonas']) await favours(who, rain);
  await stage.commit(bookmarkPost, { accountId: idOf(stage, 'tobias'), postId: rain });
  await tells('salma@medina.example', '<p>قهوة الصباح وكتاب جديد. يوم جميل.</p>', { language: 'ar' });
  later(6 * HOUR_MS);
  return rain;
}

async function whisper({ says, tells, later }: Actors): Promise<void> {
  await says('ines', '@tobias Could you bring the long ruler on Thursday? Somebody used mine for the roof.', {
    visibility: 'direct',
  });
  later(20 * MINUTE_MS);
  await says('tobias', '@ines It is already in the basket, next to the bread.', { visibility: 'direct' });
  await says('maeve', '@tobias @noor A surprise for Inès: forty sheets of the blue paper. Not a word.', {
    visibility: 'direct',
  });
  await tells('harbour@radio.example', '<p>Your request is played at nine.</p>', { language: 'en' });
  await says('ines', 'Friends only: the roof leaks again, so Thursday may become an indoor fountain.', {
    visibility: 'followers',
  });
  later(3 * HOUR_MS);
}

async function today(stage: Stage, actors: Actors): Promise<Pick<Posts, 'poll' | 'pictured'>> {
  const { says, tells, later, favours, boosts, votes, asksToFollow } = actors;
  await asksToFollow('jonas', 'noor');
  await asksToFollow('maeve', 'noor');
  await asksToFollow('charpentier_de_la_montagne_noire@a-rather-long-name-for-a-server.example', 'noor');
  await asksToFollow('tobias', 'salma@medina.example');
  await says(
    'jonas',
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, in 96 point, fits on no poster.',
    {
      language: 'de',
    },
  );
  await says(
    'maeve',
    'Recorded the swifts over the courtyard this morning: eleven minutes, no traffic. Such luck happens twice a year.',
    {
      pictures: [['swifts', 'Seven swifts over dark roofs at sunrise']],
    },
  );
  later(40 * MINUTE_MS);
  await says('jonas', 'Two proofs, hung to dry. Nobody asked which is better, and yet everybody answers.', {
    pictures: [
      ['paperGreen', 'A sheet marbled in green and rust'],
      ['canal', null],
    ],
    sensitive: true,
  });
  await says('tobias', 'The gearbox is not dead. It was resting.', { warning: 'Bicycle mechanics, in some detail' });
  later(30 * MINUTE_MS);
  const poll = await says('ines', 'Thursday evening we meet at the workshop. What shall we do?', {
    poll: { options: ['Sew a notebook', 'Marble some paper', 'Just talk'], multiple: false, minutes: 60 * 24 * 2 },
  });
  for (const [who, position] of [
    ['maeve', 0],
    ['noor', 1],
    ['jonas', 1],
    ['lucien@lavoir.example', 1],
    ['aya@lavoir.example', 2],
  ] as const) {
    await votes(who, poll, position);
  }
  later(20 * MINUTE_MS);
  const beans = await tells(
    'lucien@lavoir.example',
    '<p>Premières fèves au potager. Qui en veut ? Je passe demain avec le vélo. <a href="https://lavoir.example/tags/potager" rel="tag">#potager</a></p>',
    {
      hashtags: ['potager'],
    },
  );
  await boosts('ines', beans);
  for (const who of ['ines', 'maeve']) await favours(who, beans);
  later(25 * MINUTE_MS);
  const pictured = await says(
    'tobias',
    'Somebody left a bag of broad beans on my saddle. I have suspicions, and supper. #potager',
  );
  for (const who of ['ines', 'noor', 'lucien@lavoir.example']) await favours(who, pictured);
  await boosts('lucien@lavoir.example', pictured);
  later(15 * MINUTE_MS);
  await says(
    'ines',
    'First sheets from the marbling trough today. The blue is indigo, the rest is luck. #bookbinding',
    {
      pictures: [['paper', 'A sheet of paper marbled in indigo, rust and cream, the colours drawn into waves']],
    },
  );
  later(4 * MINUTE_MS);
  return { poll, pictured };
}
