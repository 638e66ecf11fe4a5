import { Database } from 'node-sqlite3-wasm';
import type { Store } from '../../src/store/port';

/** A store that counts what it is asked, as Sync does in requests and in time. */
export interface CountedStore extends Store {
  requests: number;
  /** Requests one after another: those that are made at once are one step. */
  steps: number;
}

const COUNTED = ['add', 'get', 'list', 'update', 'remove'];

/** The store, with each request answered only after all that were made with it. */
export function countRequests(store: Store): CountedStore {
  const counts = { requests: 0, steps: 0 };
  let step: Promise<void> | undefined;
  const nextStep = () => {
    step ??= new Promise((resolve) =>
      setImmediate(() => {
        step = undefined;
        counts.steps++;
        resolve();
      }),
    );
    return step;
  };
  return new Proxy(store, {
    get(target, name) {
      if (name in counts) return counts[name as keyof typeof counts];
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (!COUNTED.includes(String(name))) return value.bind(target);
      return async (...args: unknown[]) => {
        counts.requests++;
        await nextStep();
        return value.apply(target, args);
      };
    },
    set: (_target, name, value) => Reflect.set(counts, name, value),
  }) as CountedStore;
}

/** Puts items into the file of a SQLite store that has been used, many at once. */
export function seedItems(file: string, items: Iterable<[collection: string, key: string, value: object]>): void {
  const database = new Database(file);
  try {
    database.exec('BEGIN');
    const insert = database.prepare('INSERT INTO items VALUES (?, ?, ?, 1, NULL)');
    for (const [collection, key, value] of items) insert.run([collection, key, JSON.stringify(value)]);
    insert.finalize();
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
