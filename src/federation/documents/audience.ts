import type { Visibility } from '#domain/posts/visibility.ts';
import { PUBLIC } from '#federation/vocabulary.ts';

export interface Audience {
  to: string[];
  cc: string[];
}

/** Who a post is for, in the form that every peer reads a visibility from. */
export function audienceOf(visibility: Visibility, followersUri: string, mentionedUris: readonly string[]): Audience {
  const mentioned = [...new Set(mentionedUris)];
  switch (visibility) {
    case 'public':
      return { to: [PUBLIC], cc: [followersUri, ...mentioned] };
    case 'unlisted':
      return { to: [followersUri], cc: [PUBLIC, ...mentioned] };
    case 'followers':
      return { to: [followersUri], cc: mentioned };
    case 'direct':
      return { to: mentioned, cc: [] };
  }
}
