export interface KeptBackup {
  name: string;
  bytes: number;
  at: number;
}

/** Where the server keeps copies of its database. */
export interface BackupFolder {
  /** Null where it makes none by itself. */
  everyHours: number | null;
  /** The newest first. */
  list(): Promise<KeptBackup[]>;
}
