import { limits } from '#kernel/limits.ts';

/** What is kept of a foreign document. The rest of a longer list or text is dropped, the document is not. */
export const translateLimits = {
  /** Texts, in UTF-16 units. */
  idCharacters: 2048,
  urlCharacters: 2048,
  typeCharacters: 64,
  htmlCharacters: limits.remotePostCharacters,
  titleCharacters: 300,
  warningCharacters: 500,
  descriptionCharacters: 4000,
  mimeTypeCharacters: 100,
  blurhashCharacters: 200,
  handleCharacters: 255,
  displayNameCharacters: 200,
  bioCharacters: 20_000,
  fieldNameCharacters: 255,
  fieldValueCharacters: 2000,
  hashtagCharacters: 100,
  shortcodeCharacters: 100,
  pollOptionCharacters: 500,
  reactionCharacters: 100,
  reportCharacters: 5000,
  reasonCharacters: 200,
  publicKeyCharacters: 8192,

  /** What a text of HTML may hold: more would cost the parser time that grows with the square. */
  htmlTags: 10_000,
  htmlDepth: 40,

  /** Counts. */
  types: 8,
  languages: 50,
  /** Who is addressed; `Public` further behind counts for nothing. */
  addressees: 5000,
  recipients: 1000,
  authors: 20,
  links: 200,
  files: 400,
  tags: 1000,
  mentions: limits.mentionsPerPost,
  hashtags: limits.hashtagsPerPost,
  emoji: 100,
  publicKeys: 3,
  media: 16,
  attachments: 64,
  pollOptions: 20,
  fields: 20,
  aliases: limits.aliasesPerAccount,
  reportedObjects: 100,
  collectionItems: 1000,

  /** Numbers. */
  count: 1_000_000_000,
  pixels: 100_000,
} as const;
