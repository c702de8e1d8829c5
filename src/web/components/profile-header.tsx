import type { Child } from '#web/jsx/html.ts';
import { raw } from '#web/jsx/html.ts';
import type { ProfileField, ProfileView, RelationView } from '#domain/accounts/account-view.ts';
import { formatCount, formatDate } from '#web/i18n.ts';
import { hostOf, safeUrl, textWithEmoji, withEmoji } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { AccountBadges, AccountLink, DisplayName, Handle } from '#web/components/account-name.tsx';
import { Avatar } from '#web/components/avatar.tsx';
import { Badge } from '#web/components/badge.tsx';
import { Notice } from '#web/components/flash.tsx';
import { FollowButton, RelationMenu } from '#web/components/follow-button.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Time } from '#web/components/time.tsx';

interface ProfileHeaderProps {
  ctx: ViewContext;
  profile: ProfileView;
  /** Null for visitors. */
  relation: RelationView | null;
  live?: boolean | undefined;
  /** What it costs to follow and what one gets, Spaces, a support button. */
  children?: Child;
}

/** Header, avatar, name, handle, bio, fields, counts. The page's `h1` is the name. */
export function ProfileHeader({ ctx, profile, relation, live = false, children }: ProfileHeaderProps) {
  const { t } = ctx;
  const header = safeUrl(profile.headerUrl);
  return (
    <div class="profile" data-part="profile">
      <div class="profile-banner" data-part="profile-banner">
        {header ? <img src={header} alt="" decoding="async" /> : null}
      </div>
      <div class="profile-top">
        <div class="profile-avatar">
          <Avatar account={profile} size="huge" live={live} />
        </div>
        <div class="profile-actions" data-part="profile-actions">
          {relation ? <RelationMenu ctx={ctx} account={profile} relation={relation} /> : null}
          {relation ? (
            <FollowButton ctx={ctx} account={profile} relation={relation} main />
          ) : (
            <GuestFollow ctx={ctx} profile={profile} />
          )}
        </div>
      </div>
      <div class="profile-names">
        <h1 class="profile-name">
          <DisplayName account={profile} />
        </h1>
        <p class="profile-handle">
          <button
            class="handle-copy"
            type="button"
            data-copy={fullHandle(ctx, profile)}
            data-copied={t('account.handle-copied')}
            title={t('account.copy-handle')}
          >
            <Handle account={profile} host={ctx.instance.host} />
            <Icon ctx={ctx} name="copy" class="copy-icon" />
          </button>
          <AccountBadges ctx={ctx} account={profile} />
          <RelationBadges ctx={ctx} relation={relation} />
        </p>
      </div>
      <ProfileNotices ctx={ctx} profile={profile} relation={relation} />
      {profile.bioHtml ? (
        <div class="profile-bio prose" data-part="profile-bio" dir="auto">
          {profile.emoji.length > 0 ? withEmoji(profile.bioHtml, profile.emoji) : raw(profile.bioHtml)}
        </div>
      ) : null}
      {profile.fields.length > 0 ? <ProfileFields ctx={ctx} profile={profile} /> : null}
      <ProfileCounts ctx={ctx} profile={profile} />
      {children}
    </div>
  );
}

function fullHandle(ctx: ViewContext, profile: ProfileView): string {
  return `@${profile.handle}@${profile.domain ?? ctx.instance.host}`;
}

function RelationBadges({ ctx, relation }: { ctx: ViewContext; relation: RelationView | null }) {
  if (!relation || relation.self) return null;
  const { t } = ctx;
  return (
    <>
      {relation.following && relation.followedBy ? <Badge ctx={ctx} label={t('relation.mutual')} /> : null}
      {relation.followedBy && !relation.following ? <Badge ctx={ctx} label={t('relation.follows-you')} /> : null}
      {relation.requestedBy ? <Badge ctx={ctx} label={t('relation.requested-you')} icon="clock" /> : null}
      {relation.muting ? <Badge ctx={ctx} label={t('relation.muted')} icon="volume-x" /> : null}
      {relation.blocking ? <Badge ctx={ctx} label={t('relation.blocked')} icon="ban" /> : null}
    </>
  );
}

/** A visitor follows from where they are at home. */
function GuestFollow({ ctx, profile }: { ctx: ViewContext; profile: ProfileView }) {
  return (
    <a class="button" data-kind="primary" href={`/login?return_to=${encodeURIComponent(profile.path)}`}>
      <Icon ctx={ctx} name="user-plus" />
      {ctx.t('relation.follow')}
    </a>
  );
}

function ProfileNotices({
  ctx,
  profile,
  relation,
}: {
  ctx: ViewContext;
  profile: ProfileView;
  relation: RelationView | null;
}) {
  const { t } = ctx;
  const origin = safeUrl(profile.url);
  return (
    <>
      {profile.suspended ? <Notice ctx={ctx} kind="warning" title={t('profile.suspended')} /> : null}
      {profile.limited && !profile.suspended ? <Notice ctx={ctx} kind="warning" title={t('profile.limited')} /> : null}
      {profile.memorial ? <Notice ctx={ctx} title={t('profile.memorial')} /> : null}
      {profile.movedTo ? (
        <Notice ctx={ctx} title={t('profile.moved')}>
          <p>{t.rich('profile.moved-to', { name: <AccountLink account={profile.movedTo} /> })}</p>
        </Notice>
      ) : null}
      {relation?.blockedBy ? <Notice ctx={ctx} title={t('profile.blocked-by')} /> : null}
      {profile.domain !== null && origin ? (
        <p class="profile-origin" data-part="profile-origin">
          <Icon ctx={ctx} name="server" />
          <span>
            {t.rich('profile.remote', {
              host: (
                <a href={origin} rel="noopener noreferrer">
                  {hostOf(origin) ?? profile.domain}
                </a>
              ),
            })}
          </span>
        </p>
      ) : null}
    </>
  );
}

function ProfileFields({ ctx, profile }: { ctx: ViewContext; profile: ProfileView }) {
  return (
    <dl class="profile-fields" data-part="profile-fields">
      {profile.fields.map((field) => (
        <div class="profile-field" data-verified={field.verifiedAt === null ? undefined : ''}>
          <dt dir="auto">{textWithEmoji(field.name, profile.emoji)}</dt>
          <dd dir="auto">
            <FieldValue profile={profile} field={field} />
            {field.verifiedAt === null ? null : (
              <span
                class="verified"
                title={ctx.t('profile.verified-at', { date: formatDate(ctx.locale, field.verifiedAt, 'day') })}
              >
                <Icon ctx={ctx} name="check" />
                {ctx.t('profile.verified')}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function FieldValue({ profile, field }: { profile: ProfileView; field: ProfileField }) {
  return <span class="profile-field-value">{withEmoji(field.valueHtml, profile.emoji)}</span>;
}

function ProfileCounts({ ctx, profile }: { ctx: ViewContext; profile: ProfileView }) {
  const { t } = ctx;
  const counts = [
    { key: 'profile.posts', count: profile.postsCount, href: profile.path },
    { key: 'profile.following', count: profile.followingCount, href: `${profile.path}/following` },
    { key: 'profile.followers', count: profile.followersCount, href: `${profile.path}/followers` },
  ] as const;
  return (
    <p class="profile-counts" data-part="profile-counts">
      {profile.countsHidden
        ? null
        : counts.map(({ key, count, href }) => (
            <a href={href}>{t.rich(key, { count, shown: <strong>{formatCount(ctx.locale, count)}</strong> })}</a>
          ))}
      <span class="profile-since">
        {t.rich('profile.since', { time: <Time ctx={ctx} at={profile.createdAt} show="day" /> })}
      </span>
    </p>
  );
}
