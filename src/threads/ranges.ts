import { createHash } from 'node:crypto';
import { type Item, MAX_PAGE, type Store } from '../store/port';

/*
 * Lists as ranges of keys. Sync limits how often a collection is read and written and how many are created, so what grows
 * with the messages is spread over a fixed number of collections, each with a part of many lists.
 */

/** Collections that share the items of one kind. */
const SHARDS = 32;

const shardName = (kind: string, n: number) => `${kind}-${n.toString(16).padStart(2, '0')}`;

/** One of the `of` collections of a kind: always the same for a key, `offset` collections further. */
export function shard(kind: string, key: string, { offset = 0, of = SHARDS } = {}): string {
  const [hash = 0] = createHash('sha256').update(key).digest();
  return shardName(kind, (hash + offset) % of);
}

/** All collections of a kind, each as a whole. */
export const allShards = (kind: string, of: number): KeyRange[] =>
  Array.from({ length: of }, (_, n) => ({ collection: shardName(kind, n), prefix: '' }));

/** The items of a collection whose keys begin with `prefix`. */
export interface KeyRange {
  collection: string;
  prefix: string;
}

/** Where an item is. */
export type ItemPlace = [collection: string, key: string];

/** The prefix of a list's keys. Neither an address nor an ID contains the separator. */
export const listPrefix = (list: string): string => `${list}|`;

/** The parts of a list that may grow faster than one collection accepts. */
export const listParts = (kind: string, list: string, parts: number): KeyRange[] =>
  Array.from({ length: parts }, (_, offset) => ({
    collection: shard(kind, list, { offset }),
    prefix: listPrefix(list),
  }));

/** The part of a list that a message belongs to. */
export const partFor = (parts: readonly KeyRange[], messageSid: string): KeyRange =>
  parts[Number.parseInt(messageSid.slice(-2), 16) % parts.length]!;

/** Sorts after every key. */
const LAST = '~';

interface RangePosition {
  /** Only keys after this one, in list order. */
  after?: string;
  /** Only keys before this one, in list order. */
  until?: string;
  order?: 'asc' | 'desc';
  /** Items per range. */
  limit?: number;
}

/**
 * The next items of several ranges as one list, ordered by their keys without the prefix, which is how the items are named.
 * There are at least `limit` items while there are `more`; pass the key of the last item used as `after`.
 */
export async function listRanges<T>(
  store: Store,
  ranges: readonly KeyRange[],
  { after, until, order = 'asc', limit = MAX_PAGE }: RangePosition = {},
): Promise<{ items: Item<T>[]; more: boolean }> {
  const compare = (a: string, b: string) => (a === b ? 0 : a < b === (order === 'asc') ? -1 : 1);
  const pages = ranges.map(async ({ collection, prefix }) => {
    const start = prefix + (after ?? (order === 'asc' ? '' : LAST));
    const { items, more } = await store.list<T>(collection, { after: start || undefined, order, limit });
    const own = items
      .filter(({ key }) => key.startsWith(prefix))
      .map((item) => ({ ...item, key: item.key.slice(prefix.length) }))
      .filter(({ key }) => until === undefined || compare(key, until) < 0);
    return { items: own, more: more && own.length === items.length };
  });
  const read = await Promise.all(pages);
  // What follows the last item of an unfinished range may follow items of it that were not read.
  const ends = read.flatMap(({ items, more }) => (more ? items.at(-1)!.key : [])).sort(compare);
  const items = read
    .flatMap(({ items }) => items)
    .filter(({ key }) => ends[0] === undefined || compare(key, ends[0]) <= 0)
    .sort((a, b) => compare(a.key, b.key));
  return { items, more: ends.length > 0 };
}
