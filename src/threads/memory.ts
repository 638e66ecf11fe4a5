import type { Store } from '../store/port';

/** Enough for the threads of a busy hour; each takes about 100 bytes. */
const MAX_REMEMBERED = 5000;

/** What this instance has seen to exist in a store, oldest first. */
const remembered = new Set<string>();

const nameIn = (store: Store, collection: string, key: string) => `${store.identity}\n${collection}\n${key}`;

/** Whether this instance has seen that an item exists. Only for items that are never deleted. */
export const remembers = (store: Store, collection: string, key: string): boolean =>
  store.identity !== undefined && remembered.has(nameIn(store, collection, key));

/** Remembers that an item exists. */
export function remember(store: Store, collection: string, key: string): void {
  remembered.add(nameIn(store, collection, key));
  if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.values().next().value!);
}
