import { limits } from '#kernel/limits.ts';
import { formatDuration } from '#web/i18n.ts';
import type { ViewContext } from '#web/view-context.ts';
import { FieldError } from '#web/components/form.tsx';
import { Icon } from '#web/components/icon.tsx';

export interface PollDraft {
  options: string[];
  multiple: boolean;
  minutes: number;
}

const DAY_MINUTES = 24 * 60;

const DURATIONS_MINUTES = [30, 60, 6 * 60, 12 * 60, DAY_MINUTES, 3 * DAY_MINUTES, 7 * DAY_MINUTES, 30 * DAY_MINUTES];

interface ComposerPollProps {
  ctx: ViewContext;
  poll: PollDraft | undefined;
  error: string | undefined;
}

/** A poll is asked for by filling in at least two of the options. */
export function ComposerPoll({ ctx, poll, error }: ComposerPollProps) {
  const minutes = poll?.minutes ?? DAY_MINUTES;
  const durations = [...new Set([...DURATIONS_MINUTES, minutes])].toSorted((a, b) => a - b);
  return (
    <fieldset
      class="composer-poll"
      data-part="composer-poll"
      id="field-poll"
      aria-describedby={error ? 'field-poll-error' : undefined}
    >
      <legend class="visually-hidden">{ctx.t('composer.poll')}</legend>
      {Array.from({ length: limits.pollOptions }, (_, position) => {
        const label = ctx.t(position < 2 ? 'composer.poll-option' : 'composer.poll-option-more', {
          number: position + 1,
        });
        return (
          <input
            class="input"
            type="text"
            name="poll_option"
            value={poll?.options[position] ?? ''}
            maxlength={limits.pollOptionCharacters}
            placeholder={label}
            aria-label={label}
            dir="auto"
          />
        );
      })}
      <FieldError ctx={ctx} id="field-poll" error={error} />
      <div class="composer-poll-foot">
        <label class="choice">
          <input type="checkbox" name="poll_multiple" value="on" checked={poll?.multiple} />
          <span>{ctx.t('composer.poll-multiple')}</span>
        </label>
        <label class="composer-poll-time">
          <span>{ctx.t('composer.poll-length')}</span>
          <span class="select">
            <select class="input" name="poll_minutes">
              {durations.map((option) => (
                <option value={option} selected={option === minutes}>
                  {formatDuration(ctx.locale, option * 60_000)}
                </option>
              ))}
            </select>
            <Icon ctx={ctx} name="chevron-down" />
          </span>
        </label>
      </div>
    </fieldset>
  );
}
