import type { Child } from '#web/jsx/html.ts';
import { raw } from '#web/jsx/html.ts';
import type { AccountView, ProfileView, RelationView } from '#domain/accounts/account-view.ts';
import { withEmoji } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { AccountLine } from '#web/components/account-name.tsx';
import { FollowButton } from '#web/components/follow-button.tsx';

interface AccountCardProps {
  ctx: ViewContext;
  account: AccountView;
  /** Shown below the name where it is known. */
  bioHtml?: string | undefined;
  relation?: RelationView | null | undefined;
  /** Instead of the follow button: accept and decline, unblock, remove. */
  actions?: Child;
  /** Why it stands here: "Muted until 3 March". */
  note?: Child;
}

/** A line of a list of people. */
export function AccountCard({ ctx, account, bioHtml, relation, actions, note }: AccountCardProps) {
  return (
    <article class="account-card" data-part="account-card">
      <div class="account-card-head">
        <AccountLine ctx={ctx} account={account} />
        <div class="account-card-actions">
          {actions ?? (relation ? <FollowButton ctx={ctx} account={account} relation={relation} /> : null)}
        </div>
      </div>
      {bioHtml ? (
        <div class="account-card-bio prose" dir="auto">
          {account.emoji.length > 0 ? withEmoji(bioHtml, account.emoji) : raw(bioHtml)}
        </div>
      ) : null}
      {note ? <p class="account-card-note">{note}</p> : null}
    </article>
  );
}

export function ProfileCard({
  ctx,
  profile,
  relation,
}: {
  ctx: ViewContext;
  profile: ProfileView;
  relation: RelationView | null;
}) {
  return <AccountCard ctx={ctx} account={profile} bioHtml={profile.bioHtml} relation={relation} />;
}
