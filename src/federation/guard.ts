/*
 * What is asked of an inbox delivery before anything else looks at it; pure functions over headers, text and JSON. In
 * this order, cheapest first: `jsonDepthWithin`, `JSON.parse`, `checkSpeaker`, `findRenaming`, then the signature itself
 * (`verify-request.ts`), and `readTwice` for what `findRenaming` would not let pass.
 */

export { checkCoverage, checkTimes } from './guard/coverage.ts';
export { jsonDepthWithin } from './guard/json-depth.ts';
export { findRenaming } from './guard/renaming.ts';
export { findDifference, readTwice } from './guard/second-reading.ts';
export type { SecondReading } from './guard/second-reading.ts';
export { readSignature } from './guard/signature-headers.ts';
export type { ReadSignature, ReadSignatures, Refused } from './guard/signature-headers.ts';
export { checkSpeaker } from './guard/speaker.ts';
export type { Speaker, SpeakerOptions } from './guard/speaker.ts';
