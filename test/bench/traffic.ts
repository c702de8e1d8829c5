import { createHash, sign, type KeyObject } from 'node:crypto';
import type { Site } from '#db/unit.ts';
import type { Call } from './drive.ts';
import { authorUri, hostOf, type Town } from './population.ts';

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
/** As long as the base64 of an RSA-2048 signature; nobody here believes it, so nothing has to be right about it. */
const SIGNATURE_VALUE = createHash('sha512').update('bench').digest('base64').repeat(4).slice(0, 344);

/** What Mastodon puts in front of every activity. */
const CONTEXT = [
  'https://www.w3.org/ns/activitystreams',
  {
    ostatus: 'http://ostatus.org#',
    atomUri: 'ostatus:atomUri',
    inReplyToAtomUri: 'ostatus:inReplyToAtomUri',
    conversation: 'ostatus:conversation',
    sensitive: 'as:sensitive',
    toot: 'http://joinmastodon.org/ns#',
    votersCount: 'toot:votersCount',
    Hashtag: 'as:Hashtag',
    blurhash: 'toot:blurhash',
    focalPoint: { '@container': '@list', '@id': 'toot:focalPoint' },
  },
];

let made = 0;

/**
 * A Create as Mastodon sends it, some 2.4 KB with its LD signature. Of five, one names a person here, one answers a
 * known post, one brings a picture.
 */
export function createActivity(town: Town, author: number, now: number): Record<string, unknown> {
  made += 1;
  const actor = authorUri(author);
  const uri = `${actor}/statuses/${115_000_000_000_000_000n + BigInt(made)}`;
  const kind = made % 5;
  const answered = kind === 1 ? town.posts.at(-(made % 1000) - 1) : undefined;
  const reader = town.readers.get(500);
  const published = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  const audience = {
    to: [PUBLIC],
    cc: [`${actor}/followers`, ...(kind === 0 ? [localUri(town.site, reader?.handle)] : [])],
  };
  const content = contentOf(author, made);
  const note = {
    id: uri,
    type: 'Note',
    summary: null,
    inReplyTo: answered?.uri ?? null,
    published,
    url: `https://${hostOf(author)}/@a${author}/${made}`,
    attributedTo: actor,
    ...audience,
    sensitive: false,
    atomUri: uri,
    inReplyToAtomUri: answered?.uri ?? null,
    conversation: `tag:${hostOf(author)},2026-11-20:objectId=${made}:objectType=Conversation`,
    content,
    contentMap: { en: content },
    attachment: kind === 2 ? [picture(author, made)] : [],
    tag: [
      { type: 'Hashtag', href: `https://${hostOf(author)}/tags/${tagOf(made)}`, name: `#${tagOf(made)}` },
      ...(kind === 0
        ? [{ type: 'Mention', href: localUri(town.site, reader?.handle), name: `@reader500@${town.site.host}` }]
        : []),
    ],
    replies: {
      id: `${uri}/replies`,
      type: 'Collection',
      first: {
        type: 'CollectionPage',
        next: `${uri}/replies?only_other_accounts=true&page=true`,
        partOf: `${uri}/replies`,
        items: [],
      },
    },
  };
  return {
    '@context': CONTEXT,
    id: `${uri}/activity`,
    type: 'Create',
    actor,
    published,
    ...audience,
    object: note,
    signature: {
      type: 'RsaSignature2017',
      creator: `${actor}#main-key`,
      created: published,
      signatureValue: SIGNATURE_VALUE,
    },
  };
}

/** The same, signed and ready to be sent to the shared inbox. */
export function inboxCall(town: Town, author: number, key: KeyObject, now: number): Call {
  const body = Buffer.from(JSON.stringify(createActivity(town, author, now)));
  const date = new Date(now).toUTCString();
  const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
  const text = `(request-target): post /inbox\nhost: ${town.site.host}\ndate: ${date}\ndigest: ${digest}`;
  const signature = sign('sha256', Buffer.from(text), key).toString('base64');
  return {
    method: 'POST',
    path: '/inbox',
    headers: {
      host: town.site.host,
      date,
      digest,
      'content-type': 'application/activity+json',
      'user-agent': 'Mastodon/4.6.0 (http.rb/5.3.1; +https://peer.test/)',
      signature:
        `keyId="${authorUri(author)}#main-key",algorithm="rsa-sha256",` +
        `headers="(request-target) host date digest",signature="${signature}"`,
    },
    body,
  };
}

function localUri(site: Site, handle = ''): string {
  return `${site.origin}/users/${handle}`;
}

function tagOf(index: number): string {
  return `topic${index % 50}`;
}

function contentOf(author: number, index: number): string {
  const tag = tagOf(index);
  const link = `<a href="https://${hostOf(author)}/tags/${tag}" class="mention hashtag" rel="tag">#<span>${tag}</span></a>`;
  return `<p>Number ${index}. ${'Some words about the day. '.repeat(5)}</p><p>${link}</p>`;
}

function picture(author: number, index: number): Record<string, unknown> {
  return {
    type: 'Document',
    mediaType: 'image/jpeg',
    url: `https://files.${hostOf(author)}/original/${index}.jpeg`,
    name: 'A street in the rain',
    blurhash: 'UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH',
    focalPoint: [0, 0],
    width: 1600,
    height: 900,
  };
}
