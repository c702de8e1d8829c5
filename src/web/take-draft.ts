import type { Context } from 'hono';
import type { Unit } from '#db/unit.ts';
import { takeUpload } from '#domain/media/add-media.ts';
import { describeMedia } from '#domain/media/describe-media.ts';
import { ownMedia } from '#domain/media/media.queries.ts';
import type { MediaView } from '#domain/media/media-view.ts';
import { DomainError, invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import type { ComposerValues } from '#web/components/composer.tsx';
import type { FormErrors } from '#web/components/form.tsx';
import { checkFormToken } from '#web/csrf.ts';
import { draftOf, valuesOf, type Draft } from '#web/draft.ts';
import { STATUS_OF } from '#web/forms.ts';
import type { Markup } from '#web/jsx/html.ts';
import { watchForm, type WatchedForm } from '#web/rescue-form.ts';
import { sessionOf } from '#web/session.ts';
import { readUploadForm } from '#web/upload-form.ts';
import type { UploadedFile, UploadForm } from '#web/uploads.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** What the composer's page is drawn with when the draft comes back: all that was typed, all that was uploaded. */
export interface ReturnedDraft {
  draft: Draft;
  values: ComposerValues;
  media: MediaView[];
  errors: FormErrors;
}

/** Media of a draft in their order, with the words that were typed for them. */
export interface DraftMedia {
  mediaIds: number[];
  descriptions: ReadonlyMap<number, string>;
}

export interface DraftTaker {
  /** The post whose media the draft may keep, besides uploads that no post has yet. */
  postId: number | null;
  /** The answer to a form that was sent before and did what it was for. */
  sentBefore?(draft: Draft): Promise<Response | null>;
  write(draft: Draft, media: DraftMedia): Promise<Response>;
  page(returned: ReturnedDraft): Promise<Markup>;
}

/**
 * Takes what the composer sends. Files become the person's uploads first, one by one, so that whatever is refused
 * afterwards, the page that comes back has them as well as the words.
 */
export async function takeDraft(deps: WebDeps, c: Context<WebEnv>, taker: DraftTaker): Promise<Response> {
  const { accountId } = sessionOf(c);
  const again = async (refusal: DomainError, draft: Draft, media: MediaView[], filesLost = false) => {
    const { t } = c.get('ctx');
    const errors: FormErrors = { [fieldOf(refusal)]: t.error(refusal.reason, refusal.values) };
    if (filesLost) errors['media'] ??= t.error('file-lost');
    return c.html(await taker.page({ draft, values: valuesOf(draft), media, errors }), STATUS_OF[refusal.code]);
  };
  const take = async (form: UploadForm) => {
    const { files } = form;
    const draft = draftOf(form);
    const media = await keptMedia(deps, accountId, draft, taker.postId);
    let filesLost = files.length > 0;
    try {
      checkFormToken(deps, c, draft.token);
      const answered = await taker.sentBefore?.(draft);
      if (answered) return answered;
      await deps.rateLimits.take('publishPerAccount', accountId);
      filesLost = false;
      await takeFiles(deps, accountId, draft, files, media);
      return await taker.write(draft, mediaOf(staying(media, draft)));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return again(error, draft, media, filesLost);
    }
  };
  let watched: WatchedForm | undefined;
  try {
    return await readUploadForm(deps, c, take, () => (watched = watchForm(c.req.raw)).request);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const draft = draftOf({ fields: (await watched?.rescue()) ?? new Map<string, string[]>(), files: [] });
    return again(error, draft, await keptMedia(deps, accountId, draft, taker.postId));
  }
}

/** The composer's own places for words; everything else is said above the form. */
function fieldOf({ field }: DomainError): string {
  if (field === 'file' || field === 'description' || field === 'focus') return 'media';
  return field !== undefined && ['text', 'warning', 'media', 'poll'].includes(field) ? field : '';
}

/** One's own uploads among those that the form names, with the descriptions as they were typed now. */
async function keptMedia(deps: WebDeps, accountId: number, draft: Draft, postId: number | null): Promise<MediaView[]> {
  const media: MediaView[] = [];
  for (const { id, description } of shownOf(draft)) {
    const found = await ownMedia(deps.store, accountId, id);
    if (!found || (found.postId !== null && found.postId !== postId)) continue;
    const { postId: _, ...view } = found;
    media.push({ ...view, description: description || null });
  }
  return media;
}

/** What stays, and one too many is refused; and what is to be removed, as far as anybody would take that back. */
function shownOf({ kept, dropped }: Draft): Draft['kept'] {
  const stays = kept.filter(({ id }) => !dropped.has(id)).slice(0, limits.mediaPerPost + 1);
  const goes = kept.filter(({ id }) => dropped.has(id)).slice(-limits.mediaPerPost);
  return kept.filter((one) => stays.includes(one) || goes.includes(one));
}

/** Adds each file to `media`. One that is refused holds back none of the others; the first refusal is thrown. */
async function takeFiles(
  deps: WebDeps,
  accountId: number,
  draft: Draft,
  files: readonly UploadedFile[],
  media: MediaView[],
): Promise<void> {
  const refusals: DomainError[] = [];
  const taken = new Set<number>();
  for (const { position, bytes } of files.filter((file) => file.field === 'media')) {
    const description = draft.descriptions[position] ?? '';
    try {
      if (staying(media, draft).length >= limits.mediaPerPost)
        throw invalid('media-too-many', 'media', { max: limits.mediaPerPost });
      const upload = { accountId, bytes, purpose: 'post', description } as const;
      const id = await takeUpload({ ...deps.media, commit: deps.commit }, upload);
      const view = await ownMedia(deps.store, accountId, id);
      if (view) media.push(view);
      taken.add(position);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      refusals.push(error);
    }
  }
  // What was written for a file that is in now goes with it; the fields for further files begin with the rest.
  draft.descriptions = draft.descriptions.filter((words, position) => words !== '' && !taken.has(position));
  if (refusals[0]) throw refusals[0];
}

function staying(media: readonly MediaView[], { dropped }: Draft): MediaView[] {
  return media.filter(({ id }) => !dropped.has(id));
}

function mediaOf(media: readonly MediaView[]): DraftMedia {
  return {
    mediaIds: media.map(({ id }) => id),
    descriptions: new Map(media.map(({ id, description }) => [id, description ?? ''])),
  };
}

/** Writes down what was typed for the media of a post, in the command that wrote the post. */
export async function describeAll(
  unit: Unit,
  { accountId, postId, descriptions }: { accountId: number; postId: number; descriptions: ReadonlyMap<number, string> },
): Promise<void> {
  for (const [mediaId, description] of descriptions) {
    await describeMedia(unit, { accountId, mediaId, postId, description });
  }
}
