import type { Audience } from '#federation/translate/audience.ts';
import type { Json } from '#federation/translate/read.ts';

/** What an activity is about, by its id; with the raw JSON where it stands in the activity. */
export interface ObjectReference {
  uri: string;
  /** Null where only the id was given. */
  type: string | null;
  attributedTo: string | null;
  json: Json | null;
}

interface Head {
  /** Empty for one without an id, which only those that nobody refers to may be. */
  uri: string;
  actorUri: string;
}

/** What an Undo takes back. The inner activity's actor is the outer one's, or it was refused. */
export interface Undone {
  kind: 'follow' | 'like' | 'announce' | 'block';
  uri: string | null;
  objectUri: string | null;
}

export type Activity =
  | (Head & { kind: 'follow'; objectUri: string })
  /** The follow by its id, its follower's id, or both. */
  | (Head & { kind: 'accept' | 'reject'; followUri: string | null; followerUri: string | null })
  /** `undone` is null where only the id of what is undone was given. */
  | (Head & { kind: 'undo'; objectUri: string | null; undone: Undone | null })
  | (Head & { kind: 'create' | 'update'; object: ObjectReference; audience: Audience })
  /** `ofActor`: the account itself is gone. */
  | (Head & { kind: 'delete'; objectUri: string; ofActor: boolean })
  | (Head & {
      kind: 'announce';
      /** The post, also where a group announces the activity that brought it. */
      object: ObjectReference;
      /** The type of the announced activity (FEP-1b12); null for a boost of a post. */
      wraps: 'Create' | 'Update' | 'Delete' | null;
      audience: Audience;
      publishedAt: number | null;
    })
  /** `reaction` is the emoji of an EmojiReact, or of Misskey's Like. */
  | (Head & { kind: 'like'; objectUri: string; reaction: string | null })
  | (Head & { kind: 'block'; objectUri: string })
  | (Head & { kind: 'move'; targetUri: string })
  | (Head & { kind: 'add' | 'remove'; objectUri: string; targetUri: string })
  | (Head & { kind: 'flag'; objectUris: string[]; comment: string | null })
  /** Asks to quote a post (FEP-044f) in another, which is `quotingUri` where it has an address. */
  | (Head & { kind: 'quote-request'; objectUri: string; quotingUri: string | null })
  /** A ballot in a poll of ours; `uri` is the vote's own where it has one. */
  | (Head & { kind: 'vote'; pollUri: string; choice: string })
  /** Well-formed and of no meaning here. */
  | { kind: 'ignored'; uri: string; actorUri: string; why: string }
  | { kind: 'refused'; why: string };
