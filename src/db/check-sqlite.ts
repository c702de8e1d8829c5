import Sqlite from 'better-sqlite3';

export interface SqliteCheck {
  /** `ok`, or the first fault found. */
  integrity: string;
  /** Tables with rows whose parents are gone. */
  dangling: string[];
}

/** Reads the whole file: seconds for a large one, and not for the process that serves. */
export function checkSqlite(file: string): SqliteCheck {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    db.pragma('busy_timeout = 5000');
    const integrity = String(db.pragma('integrity_check(1)', { simple: true }));
    if (integrity !== 'ok') return { integrity, dangling: [] };
    const rows = db.pragma('foreign_key_check') as { table: string }[];
    return { integrity, dangling: [...new Set(rows.map(({ table }) => table))] };
  } finally {
    db.close();
  }
}
