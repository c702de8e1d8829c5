import { emojiTags } from '#federation/documents/emoji.ts';
import { exportSPKI, multibaseOf } from '#federation/documents/key-formats.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { Site } from '#db/unit.ts';
import { accountUris } from '#domain/accounts/account-uris.ts';
import type { AccountKind } from '#domain/accounts/accounts.tables.ts';
import type { ProfileField } from '#domain/accounts/account-view.ts';
import { ACTOR_CONTEXT, type JsonLd } from '#federation/vocabulary.ts';

interface ActorRow {
  id: number;
  handle: string;
  kind: AccountKind;
  display_name: string;
  bio_html: string;
  fields: string;
  emoji: string;
  locked: number;
  bot: number;
  discoverable: number;
  indexable: number;
  memorial: number;
  aliases: string;
  created_at: number;
  suspended_at: number | null;
  avatar_file: string | null;
  avatar_type: string | null;
  header_file: string | null;
  header_type: string | null;
  moved_to_uri: string | null;
}

const TYPES: Record<AccountKind, string> = {
  person: 'Person',
  service: 'Service',
  group: 'Group',
  organization: 'Organization',
  application: 'Application',
};

/** The document of a local account; null when there is none, or it was deleted. */
export async function actorDocument(
  reader: Pick<Reader, 'read' | 'engine'>,
  site: Site,
  handle: string,
): Promise<JsonLd | null> {
  const rows = await reader.read.hot<ActorRow>(
    `select a.id, a.handle, a.kind, a.display_name, a.bio_html, a.fields, a.emoji, a.locked, a.bot, a.discoverable, a.indexable,
       a.memorial, a.aliases, a.created_at, a.suspended_at,
       v.file as avatar_file, v.mime_type as avatar_type, h.file as header_file, h.mime_type as header_type,
       m.uri as moved_to_uri
     from accounts a left join media v on v.id = a.avatar_media_id left join media h on h.id = a.header_media_id
       left join accounts m on m.id = a.moved_to_id
     where a.handle_folded = $1 and a.domain = '' and a.deleted_at is null
       and a.pending_at is null`,
    handle.toLowerCase(),
  );
  const [row] = rows;
  if (!row) return null;
  return {
    '@context': ACTOR_CONTEXT,
    ...(row.suspended_at === null
      ? fullActor(row, site, await emojiTags(reader, row.emoji, site))
      : bareActor(row, site)),
    ...(await keysOf(reader, row.id, accountUris(site, row.handle).uri)),
  };
}

function fullActor(row: ActorRow, site: Site, tag: JsonLd[]): JsonLd {
  return {
    ...bareActor(row, site),
    name: row.display_name || row.handle,
    summary: row.bio_html,
    published: new Date(row.created_at).toISOString(),
    discoverable: row.discoverable !== 0,
    indexable: row.indexable !== 0,
    memorial: row.memorial !== 0,
    alsoKnownAs: JSON.parse(row.aliases) as string[],
    ...(row.moved_to_uri ? { movedTo: row.moved_to_uri } : {}),
    attachment: (JSON.parse(row.fields) as ProfileField[]).map(({ name, valueHtml }) => ({
      type: 'PropertyValue',
      name,
      value: valueHtml,
    })),
    tag,
    ...picture('icon', row.avatar_file, row.avatar_type, site),
    ...picture('image', row.header_file, row.header_type, site),
  };
}

/** What remains to be seen of a suspended account: enough to verify what it signed before. */
function bareActor(row: ActorRow, site: Site): JsonLd {
  const { url, inbox, outbox, followersUri, followingUri, featuredUri, sharedInbox, uri } = accountUris(
    site,
    row.handle,
  );
  return {
    id: uri,
    type: row.kind === 'person' && row.bot !== 0 ? 'Service' : TYPES[row.kind],
    preferredUsername: row.handle,
    url: row.kind === 'application' ? site.origin : url,
    inbox,
    outbox,
    followers: followersUri,
    following: followingUri,
    featured: featuredUri,
    endpoints: { sharedInbox },
    manuallyApprovesFollowers: row.locked !== 0,
    ...(row.suspended_at === null ? {} : { suspended: true }),
  };
}

function picture(property: 'icon' | 'image', file: string | null, mediaType: string | null, site: Site): JsonLd {
  return file ? { [property]: { type: 'Image', mediaType, url: `${site.origin}/media/${file}` } } : {};
}

async function keysOf({ read }: Pick<Reader, 'read'>, accountId: number, owner: string): Promise<JsonLd> {
  const keys = await read.hot<{ key_uri: string; algorithm: 'rsa' | 'ed25519'; public_jwk: string }>(
    'select key_uri, algorithm, public_jwk from account_keys where account_id = $1 order by id',
    accountId,
  );
  const document: JsonLd = {};
  for (const key of keys) {
    const jwk = JSON.parse(key.public_jwk) as JsonWebKey;
    if (key.algorithm === 'rsa') {
      document['publicKey'] ??= { id: key.key_uri, owner, publicKeyPem: exportSPKI(jwk) };
    } else {
      document['assertionMethod'] ??= [
        { id: key.key_uri, type: 'Multikey', controller: owner, publicKeyMultibase: multibaseOf(jwk) },
      ];
    }
  }
  return document;
}
