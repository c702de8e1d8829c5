import type { ConversationView } from '#domain/conversations/conversation-view.ts';
import { textOfHtml } from '#domain/posts/render-text.ts';
import type { ViewContext } from '#web/view-context.ts';
import { DisplayName } from '#web/components/account-name.tsx';
import { Avatar } from '#web/components/avatar.tsx';
import { Time } from '#web/components/time.tsx';

/** How many of those who take part are shown by their picture. */
const PICTURES_MAX = 2;
const EXCERPT_CHARACTERS = 160;

/** A line of the list of conversations: with whom, when, and the beginning of the last post. */
export function ConversationLine({ ctx, conversation }: { ctx: ViewContext; conversation: ConversationView }) {
  const { participants, lastPost, unread } = conversation;
  const people = participants.length > 0 ? participants : [lastPost.author];
  return (
    <a
      class="conversation"
      href={`/messages/${conversation.id}#post-${lastPost.id}`}
      data-unread={unread ? '' : undefined}
    >
      <span class="conversation-faces" aria-hidden="true">
        {people.slice(0, PICTURES_MAX).map((account) => (
          <Avatar account={account} />
        ))}
      </span>
      <span class="conversation-words">
        <span class="conversation-head">
          <span class="conversation-names">
            {unread ? <span class="visually-hidden">{ctx.t('notification.unread')} </span> : null}
            {participants.length === 0 ? ctx.t('messages.to-oneself') : null}
            {participants.map((account, position) => (
              <>
                {position > 0 ? ', ' : ''}
                <DisplayName account={account} />
              </>
            ))}
          </span>{' '}
          <span class="conversation-time">
            <Time ctx={ctx} at={lastPost.createdAt} />
          </span>
        </span>{' '}
        <span class="conversation-excerpt" dir="auto">
          {excerptOf(ctx, conversation)}
        </span>
      </span>
    </a>
  );
}

/** Everyone who takes part, for a page's title. */
export function namesOf(ctx: ViewContext, { participants }: ConversationView): string {
  const names = participants.map(({ displayName }) => displayName);
  return names.length === 0 ? ctx.t('messages.to-oneself') : names.join(', ');
}

function excerptOf(ctx: ViewContext, { lastPost }: ConversationView): string {
  const words = (lastPost.warning ?? textOfHtml(lastPost.contentHtml)).replaceAll(/\s+/g, ' ');
  const text = [...words].slice(0, EXCERPT_CHARACTERS).join('') || ctx.t('messages.media-only');
  return lastPost.viewer.author ? ctx.t('messages.own-words', { text }) : text;
}
