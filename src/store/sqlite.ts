import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, type JSValue } from 'node-sqlite3-wasm';
import { type Item, MAX_PAGE, type Position, type Store, toJson } from './port';

/** How long an operation waits for other processes before it fails. */
const LOCK_TIMEOUT_MS = 9000;
/** A lock held this long was left behind by a killed process: an operation takes milliseconds. */
const STALE_LOCK_MS = 4000;

const SCHEMA = `CREATE TABLE IF NOT EXISTS items (
  collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, revision INTEGER NOT NULL, expires INTEGER,
  PRIMARY KEY (collection, key)
) WITHOUT ROWID`;

type Row = { key: string; value: string; revision: number };

/** The open databases of this process, by file. */
const databases = new Map<string, Database>();

/**
 * Items in a local SQLite file, for local servers only. Many processes may use it at once, and the data outlives them.
 * Every operation is one statement, so a killed process leaves it either done or not done.
 */
export class SqliteStore implements Store {
  readonly #file: string;
  readonly #lock: string;

  constructor(
    file: string,
    readonly deadline = Number.POSITIVE_INFINITY,
  ) {
    this.#file = resolve(file);
    this.#lock = `${this.#file}.lock`;
  }

  get identity(): string {
    return this.#file;
  }

  add(collection: string, key: string, value: unknown, ttl?: number): Promise<boolean> {
    const now = Date.now();
    return this.#changed(
      `INSERT INTO items VALUES (?, ?, ?, 1, ?) ON CONFLICT (collection, key)
       DO UPDATE SET value = excluded.value, revision = revision + 1, expires = excluded.expires WHERE expires <= ?`,
      [collection, key, toJson(value), ttl === undefined ? null : now + ttl * 1000, now],
    );
  }

  async get<T>(collection: string, key: string): Promise<Item<T> | undefined> {
    const rows = await this.#rows('collection = ? AND key = ?', [collection, key], 'LIMIT 1');
    return rows.map(toItem<T>)[0];
  }

  async list<T>(collection: string, { after, order = 'asc', limit = MAX_PAGE }: Position = {}) {
    const beyond = after === undefined ? '' : ` AND key ${order === 'asc' ? '>' : '<'} ?`;
    const values = after === undefined ? [collection] : [collection, after];
    const rows = await this.#rows(`collection = ?${beyond}`, values, `ORDER BY key ${order} LIMIT ${limit + 1}`);
    return { items: rows.slice(0, limit).map(toItem<T>), more: rows.length > limit };
  }

  update(collection: string, key: string, value: unknown, revision: string): Promise<boolean> {
    return this.#changed(
      `UPDATE items SET value = ?, revision = revision + 1 WHERE collection = ? AND key = ? AND revision = ? AND ${ALIVE}`,
      [toJson(value), collection, key, Number(revision), Date.now()],
    );
  }

  remove(collection: string, key: string, revision?: string): Promise<boolean> {
    return this.#changed(
      `DELETE FROM items WHERE collection = ? AND key = ? AND revision = coalesce(?, revision) AND ${ALIVE}`,
      [collection, key, revision === undefined ? null : Number(revision), Date.now()],
    );
  }

  close(): void {
    databases.get(this.#file)?.close();
    databases.delete(this.#file);
  }

  #changed(sql: string, values: JSValue[]): Promise<boolean> {
    return this.#whenUnlocked((database) => database.run(sql, values).changes > 0);
  }

  #rows(where: string, values: JSValue[], rest: string): Promise<Row[]> {
    const sql = `SELECT key, value, revision FROM items WHERE ${where} AND ${ALIVE} ${rest}`;
    return this.#whenUnlocked((database) => database.all(sql, [...values, Date.now()]) as unknown as Row[]);
  }

  /**
   * Uses the database as soon as no other process does. The lock is a folder next to the file, which a killed process
   * leaves behind: one that stays unchanged for long is removed.
   */
  async #whenUnlocked<T>(use: (database: Database) => T): Promise<T> {
    const started = Date.now();
    let seen: { lock: string | undefined; since: number } | undefined;
    for (;;) {
      // Checking the lock costs less than a refusal by SQLite.
      const lock = identityOf(this.#lock);
      if (lock === undefined) {
        try {
          return use(this.#open());
        } catch (error) {
          if (!/locked|busy/i.test((error as Error).message)) throw error;
        }
      }
      if (Date.now() - started > LOCK_TIMEOUT_MS) throw new Error('database is locked');
      if (seen === undefined || lock === undefined || lock !== seen.lock) seen = { lock, since: Date.now() };
      else if (Date.now() - seen.since > STALE_LOCK_MS) breakLock(this.#lock, lock);
      await sleep(2 + Math.random() * 10);
    }
  }

  #open(): Database {
    const open = databases.get(this.#file);
    if (open) return open;
    mkdirSync(dirname(this.#file), { recursive: true });
    const database = new Database(this.#file);
    try {
      database.exec(SCHEMA);
      database.run('DELETE FROM items WHERE expires <= ?', [Date.now()]);
    } catch (error) {
      database.close();
      throw error;
    }
    databases.set(this.#file, database);
    return database;
  }
}

const ALIVE = '(expires IS NULL OR expires > ?)';

const toItem = <T>({ key, value, revision }: Row): Item<T> => ({
  key,
  value: JSON.parse(value),
  revision: String(revision),
});

/** Distinguishes a lock from the next one at the same path. */
function identityOf(folder: string): string | undefined {
  const { ino, ctimeNs } = statSync(folder, { bigint: true, throwIfNoEntry: false }) ?? {};
  return ino === undefined ? undefined : `${ino} ${ctimeNs}`;
}

/** Removes a stale lock, unless another process is removing it or a new one has taken its place. */
function breakLock(folder: string, identity: string): void {
  const breaker = `${folder}.breaking`;
  try {
    mkdirSync(breaker);
  } catch {
    return;
  }
  try {
    if (identityOf(folder) === identity) rmdirSync(folder);
  } finally {
    rmdirSync(breaker);
  }
}

/** The entry point for `openStore`, which loads the built file by its path. */
export const open = (file: string, deadline?: number): Store => new SqliteStore(file, deadline);
