import type { NotificationKind, NotificationView } from '#domain/notifications/notification-view.ts';
import type { IconName } from '#web/icon-names.ts';
import type { ViewContext } from '#web/view-context.ts';
import { AccountLink } from '#web/components/account-name.tsx';
import { ActionForm } from '#web/components/action-form.tsx';
import { Avatar } from '#web/components/avatar.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Post, PostContent } from '#web/components/post.tsx';
import { Time } from '#web/components/time.tsx';

const ICONS: Record<NotificationKind, IconName> = {
  mention: 'at-sign',
  follow: 'user-plus',
  'follow-request': 'user-plus',
  'follow-accepted': 'user-check',
  boost: 'repeat-2',
  favourite: 'star',
  'poll-ended': 'chart-bar-big',
  post: 'bell',
  edit: 'pencil',
  report: 'flag',
  'sign-up': 'user-plus',
  moved: 'truck',
};

interface NotificationItemProps {
  ctx: ViewContext;
  notification: NotificationView;
}

/** A mention is the post itself, ready to be answered; everything else is a sentence and what it is about. */
export function NotificationItem({ ctx, notification }: NotificationItemProps) {
  const { kind, post } = notification;
  if ((kind === 'mention' || kind === 'post') && post) {
    return (
      <div
        class="notification"
        data-part="notification"
        data-kind={kind}
        data-unread={notification.read ? undefined : ''}
      >
        <UnreadMark ctx={ctx} notification={notification} />
        <Post ctx={ctx} post={post} id={`notification-${notification.id}`} />
      </div>
    );
  }
  return (
    <article
      class="notification"
      data-part="notification"
      data-kind={kind}
      data-unread={notification.read ? undefined : ''}
      id={`notification-${notification.id}`}
    >
      <UnreadMark ctx={ctx} notification={notification} />
      <span class="notification-icon">
        <Icon ctx={ctx} name={ICONS[kind]} />
      </span>
      <div class="notification-body">
        <div class="notification-head">
          <a href={notification.from.path} tabindex={-1} aria-hidden="true">
            <Avatar account={notification.from} size="small" />
          </a>
          <p class="notification-sentence">
            {ctx.t.rich(`notification.${kind}`, { name: <AccountLink account={notification.from} /> })}
          </p>
          <span class="notification-time">
            <Time ctx={ctx} at={notification.at} />
          </span>
        </div>
        {post ? (
          <div class="notification-post">
            <PostContent ctx={ctx} post={post} />
            <a class="notification-open" href={post.path}>
              {ctx.t('notification.open-post')}
            </a>
          </div>
        ) : null}
        {kind === 'follow-request' ? <RequestButtons ctx={ctx} notification={notification} /> : null}
      </div>
    </article>
  );
}

function UnreadMark({ ctx, notification }: NotificationItemProps) {
  if (notification.read) return null;
  return <span class="visually-hidden">{ctx.t('notification.unread')} </span>;
}

function RequestButtons({ ctx, notification }: NotificationItemProps) {
  return <FollowRequestButtons ctx={ctx} accountId={notification.from.id} />;
}

/** Declining is as visible as accepting. */
export function FollowRequestButtons({ ctx, accountId }: { ctx: ViewContext; accountId: number }) {
  return (
    <div class="request-buttons">
      <ActionForm ctx={ctx} action={`/requests/${accountId}/accept`}>
        <button class="button" type="submit">
          <Icon ctx={ctx} name="check" />
          {ctx.t('request.accept')}
        </button>
      </ActionForm>
      <ActionForm ctx={ctx} action={`/requests/${accountId}/decline`}>
        <button class="button" type="submit">
          <Icon ctx={ctx} name="x" />
          {ctx.t('request.decline')}
        </button>
      </ActionForm>
    </div>
  );
}
