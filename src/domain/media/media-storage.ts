/** Where files of media lie. Names come from `file-names.ts`; any other is a programmer's error. */
export interface MediaStorage {
  /**
   * Stores all or nothing, and only returns when a loss of power cannot take it back. Resolves to the bytes written.
   * @throws a `DomainError` too-many with the reason `storage-full` when there is no room; what `content` throws.
   */
  put(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<number>;
  /** Null where there is no such file. */
  open(name: string): Promise<StoredFile | null>;
  /** Also resolves where there is none. */
  remove(name: string): Promise<void>;
  /** Every file, in no order. */
  list(): AsyncIterable<ListedFile>;
  /** Takes away what was begun before that time and never finished. */
  removeAbandoned(beforeMs: number): Promise<void>;
  usage(): Promise<StorageUsage>;
}

export interface StoredFile {
  readonly bytes: number;
  /** Touches nothing until it is read. Both ends of the range belong to it. */
  read(range?: ByteRange): ReadableStream<Uint8Array<ArrayBuffer>>;
}

export interface ByteRange {
  first: number;
  last: number;
}

export interface ListedFile {
  name: string;
  changedAt: number;
}

export interface StorageUsage {
  freeBytes: number;
  totalBytes: number;
  /** Nothing is taken in any more. */
  full: boolean;
}

/** Where the files of one instance lie: what people uploaded, and what can be fetched again. */
export interface MediaStores {
  uploads: MediaStorage;
  cache: MediaStorage;
}

/** Files that belong to nobody any more once the transaction has ended. */
export interface FilesToRemove {
  uploads: string[];
  cache: string[];
}

/** Removes the files; a failure leaves them to the sweep (see `unknownUploads`). */
export async function removeFiles(stores: MediaStores, files: FilesToRemove): Promise<void> {
  for (const name of files.uploads) await stores.uploads.remove(name);
  for (const name of files.cache) await stores.cache.remove(name);
}

/** A file of no use, kept so that a full disk can be given some room back. */
export interface Ballast {
  /** Keeps it, or throws it overboard when the disk is almost full; tells what there is afterwards. */
  tend(): Promise<'kept' | 'released'>;
  /** Throws it overboard at once, for the database has no room to write; tells whether there was any. */
  release(): Promise<boolean>;
}
