/**
 * What outlives a request: items of JSON by collection and key. Each operation is atomic for its one item; there are no
 * transactions, so whatever must not be done twice rests on `add` or on a revision. Names of outsiders get a prefix, for
 * `.` and `..` are no keys.
 */
export interface Store {
  /** Stores an item unless there is one: false then. `ttl` is its life in seconds; without one it stays. */
  add(collection: string, key: string, value: unknown, ttl?: number): Promise<boolean>;
  get<T>(collection: string, key: string): Promise<Item<T> | undefined>;
  /** Items by key, at most 100 at a time; the last item's key as `after` gives the next ones while there are `more`. */
  list<T>(collection: string, position?: Position): Promise<{ items: Item<T>[]; more: boolean }>;
  /** Replaces the value of an item that is still at `revision`: false where it changed or is gone. Its life stays. */
  update(collection: string, key: string, value: unknown, revision: string): Promise<boolean>;
  /** Removes an item, only at `revision` if one is given: false where there was none. */
  remove(collection: string, key: string, revision?: string): Promise<boolean>;
}

export interface Item<T> {
  key: string;
  value: T;
  revision: string;
}

export interface Position {
  /** Only keys beyond this one, in the order of the list. */
  after?: string;
  order?: 'asc' | 'desc';
  limit?: number;
}

/** The most items of one list; a bigger page is not to be had from Sync. */
export const MAX_PAGE = 100;

/** The most bytes of one item's JSON; Sync takes 16 KiB. */
const MAX_BYTES = 16_000;

/** The JSON of a value. @throws Error where it is too large for an item. */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (Buffer.byteLength(json) > MAX_BYTES) throw new RangeError('too large to be stored');
  return json;
}

/** All items of a collection beyond a position, page by page. */
export async function* every<T>(store: Store, collection: string, position: Position = {}): AsyncGenerator<Item<T>> {
  let after = position.after;
  for (;;) {
    const { items, more } = await store.list<T>(collection, { ...position, after, limit: MAX_PAGE });
    yield* items;
    if (!more || items.length === 0) return;
    after = items.at(-1)!.key;
  }
}

/** Changes an item that is there, whoever else changes it meanwhile; takes it away where `change` is undefined. */
export async function alter<T>(
  store: Store,
  collection: string,
  key: string,
  change: ((value: T) => T) | undefined,
): Promise<void> {
  for (;;) {
    const item = await store.get<T>(collection, key);
    if (item === undefined) return;
    const { revision } = item;
    const done =
      change === undefined
        ? await store.remove(collection, key, revision)
        : await store.update(collection, key, change(item.value), revision);
    if (done) return;
  }
}
