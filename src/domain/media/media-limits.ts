import { DAY_MS, HOUR_MS, SECOND_MS } from '#kernel/clock.ts';

/** The bounds of uploads and of copies of remote media. */
export const mediaLimits = {
  /** Uploads that wait for their post, per account. */
  unusedPerAccount: 100,
  /** How long an upload waits for its post. */
  unusedLifeMs: DAY_MS,
  /** Rows that one command takes away. */
  removedAtOnce: 500,
  /** Bytes of remote media; the larger one is for video and audio. */
  remotePictureBytes: 8 * 1024 * 1024,
  remoteStreamBytes: 40 * 1024 * 1024,
  /** The whole of fetching one of them, redirects included. */
  remotePictureMs: 20 * SECOND_MS,
  remoteStreamMs: 60 * SECOND_MS,
  remoteRedirects: 3,
  remoteFetchesInFlight: 8,
  remoteFetchesPerHost: 3,
  remoteFetchesWaiting: 100,
  /** For how long remote media that could not be had are not asked for again. */
  remoteFailureMs: HOUR_MS,
  /** How exactly the cache remembers when a copy was used; each note of it is a write. */
  usedWithinMs: HOUR_MS,
  /** Bodies of uploads in memory: of everyone together, and of one account. */
  uploadsInHandBytes: 160 * 1024 * 1024,
  uploadsInHandPerAccountBytes: 90 * 1024 * 1024,
  uploadMs: 300 * SECOND_MS,
} as const;
