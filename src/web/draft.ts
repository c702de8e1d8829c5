import { createHash } from 'node:crypto';
import { VISIBILITIES, type Visibility } from '#domain/posts/visibility.ts';
import { invalid } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import type { ComposerValues } from '#web/components/composer.tsx';
import type { PollDraft } from '#web/components/composer-poll.tsx';
import type { UploadForm } from '#web/uploads.ts';

const FILE_END_BYTES = 64 * 1024;

/** A post as the composer sends it. */
export interface Draft {
  text: string;
  warning: string | null;
  /** Null where the form has no such field: an edit. */
  visibility: string | null;
  language: string | null;
  sensitive: boolean;
  replyToId: number | null;
  /** Null unless something was written into it. */
  poll: PollDraft | null;
  /** As it stands in the form, for which nothing may have been written yet. */
  typedPoll: PollDraft | null;
  /** Uploads of before and media of the post. */
  kept: { id: number; description: string }[];
  /** Those of them that were ticked to be removed. */
  dropped: ReadonlySet<number>;
  /** Of the new files, by their position. */
  descriptions: string[];
  returnTo: string | null;
  token: string | null;
  /** The same when the same form is sent again, as it stands and with its files; null for one that did not say which it is. */
  sendingKey: string | null;
}

export function draftOf({ fields, files }: UploadForm): Draft {
  const text = (name: string): string => (fields.get(name)?.at(-1) ?? '').replaceAll('\r\n', '\n');
  const all = (name: string): string[] => (fields.get(name) ?? []).map((value) => value.replaceAll('\r\n', '\n'));
  const descriptions = all('media_keep_description');
  const typedPoll = fields.has('poll_option')
    ? {
        options: all('poll_option').slice(0, limits.pollOptions),
        multiple: fields.has('poll_multiple'),
        minutes: /^[0-9]{1,6}$/.test(text('poll_minutes')) ? Number(text('poll_minutes')) : 0,
      }
    : null;
  return {
    text: text('text'),
    warning: text('warning').trim() || null,
    visibility: fields.has('visibility') ? text('visibility') : null,
    language: /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i.test(text('language')) ? text('language') : null,
    sensitive: fields.has('sensitive'),
    replyToId: parseId(text('reply_to')),
    poll: typedPoll?.options.some((option) => option.trim() !== '') ? typedPoll : null,
    typedPoll,
    kept: all('media_keep').flatMap((value, position) => {
      const id = parseId(value);
      return id === null ? [] : [{ id, description: descriptions[position] ?? '' }];
    }),
    dropped: new Set(all('media_drop').flatMap((value) => parseId(value) ?? [])),
    descriptions: all('media_description'),
    returnTo: fields.get('return_to')?.at(-1) ?? null,
    token: fields.get('_csrf')?.at(-1) ?? null,
    sendingKey: fields.has('form_token') ? digestOf({ fields, files }) : null,
  };
}

/** Files count by their length and their ends: to read all of a long video would keep everybody waiting. */
function digestOf({ fields, files }: UploadForm): string {
  const hash = createHash('sha256').update(JSON.stringify([...fields]));
  for (const { field, position, bytes } of files) {
    hash.update(`${field} ${position} ${bytes.length} `);
    hash.update(bytes.subarray(0, FILE_END_BYTES)).update(bytes.subarray(-FILE_END_BYTES));
  }
  return hash.digest('base64url');
}

/** @throws invalid for none of ours: nothing is ever published more widely than somebody chose. */
export function visibilityOf({ visibility }: Draft): Visibility {
  const known = VISIBILITIES.find((one) => one === visibility);
  if (known === undefined) throw invalid('malformed', 'visibility');
  return known;
}

/** The draft for the composer to show again. */
export function valuesOf(draft: Draft): ComposerValues {
  return {
    text: draft.text,
    warning: draft.warning ?? undefined,
    visibility: VISIBILITIES.find((one) => one === draft.visibility),
    language: draft.language ?? undefined,
    sensitive: draft.sensitive,
    mediaDescriptions: draft.descriptions,
    mediaDropped: draft.dropped,
    poll: draft.typedPoll ?? undefined,
  };
}
