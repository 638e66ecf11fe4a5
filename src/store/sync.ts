import type { Twilio } from 'twilio';
import { isTwilioError } from '../errors';
import { isSegment } from '../formats';
import { type Item, MAX_PAGE, type Position, type Store, toJson } from './port';

/** HTTP statuses of Sync: the map or key exists; it does not exist; it is at another revision. */
const CONFLICT = 409;
const NOT_FOUND = 404;
const PRECONDITION_FAILED = 412;

/**
 * Items in Twilio Sync: a collection is a map, created with its first item. Sync limits how often a map may be written
 * and read (20 times a second, less for items above 1 KiB), so callers spread growing data over many collections.
 */
export class SyncStore implements Store {
  readonly #twilio: Twilio;
  readonly #findService: (twilio: Twilio, refresh?: boolean) => Promise<string>;
  identity: string | undefined;

  /** `findService` returns the SID of the Sync service; with `refresh`, after that one was deleted. */
  constructor(
    twilio: Twilio,
    findService: (twilio: Twilio, refresh?: boolean) => Promise<string>,
    readonly deadline = Number.POSITIVE_INFINITY,
  ) {
    this.#twilio = twilio;
    this.#findService = findService;
  }

  async add(collection: string, key: string, value: unknown, ttl?: number): Promise<boolean> {
    const data = JSON.parse(toJson(value));
    const create = async () =>
      (await this.#items(collection)).create({ key, data, ...(ttl !== undefined && { itemTtl: ttl }) });
    const created = await unless(CONFLICT, () => unless(NOT_FOUND, create, 'no map' as const), 'exists' as const);
    if (created !== 'no map') return created !== 'exists';
    const createMap = async (refresh?: boolean) =>
      (await this.#service(refresh)).syncMaps.create({ uniqueName: collection });
    await unless(
      CONFLICT,
      async () => (await unless(NOT_FOUND, () => createMap(), undefined)) ?? createMap(true),
      undefined,
    );
    return (await unless(CONFLICT, create, 'exists' as const)) !== 'exists';
  }

  async get<T>(collection: string, key: string): Promise<Item<T> | undefined> {
    const stored = await this.#item(collection, key);
    const item = await unless(NOT_FOUND, () => stored.fetch(), undefined);
    return item && isAlive(item) ? { key, value: item.data as T, revision: item.revision } : undefined;
  }

  async list<T>(
    collection: string,
    { after, order = 'asc', limit = MAX_PAGE }: Position = {},
  ): Promise<{ items: Item<T>[]; more: boolean }> {
    const options = {
      order,
      pageSize: limit,
      ...(after !== undefined && { from: after, bounds: 'exclusive' as const }),
    };
    const all = await this.#items(collection);
    const page = await unless(NOT_FOUND, () => all.page(options), undefined);
    if (page === undefined) return { items: [], more: false };
    const items = page.instances
      .filter(isAlive)
      .map(({ key, data, revision }): Item<T> => ({ key, value: data as T, revision }));
    // If every item of the page has just expired, the caller has no last key to continue from.
    if (items.length === 0 && page.nextPageUrl) {
      return this.list<T>(collection, { after: page.instances.at(-1)!.key, order, limit });
    }
    return { items, more: Boolean(page.nextPageUrl) };
  }

  async update(collection: string, key: string, value: unknown, revision: string): Promise<boolean> {
    const data = JSON.parse(toJson(value));
    const item = await this.#item(collection, key);
    return isDone(() => item.update({ data, ifMatch: revision }));
  }

  async remove(collection: string, key: string, revision?: string): Promise<boolean> {
    const item = await this.#item(collection, key);
    return isDone(() => item.remove(revision === undefined ? {} : { ifMatch: revision }));
  }

  #service = async (refresh?: boolean) => {
    this.identity = await this.#findService(this.#twilio, refresh);
    return this.#twilio.sync.v1.services(this.identity);
  };
  #items = async (collection: string) => (await this.#service()).syncMaps(segment(collection)).syncMapItems;
  #item = async (collection: string, key: string) => (await this.#items(collection))(segment(key));
}

/** A name as a path segment; the client inserts it without encoding. */
function segment(name: string): string {
  if (!isSegment(name)) throw new RangeError('a name must not be empty, nor dots alone');
  return encodeURIComponent(name);
}

/** Sync deletes expired items with some delay. */
const isAlive = ({ dateExpires }: { dateExpires: Date | null }) =>
  !(dateExpires instanceof Date) || Number.isNaN(dateExpires.getTime()) || dateExpires.getTime() > Date.now();

/** False if the item is gone or at another revision. */
async function isDone(request: () => Promise<unknown>): Promise<boolean> {
  const refused = 'refused' as const;
  return (await unless(PRECONDITION_FAILED, () => unless(NOT_FOUND, request, refused), refused)) !== refused;
}

/** The result of a request, or `fallback` if Twilio answers with this status. */
async function unless<T, O>(status: number, request: () => Promise<T>, fallback: O): Promise<T | O> {
  try {
    return await request();
  } catch (error) {
    if (isTwilioError(error) && error.status === status) return fallback;
    throw error;
  }
}
