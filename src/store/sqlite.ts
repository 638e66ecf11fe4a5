import fs from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, type JSValue } from 'node-sqlite3-wasm';
import { type Item, MAX_PAGE, type Position, type Store, toJson } from './port';

/** How long an operation without a deadline waits for other processes. */
const MAX_WAIT_MS = 9000;
/** A lock of a running process that has not changed for this long is broken: an operation takes milliseconds. */
const STUCK_MS = 4000;
/** SQLite's lock, if it has not changed for this long while no operation runs, was left by a killed process. */
const ABANDONED_MS = 1000;
/** A disk with less space than this is full. */
const FULL_BYTES = 1_000_000;

const SCHEMA = `CREATE TABLE IF NOT EXISTS items (
  collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, revision INTEGER NOT NULL, expires INTEGER,
  PRIMARY KEY (collection, key)
) WITHOUT ROWID`;

type Row = { key: string; value: string; revision: number };

/** The open databases of this process, by file. */
const databases = new Map<string, Database>();

/**
 * Items in a local SQLite file, for local servers only. Many processes may use it at once, and the data outlives them.
 * Every operation is one statement, so a killed process leaves it done, or half done until the next one rolls it back.
 */
export class SqliteStore implements Store {
  readonly #file: string;
  /** Names the process whose operation runs, so that the others know whether it was killed. */
  readonly #holder: string;
  /** SQLite's own lock: a folder, which a killed process leaves behind. */
  readonly #lock: string;

  /** `asError` makes the errors about the file: what is wrong with it, and what to do. */
  constructor(
    file: string,
    readonly deadline = Number.POSITIVE_INFINITY,
    readonly asError = (problem: string, fix: string) => new Error(`${problem} ${fix}`),
  ) {
    this.#file = resolve(file);
    this.#holder = `${this.#file}.pid`;
    this.#lock = `${this.#file}.lock`;
  }

  get identity(): string {
    return this.#file;
  }

  add(collection: string, key: string, value: unknown, ttl?: number): Promise<string | false> {
    const now = Date.now();
    return this.#written(
      `INSERT INTO items VALUES (?, ?, ?, 1, ?) ON CONFLICT (collection, key)
       DO UPDATE SET value = excluded.value, revision = revision + 1, expires = excluded.expires WHERE expires <= ? RETURNING revision`,
      [collection, key, toJson(value), ttl === undefined ? null : now + ttl * 1000, now],
    );
  }

  async get<T>(collection: string, key: string): Promise<Item<T> | undefined> {
    return (await this.#items<T>('collection = ? AND key = ?', [collection, key], 'LIMIT 1'))[0];
  }

  async list<T>(collection: string, { after, order = 'asc', limit = MAX_PAGE }: Position = {}) {
    const beyond = after === undefined ? '' : ` AND key ${order === 'asc' ? '>' : '<'} ?`;
    const values = after === undefined ? [collection] : [collection, after];
    const items = await this.#items<T>(`collection = ?${beyond}`, values, `ORDER BY key ${order} LIMIT ${limit + 1}`);
    return { items: items.slice(0, limit), more: items.length > limit };
  }

  update(collection: string, key: string, value: unknown, revision: string, ttl?: number): Promise<string | false> {
    const now = Date.now();
    return this.#written(
      `UPDATE items SET value = ?, revision = revision + 1, expires = coalesce(?, expires)
       WHERE collection = ? AND key = ? AND revision = ? AND ${ALIVE} RETURNING revision`,
      [toJson(value), ttl === undefined ? null : now + ttl * 1000, collection, key, Number(revision), now],
    );
  }

  remove(collection: string, key: string, revision?: string): Promise<boolean> {
    const sql = `DELETE FROM items WHERE collection = ? AND key = ? AND revision = coalesce(?, revision) AND ${ALIVE}`;
    const values = [collection, key, revision === undefined ? null : Number(revision), Date.now()];
    return this.#alone((database) => database.run(sql, values).changes > 0);
  }

  close(): void {
    databases.get(this.#file)?.close();
    databases.delete(this.#file);
  }

  /** The revision that a statement returns; false if it has written nothing. */
  #written(sql: string, values: JSValue[]): Promise<string | false> {
    return this.#alone((database) => {
      const [row] = database.all(sql, values) as unknown as Pick<Row, 'revision'>[];
      return row !== undefined && String(row.revision);
    });
  }

  #items<T>(where: string, values: JSValue[], rest: string): Promise<Item<T>[]> {
    const sql = `SELECT key, value, revision FROM items WHERE ${where} AND ${ALIVE} ${rest}`;
    return this.#alone((database) => (database.all(sql, [...values, Date.now()]) as unknown as Row[]).map(toItem<T>));
  }

  /** Uses the database as soon as no other process does. */
  async #alone<T>(use: (database: Database) => T): Promise<T> {
    const until = Math.min(this.deadline, Date.now() + MAX_WAIT_MS);
    const isUnchanged = watchPaths();
    for (;;) {
      try {
        const done = this.#tryAlone(use, isUnchanged);
        if (done) return done.value;
      } catch (error) {
        throw this.asError(...faultOf(this.#file, error as Error));
      }
      if (Date.now() >= until) {
        const fix = `Try again in a few seconds. If that does not help, stop the process that ${this.#holder} names.`;
        throw this.asError(`Another process is using this server's store, ${this.#file}.`, fix);
      }
      await sleep(2 + Math.random() * 10);
    }
  }

  /** Uses the database, unless another process does. Removes what killed processes left. */
  #tryAlone<T>(use: (database: Database) => T, isUnchanged: ReturnType<typeof watchPaths>): { value: T } | undefined {
    if (!takeLock(this.#holder)) {
      if (isUnchanged(this.#holder, patienceWith(this.#holder))) removeAll(this.#holder);
      return undefined;
    }
    try {
      return { value: withoutOwnLock(this.#lock, () => use(this.#open())) };
    } catch (error) {
      if (!/locked|busy/i.test((error as Error).message)) throw error;
      if (isUnchanged(this.#lock, ABANDONED_MS)) removeAll(this.#lock);
      return undefined;
    } finally {
      removeAll(this.#holder);
    }
  }

  #open(): Database {
    const open = databases.get(this.#file);
    if (open) return open;
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

const removeAll = (path: string): void => fs.rmSync(path, { recursive: true, force: true });

/** Creates the file that names this process as the holder; false if it exists. */
function takeLock(path: string): boolean {
  try {
    fs.writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // It may have been created, but without its content.
    if (code !== 'ENOENT') removeAll(path);
    if (code !== 'ENOENT' || fs.mkdirSync(dirname(path), { recursive: true }) === undefined) throw error;
    return takeLock(path);
  }
}

/**
 * Hides SQLite's lock from itself. The engine takes its own lock for that of another writer, and would never roll back
 * what a killed process left half written; while an operation runs, there is no other writer.
 */
function withoutOwnLock<T>(lock: string, act: () => T): T {
  const { accessSync } = fs;
  fs.accessSync = (path, mode) => {
    if (path === lock) throw new Error('hidden');
    accessSync(path, mode);
  };
  try {
    return act();
  } finally {
    fs.accessSync = accessSync;
  }
}

/** How long a lock must stay unchanged before it is broken, by whether the process that it names still runs. */
function patienceWith(path: string): number {
  try {
    const pid = Number(fs.readFileSync(path, 'utf8'));
    // An operation never waits, so a lock of this process is of an earlier one with the same number.
    if (pid === process.pid) return 1;
    return pid > 0 && process.kill(pid, 0) ? STUCK_MS : ABANDONED_MS;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ESRCH' ? 1 : code === 'EPERM' ? STUCK_MS : ABANDONED_MS;
  }
}

/** Returns a function that tells whether what is at a path has been seen for so many milliseconds. */
function watchPaths(): (path: string, ms: number) => boolean {
  const seen = new Map<string, number>();
  return (path, ms) => {
    const { ino, ctimeNs } = fs.statSync(path, { bigint: true, throwIfNoEntry: false }) ?? {};
    if (ino === undefined) return false;
    const identity = `${path} ${ino} ${ctimeNs}`;
    if (!seen.has(identity)) seen.set(identity, Date.now());
    return Date.now() - seen.get(identity)! >= ms;
  };
}

/** What can be wrong with the file, by error code or SQLite's words, and what to do about it. */
const FAULTS: [RegExp, problem: string, fix: string][] = [
  [/ENOSPC|EDQUOT/, 'cannot be written: the disk is full', 'Free some space'],
  [/EACCES|EPERM|EROFS/, 'is read-only', 'Let the user of the server write to the file and its folder'],
  [/EISDIR/, 'is a folder', 'Remove it'],
  [/ENOTDIR|EEXIST/, 'cannot be created: a part of its path is a file', 'Remove that file'],
  [/not a database|malformed|JSON/, 'is damaged', 'Stop the server, remove or replace the file, and start again'],
  [/(?:)/, 'cannot be used', 'Check its disk'],
];

function faultOf(file: string, { message, code }: NodeJS.ErrnoException): [problem: string, fix: string] {
  const said = `${code ?? errorCodeOf(file)} ${message}`;
  const [, problem, fix] = FAULTS.find(([pattern]) => pattern.test(said))!;
  return [`This server's store, ${file}, ${problem}.`, `${fix}, or set DATABASE_PATH to another file.`];
}

/** The error code of a file that SQLite could not use, as it does not say why. */
function errorCodeOf(file: string): string | undefined {
  try {
    if (fs.statSync(file).isDirectory()) return 'EISDIR';
    fs.accessSync(file, fs.constants.W_OK);
    const { bavail, bsize } = fs.statfsSync(file);
    return bavail * bsize < FULL_BYTES ? 'ENOSPC' : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** The entry point for `openStore`, which loads the built file by its path. */
export const open = (...options: ConstructorParameters<typeof SqliteStore>): Store => new SqliteStore(...options);
