import { eq } from 'drizzle-orm';
import { indexText } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import type { RemoteAccount } from '#domain/accounts/remote-account.ts';
import { notAllowed } from '#kernel/errors.ts';

/**
 * Writes down a remote account as its document says now, and returns its id.
 * The handle and domain are those that WebFinger confirmed; when another account holds them (a name that
 * changed hands at its origin), the older one keeps its posts under its address without the name.
 * @throws not-allowed when the address is one of ours, or its domain is suspended.
 */
export async function receiveAccount(unit: Unit, input: RemoteAccount): Promise<number> {
  const { accounts } = unit.schema;
  if (new URL(input.uri).origin === unit.site.origin || input.domain === unit.site.handleDomain) {
    throw notAllowed('account-is-local');
  }
  const handleFolded = input.handle.toLowerCase();
  await releaseHandle(unit, handleFolded, input);
  const { uri, movedToUri: _moved, url, createdAt, fields, ...profile } = input;
  const values = {
    ...withoutPictures(profile),
    host: new URL(uri).host,
    avatarRemoteUrl: input.avatarUrl,
    headerRemoteUrl: input.headerUrl,
    handleFolded,
    url: url ?? uri,
    fields: fields.map((field) => ({ ...field, verifiedAt: null })),
    bot: input.kind === 'service' || input.kind === 'application',
    fetchedAt: unit.now,
    updatedAt: unit.now,
    goneAt: null,
  };
  const [row] = await unit.tx
    .insert(accounts)
    .values({ id: unit.newId(), uri, ...values, createdAt: Math.min(createdAt ?? unit.now, unit.now) })
    .onConflictDoUpdate({ target: accounts.uri, set: values })
    .returning({ id: accounts.id });
  const id = (row as { id: number }).id;
  await indexText(unit, 'account_search', id, `${input.handle} ${input.displayName} ${input.domain}`);
  return id;
}

function withoutPictures<T extends { avatarUrl: unknown; headerUrl: unknown }>(profile: T) {
  const { avatarUrl: _avatar, headerUrl: _header, ...rest } = profile;
  return rest;
}

async function releaseHandle(unit: Unit, handleFolded: string, input: RemoteAccount): Promise<void> {
  const { accounts } = unit.schema;
  const [holder] = await unit.tx.hot<{ id: number; uri: string }>(
    'select id, uri from accounts where handle_folded = $1 and domain = $2',
    handleFolded,
    input.domain,
  );
  if (!holder || holder.uri === input.uri) return;
  await unit.tx
    .update(accounts)
    .set({ handleFolded: `${handleFolded}#${holder.id}` })
    .where(eq(accounts.id, holder.id));
}
