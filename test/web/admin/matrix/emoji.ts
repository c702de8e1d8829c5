import { ensureInstanceActor } from '#domain/accounts/ensure-instance-actor.ts';
import { addEmoji } from '#domain/emoji/add-emoji.ts';
import { prepareMedia } from '#domain/media/prepare-media.ts';
import { photo } from '../../../ports/media-samples.ts';
import { testKeys } from '../../../world.ts';
import type { Site } from '../../site.ts';

let made = 0;

/** An emoji of the instance; returns its id. */
export async function ownEmoji(site: Site, shortcode = `own_${(made += 1)}`, category = ''): Promise<number> {
  await site.world.commit(ensureInstanceActor, { keys: await testKeys() });
  const media = await prepareMedia(site.deps.media, await photo(), 'emoji');
  return site.world.commit(addEmoji, { actorId: null, shortcode, category, media, from: null });
}

/** An emoji in the name of somebody on another server, as the form names it. */
export async function seenEmoji(site: Site, shortcode = 'wave', host = 'there.test') {
  await site.world.commit(ensureInstanceActor, { keys: await testKeys() });
  const accountId = await site.world.remote(`seen_${(made += 1)}`, host);
  const url = `https://${host}/emoji/${shortcode}.png`;
  site.remotePictures.set(url, new Uint8Array(await photo()));
  await site.world.store.write((tx) =>
    tx.hot('update accounts set emoji = $1 where id = $2', JSON.stringify([{ shortcode, url }]), accountId),
  );
  return { of: `account-${accountId}`, name: shortcode };
}
