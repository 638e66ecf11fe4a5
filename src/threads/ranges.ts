import { createHash } from 'node:crypto';

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
export const allShards = (kind: string, of: number): Range[] =>
  Array.from({ length: of }, (_, n) => ({ collection: shardName(kind, n), prefix: '' }));

/** The items of a collection whose keys begin with `prefix`. */
export interface Range {
  collection: string;
  prefix: string;
}
