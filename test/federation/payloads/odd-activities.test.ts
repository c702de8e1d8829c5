import { describe, expect, test } from 'vitest';
import type { RemoteAccount } from '#domain/accounts/remote-account.ts';
import { readAccount } from '#federation/translate/account.ts';
import { mayBring, readActivity } from '#federation/translate/activity.ts';

const ANN = 'https://a.example/users/ann';
const BOB = 'https://b.example/users/bob';
const HEAD = { id: 'https://a.example/activities/1', actor: ANN };

describe('activities that contradict themselves are refused', () => {
  test.each([
    [
      'undoes what somebody else did',
      { type: 'Undo', object: { type: 'Follow', id: 'https://b.example/f', actor: BOB, object: ANN } },
    ],
    [
      'answers a follow of somebody else',
      { type: 'Accept', object: { type: 'Follow', id: 'https://c.example/f', actor: BOB, object: BOB } },
    ],
    ['moves somebody else', { type: 'Move', object: BOB, target: 'https://a.example/users/new' }],
    ['votes for somebody else', { type: 'Create', object: { ...voteNote(), attributedTo: BOB } }],
    ['its object has no id', { type: 'Like', object: 5 }],
    ['its object has no id', { type: 'Create', object: { type: 'Note', content: 'x' } }],
    ['its object has no id', { type: 'Undo', object: { type: 'Like' } }],
    ['its object has no id', { type: 'Add', object: 'https://a.example/notes/1' }],
    ['its object has no id', { type: 'Flag', object: [null, 5, {}] }],
    ['no id', { type: 'Follow', id: null, object: BOB }],
    ['no actor', { type: 'Follow', actor: 'acct:ann@a.example', object: BOB }],
    ['no type', { object: BOB }],
  ])('%s: %j', (why, activity) => {
    expect(readActivity({ ...HEAD, ...activity })).toEqual({ kind: 'refused', why });
  });
});

describe('what has no meaning here is ignored', () => {
  test.each([
    ['Dislike', { type: 'Dislike', object: 'https://b.example/1' }],
    ['View', { type: 'View', object: 'https://b.example/1' }],
    [
      'Announce of Like',
      {
        type: 'Announce',
        object: { id: 'https://a.example/l', type: 'Like', actor: ANN, object: 'https://b.example/1' },
      },
    ],
    ['Undo of Join', { type: 'Undo', object: { id: 'https://a.example/j', type: 'Join', actor: ANN } }],
    ['Accept of Join', { type: 'Accept', object: { id: 'https://b.example/j', type: 'Join', actor: BOB } }],
    ['Add of Hashtag', { type: 'Add', object: { type: 'Hashtag', name: '#a' }, target: 'https://a.example/tags' }],
    ['a ban from a community', { type: 'Block', object: BOB, target: 'https://a.example/c/main' }],
  ])('%s', (why, activity) => {
    expect(readActivity({ ...HEAD, ...activity })).toEqual({ kind: 'ignored', uri: HEAD.id, actorUri: ANN, why });
  });

  test('a type cannot write lines into the log', () => {
    expect(readActivity({ ...HEAD, type: 'Like\n2026 ERROR', object: BOB })).toEqual({
      kind: 'refused',
      why: 'no type',
    });
  });
});

describe('activities', () => {
  const head = { uri: HEAD.id, actorUri: ANN };

  test.each([
    [
      { type: 'Follow', object: { id: BOB, type: 'Person' } },
      { kind: 'follow', objectUri: BOB },
    ],
    [
      { type: 'https://www.w3.org/ns/activitystreams#Follow', object: BOB },
      { kind: 'follow', objectUri: BOB },
    ],
    [
      { type: ['x:Thing', 'Follow'], object: BOB },
      { kind: 'follow', objectUri: BOB },
    ],
    [
      { type: 'Reject', object: 'https://b.example/f' },
      { kind: 'reject', followUri: 'https://b.example/f', followerUri: null },
    ],
    [
      { type: 'Accept', object: { type: 'Follow', actor: BOB, object: ANN } },
      { kind: 'accept', followUri: null, followerUri: BOB },
    ],
    [
      { type: 'Undo', object: 'https://a.example/f' },
      { kind: 'undo', objectUri: 'https://a.example/f', undone: null },
    ],
    [
      { type: 'Undo', object: { type: 'Follow', object: BOB } },
      { kind: 'undo', objectUri: null, undone: { kind: 'follow', uri: null, objectUri: BOB } },
    ],
    [
      { type: 'Delete', object: { type: 'Tombstone', id: 'https://a.example/1' } },
      { kind: 'delete', objectUri: 'https://a.example/1', ofActor: false },
    ],
    [
      { type: 'Delete', object: ANN },
      { kind: 'delete', objectUri: ANN, ofActor: true },
    ],
    [
      { type: 'Like', object: BOB, content: '  🎉 ' },
      { kind: 'like', objectUri: BOB, reaction: '🎉' },
    ],
    [
      { type: 'Move', object: ANN, target: BOB },
      { kind: 'move', targetUri: BOB },
    ],
    [
      { type: 'Remove', object: { id: 'https://a.example/1' }, target: `${ANN}/featured` },
      { kind: 'remove', objectUri: 'https://a.example/1', targetUri: `${ANN}/featured` },
    ],
    [
      { type: 'Flag', object: [BOB, BOB], content: '<b>bad</b> &amp; so' },
      { kind: 'flag', objectUris: [BOB], comment: 'bad & so' },
    ],
    [
      { type: 'Create', object: voteNote() },
      { kind: 'vote', uri: voteNote().id, pollUri: 'https://b.example/q', choice: 'yes' },
    ],
  ])('%j', (activity, value) => {
    expect(readActivity({ ...HEAD, ...activity })).toEqual({ ...head, ...value });
  });

  test('a named reply to everybody is a post, not a vote', () => {
    const object = { ...voteNote(), to: ['as:Public'] };
    expect(readActivity({ ...HEAD, type: 'Create', object })).toMatchObject({
      kind: 'create',
      object: { type: 'Note' },
    });
  });

  test('ten thousand reported posts are a hundred', () => {
    const object = Array.from({ length: 10_000 }, (_, index) => `https://b.example/${index}`);
    const activity = readActivity({ ...HEAD, type: 'Flag', object });
    expect(activity.kind === 'flag' ? activity.objectUris.length : 0).toBe(100);
  });

  test('a copy is worth something only from its own server', () => {
    const own = { uri: 'https://a.example/1', type: 'Note', attributedTo: ANN, json: null };
    expect(mayBring(ANN, own)).toBe(true);
    expect(mayBring(BOB, own)).toBe(false);
    expect(mayBring(ANN, { ...own, attributedTo: BOB })).toBe(false);
    expect(mayBring(ANN, { ...own, uri: 'https://a.example:8443/1' })).toBe(false);
  });
});

describe('accounts', () => {
  test('fields, aliases and pictures of any shape', () => {
    expect(
      account({
        name: 'Ann\n\u0000 <b>',
        summary: 'one\ntwo',
        alsoKnownAs: BOB,
        movedTo: { id: BOB },
        icon: [
          { width: 48, url: 'https://a.example/s.png' },
          { width: 400, url: { href: 'https://a.example/l.png' } },
        ],
        image: 'https://a.example/h.png',
        url: ['https://a.example/@ann', 5],
        attachment: [
          { type: 'PropertyValue', name: 'site', value: 'https://a.example/x' },
          { type: 'PropertyValue', name: 'evil', value: '<a href="javascript:x">y</a>' },
          { type: 'PropertyValue', name: 5, value: 'z' },
        ],
        endpoints: 'https://a.example/endpoints',
        sharedInbox: 'https://a.example/inbox',
        published: 'never',
      }),
    ).toMatchObject({
      displayName: 'Ann <b>',
      bioHtml: '<p>one<br />two</p>',
      aliases: [BOB],
      movedToUri: BOB,
      avatarUrl: 'https://a.example/l.png',
      headerUrl: 'https://a.example/h.png',
      url: 'https://a.example/@ann',
      fields: [
        {
          name: 'site',
          valueHtml: '<a href="https://a.example/x" rel="nofollow noopener noreferrer ugc">https://a.example/x</a>',
        },
        { name: 'evil', valueHtml: '<span>y</span>' },
      ],
      sharedInbox: 'https://a.example/inbox',
      createdAt: null,
    });
  });

  test('the domain is the host of the id, whatever the document claims', () => {
    expect(account({ id: 'https://BÜCHER.example:8443/u/1', webfinger: 'ann@bank.example' }).domain).toBe(
      'xn--bcher-kva.example:8443',
    );
  });

  test.each(['', 'a b', 'a@b.example', 'a/b', '../x', 'a\u202eb', 'a\u200bb', '<b>', 'x'.repeat(256), 5, null])(
    'the name %j is none',
    (preferredUsername) => {
      expect(readAccount({ ...plainActor(), preferredUsername })).toEqual({ refused: 'no name' });
    },
  );

  test.each([
    ['no inbox', { inbox: 'file:///etc/passwd' }],
    ['no id', { id: `https://a.example/${'x'.repeat(3000)}` }],
    ['not an account: Note', { type: 'Note' }],
  ])('%s', (refused, change) => {
    expect(readAccount({ ...plainActor(), ...change })).toEqual({ refused });
  });
});

function voteNote() {
  return {
    id: 'https://a.example/votes/1',
    type: 'Note',
    name: 'yes',
    inReplyTo: 'https://b.example/q',
    to: BOB,
    attributedTo: ANN,
  };
}

function plainActor() {
  return { id: ANN, type: 'Person', preferredUsername: 'ann', inbox: `${ANN}/inbox` };
}

function account(change: object): RemoteAccount {
  const result = readAccount({ ...plainActor(), ...change });
  if ('refused' in result) throw new Error(result.refused);
  return result.account;
}
