import type { Requests } from '../upstream';
import type { Store } from './port';

/*
 * The store of a dry run: it can be read, and nothing that is written to it stays.
 */

/** Thrown in place of a request that would create what is missing: then nothing is stored yet. */
class NothingStored extends Error {}

/** Requests that only read. Any other rejects with what `unchangedStore` takes for an empty store. */
export const onlyReads = ({ accountSid, request }: Requests): Requests => ({
  accountSid,
  request: (sent) => (sent.method === 'get' ? request(sent) : Promise.reject(new NothingStored())),
});

/** The store as it is: each write calls `onWrite` and seems to succeed. */
export function unchangedStore(store: Store, onWrite: () => void): Store {
  const seem =
    <T>(done: T) =>
    async (): Promise<T> => {
      onWrite();
      return done;
    };
  const otherwise =
    <T>(empty: T) =>
    (error: unknown): T => {
      if (error instanceof NothingStored) return empty;
      throw error;
    };
  return {
    // Without an identity, nothing is remembered that was not stored.
    deadline: store.deadline,
    get: (...place) => store.get<never>(...place).catch(otherwise(undefined)),
    list: (...place) => store.list<never>(...place).catch(otherwise({ items: [], more: false })),
    add: seem('unchanged'),
    update: seem('unchanged'),
    remove: seem(true),
  };
}
