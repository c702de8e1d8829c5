import { openSession } from '#domain/membership/open-session.ts';
import type { Role } from '#domain/membership/permissions.ts';
import { pinPost } from '#domain/posts/pin-post.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { addMember } from '../../../members.ts';
import type { StaffedSite } from '../staff.ts';

/** Forms that a visitor sends as well as anybody. */
export const OPEN = [
  '/set-up',
  '/sign-up',
  '/confirm-email',
  '/confirm-email/again',
  '/login',
  '/logout',
  '/login/second-factor',
  '/reset-password',
  '/reset-password/new',
];

/** Forms that concern nobody but whoever sends them, or that one may send about anybody. */
export const MEMBER = [
  '/settings/profile',
  '/settings/privacy',
  '/settings/account/email',
  '/settings/account/password',
  '/settings/account/delete',
  '/settings/security/start',
  '/settings/security/codes',
  '/settings/security/stop',
  '/settings/security/confirm',
  '/settings/sessions/others/end',
  '/settings/appearance',
  '/settings/blocks/domains',
  '/settings/blocks/domains/remove',
  '/settings/move/aliases',
  '/settings/move/aliases/remove',
  '/settings/move',
  '/settings/move/undo',
  '/posts',
  '/posts/:id{[0-9]+}/favourite',
  '/posts/:id{[0-9]+}/unfavourite',
  '/posts/:id{[0-9]+}/boost',
  '/posts/:id{[0-9]+}/unboost',
  '/posts/:id{[0-9]+}/bookmark',
  '/posts/:id{[0-9]+}/unbookmark',
  '/posts/:id{[0-9]+}/vote',
  '/accounts/:id{[0-9]+}/unfollow',
  '/accounts/:id{[0-9]+}/remove-follower',
  '/accounts/:id{[0-9]+}/hide-boosts',
  '/accounts/:id{[0-9]+}/show-boosts',
  '/accounts/:id{[0-9]+}/notify',
  '/accounts/:id{[0-9]+}/unnotify',
  '/accounts/:id{[0-9]+}/mute',
  '/accounts/:id{[0-9]+}/unmute',
  '/accounts/:id{[0-9]+}/block',
  '/accounts/:id{[0-9]+}/unblock',
  '/accounts/:id{[0-9]+}/follow',
  '/accounts/:id{[0-9]+}/block-domain',
  '/accounts/:id{[0-9]+}/unblock-domain',
  '/accounts/:id{[0-9]+}/report',
  '/notifications/read',
  '/notifications/clear',
];

/** The path with somebody's post, or somebody, in it. */
export async function fillPath(site: StaffedSite, path: string, targetId: number): Promise<string> {
  const id = path.startsWith('/posts/') ? await post(site, targetId) : targetId;
  return path.replace(':id{[0-9]+}', String(id));
}

async function post(site: StaffedSite, authorId: number, visibility: Visibility = 'public', text = 'Hello') {
  return site.world.commit(publishPost, {
    authorId,
    text,
    warning: null,
    sensitive: false,
    language: null,
    visibility,
    replyToId: null,
    mediaIds: [],
    poll: null,
  });
}

export type Probe = () => Promise<boolean>;

export async function exists(site: StaffedSite, sql: string, ...values: (string | number)[]): Promise<boolean> {
  return (await site.world.store.read.hot(sql, ...values)).length > 0;
}

interface OwnEntry {
  path: string;
  /** Something of an owner, for somebody else to lay hands on. `actorId` where the actor is of the owner's role. */
  make(
    site: StaffedSite,
    actor: Role | null,
    owner: Role,
    number: number,
  ): Promise<{ path: string; actorId: number | undefined; untouched: Probe }>;
}

/** What belongs to one person: nobody else may, of whatever role. */
export const ownEntries: readonly OwnEntry[] = [
  ...['edit', 'delete', 'redraft', 'pin', 'unpin'].map((step): OwnEntry => ({
    path: `/posts/:id{[0-9]+}/${step}`,
    async make(site, actor, owner, number) {
      const id = await post(site, site.ids[owner]);
      const isPinned = step === 'unpin';
      if (isPinned) {
        await site.world.store.write((tx) => tx.hot('delete from pins'));
        await site.world.commit(pinPost, { accountId: site.ids[owner], postId: id });
      }
      return {
        path: `/posts/${id}/${step}`,
        actorId: await another(site, actor, owner, number),
        untouched: async () =>
          (await exists(
            site,
            `select 1 as x from posts where id = $1 and source = 'Hello' and edited_at is null`,
            id,
          )) && (await exists(site, 'select 1 as x from pins where post_id = $1', id)) === isPinned,
      };
    },
  })),
  {
    path: '/settings/sessions/:id/end',
    async make(site, actor, owner, number) {
      const accountId = site.ids[owner];
      await site.world.commit(openSession, { accountId, visit: { address: null, userAgent: '' } });
      const [row] = await site.world.store.read.hot<{ id: number }>('select max(id) as id from sessions');
      const id = row?.id ?? 0;
      return {
        path: `/settings/sessions/${id}/end`,
        actorId: await another(site, actor, owner, number),
        untouched: () => exists(site, 'select 1 as x from sessions where id = $1', id),
      };
    },
  },
  ...['read', 'hide'].map((step): OwnEntry => ({
    path: `/messages/:id{[0-9]+}/${step}`,
    async make(site, actor, owner, number) {
      const from = await site.world.person(`writer_${number}`);
      await post(site, from, 'direct', `@the_${owner} psst`);
      const [row] = await site.world.store.read.hot<{ id: number }>(
        'select max(id) as id from conversations where account_id = $1',
        site.ids[owner],
      );
      const id = row?.id ?? 0;
      return {
        path: `/messages/${id}/${step}`,
        actorId: await another(site, actor, owner, number),
        untouched: () =>
          exists(site, 'select 1 as x from conversations where id = $1 and unread = 1 and hidden_at is null', id),
      };
    },
  })),
  ...['accept', 'decline'].map((step): OwnEntry => ({
    path: `/requests/:id{[0-9]+}/${step}`,
    async make(site, actor, owner, number) {
      const followeeId = site.ids[owner];
      await site.world.store.write((tx) => tx.hot('update accounts set locked = 1 where id = $1', followeeId));
      const followerId = await site.world.person(`asker_${number}`);
      await site.world.commit(requestFollow, { followerId, followeeId });
      return {
        path: `/requests/${followerId}/${step}`,
        actorId: await another(site, actor, owner, number),
        untouched: () =>
          exists(
            site,
            `select 1 as x from follows where follower_id = $1 and followee_id = $2 and state = 'pending'`,
            followerId,
            followeeId,
          ),
      };
    },
  })),
];

/** Somebody else of the owner's own role, where both have the same. */
async function another(
  site: StaffedSite,
  actor: Role | null,
  owner: Role,
  number: number,
): Promise<number | undefined> {
  return actor !== owner ? undefined : addMember(site.world, `other_${owner}_${number}`, { role: owner });
}
