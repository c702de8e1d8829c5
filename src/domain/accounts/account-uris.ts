import type { Site } from '#db/unit.ts';

/** Names that no person may take: paths of ours, and names that would pass for the instance's own voice. */
export const RESERVED_HANDLES: ReadonlySet<string> = new Set(
  `about abuse account accounts admin administrator api assets auth bookmarks contact council direct estrade explore
   favourites federated feed feeds help home host-meta hostmaster inbox info instance legal lists local login logout mail
   mailer-daemon media messages moderation moderator mod nodeinfo notifications noreply null oauth outbox owner policy
   postmaster posts privacy proxy requests root rules search security settings set-up setup sign-up signup spaces staff
   support system tags terms undefined users webfinger webmaster well-known`
    .split(/\s+/)
    .filter(Boolean),
);

/** The handle of the actor that speaks for the instance itself. */
export const INSTANCE_HANDLE = 'instance';

/** Addresses of a local account, fixed for life. */
export function accountUris(site: Site, handle: string) {
  const uri = `${site.origin}/users/${handle}`;
  return {
    uri,
    url: `${site.origin}/@${handle}`,
    inbox: `${uri}/inbox`,
    outbox: `${uri}/outbox`,
    sharedInbox: `${site.origin}/inbox`,
    followersUri: `${uri}/followers`,
    followingUri: `${uri}/following`,
    featuredUri: `${uri}/collections/featured`,
  };
}

export function postUri(site: Site, handle: string, postId: number): string {
  return `${site.origin}/users/${handle}/posts/${postId}`;
}

export function postUrl(site: Site, handle: string, postId: number): string {
  return `${site.origin}/@${handle}/${postId}`;
}

/** Under which a deleted handle is remembered, whatever its case was. */
export function graveOf(site: Site, handle: string): string {
  return `${site.origin}/users/${handle.toLowerCase()}#grave`;
}
