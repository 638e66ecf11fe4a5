import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../errors';

/**
 * What outlives a request: JSON values by collection and key. Each operation is atomic for its one item and there are no
 * transactions, so anything that must not happen twice rests on `add` or on a revision. Prefix external keys: `.` and
 * `..` are not valid keys.
 */
export interface Store {
  /** When the requests of this call must have ended, epoch ms. */
  readonly deadline: number;
  /** Names the stored data: another one if they were deleted or are elsewhere. Undefined until a request was made. */
  readonly identity?: string | undefined;
  /** Stores a new item: its revision, or false if the key exists. `ttl` is its lifetime in seconds, unlimited by default. */
  add(collection: string, key: string, value: unknown, ttl?: number): Promise<string | false>;
  get<T>(collection: string, key: string): Promise<Item<T> | undefined>;
  /** Items by key, at most 100 at a time. While there are `more`, pass the last item's key as `after`. */
  list<T>(collection: string, position?: Position): Promise<{ items: Item<T>[]; more: boolean }>;
  /**
   * Replaces the value of an item that is still at `revision`: its new revision, or false if it changed or is gone. Its
   * lifetime stays unless `ttl` is given.
   */
  update(collection: string, key: string, value: unknown, revision: string, ttl?: number): Promise<string | false>;
  /** Removes an item, only at `revision` if one is given; false if nothing was removed. */
  remove(collection: string, key: string, revision?: string): Promise<boolean>;
}

export interface Item<T> {
  key: string;
  value: T;
  revision: string;
}

export interface Position {
  /** Only keys after this one, in list order. */
  after?: string;
  order?: 'asc' | 'desc';
  limit?: number;
}

/** Sync's maximum page size. */
export const MAX_PAGE = 100;

/** Bytes of JSON in one item; Sync accepts 16 KiB. */
const MAX_BYTES = 16_000;

/** The JSON of a value. Throws a `RangeError` if it is too large for an item. */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (Buffer.byteLength(json) > MAX_BYTES) throw new RangeError('too large to be stored');
  return json;
}

/** All items of a collection after a position, page by page. */
export async function* scan<T>(store: Store, collection: string, position: Position = {}): AsyncGenerator<Item<T>> {
  let after = position.after;
  for (;;) {
    const { items, more } = await store.list<T>(collection, { ...position, after, limit: MAX_PAGE });
    yield* items;
    if (!more || items.length === 0) return;
    after = items.at(-1)!.key;
  }
}

/** Conflicting writes of one item before `modify` gives up, and the pauses between them (Sync: 20 writes/s per map). */
const MAX_ATTEMPTS = 25;
const FIRST_PAUSE_MS = 15;
const MAX_PAUSE_MS = 400;

/**
 * Read-modify-write with bounded retry. `change` gets the current value, or undefined, and returns the value to store:
 * the same object to leave the item as it is, undefined to delete it. It may be called again if the item changed
 * meanwhile. `known` is the item as read before, or null if there was none, which saves the first read. Returns what is
 * stored in the end.
 * Throws a `ToolError` if others keep changing the item until the attempts or the call's time run out.
 */
export async function modify<T extends object | undefined>(
  store: Store,
  collection: string,
  key: string,
  change: (value: NonNullable<T> | undefined) => T | Promise<T>,
  known?: Item<NonNullable<T>> | null,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const isKnown = attempt === 1 && known !== undefined;
    const item = isKnown ? (known ?? undefined) : await store.get<NonNullable<T>>(collection, key);
    const value = await change(item?.value);
    if (value === item?.value) return value;
    if (await write(store, collection, key, item, value)) return value;
    const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * Math.random();
    if (attempt === MAX_ATTEMPTS || Date.now() + pause > store.deadline) {
      throw new ToolError(
        "This server's store is busy: others keep changing the same item. Try again in a few seconds.",
      );
    }
    await sleep(pause);
  }
}

function write(store: Store, collection: string, key: string, item: Item<unknown> | undefined, value: unknown) {
  if (item === undefined) return store.add(collection, key, value);
  if (value === undefined) return store.remove(collection, key, item.revision);
  return store.update(collection, key, value, item.revision);
}
