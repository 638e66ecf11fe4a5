import { EXPIRY_DELAY_MS } from '../../sandbox/sync-limits';
import { type Item, MAX_PAGE, type Position, type Store, toJson } from '../../src/store/port';

interface MapItem {
  /** JSON. */
  data: string;
  revision: number;
  /** Epoch ms. */
  expires?: number;
}

/** The items of a Sync map, with their keys in order. */
export class SyncMap {
  readonly #items = new Map<string, MapItem>();
  readonly #keys: string[] = [];

  /** The item, unless Sync has removed it after its expiry. */
  find(key: string): MapItem | undefined {
    const item = this.#items.get(key);
    if (item?.expires === undefined || Date.now() < item.expires + EXPIRY_DELAY_MS) return item;
    this.remove(key);
    return undefined;
  }

  add(key: string, data: string, ttl = 0): MapItem {
    const item = { data, revision: 0, ...(ttl > 0 && { expires: Date.now() + ttl * 1000 }) };
    this.#items.set(key, item);
    this.#keys.splice(this.#position(key), 0, key);
    return item;
  }

  remove(key: string): void {
    this.#items.delete(key);
    this.#keys.splice(this.#position(key), 1);
  }

  /** Keys from a position on, and whether there are more. */
  page({ from, exclusive, order, size }: { from?: string; exclusive: boolean; order?: string; size: number }) {
    const keys = this.#keys;
    const step = order === 'desc' ? -1 : 1;
    let at = step > 0 ? 0 : keys.length - 1;
    if (from !== undefined) {
      at = this.#position(from);
      if (keys[at] !== from) at -= step > 0 ? 0 : 1;
      else if (exclusive) at += step;
    }
    const found: string[] = [];
    for (; keys[at] !== undefined && found.length < size; at += step) found.push(keys[at]!);
    return { keys: found, more: keys[at] !== undefined };
  }

  /** Where the key is, or belongs. */
  #position(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The server's own store, on these maps: what is stored through it needs no requests. */
export class MapStore implements Store {
  readonly deadline = Number.POSITIVE_INFINITY;

  /** `open` returns the map of a collection, created if it is missing. */
  constructor(readonly open: (collection: string) => SyncMap) {}

  async add(collection: string, key: string, value: unknown, ttl?: number): Promise<string | false> {
    const map = this.open(collection);
    return map.find(key) === undefined && map.add(key, toJson(value), ttl).revision.toString(16);
  }

  async get<T>(collection: string, key: string): Promise<Item<T> | undefined> {
    const item = this.open(collection).find(key);
    return item && { key, value: JSON.parse(item.data), revision: item.revision.toString(16) };
  }

  async list<T>(collection: string, { after, order, limit = MAX_PAGE }: Position = {}) {
    const { keys, more } = this.open(collection).page({ from: after, exclusive: true, order, size: limit });
    const items = await Promise.all(keys.map((key) => this.get<T>(collection, key)));
    return { items: items.filter((item) => item !== undefined), more };
  }

  async update(collection: string, key: string, value: unknown, revision: string): Promise<string | false> {
    const item = this.open(collection).find(key);
    if (item?.revision.toString(16) !== revision) return false;
    Object.assign(item, { data: toJson(value), revision: item.revision + 1 });
    return item.revision.toString(16);
  }

  async remove(collection: string, key: string, revision?: string): Promise<boolean> {
    const item = this.open(collection).find(key);
    if (!item || (revision !== undefined && item.revision.toString(16) !== revision)) return false;
    this.open(collection).remove(key);
    return true;
  }
}
