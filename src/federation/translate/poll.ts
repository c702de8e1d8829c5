import type { RemotePoll } from '#domain/posts/remote-post.ts';
import { PUBLIC, audienceOf } from '#federation/translate/audience.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import {
  asArray,
  asObject,
  flagOf,
  idOf,
  instantOf,
  languageText,
  numberOf,
  textOf,
  typeOf,
} from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';
import { plainText } from '#federation/translate/sanitize.ts';

/** Null when the Question has no options: then it is a note. */
export function readPoll(json: Json, now: number): RemotePoll | null {
  const single = optionsOf(json['oneOf']);
  const options = single.length > 0 ? single : optionsOf(json['anyOf']);
  if (options.length === 0) return null;
  const closed = instantOf(json['closed']);
  // Pleroma writes the planned end into `closed` as well, before it has come.
  const expiresAt = instantOf(json['endTime']) ?? closed;
  const closedAt = closed ?? (flagOf(json['closed']) ? (expiresAt ?? now) : null);
  return {
    multiple: single.length === 0,
    options,
    votersCount: numberOf(json['votersCount'], translateLimits.count),
    expiresAt,
    closedAt: closedAt !== null && closedAt <= now ? closedAt : null,
  };
}

/** Votes name their option by its title, so one that is there twice counts once. */
function optionsOf(value: unknown): RemotePoll['options'] {
  const options = new Map<string, number>();
  for (const one of asArray(value, translateLimits.attachments)) {
    const option = asObject(one) ?? {};
    const title = textOf(languageText(option, 'name').text, translateLimits.pollOptionCharacters);
    if (title === null || options.has(title)) continue;
    options.set(title, numberOf(asObject(option['replies'])?.['totalItems'], translateLimits.count) ?? 0);
    if (options.size === translateLimits.pollOptions) break;
  }
  return [...options].map(([title, votesCount]) => ({ title, votesCount }));
}

/**
 * A vote in a poll of ours: a Note for one person, who stands in `to`, or at Pleroma in `cc`, with a name and a content
 * that says nothing: none, or the empty line of snac.
 */
export function readVote(json: Json): { pollUri: string; choice: string } | null {
  const pollUri = idOf(json['inReplyTo']);
  const choice = textOf(json['name'], translateLimits.pollOptionCharacters);
  if (pollUri === null || choice === null || typeOf(json) !== 'Note') return null;
  const said = languageText(json, 'content').text ?? '';
  if (plainText(said).trim() !== '' || asArray(json['attachment'], 1).length > 0) return null;
  const { to, cc } = audienceOf(json);
  const [reader, ...more] = [...to, ...cc];
  return reader !== undefined && more.length === 0 && reader !== PUBLIC ? { pollUri, choice } : null;
}
