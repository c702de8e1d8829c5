import type { AccountKind } from '#domain/accounts/accounts.tables.ts';
import type { PostKind } from '#domain/posts/post-view.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { forums } from './expected-forums.ts';
import { lemmy } from './expected-lemmy.ts';
import { mastodons } from './expected-mastodons.ts';
import { media } from './expected-media.ts';
import { microblogs } from './expected-microblogs.ts';
import { pages } from './expected-pages.ts';

/*
 * What each of the captured documents is, written down by reading it. A document that is translated otherwise fails by
 * its name.
 */

export interface ExpectedPost {
  kind: PostKind;
  author: string;
  visibility: Visibility;
  /** How its text begins, without markup. */
  text: string;
  media: number;
  replyTo: string | null;
  title?: string | null;
  warning?: string | null;
  url?: string | null;
  quote?: string;
  options?: string[];
  language?: string | null;
  hashtags?: string[];
  emoji?: string[];
  mentions?: string[];
  edited?: boolean;
}

export interface ExpectedAccount {
  handle: string;
  domain: string;
  kind: AccountKind;
  name: string;
}

export type Expectation =
  /** `by`: the activity that brings it. */
  | ({ is: 'post'; by?: 'create' | 'update' } & ExpectedPost)
  | ({ is: 'account'; by?: 'update' } & ExpectedAccount)
  | { is: 'follow' | 'block' | 'like'; actor: string; object: string; reaction?: string }
  | { is: 'accept'; actor: string; follow: string | null; follower: string | null }
  | { is: 'undo'; actor: string; undone: 'follow' | 'like' | 'announce' | 'block'; object: string }
  | { is: 'delete'; actor: string; object: string; ofActor: boolean }
  | { is: 'add'; actor: string; object: string; target: string }
  | { is: 'flag'; actor: string; objects: string[]; comment: string }
  | {
      is: 'announce';
      actor: string;
      object: string;
      wraps: string | null;
      visibility: Visibility;
      brings: ExpectedPost | null;
    }
  | { is: 'collection'; total: number; items: number; next: string | null; posts: ExpectedPost[] }
  | { is: 'gone'; uri: string }
  | { is: 'ignored'; why: string }
  /** `carriesPost`: somebody wrote something in it. */
  | { is: 'refused'; why: string; carriesPost?: true };

export const expectations: Record<string, Expectation> = {
  ...forums,
  ...lemmy,
  ...mastodons,
  ...media,
  ...microblogs,
  ...pages,
};
