/*
 * The contexts that Pleroma, Akkoma and Mbin name on the host of each of their instances. Like theirs, they stand on
 * ActivityStreams and security/v1, so terms of those are not repeated.
 */

const ACTIVITYSTREAMS = 'https://www.w3.org/ns/activitystreams';
const SECURITY = 'https://w3id.org/security/v1';

/** `https://HOST/schemas/litepub-0.1.jsonld`. */
export const LITEPUB_CONTEXT = {
  '@context': [
    ACTIVITYSTREAMS,
    SECURITY,
    {
      litepub: 'http://litepub.social/ns#',
      toot: 'http://joinmastodon.org/ns#',
      ostatus: 'http://ostatus.org#',
      schema: 'http://schema.org#',
      fedibird: 'http://fedibird.com/ns#',
      misskey: 'https://misskey-hub.net/ns#',
      vcard: 'http://www.w3.org/2006/vcard/ns#',
      ChatMessage: 'litepub:ChatMessage',
      EmojiReact: 'litepub:EmojiReact',
      acceptsChatMessages: 'litepub:acceptsChatMessages',
      capabilities: 'litepub:capabilities',
      directMessage: 'litepub:directMessage',
      formerRepresentations: 'litepub:formerRepresentations',
      invisible: 'litepub:invisible',
      listMessage: { '@id': 'litepub:listMessage', '@type': '@id' },
      oauthRegistrationEndpoint: { '@id': 'litepub:oauthRegistrationEndpoint', '@type': '@id' },
      Emoji: 'toot:Emoji',
      discoverable: 'toot:discoverable',
      votersCount: 'toot:votersCount',
      atomUri: 'ostatus:atomUri',
      conversation: { '@id': 'ostatus:conversation', '@type': '@id' },
      PropertyValue: 'schema:PropertyValue',
      value: 'schema:value',
      quoteUri: { '@id': 'fedibird:quoteUri', '@type': '@id' },
      _misskey_quote: 'misskey:_misskey_quote',
      Hashtag: 'as:Hashtag',
      manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
      quoteUrl: 'as:quoteUrl',
      sensitive: 'as:sensitive',
    },
  ],
};

/** `https://HOST/contexts`. */
export const MBIN_CONTEXT = {
  '@context': [
    ACTIVITYSTREAMS,
    SECURITY,
    {
      toot: 'http://joinmastodon.org/ns#',
      ostatus: 'http://ostatus.org#',
      schema: 'http://schema.org#',
      lemmy: 'https://join-lemmy.org/ns#',
      pt: 'https://joinpeertube.org/ns#',
      Emoji: 'toot:Emoji',
      discoverable: 'toot:discoverable',
      featured: { '@id': 'toot:featured', '@type': '@id' },
      indexable: 'toot:indexable',
      votersCount: 'toot:votersCount',
      atomUri: 'ostatus:atomUri',
      conversation: 'ostatus:conversation',
      inReplyToAtomUri: 'ostatus:inReplyToAtomUri',
      PropertyValue: 'schema:PropertyValue',
      value: 'schema:value',
      moderators: { '@id': 'lemmy:moderators', '@type': '@id' },
      postingRestrictedToMods: 'lemmy:postingRestrictedToMods',
      stickied: 'lemmy:stickied',
      commentsEnabled: 'pt:commentsEnabled',
      Hashtag: 'as:Hashtag',
      manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
      sensitive: 'as:sensitive',
    },
  ],
};
