import { addEmoji } from '#domain/emoji/add-emoji.ts';
import { switchEmoji } from '#domain/emoji/switch-emoji.ts';
import { addRule } from '#domain/instance/add-rule.ts';
import { editRule } from '#domain/instance/edit-rule.ts';
import { publishPolicyText } from '#domain/instance/publish-policy-text.ts';
import { prepareMedia } from '#domain/media/prepare-media.ts';
import { confirmTotp } from '#domain/membership/confirm-totp.ts';
import { createInvite } from '#domain/membership/create-invite.ts';
import { openSession } from '#domain/membership/open-session.ts';
import { requestPasswordReset } from '#domain/membership/request-password-reset.ts';
import { signUp } from '#domain/membership/sign-up.ts';
import { startTotp } from '#domain/membership/start-totp.ts';
import { blockAddress } from '#domain/moderation/block-address.ts';
import { blockEmailDomain } from '#domain/moderation/block-email-domain.ts';
import { limitAccount } from '#domain/moderation/limit-account.ts';
import { receiveFlag } from '#domain/moderation/receive-flag.ts';
import { reportAccount } from '#domain/moderation/report-account.ts';
import { resolveReport } from '#domain/moderation/resolve-report.ts';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { suspendAccount } from '#domain/moderation/suspend-account.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { idOf, type Stage } from './stage.ts';

/** What staff has to do, and what it has done, by what is to be seen of it. */
export interface StaffWork {
  report: number;
  settledReport: number;
  signUp: number;
  rule: number;
  policyText: number;
  addressBlock: number;
  deadJob: number;
  emoji: number;
  inviteCode: string;
}

export async function doStaffWork(stage: Stage, passwordHash: string): Promise<StaffWork> {
  return {
    ...(await letPeopleIn(stage)),
    signUp: await askToJoin(stage, passwordHash),
    ...(await handleReports(stage)),
    ...(await writeTexts(stage)),
    ...(await closeDoors(stage)),
    deadJob: await giveUpJob(stage),
    emoji: await drawEmoji(stage),
  };
}

async function letPeopleIn(stage: Stage): Promise<{ inviteCode: string }> {
  const { commit, sealer } = stage;
  const ines = idOf(stage, 'ines');
  const { code } = await commit(createInvite, {
    creatorId: ines,
    comment: 'For the people of the choir',
    usesMax: 10,
    lifeMs: 30 * DAY_MS,
  });
  await commit(createInvite, { creatorId: ines, comment: '', usesMax: null, lifeMs: null });
  const agents = ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Unknown/1.0'];
  for (const userAgent of agents) {
    for (const who of ['ines', 'tobias']) {
      await commit(openSession, { accountId: idOf(stage, who), visit: { address: '192.0.2.44', userAgent } });
    }
  }
  // Half way to codes for logging in: the page that shows the secret can be seen.
  await commit(startTotp, {
    accountId: idOf(stage, 'tobias'),
    totpSealed: sealer.seal('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'),
  });
  // Who has codes is asked for one when logging in.
  const maeve = idOf(stage, 'maeve');
  const totpSealed = sealer.seal('KRSXG5DTKRSXG5DTKRSXG5DTKRSXG5DT');
  await commit(startTotp, { accountId: maeve, totpSealed });
  await commit(confirmTotp, { accountId: maeve, totpSealed, step: 0 });
  await commit(requestPasswordReset, { email: 'jonas@example.org' });
  return { inviteCode: code };
}

/** Three people; returns the account of the last, whose mail waits for nothing but staff. */
async function askToJoin(stage: Stage, passwordHash: string): Promise<number> {
  const asking = [
    ['yuki', 'Curious about paper.', true],
    ['petr', 'Je lis, surtout. Et je relie, un peu.', false],
    ['odile', 'I repair chairs, and Inès told me about the kettle.', false],
  ] as const;
  let last = 0;
  for (const [handle, reason, mailWorks] of asking) {
    const { accountId } = await stage.commit(signUp, {
      handle,
      email: `${handle}@example.org`,
      passwordHash,
      keys: stage.keys,
      locale: 'en',
      reason,
      inviteCode: null,
      proof: null,
      address: '198.51.100.7',
      isOldEnough: true,
      acceptsRules: true,
      mailWorks,
    });
    last = accountId;
  }
  return last;
}

async function handleReports(stage: Stage): Promise<Pick<StaffWork, 'report' | 'settledReport'>> {
  const { commit, store } = stage;
  const postOf = async (who: string) => {
    const rows = await store.read.hot<{ id: number }>(
      'select id from posts where author_id = $1 limit 1',
      idOf(stage, who),
    );
    return rows.map(({ id }) => id);
  };
  const settled = await commit(reportAccount, {
    reporterId: idOf(stage, 'jonas'),
    targetId: idOf(stage, 'seller@spam.example'),
    postIds: [],
    comment: 'Sells things in every reply.',
    forward: false,
  });
  await commit(resolveReport, { actorId: idOf(stage, 'maeve'), reportId: settled });
  await commit(receiveFlag, {
    uri: 'https://lavoir.example/flags/1',
    reporterId: idOf(stage, 'lucien@lavoir.example'),
    objectUris: [`${stage.site.origin}/users/bargains`],
    comment: 'Écrit la même chose à tout le monde.',
  });
  const open = await commit(reportAccount, {
    reporterId: idOf(stage, 'tobias'),
    targetId: idOf(stage, 'gruff@rude.example'),
    postIds: await postOf('gruff@rude.example'),
    comment: 'Rude about my bread, and about people’s gardens.',
    forward: true,
  });
  await commit(limitAccount, { actorId: idOf(stage, 'maeve'), accountId: idOf(stage, 'gruff@rude.example') });
  await commit(suspendAccount, { actorId: idOf(stage, 'maeve'), accountId: idOf(stage, 'bargains') });
  return { report: open, settledReport: settled };
}

async function writeTexts(stage: Stage): Promise<{ rule: number; policyText: number }> {
  const { commit } = stage;
  const actorId = idOf(stage, 'ines');
  const first = await commit(addRule, { actorId, text: 'Be kind', hint: 'Also to those who are wrong.' });
  await commit(addRule, { actorId, text: 'Describe your pictures', hint: '' });
  await commit(addRule, { actorId, text: 'Warn before bicycle mechanics', hint: 'And before spiders.' });
  const rule = await commit(editRule, {
    id: first,
    actorId,
    text: 'Be kind to each other',
    hint: 'Also to those who are wrong.',
  });
  const terms =
    '# Terms\n\nThese are the terms of **The Loft**.\n\n1. What you write is yours.\n2. We may ask you to leave.\n\n| What | How long |\n|---|---|\n| Logs | 14 days |';
  await commit(publishPolicyText, { actorId, kind: 'terms', locale: 'en', markdown: `${terms}\n\nDraft.` });
  await commit(publishPolicyText, {
    actorId,
    kind: 'terms',
    locale: 'fr',
    markdown: '# Conditions\n\nCe que vous écrivez est à vous.',
  });
  await commit(publishPolicyText, {
    actorId,
    kind: 'privacy',
    locale: 'en',
    markdown: '# Privacy\n\nWe keep as little as we can.',
  });
  const version = await commit(publishPolicyText, { actorId, kind: 'terms', locale: 'en', markdown: terms });
  return { rule, policyText: version ?? 0 };
}

async function closeDoors(stage: Stage): Promise<{ addressBlock: number }> {
  const { commit, clock } = stage;
  const actorId = idOf(stage, 'ines');
  const policy = { actorId, rejectMedia: false, publicComment: '', privateComment: '' };
  await commit(setDomainPolicy, {
    ...policy,
    domain: 'spam.example',
    severity: 'suspend',
    publicComment: 'Nothing but advertisements.',
  });
  await commit(setDomainPolicy, {
    ...policy,
    domain: 'rude.example',
    severity: 'limit',
    rejectMedia: true,
    privateComment: 'See the report on Gruff.',
  });
  await commit(blockEmailDomain, { actorId, domain: 'throwaway.example', comment: 'Disposable', expiresAt: null });
  const until = { comment: 'Forty sign-ups in a night', expiresAt: clock.now() + 30 * DAY_MS };
  return { addressBlock: await commit(blockAddress, { actorId, cidr: '203.0.113.0/24', ...until }) };
}

/** Jobs that have failed so often that they are not tried again: two, so that one can be tried again and the other be forgotten. */
async function giveUpJob({ store, clock }: Stage): Promise<number> {
  const id = 4242;
  const error = 'TypeError: https://lavoir.example/users/lucien answered with something that is no document';
  const insert = `insert into jobs (id, lane, due_at, lease, tries, dead_at, last_error, data) values ($1, 'fetch', $2, 0, 5, $2, $3, '{}')`;
  await store.write(async (tx) => {
    for (const one of [id, id + 1]) await tx.hot(insert, one, clock.now(), error);
  });
  return id;
}

/** One in use and one that is switched off; returns the first. */
async function drawEmoji(stage: Stage): Promise<number> {
  const actorId = idOf(stage, 'ines');
  const add = async (shortcode: string, bytes: Uint8Array) => {
    const media = await prepareMedia(stage.media, bytes, 'emoji');
    return stage.commit(addEmoji, { actorId, shortcode, category: 'Faces of the loft', media, from: null });
  };
  const shown = await add('tobias', stage.drawings.face('tobias'));
  const hidden = await add('maeve', stage.drawings.face('maeve'));
  await stage.commit(switchEmoji, { actorId, id: hidden, on: false });
  return shown;
}
