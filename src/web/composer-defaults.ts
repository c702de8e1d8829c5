import type { Context } from 'hono';
import { ownMembership } from '#domain/membership/membership.queries.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { narrower } from '#domain/posts/posts.policy.ts';
import type { ComposerValues } from '#web/components/composer.tsx';
import { sessionOf } from '#web/session.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** How a person's new post begins: as they chose in the settings, and for nobody more than what it answers. */
export async function composerDefaults(
  deps: WebDeps,
  c: Context<WebEnv>,
  replyTo: PostView | null = null,
): Promise<{ values: ComposerValues; charactersMax: number }> {
  const [membership, { postCharacters }] = await Promise.all([
    ownMembership(deps.store.read, sessionOf(c).accountId),
    deps.settings.read(),
  ]);
  const chosen = membership?.defaultVisibility ?? 'public';
  return {
    values: {
      visibility: replyTo ? narrower(chosen, replyTo.visibility) : chosen,
      language: membership?.defaultLanguage ?? undefined,
      sensitive: membership?.defaultSensitive ?? false,
      // Whoever warns of something is answered under the same warning.
      warning: replyTo?.warning ?? undefined,
    },
    charactersMax: postCharacters,
  };
}
