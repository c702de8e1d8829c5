import type { Unit } from '#db/unit.ts';
import { invalid } from '#kernel/errors.ts';
import { MINUTE_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

export interface NewPoll {
  options: readonly string[];
  multiple: boolean;
  minutes: number;
}

/** Adds a poll to a post that was just written. @throws invalid with field `poll`. */
export async function openPoll(unit: Unit, postId: number, input: NewPoll): Promise<void> {
  const titles = input.options.map((title) => title.trim()).filter(Boolean);
  if (titles.length < 2) throw invalid('poll-too-few-options', 'poll');
  if (titles.length > limits.pollOptions) throw invalid('poll-too-many-options', 'poll', { max: limits.pollOptions });
  if (new Set(titles).size < titles.length) throw invalid('poll-options-equal', 'poll');
  if (titles.some((title) => title.length > limits.pollOptionCharacters)) {
    throw invalid('poll-option-too-long', 'poll', { max: limits.pollOptionCharacters });
  }
  if (
    !Number.isFinite(input.minutes) ||
    input.minutes < limits.pollMinutesMin ||
    input.minutes > limits.pollMinutesMax
  ) {
    throw invalid('poll-duration', 'poll');
  }
  const { polls, pollOptions } = unit.schema;
  await unit.tx
    .insert(polls)
    .values({ postId, multiple: input.multiple, expiresAt: unit.now + input.minutes * MINUTE_MS });
  await unit.tx.insert(pollOptions).values(titles.map((title, position) => ({ postId, position, title })));
}
