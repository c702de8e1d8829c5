/** Every bound of the product, by name: a limit that is not here does not exist. */
export const limits = {
  /** Bodies, in bytes. */
  inboxBodyBytes: 1_000_000,
  formBodyBytes: 256 * 1024,
  uploadBytes: 40 * 1024 * 1024,
  jsonDepth: 100,

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
  reportCharacters: 1000,
  signUpReasonCharacters: 500,
  passwordCharactersMin: 10,
  passwordCharactersMax: 256,

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

  /** Pages. */
  timelinePage: 20,
  timelinePageMax: 40,
  listPage: 40,
  collectionPage: 50,
  collectionPagesFetched: 10,
  searchResults: 20,

  /** Threads. */
  threadAncestors: 50,
  threadDescendants: 200,
  threadDepth: 20,
  threadFetchesPerTrigger: 50,

  /** What one inbound activity may cost. */
  fetchesPerActivity: 10,

  /** Delivery. */
  deliveriesPerHostInFlight: 4,
  deliveriesInFlight: 32,
  heldDeliveriesPerHost: 5000,
} as const;
