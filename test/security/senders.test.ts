import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PUBLIC } from '#federation/vocabulary.ts';
import { MINUTE_MS } from '#kernel/clock.ts';
import {
  ACTIVITY_CONTEXT,
  createNote,
  makeEd25519Key,
  makeRsaKey,
  person,
  publicKeyOf,
  unsigned,
  type Peer,
} from '../peer.ts';
import {
  activity,
  bobFollows,
  bring,
  deliver,
  expectHealthy,
  expectRefused,
  openStage,
  rowsOf,
  send,
  settleIn,
  signed,
  type Bent,
  type RemotePerson,
  type Stage,
} from './harness.ts';

/* Who is let in and who is not, as real servers sign: each through the inbox of a running instance. */

let stage: Stage;
let peer: Peer;

beforeEach(async () => {
  stage = await openStage();
  peer = await bring(stage.net, 'peer.test');
});

afterEach(async () => {
  await peer.close();
  await stage.close();
});

function noteTo(sender: RemotePerson) {
  const create = createNote(sender.id);
  const to = [PUBLIC, stage.bob.uri];
  const tag = [{ type: 'Mention', href: stage.bob.uri, name: '@bob@a.test' }];
  return { ...create, to, object: { ...(create['object'] as object), to, tag } };
}

/** Let in, and what was said is there. */
async function expectHeard(sender: RemotePerson, bent: Bent = {}, said: unknown = noteTo(sender)): Promise<void> {
  expect((await deliver(stage, sender, said, bent)).status).toBe(202);
  const authors = await rowsOf(stage.sut, 'select distinct a.uri from posts p join accounts a on a.id = p.author_id');
  expect(authors).toEqual([{ uri: sender.id }]);
  await expectHealthy(stage);
}

/** Somebody whose document and key lie where their software puts them. */
function sender(id: string, keyId: string, extra: Record<string, unknown> = {}): RemotePerson {
  const { key } = stage.eve;
  const { pathname, search } = new URL(id);
  peer.on(pathname + search, {
    body: person(id, key.pem, { preferredUsername: 'sender', publicKey: publicKeyOf(id, key.pem, keyId), ...extra }),
  });
  return { id, handle: 'sender', keyId, key, peer };
}

const at = (path: string) => `${peer.base}${path}`;
const usual = () => sender(at('/users/x'), at('/users/x#main-key'));

describe('heard', () => {
  const spellings: [string, Bent][] = [
    ['rsa-sha256', {}],
    ['hs2019', { algorithm: 'hs2019' }],
    ['no algorithm', { algorithm: null }],
    ['the content type as well', { cover: ['(request-target)', 'host', 'date', 'digest', 'content-type'] }],
    ['RFC 9421 as Mastodon', { scheme: 'rfc9421' }],
    ['RFC 9421 with an algorithm', { scheme: 'rfc9421', algorithm: 'rsa-v1_5-sha256' }],
    [
      'RFC 9421 over @authority and @path',
      { scheme: 'rfc9421', cover: ['@method', '@authority', '@path', 'content-digest'] },
    ],
  ];

  test.each(
    spellings.flatMap(([name, bent]) => ['/inbox', '/users/bob/inbox'].map((path) => [name, path, bent] as const)),
  )('%s, to %s', async (_, path, bent) => expectHeard(usual(), { ...bent, path }));

  const places: [string, () => RemotePerson][] = [
    ['an actor at the root', () => sender(at('/'), at('/#main-key'))],
    ['the actor of an instance', () => sender(at('/actor'), at('/actor#main-key'), { type: 'Application' })],
    ['PeerTube, whose key has no fragment', () => sender(at('/accounts/x'), at('/accounts/x'))],
    [
      'BookWyrm, with a slash before the fragment',
      () => {
        const id = at('/user/x');
        const one = sender(id, `${id}/#main-key`);
        peer.on('/user/x/', {
          body: person(id, one.key.pem, {
            preferredUsername: 'sender',
            publicKey: publicKeyOf(id, one.key.pem, one.keyId),
          }),
        });
        return one;
      },
    ],
    ['WordPress, with a query', () => sender(at('/?author=1'), at('/?author=1#main-key'))],
    [
      'WordPress, one of several sites in a folder',
      () => sender(at('/blog/?author=1'), at('/blog/?author=1#main-key')),
    ],
    [
      'an actor whose address has letters of other scripts in it',
      () => sender(at('/users/søren-日本'), at('/users/s%C3%B8ren-%E6%97%A5%E6%9C%AC#main-key')),
    ],
    ['Bridgy Fed for Bluesky, all on one host', () => sender(at('/ap/did:plc:x'), at('/ap/did:plc:x#key'))],
    [
      'GoToSocial, whose key lies elsewhere and shows a stub of the actor',
      () => {
        const one = sender(at('/users/x'), at('/users/x/main-key'));
        peer.on('/users/x/main-key', {
          body: {
            '@context': ACTIVITY_CONTEXT,
            id: one.id,
            type: 'Person',
            preferredUsername: 'sender',
            publicKey: publicKeyOf(one.id, one.key.pem, one.keyId),
          },
        });
        return one;
      },
    ],
    [
      'a key document of its own that the actor names',
      () => {
        const one = sender(at('/users/x'), at('/keys/1'));
        peer.on('/keys/1', {
          body: {
            '@context': ACTIVITY_CONTEXT,
            type: 'CryptographicKey',
            ...publicKeyOf(one.id, one.key.pem, one.keyId),
          },
        });
        return one;
      },
    ],
    [
      'an RSA key of 3072 bit',
      () => {
        const key = makeRsaKey(3072);
        return settleIn(peer, 'x', key);
      },
    ],
  ];

  test.each(places)('%s', async (_, make) => {
    const one = make();
    await expectHeard(one);
  });

  test('a server in secure mode, which answers signed requests alone', async () => {
    const one = usual();
    const document = person(one.id, one.key.pem);
    peer.on('/users/x', ({ headers }) => (headers['signature'] ? { body: document } : { status: 401 }));
    await expectHeard(one);
    expect(
      peer.hits
        .filter(({ path }) => path === '/users/x')
        .every(({ headers }) => String(headers['signature']).includes('/users/instance#main-key')),
    ).toBe(true);
  });

  test('a wrong LD signature or proof of the own origin beside the right signature of the request', async () => {
    const one = usual();
    const said = {
      ...noteTo(one),
      signature: {
        type: 'RsaSignature2017',
        creator: one.keyId,
        created: '2026-01-01T00:00:00Z',
        signatureValue: 'AAAA',
      },
      proof: {
        type: 'DataIntegrityProof',
        cryptosuite: 'eddsa-jcs-2022',
        verificationMethod: `${one.id}#ed`,
        proofPurpose: 'assertionMethod',
        proofValue: 'zAAAA',
      },
    };
    await expectHeard(one, {}, said);
  });

  test('a key that was changed, when the old one is forgotten', async () => {
    const one = usual();
    await expectHeard(one);
    const key = stage.mallory.key;
    peer.on('/users/x', { body: person(one.id, key.pem) });
    expect((await send(stage, signed(stage, one, noteTo(one), { key }))).status).toBe(401);
    stage.net.clock.advance(10 * MINUTE_MS);
    await expectHeard({ ...one, key });
  });

  test('a handle whose domain is another than the server’s', async () => {
    const domain = await bring(stage.net, 'handles.test');
    const one = sender(at('/users/x'), at('/users/x#main-key'));
    for (const [host, name] of [
      [peer, 'peer.test'],
      [domain, 'handles.test'],
    ] as const) {
      host.on(`/.well-known/webfinger?resource=${encodeURIComponent(`acct:sender@${name}`)}`, {
        type: 'application/jrd+json',
        body: {
          subject: 'acct:sender@handles.test',
          links: [{ rel: 'self', type: 'application/activity+json', href: one.id }],
        },
      });
    }
    await expectHeard(one);
    expect(await rowsOf(stage.sut, 'select domain from accounts where uri = $1', one.id)).toEqual([
      { domain: 'handles.test' },
    ]);
    await domain.close();
  });

  test('a relay that announces in its own name, to those who follow it', async () => {
    const relay = sender(at('/relay'), at('/relay#main-key'), { type: 'Application' });
    const { alice, victim } = stage;
    const note = {
      id: `${victim.base}/notes/1`,
      type: 'Note',
      attributedTo: alice.id,
      to: [PUBLIC],
      content: 'relayed',
    };
    victim.on('/notes/1', { body: { '@context': ACTIVITY_CONTEXT, ...note } });
    expect((await deliver(stage, relay, activity(relay, 'Announce', note.id, { to: [PUBLIC] }))).status).toBe(202);
    expect(await rowsOf(stage.sut, 'select id from posts')).toEqual([]);
    await bobFollows(stage, relay);
    await deliver(stage, relay, activity(relay, 'Announce', note.id, { to: [PUBLIC] }));
    expect(await rowsOf(stage.sut, 'select content_html from posts where boost_of_id is null')).toEqual([
      { content_html: '<p>relayed</p>' },
    ]);
  });
});

describe('taken for a hint', () => {
  const inside = (creator: string) => ({
    type: 'RsaSignature2017',
    creator,
    created: '2026-01-01T00:00:00Z',
    signatureValue: 'AAAA',
  });

  /** alice's answer to a post of the carrier's; what her own server says of it differs. */
  function answerTo(carrier: RemotePerson, uri: string) {
    const { alice, victim } = stage;
    const said = { ...createNote(alice.id), signature: inside(alice.keyId) };
    const object = { ...(said as unknown as { object: { id: string } }).object, inReplyTo: uri };
    victim.on(new URL(object.id).pathname, { body: { '@context': ACTIVITY_CONTEXT, ...object, content: 'by alice' } });
    return { carrier, said: { ...said, object } };
  }

  const carriers: [string, () => RemotePerson][] = [
    ['Mastodon, in the name of whom it answers', usual],
    ['PeerTube, in the name of the server', () => sender(at('/accounts/peertube'), at('/accounts/peertube'))],
  ];

  test.each(carriers)('an answer that is passed on by %s', async (_, make) => {
    const author = usual();
    await bobFollows(stage, author);
    const post = createNote(author.id);
    await deliver(stage, author, post);
    const { carrier, said } = answerTo(make(), (post['object'] as { id: string }).id);
    expect((await deliver(stage, carrier, said)).status).toBe(202);
    const byAlice = await rowsOf(
      stage.sut,
      'select p.content_html from posts p join accounts a on a.id = p.author_id where a.uri = $1',
      stage.alice.id,
    );
    expect(byAlice).toEqual([{ content_html: '<p>by alice</p>' }]);
    await expectHealthy(stage);
  });
});

describe('not heard', () => {
  test.each(['Key', undefined])('a key document of its own that says it is a %s', async (type) => {
    const one = sender(at('/users/x'), at('/keys/1'));
    peer.on('/keys/1', {
      body: { '@context': ACTIVITY_CONTEXT, type, ...publicKeyOf(one.id, one.key.pem, one.keyId) },
    });
    await expectRefused(stage, signed(stage, one, noteTo(one)));
  });

  test('a key document of its own that the actor does not name', async () => {
    const one = sender(at('/users/x'), at('/keys/1'), { publicKey: publicKeyOf(at('/users/x'), stage.eve.key.pem) });
    peer.on('/keys/1', {
      body: { '@context': ACTIVITY_CONTEXT, type: 'CryptographicKey', ...publicKeyOf(one.id, one.key.pem, one.keyId) },
    });
    await expectRefused(stage, signed(stage, one, noteTo(one)));
  });

  test('a relay that passes the author’s activity on', async () => {
    const relay = sender(at('/relay'), at('/relay#main-key'), { type: 'Application' });
    await expectRefused(stage, signed(stage, relay, noteTo(stage.alice)));
  });

  test('a server that passes on by the LD signature of its author what answers nothing of its own', async () => {
    const said = {
      ...noteTo(stage.alice),
      signature: {
        type: 'RsaSignature2017',
        creator: stage.alice.keyId,
        created: '2026-01-01T00:00:00Z',
        signatureValue: 'AAAA',
      },
    };
    await expectRefused(stage, [
      signed(stage, usual(), said),
      unsigned({ to: stage.origin, at: stage.net.clock.now(), body: said }),
    ]);
  });

  test('ids on a second host of the same owner', async () => {
    const one = usual();
    const second = noteTo(one);
    await expectRefused(stage, [
      signed(stage, one, { ...second, id: 'http://media.peer.test/acts/1' }),
      signed(stage, { ...one, keyId: 'http://keys.peer.test/1' }, second),
    ]);
  });

  test('Bridgy Fed for the web, whose ids are on another subdomain than its actors', async () => {
    const web = await bring(stage.net, 'web.bridge.test');
    const one = settleIn(web, 'x', stage.eve.key);
    const second = noteTo(one);
    await expectRefused(stage, signed(stage, one, { ...second, id: 'http://fed.bridge.test/acts/1' }));
    await web.close();
  });

  test.each([
    'did:key:z6Mk',
    'ap://did:key:z6Mk/actor',
    'http://nowhere.example/users/x',
    'urn:uuid:1',
    'acct:x@peer.test',
    '',
  ])('the actor %j, which nobody can be asked about', async (id) => {
    const one: RemotePerson = { ...usual(), id, keyId: `${id}#main-key` };
    await expectRefused(stage, signed(stage, one, { ...createNote(at('/users/x')), actor: id }));
  });

  test('an activity without an id', async () => {
    const one = usual();
    await expectRefused(stage, signed(stage, one, { ...noteTo(one), id: undefined }));
  });

  test('an Ed25519 key where draft-cavage has no name for it', async () => {
    const key = makeEd25519Key();
    const one = settleIn(peer, 'ed', stage.eve.key);
    await expectRefused(stage, signed(stage, one, noteTo(one), { key }));
  });
});
