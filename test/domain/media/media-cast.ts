import { and, eq } from 'drizzle-orm';
import { newFileName, previewNameOf } from '#domain/media/file-names.ts';
import type { MediaPurpose } from '#domain/media/media-processor.ts';
import { addMedia } from '#domain/media/add-media.ts';
import type { PreparedMedia } from '#domain/media/prepare-media.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import type { World } from '../../world.ts';

/** A picture as it comes from the processor and the storage. */
export function prepared(purpose: MediaPurpose = 'post'): PreparedMedia {
  const file = newFileName('image/webp');
  return {
    purpose,
    kind: 'image',
    mimeType: 'image/webp',
    file,
    previewFile: purpose === 'post' ? previewNameOf(file) : null,
    bytes: 1000,
    width: 800,
    height: 600,
    durationMs: null,
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  };
}

export function upload(world: World, accountId: number, purpose: MediaPurpose = 'post'): Promise<number> {
  return world.commit(addMedia, { accountId, media: prepared(purpose) });
}

/** A bare post, as media need one to belong to. */
export async function post(world: World, authorId: number, visibility: Visibility = 'public'): Promise<number> {
  const id = world.ids.next(world.clock.now());
  const uri = `https://posts.test/${id}`;
  const { accounts, posts } = world.store.schema;
  const local =
    (await world.store.read.$count(accounts, and(eq(accounts.id, authorId), eq(accounts.domain, '')))) === 1;
  await world.store.write((tx) =>
    tx.insert(posts).values({
      id,
      uri,
      url: uri,
      authorId,
      local,
      visibility,
      threadId: id,
      createdAt: world.clock.now(),
      receivedAt: world.clock.now(),
    }),
  );
  return id;
}

export interface RemoteMedium {
  url: string;
  kind?: 'image' | 'video' | 'audio' | 'file';
  previewUrl?: string;
}

export async function remoteMedia(
  world: World,
  accountId: number,
  postId: number | null,
  medium: RemoteMedium,
): Promise<number> {
  const id = world.ids.next(world.clock.now());
  const { media } = world.store.schema;
  await world.store.write((tx) =>
    tx.insert(media).values({
      id,
      accountId,
      postId,
      kind: medium.kind ?? 'image',
      remoteUrl: medium.url,
      previewRemoteUrl: medium.previewUrl ?? null,
      createdAt: world.clock.now(),
    }),
  );
  return id;
}
