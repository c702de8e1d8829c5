import type { Visibility } from '#domain/posts/visibility.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import { asArray, idOf, originOf } from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';

/** Whom a document is addressed to. Every spelling of the public is `PUBLIC` here. */
export interface Audience {
  to: string[];
  cc: string[];
}

/** Whose followers are meant. `followersUri` is null while the author's document is unknown. */
export interface Addresser {
  authorUri: string;
  followersUri: string | null;
}

export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';

/** All of them are met; the last one in older Pleroma. */
const SPELLINGS = [PUBLIC, 'as:Public', 'Public', 'http://www.w3.org/ns/activitystreams#Public'];

/**
 * Each name counts once: snac 2.94 addresses a vote to the poll's author twice. `audience` counts as `cc`: it names the
 * group of a thread (FEP-1b12) and, at Owncast, the public once more. `bto` and `bcc` are not for us to know.
 */
export function audienceOf(json: Json): Audience {
  return { to: addressees(json['to']), cc: [...addressees(json['cc']), ...addressees(json['audience'])] };
}

export function addressesNobody(audience: Audience): boolean {
  return audience.to.length === 0 && audience.cc.length === 0;
}

/** Who may see it. What is addressed to nobody we can make out is for those it names, never for more. */
export function visibilityOf(audience: Audience, addresser: Addresser): Visibility {
  if (audience.to.includes(PUBLIC)) return 'public';
  if (audience.cc.includes(PUBLIC)) return 'unlisted';
  const followers = [...audience.to, ...audience.cc].some((uri) => isFollowers(uri, addresser));
  return followers ? 'followers' : 'direct';
}

/** The addressees that are neither the public nor a collection of followers, each once. */
export function recipientsOf(audience: Audience, addresser: Addresser): string[] {
  const named = [...audience.to, ...audience.cc].filter(
    (uri) => uri !== PUBLIC && !isFollowers(uri, addresser) && !uri.endsWith('/followers'),
  );
  return [...new Set(named)].slice(0, translateLimits.recipients);
}

function addressees(value: unknown): string[] {
  const named = asArray(value, translateLimits.addressees).flatMap((one) => {
    if (typeof one === 'string' && SPELLINGS.includes(one)) return PUBLIC;
    const id = idOf(one);
    if (id === null) return [];
    return SPELLINGS.includes(id) ? PUBLIC : id;
  });
  return [...new Set(named)];
}

/**
 * The collection of the author's followers. While it is unknown it is guessed by its look, but only on the author's own
 * server: somebody else's followers are not the author's. Friendica writes `/followers/name`, GNU social `/subscribers`.
 */
function isFollowers(uri: string, { authorUri, followersUri }: Addresser): boolean {
  if (followersUri !== null) return uri === followersUri;
  return originOf(uri) === originOf(authorUri) && /\/(?:followers|subscribers)(?:\/[^/?#]+)?$/.test(uri);
}
