/** What the manifest of an archive says of the instance that was saved. */
export interface BackupAbout {
  /** Of the Estrade that made it. */
  version: string;
  madeAt: string;
  engine: 'sqlite' | 'postgresql';
  origin: string;
  handleDomain: string;
  /** That the database had, in their order. */
  migrations: string[];
  /** Rows of each table. */
  tables: Record<string, number>;
  /** Whether `secret.key` is among the files, or the keys were sealed with `SECRET_KEY`, which is not. */
  secret: 'included' | 'SECRET_KEY';
}

/** Names in the archive. */
export const DATABASE_IN_ARCHIVE = 'database/estrade.sqlite';
export const TABLES_IN_ARCHIVE = 'tables';
/** Folders of `DATA_DIR` that cannot be made again. What was fetched from other servers can. */
export const FOLDERS_IN_ARCHIVE = ['media', 'themes'] as const;
