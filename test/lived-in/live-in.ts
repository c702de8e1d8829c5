import { takeUpload } from '#domain/media/add-media.ts';
import { editProfile } from '#domain/accounts/edit-profile.ts';
import { receiveAccount } from '#domain/accounts/receive-account.ts';
import { addMember } from '#domain/membership/add-member.ts';
import { completeSetUp, issueSetUpToken } from '#domain/membership/complete-set-up.ts';
import { editPreferences } from '#domain/membership/edit-preferences.ts';
import { openSession } from '#domain/membership/open-session.ts';
import { renderField, renderText } from '#domain/posts/render-text.ts';
import { addAlias } from '#domain/departures/move-account.ts';
import { assert } from '#kernel/assert.ts';
import { systemClock } from '#kernel/clock.ts';
import { hashPassword } from '#kernel/password.ts';
import { hashToken, newToken } from '#kernel/tokens.ts';
import { createActors } from './actors.ts';
import { INSTANCE, NEIGHBOURS, PASSWORD, RESIDENTS, type Resident } from './cast.ts';
import { doStaffWork, type StaffWork } from './staff.ts';
import { idOf, openStage, type Stage } from './stage.ts';
import { STORY_MS, tellStory, type Posts } from './story.ts';

/** An instance that has been lived in: what to look at there, and as whom. */
export interface Town {
  /** Session cookies, by the handle of whose they are. */
  sessions: Record<'ines' | 'maeve' | 'tobias' | 'noor', string>;
  accounts: ReadonlyMap<string, number>;
  posts: Posts;
  staff: StaffWork;
}

/** Writes two days of life into an empty data folder. The server that runs on it has to be called `host`. */
export async function liveIn(dataDir: string, host: string): Promise<Town> {
  const stage = await openStage(dataDir, host, STORY_MS);
  try {
    const passwordHash = await hashPassword(PASSWORD);
    for (const resident of RESIDENTS) await moveIn(stage, resident, passwordHash);
    for (const neighbour of NEIGHBOURS) {
      const id = await stage.commit(receiveAccount, neighbour);
      stage.accounts.set(`${neighbour.handle}@${neighbour.domain}`, id);
    }
    const posts = await tellStory(stage, createActors(stage));
    assert(stage.clock.now() < systemClock.now(), 'the story does not reach into the future');
    const staff = await doStaffWork(stage, passwordHash);
    await stage.commit(addAlias, { accountId: idOf(stage, 'tobias'), uri: 'https://old.example/users/tobias' });
    const sessions = { ines: '', maeve: '', tobias: '', noor: '' };
    for (const who of Object.keys(sessions) as (keyof typeof sessions)[]) {
      const visit = { address: '127.0.0.1', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0' };
      sessions[who] = await stage.commit(openSession, { accountId: idOf(stage, who), visit });
    }
    return { sessions, accounts: stage.accounts, posts, staff };
  } finally {
    await stage.close();
  }
}

async function moveIn(stage: Stage, resident: Resident, passwordHash: string): Promise<void> {
  const { commit, keys, site, drawings } = stage;
  const { handle, name, bio, role, face, fields = [], locked = false } = resident;
  const credentials = { handle, email: `${handle}@example.org`, passwordHash };
  const accountId =
    role === 'owner' ? await setUp(stage, credentials) : await commit(addMember, { ...credentials, role, keys });
  stage.accounts.set(handle, accountId);
  // Nobody has chosen a language, so that a browser's own is what they read.
  const preferences = { defaultVisibility: 'public', defaultLanguage: null, defaultSensitive: false } as const;
  await commit(editPreferences, { accountId, locale: null, scheme: 'auto', ...preferences });
  const upload = (purpose: 'avatar' | 'header', bytes: Uint8Array) =>
    takeUpload({ ...stage.media, commit }, { accountId, bytes, purpose });
  await commit(editProfile, {
    accountId,
    displayName: name,
    bio,
    bioHtml: renderText(bio, new Map(), site.origin),
    fields: fields.map(([field, value]) => ({
      name: field,
      value,
      valueHtml: renderField(value, new Map(), site.origin),
    })),
    locked,
    bot: false,
    discoverable: true,
    indexable: true,
    countsHidden: false,
    ...(face ? { avatarMediaId: await upload('avatar', drawings.face(face)) } : {}),
    ...(handle === 'ines' ? { headerMediaId: await upload('header', drawings.scene('paper')) } : {}),
    ...(handle === 'tobias' ? { headerMediaId: await upload('header', drawings.scene('canal')) } : {}),
  });
}

async function setUp(
  { commit, keys }: Stage,
  credentials: { handle: string; email: string; passwordHash: string },
): Promise<number> {
  const token = newToken();
  await commit(issueSetUpToken, { tokenHash: hashToken(token) });
  const { accountId } = await commit(completeSetUp, {
    ...credentials,
    tokenHash: hashToken(token),
    settings: { ...INSTANCE, registrations: 'approval', minimumAge: 16, theme: 'plain', defaultLocale: 'en' },
    ownerKeys: keys,
    instanceKeys: keys,
    locale: 'en',
    visit: { address: '192.0.2.10', userAgent: 'Mozilla/5.0 (Macintosh) Firefox/140.0' },
  });
  return accountId;
}
