import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';

/** Every bound of the product, by name: a limit that is not here does not exist. */
export const limits = {
  /** Bodies, in bytes. */
  inboxBodyBytes: 1_000_000,
  formBodyBytes: 256 * 1024,
  uploadBytes: 40 * 1024 * 1024,
  /** An emoji as it is sent to us, and as we serve it. */
  emojiUploadBytes: 2 * 1024 * 1024,
  emojiBytes: 256 * 1024,
  jsonDepth: 100,
  jsonValues: 20_000,
  /** Of a document whose context could rename what it says: it is read twice, and each value costs ten times as much. */
  jsonValuesReadTwice: 1000,

  /** Texts, in characters. */
  postCharacters: 500,
  warningCharacters: 200,
  remotePostCharacters: 100_000,
  displayNameCharacters: 50,
  bioCharacters: 500,
  profileFields: 4,
  profileFieldCharacters: 255,
  handleCharacters: 30,
  mediaDescriptionCharacters: 1500,
  shortcodeCharacters: 30,
  emojiCategoryCharacters: 40,
  reportCharacters: 1000,
  signUpReasonCharacters: 500,
  passwordCharactersMin: 10,
  passwordCharactersMax: 256,
  domainCharacters: 253,
  emailCharacters: 254,
  userAgentCharacters: 300,
  inviteCommentCharacters: 200,
  instanceNameCharacters: 60,
  instanceDescriptionCharacters: 300,
  instanceTextCharacters: 20_000,
  policyTextCharacters: 100_000,
  ruleCharacters: 300,
  ruleHintCharacters: 1000,
  postCharactersMax: 10_000,

  /** Counts. */
  mediaPerPost: 4,
  pollOptions: 4,
  pollOptionCharacters: 50,
  pollMinutesMin: 5,
  pollMinutesMax: 60 * 24 * 30,
  mentionsPerPost: 100,
  hashtagsPerPost: 100,
  pinsPerAccount: 5,
  aliasesPerAccount: 10,
  reportPosts: 20,
  sessionsPerAccount: 50,
  followsPerAccount: 7500,
  domainBlocksPerAccount: 1000,
  conversationParticipants: 100,
  notifiedAtOnce: 5000,
  unreadCounted: 100,
  accountsPerBatch: 100,
  flagObjects: 50,
  flagTargets: 5,
  flagsPerHostDay: 200,
  addressBlocks: 5000,
  customEmoji: 1000,
  followsRestoredAtOnce: 1000,
  followersMovedAtOnce: 200,
  recoveryCodes: 10,
  rules: 50,
  invitesPerMember: 100,
  inviteUses: 1000,
  mailTokensPerPurpose: 10,
  /** To one address, however many sign up with it. */
  signUpMailsPerDay: 3,
  caughtMails: 100,
  accountsPerDevice: 10,
  minimumAgeLeast: 13,
  minimumAgeMost: 99,

  /** Pages. */
  timelinePage: 20,
  timelinePageMax: 40,
  listPage: 40,
  collectionPage: 50,
  collectionPagesFetched: 10,
  searchResults: 20,
  searchCharacters: 500,
  searchWords: 10,
  /** The newest posts with the words that are looked through for those that may be shown. */
  searchCandidates: 5000,
  tagsListed: 30,
  /** The newest posts and profiles that are looked through for emoji of other servers, and how many are shown. */
  emojiLookedThrough: 5000,
  emojiListed: 200,
  peopleListed: 40,
  newPostsCounted: 40,

  /** Threads. */
  threadAncestors: 50,
  threadDescendants: 200,
  threadDepth: 20,
  threadFetchesPerTrigger: 50,

  /** What one inbound activity may cost. */
  fetchesPerActivity: 10,
  /** What each of several may take of the time that all have together, in milliseconds. */
  fetchMs: 2000,

  /** What is asked of a remote account's collections when somebody here looks at it or follows it. */
  profileFetches: 50,
  profilePins: 20,
  profilePosts: 20,

  /** What strangers may make us ask of one registrable domain; the rest waits. */
  documentsPerDomain: { tries: 300, seconds: 5 * 60 },

  /** What is passed on of others' by a third server makes us ask so often at most, by registrable domain. */
  hintsPerCarrier: { tries: 120, seconds: 10 * 60 },
  hintsPerTarget: { tries: 120, seconds: 10 * 60 },
  /** How long one object is not asked for again on such a hint, and how long a 404 is given to be a mistake. */
  hintPauseMs: 10 * MINUTE_MS,
  secondLookMs: 15 * MINUTE_MS,
  /** How many answers of one domain's people are passed on to followers of whom they answer. */
  passOnsPerDomain: { tries: 300, seconds: 60 * 60 },

  /** What may wait in the inbox of one registrable domain; it is asked to send the rest later. */
  inboxWaitingPerDomain: { activities: 20_000, bytes: 256_000_000 },
  /** How far a count of that is trusted, and when it is asked to try again; in milliseconds where it is a time. */
  inboxUncounted: { activities: 500, bytes: 25_000_000, forMs: MINUTE_MS },
  inboxFullMs: 2000,
  inboxRetrySeconds: 120,

  /** How often it is written down at most that a server was in contact, and of how many servers at once. */
  contactNotedMs: 15 * MINUTE_MS,
  contactsHeld: 10_000,
  /** Of how many domains of its handles a server's line tells the policy. */
  handleDomainsOfPeer: 20,
  /** How many servers are asked what they run in one round. */
  peersAskedAtOnce: 50,

  /** What a person who writes or searches may make us ask of other servers, and for how long they wait. */
  lookUpsPerPost: 10,
  lookUpMs: 8000,

  /** Pages that profiles name, asked whether they link back: each page, how often, and how long one may be silent. */
  linkPageBytes: 1_000_000,
  linkFetchMs: 10_000,
  linkPauseMs: MINUTE_MS,
  linkRecheckMs: 7 * DAY_MS,
  linkPatienceMs: 14 * DAY_MS,
  linkChecksAtOnce: 50,

  /** Delivery. */
  deliveriesPerHostInFlight: 4,
  deliveriesInFlight: 64,
  heldDeliveriesPerHost: 5000,
  /** How often at most a host that does not answer is tried because it has spoken itself. */
  hostTriedWhenHeardMs: 5 * MINUTE_MS,

  /** How long something opens what it opens, in milliseconds. */
  sessionIdleMs: 30 * DAY_MS,
  sessionLifeMs: 365 * DAY_MS,
  sessionTouchMs: 5 * MINUTE_MS,
  secondFactorMs: 5 * MINUTE_MS,
  confirmTokenMs: 3 * DAY_MS,
  resetTokenMs: HOUR_MS,
  changeEmailTokenMs: DAY_MS,
  proofOfWorkMs: 30 * MINUTE_MS,
  inviteLifeMs: 365 * DAY_MS,
  deviceLifeMs: 365 * DAY_MS,

  /** How long something is kept that nobody asked for any more. */
  unconfirmedSignUpMs: 7 * DAY_MS,
  signUpAddressMs: 90 * DAY_MS,
  deletedAccountMs: 30 * DAY_MS,

  /** Tries in a time, per account and per visitor (see `visitorOf`). */
  rates: {
    logInPerAccount: { tries: 10, seconds: 15 * 60 },
    logInPerKnownDevice: { tries: 10, seconds: 15 * 60 },
    logInPerVisitor: { tries: 30, seconds: 15 * 60 },
    resetPerAccount: { tries: 3, seconds: 60 * 60 },
    resetPerVisitor: { tries: 10, seconds: 60 * 60 },
    signUpPerVisitor: { tries: 5, seconds: 30 * 60 },
    confirmPerAccount: { tries: 3, seconds: 60 * 60 },
    confirmPerVisitor: { tries: 20, seconds: 60 * 60 },
    passwordPerAccount: { tries: 10, seconds: 15 * 60 },
    setUpPerVisitor: { tries: 30, seconds: 15 * 60 },
    publishPerAccount: { tries: 300, seconds: 3 * 60 * 60 },
    profilePerAccount: { tries: 60, seconds: 60 * 60 },
    actPerAccount: { tries: 600, seconds: 15 * 60 },
    followPerAccount: { tries: 400, seconds: 24 * 60 * 60 },
    reportPerAccount: { tries: 20, seconds: 60 * 60 },
    lookUpPerAccount: { tries: 100, seconds: 15 * 60 },
    searchPerAccount: { tries: 120, seconds: 5 * 60 },
    searchPerVisitor: { tries: 30, seconds: 5 * 60 },
    exportPerAccount: { tries: 20, seconds: 60 * 60 },
  },
} as const;
