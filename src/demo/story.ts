import { boostPost } from '#domain/posts/boost-post.ts';
import { favouritePost } from '#domain/posts/favourite-post.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { pinPost } from '#domain/posts/pin-post.ts';
import { publishPost, type NewPost } from '#domain/posts/publish-post.ts';
import { vote } from '#domain/posts/vote.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { acceptFollow } from '#domain/relationships/accept-follow.ts';
import type { InstanceKey } from '#demo/cast.ts';
import type { Drawings, Scene } from '#demo/drawings.ts';
import type { DemoInstance } from '#demo/instances.ts';
import { HOUR_MS, MINUTE_MS, type ManualClock } from '#kernel/clock.ts';
import { need } from '#kernel/assert.ts';

export interface Stage {
  clock: ManualClock;
  instances: Record<InstanceKey, DemoInstance>;
  drawings: Drawings;
  /** Lets everything arrive everywhere. */
  settle(): Promise<void>;
}

type Someone = `${string}@${InstanceKey}`;

type Saying = Partial<NewPost> & {
  replyTo?: string;
  pictures?: [scene: Scene, description: string][];
};

/** A few days in the life of two neighbouring instances. */
export async function tellStory(stage: Stage): Promise<void> {
  const actors = createActors(stage);
  const { later, follows, says, favours, boosts, votes } = actors;

  await follows('tobias@a', 'ines@a');
  await follows('maeve@a', 'ines@a');
  await follows('maeve@a', 'tobias@a');
  await follows('ines@a', 'lucien@b');
  await follows('tobias@a', 'aya@b');
  await follows('aya@b', 'ines@a');
  await follows('aya@b', 'lucien@b');
  await follows('lucien@b', 'ines@a');
  await follows('lucien@b', 'tobias@a');

  const welcome = await says(
    'ines@a',
    'Welcome to The Loft. The door is open, the kettle is on, and the rules fit on a postcard. #introductions',
  );
  await actors.pins('ines@a', welcome);
  await later(2 * HOUR_MS);
  const bread = await says('tobias@a', 'Third attempt at the flat bread. It is, at last, flat. #baking', {
    pictures: [['bread', 'A round, flat, well-browned loaf on a floured cloth on a wooden table.']],
  });
  await later(20 * MINUTE_MS);
  await says('maeve@a', '@tobias I could hear the crust from here.', { replyTo: bread });
  await favours('ines@a', bread);
  await later(5 * HOUR_MS);
  const garden = await says(
    'lucien@b',
    'Premières fèves au potager. Qui en veut ? Je passe demain avec le vélo. #potager',
    { language: 'fr' },
  );
  await later(10 * MINUTE_MS);
  await says('aya@b', '@lucien Moi ! Contre un portrait de tes fèves, évidemment.', {
    replyTo: garden,
    language: 'fr',
  });
  await says('ines@a', '@lucien@b.localhost:3002 A kilo would make a binder very happy.', { replyTo: garden });
  await boosts('ines@a', garden);
  await favours('tobias@a', garden);
  await later(14 * HOUR_MS);

  const poll = await says('ines@a', 'Thursday evening we meet at the workshop. What shall we do?', {
    poll: { options: ['Sew a notebook', 'Marble some paper', 'Just talk'], multiple: false, minutes: 60 * 24 * 6 },
  });
  await later(HOUR_MS);
  await votes('tobias@a', poll, 2);
  await votes('maeve@a', poll, 0);
  await votes('lucien@b', poll, 1);
  await votes('aya@b', poll, 1);
  await later(3 * HOUR_MS);
  await says(
    'maeve@a',
    'Recorded the swifts over the courtyard this morning: eleven minutes, no traffic. Such luck happens twice a year.',
    { pictures: [['swifts', 'Swifts in a pink evening sky over dark roofs and chimneys.']] },
  );
  await says('tobias@a', 'The gearbox is not dead. It was resting.', { warning: 'Bicycle mechanics, in some detail' });
  await later(18 * HOUR_MS);
  const rain = await says('aya@b', 'Il pleut enfin. La lumière sur le canal vaut tous les étés. #photo', {
    language: 'fr',
    pictures: [['canal', 'Un canal sous la pluie : un pont, des fenêtres allumées, une barque rouge.']],
  });
  await boosts('lucien@b', rain);
  await favours('ines@a', rain);
  await favours('tobias@a', rain);
  await later(2 * HOUR_MS);
  await says('lucien@b', '@ines@a.localhost:3001 Entre nous : as-tu encore de ce papier bleu ?', {
    visibility: 'direct',
    language: 'fr',
  });
  await later(40 * MINUTE_MS);
  await says(
    'ines@a',
    'Friends only: the roof of the workshop leaks again, so Thursday may become an indoor fountain.',
    { visibility: 'followers' },
  );
  await later(6 * HOUR_MS);
  await says('tobias@a', 'Somebody left a bag of broad beans on my saddle. I have suspicions, and supper. #potager');
  await later(30 * MINUTE_MS);
}

function createActors(stage: Stage) {
  const at = (who: Someone) => {
    const [handle, key] = who.split('@') as [string, InstanceKey];
    const instance = stage.instances[key];
    return { instance, handle, key, id: need(instance.people.get(handle), `${who} is in the cast`) };
  };
  const idAt = async (instance: DemoInstance, uri: string) =>
    need(await findPostIdByUri(instance.store, uri), `${uri} has arrived`);
  const later = async (ms: number) => {
    await stage.settle();
    stage.clock.advance(ms);
  };

  const actors = {
    later,
    async follows(who: Someone, whom: Someone) {
      const [from, to] = [at(who), at(whom)];
      const followeeId = need(
        from.key === to.key ? to.id : await from.instance.lookUp(to.handle, to.instance.host),
        `${whom} can be found`,
      );
      await from.instance.commit(requestFollow, { followerId: from.id, followeeId });
      await later(MINUTE_MS);
      await to.instance.commit(acceptFollow, { followeeId: to.id, followerId: from.id }).catch(() => undefined);
    },
    async says(who: Someone, text: string, more: Saying = {}): Promise<string> {
      const { instance, id } = at(who);
      const { replyTo, pictures = [], ...rest } = more;
      const mediaIds: number[] = [];
      for (const [scene, description] of pictures) {
        mediaIds.push(await instance.upload(id, stage.drawings.scene(scene), 'post', description));
      }
      const postId = await instance.commit(publishPost, {
        authorId: id,
        text,
        warning: null,
        sensitive: false,
        language: 'en',
        visibility: 'public',
        mediaIds,
        poll: null,
        ...rest,
        replyToId: replyTo ? await idAt(instance, replyTo) : null,
      });
      const rows = await instance.store.read.hot<{ uri: string }>('select uri from posts where id = $1', postId);
      await later(3 * MINUTE_MS);
      return need(rows[0], 'a post that was just written').uri;
    },
    async favours(who: Someone, uri: string) {
      const { instance, id } = at(who);
      await instance.commit(favouritePost, { accountId: id, postId: await idAt(instance, uri) });
      await later(MINUTE_MS);
    },
    async boosts(who: Someone, uri: string) {
      const { instance, id } = at(who);
      await instance.commit(boostPost, { accountId: id, postId: await idAt(instance, uri) });
      await later(MINUTE_MS);
    },
    async pins(who: Someone, uri: string) {
      const { instance, id } = at(who);
      await instance.commit(pinPost, { accountId: id, postId: await idAt(instance, uri) });
    },
    async votes(who: Someone, uri: string, position: number) {
      const { instance, id } = at(who);
      await instance.commit(vote, { accountId: id, postId: await idAt(instance, uri), positions: [position] });
      await later(MINUTE_MS);
    },
  };
  return actors;
}
