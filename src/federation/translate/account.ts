import type { AccountKind } from '#domain/accounts/accounts.tables.ts';
import type { RemoteAccount } from '#domain/accounts/remote-account.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import { isPageLink, pictureUrl } from '#federation/translate/media.ts';
import {
  asArray,
  asObject,
  flagOf,
  idOf,
  instantOf,
  languageText,
  lineOf,
  originOf,
  textOf,
  typeOf,
  urlOf,
} from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';
import { htmlOf, inlineHtmlOf } from '#federation/translate/sanitize.ts';
import { emojiOf } from '#federation/translate/tags.ts';

/**
 * An account of any server. Without an id, a name and an inbox it is none. `domain` is the host of its id; whoever asks
 * WebFinger puts the confirmed one in its place.
 */
export function readAccount(json: unknown): { account: RemoteAccount } | { refused: string } {
  const actor = asObject(json);
  if (!actor) return { refused: 'not an object' };
  const kind = accountKindOf(actor);
  if (kind === null) return { refused: `not an account: ${typeOf(actor) ?? 'no type'}` };
  const uri = idOf(actor['id']);
  if (uri === null) return { refused: 'no id' };
  const handle = handleOf(actor['preferredUsername']);
  if (handle === null) return { refused: 'no name' };
  const inbox = idOf(actor['inbox']);
  if (inbox === null) return { refused: 'no inbox' };
  return { account: makeAccount(actor, { uri, handle, kind, inbox }) };
}

export function accountKindOf(json: unknown): AccountKind | null {
  return KINDS[typeOf(json, Object.keys(KINDS)) ?? ''] ?? null;
}

const KINDS: Record<string, AccountKind> = {
  Person: 'person',
  Service: 'service',
  Group: 'group',
  Organization: 'organization',
  Application: 'application',
};

/** What may stand between two @: dots and letters of all scripts, but nothing invisible and nothing of an address. */
function handleOf(value: unknown): string | null {
  const handle = textOf(value, translateLimits.handleCharacters + 1);
  const isHandle = handle !== null && handle.length <= translateLimits.handleCharacters;
  return isHandle && /^[\p{L}\p{M}\p{N}_.~+=!$*-]+$/u.test(handle) ? handle : null;
}

function makeAccount(json: Json, identity: Pick<RemoteAccount, 'uri' | 'handle' | 'kind' | 'inbox'>): RemoteAccount {
  const links = asArray(json['url'], translateLimits.links).filter((link) => isPageLink(link, 'note'));
  const bio = languageText(json, 'summary').text;
  return {
    ...identity,
    url: urlOf(links),
    domain: URL.parse(identity.uri)?.host ?? '',
    displayName: lineOf(languageText(json, 'name').text, translateLimits.displayNameCharacters) ?? '',
    bioHtml: bio === null ? '' : htmlOf(bio, translateLimits.bioCharacters),
    fields: fieldsOf(json),
    avatarUrl: pictureUrl(json['icon']),
    headerUrl: pictureUrl(json['image']),
    // Misskey and Discourse have it beside the endpoints, or only there.
    sharedInbox: idOf(asObject(json['endpoints'])?.['sharedInbox']) ?? idOf(json['sharedInbox']),
    outbox: idOf(json['outbox']),
    followersUri: idOf(json['followers']),
    followingUri: idOf(json['following']),
    featuredUri: idOf(json['featured']),
    locked: flagOf(json['manuallyApprovesFollowers']),
    discoverable: flagOf(json['discoverable']),
    indexable: flagOf(json['indexable']),
    memorial: flagOf(json['memorial']),
    publicKeys: publicKeysOf(json, identity.uri),
    aliases: aliasesOf(json, identity.uri),
    movedToUri: idOf(json['movedTo']),
    emoji: emojiOf(json),
    createdAt: instantOf(json['published']),
  };
}

/** Rows of a profile. WordPress writes each a second time as a Link. */
function fieldsOf(json: Json): RemoteAccount['fields'] {
  return asArray(json['attachment'], translateLimits.attachments)
    .flatMap((one) => {
      const field = asObject(one);
      const name = lineOf(field?.['name'], translateLimits.fieldNameCharacters);
      const value = textOf(field?.['value'], translateLimits.fieldValueCharacters);
      if (typeOf(field) !== 'PropertyValue' || name === null || value === null) return [];
      return [{ name, valueHtml: inlineHtmlOf(value, translateLimits.fieldValueCharacters) }];
    })
    .slice(0, translateLimits.fields);
}

/** Only RSA keys have this form; no other kind signs the requests of the servers there are. */
function publicKeysOf(json: Json, uri: string): RemoteAccount['publicKeys'] {
  return asArray(json['publicKey'], translateLimits.publicKeys).flatMap((one) => {
    const key = asObject(one);
    const id = idOf(key?.['id']);
    const pem = key?.['publicKeyPem'];
    const isWhole = typeof pem === 'string' && pem.length <= translateLimits.publicKeyCharacters;
    return id !== null && isWhole && originOf(id) === originOf(uri) ? [{ id, pem }] : [];
  });
}

function aliasesOf(json: Json, uri: string): string[] {
  const aliases = asArray(json['alsoKnownAs'], translateLimits.links).flatMap((one) => idOf(one) ?? []);
  return [...new Set(aliases)].filter((alias) => alias !== uri).slice(0, translateLimits.aliases);
}
