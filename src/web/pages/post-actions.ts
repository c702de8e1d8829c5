import { Hono } from 'hono';
import type { Command } from '#db/unit.ts';
import { bookmarkPost, undoBookmark } from '#domain/posts/bookmark-post.ts';
import { boostPost, undoBoost } from '#domain/posts/boost-post.ts';
import { favouritePost, undoFavourite } from '#domain/posts/favourite-post.ts';
import { pinPost, unpinPost } from '#domain/posts/pin-post.ts';
import { vote } from '#domain/posts/vote.ts';
import { act } from '#web/act.ts';
import { formValues } from '#web/form-values.ts';
import type { MessageKey } from '#web/i18n.ts';
import { requireLogin } from '#web/session.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

interface Mark {
  command: Command<{ accountId: number; postId: number }, unknown>;
  /** Said on the next page, where the button below the post does not say it. */
  said: MessageKey | null;
}

const MARKS: Record<string, Mark> = {
  favourite: { command: favouritePost, said: null },
  unfavourite: { command: undoFavourite, said: null },
  boost: { command: boostPost, said: null },
  unboost: { command: undoBoost, said: null },
  bookmark: { command: bookmarkPost, said: null },
  unbookmark: { command: undoBookmark, said: null },
  pin: { command: pinPost, said: 'post.pin-done' },
  unpin: { command: unpinPost, said: 'post.unpin-done' },
};

/** The buttons below a post. */
export function postActionRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  for (const [verb, { command, said }] of Object.entries(MARKS)) {
    app.post(
      `/posts/:id{[0-9]+}/${verb}`,
      requireLogin,
      act(deps, 'actPerAccount', async ({ c, accountId, id }) => {
        await deps.commit(command, { accountId, postId: id });
        return said === null ? null : { kind: 'success', message: c.get('ctx').t(said) };
      }),
    );
  }

  app.post(
    '/posts/:id{[0-9]+}/vote',
    requireLogin,
    act(deps, 'actPerAccount', async ({ c, accountId, id }) => {
      const choices = await formValues(c, 'choice');
      // What is no position is none that the poll has, which is refused as such.
      const positions = choices.map((choice) => (/^[0-9]{1,2}$/.test(choice) ? Number(choice) : -1));
      await deps.commit(vote, { accountId, postId: id, positions });
      return { kind: 'success', message: c.get('ctx').t('poll.voted') };
    }),
  );

  return app;
}
