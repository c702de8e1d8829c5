import type { PollView, PostView } from '#domain/posts/post-view.ts';
import { formatDuration, formatPercent } from '#web/i18n.ts';
import { textWithEmoji } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { FormFields } from '#web/components/action-form.tsx';
import { Icon } from '#web/components/icon.tsx';

interface PollProps {
  ctx: ViewContext;
  post: PostView;
  poll: PollView;
}

export function Poll({ ctx, post, poll }: PollProps) {
  const mayVote = ctx.viewer !== null && !poll.closed && !poll.voted && !post.viewer.author;
  return (
    <div class="poll" data-part="poll">
      {mayVote ? <Ballot ctx={ctx} post={post} poll={poll} /> : <Results ctx={ctx} post={post} poll={poll} />}
    </div>
  );
}

function Ballot({ ctx, post, poll }: PollProps) {
  return (
    <form method="post" action={`/posts/${post.id}/vote`} class="poll-form">
      <FormFields ctx={ctx} />
      <fieldset class="poll-options">
        <legend class="visually-hidden">{ctx.t(poll.multiple ? 'poll.choose-some' : 'poll.choose-one')}</legend>
        {poll.options.map((option, position) => (
          <label class="choice">
            <input
              type={poll.multiple ? 'checkbox' : 'radio'}
              name="choice"
              value={position}
              required={!poll.multiple}
            />
            <span dir="auto">{textWithEmoji(option.title, post.emoji)}</span>
          </label>
        ))}
      </fieldset>
      <div class="poll-foot">
        <button class="button" type="submit">
          {ctx.t('poll.vote')}
        </button>
        <PollFacts ctx={ctx} post={post} poll={poll} />
      </div>
    </form>
  );
}

function Results({ ctx, post, poll }: PollProps) {
  const total = Math.max(1, poll.multiple ? poll.votersCount : poll.votesCount);
  const best = Math.max(...poll.options.map((option) => option.votesCount ?? 0));
  return (
    <>
      <ul class="poll-results" role="list">
        {poll.options.map((option, position) => {
          const own = poll.ownVotes.includes(position);
          const share = option.votesCount === null ? null : Math.min(1, option.votesCount / total);
          const leading = best > 0 && option.votesCount === best;
          return (
            <li class="poll-result" data-part="poll-result" data-leading={leading ? '' : undefined}>
              {share === null ? null : (
                <svg class="poll-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={(share * 100).toFixed(1)} height="1" />
                </svg>
              )}
              <span class="poll-title" dir="auto">
                {textWithEmoji(option.title, post.emoji)}
                {own ? <Icon ctx={ctx} name="check" label={ctx.t('poll.own-vote')} class="poll-own" /> : null}
              </span>
              {share === null ? null : (
                <span class="poll-share" title={ctx.t('poll.votes', { count: option.votesCount ?? 0 })}>
                  {formatPercent(ctx.locale, share)}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <div class="poll-foot">
        <PollFacts ctx={ctx} post={post} poll={poll} />
      </div>
    </>
  );
}

function PollFacts({ ctx, poll }: PollProps) {
  const left = poll.expiresAt === null ? null : poll.expiresAt - ctx.now;
  return (
    <p class="poll-facts" data-part="poll-facts">
      <span>
        {ctx.t('poll.voters', {
          count: poll.multiple ? poll.votersCount : Math.max(poll.votersCount, poll.votesCount),
        })}
      </span>
      {poll.closed ? <span>{ctx.t('poll.closed')}</span> : null}
      {!poll.closed && left !== null && left > 0 ? (
        <span>{ctx.t('poll.time-left', { duration: formatDuration(ctx.locale, left) })}</span>
      ) : null}
      {poll.multiple && !poll.closed && !poll.voted ? <span>{ctx.t('poll.multiple')}</span> : null}
    </p>
  );
}
