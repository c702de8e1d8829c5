/*
 * What is asked of an inbox delivery before anything else looks at it; pure functions over headers, text and JSON. In
 * this order: `jsonDepthWithin`, `JSON.parse`, `checkSpeaker`, the signature itself (`verify-request.ts`), then, of those
 * who may speak at all, `findRenaming`, and `readTwice` for what that one would not let pass. Before it is handled,
 * `findSecondMeaning` is asked of every activity.
 */

export { checkCoverage, checkTimes } from './guard/coverage.ts';
export { jsonDepthWithin } from './guard/json-depth.ts';
export { findRenaming } from './guard/renaming.ts';
export { findSecondMeaning } from './guard/second-meaning.ts';
export { findDifference, readTwice } from './guard/second-reading.ts';
export { readSignature } from './guard/signature-headers.ts';
export { checkSpeaker } from './guard/speaker.ts';
export type { SpeakerOptions } from './guard/speaker.ts';
