import type { Twilio } from 'twilio';
import { isTwilioError } from '../errors';
import { type Item, MAX_PAGE, type Position, type Store, toJson } from '../storage';

/** How Sync says that a map or a key is there already, that something is not there, that its revision is another. */
const TAKEN = 409;
const NOT_THERE = 404;
const CHANGED = 412;

/**
 * Items in Twilio Sync: a collection is a map, made when its first item is added. Sync limits how often a map may be
 * written and read (20 times a second, less for items above 1 KiB), so callers spread what grows over many collections.
 */
export class SyncStore implements Store {
  readonly #service: ReturnType<Twilio['sync']['v1']['services']>;

  constructor(twilio: Twilio, serviceSid = 'default') {
    this.#service = twilio.sync.v1.services(serviceSid);
  }

  async add(collection: string, key: string, value: unknown, ttl?: number): Promise<boolean> {
    const data = JSON.parse(toJson(value));
    const create = () => this.#items(collection).create({ key, data, ...(ttl !== undefined && { itemTtl: ttl }) });
    const created = await unless(TAKEN, () => unless(NOT_THERE, create, 'no map' as const), 'taken' as const);
    if (created !== 'no map') return created !== 'taken';
    await unless(TAKEN, () => this.#service.syncMaps.create({ uniqueName: collection }), undefined);
    return (await unless(TAKEN, create, 'taken' as const)) !== 'taken';
  }

  async get<T>(collection: string, key: string): Promise<Item<T> | undefined> {
    const item = await unless(NOT_THERE, () => this.#item(collection, key).fetch(), undefined);
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
    const page = await unless(NOT_THERE, () => this.#items(collection).page(options), undefined);
    if (page === undefined) return { items: [], more: false };
    const items = page.instances
      .filter(isAlive)
      .map(({ key, data, revision }): Item<T> => ({ key, value: data as T, revision }));
    // Where all of a page has just expired, it has no last key to go on from.
    if (items.length === 0 && page.nextPageUrl) {
      return this.list<T>(collection, { after: page.instances.at(-1)!.key, order, limit });
    }
    return { items, more: Boolean(page.nextPageUrl) };
  }

  async update(collection: string, key: string, value: unknown, revision: string): Promise<boolean> {
    const data = JSON.parse(toJson(value));
    return this.#done(() => this.#item(collection, key).update({ data, ifMatch: revision }));
  }

  async remove(collection: string, key: string, revision?: string): Promise<boolean> {
    return this.#done(() => this.#item(collection, key).remove(revision === undefined ? {} : { ifMatch: revision }));
  }

  async #done(act: () => Promise<unknown>): Promise<boolean> {
    return (await unless(CHANGED, () => unless(NOT_THERE, act, 'gone' as const), 'gone' as const)) !== 'gone';
  }

  #items = (collection: string) => this.#service.syncMaps(segment(collection)).syncMapItems;
  #item = (collection: string, key: string) => this.#items(collection)(segment(key));
}

/** A name as a part of a path; the client puts it there as it is. */
function segment(name: string): string {
  if (/^\.{0,2}$/.test(name)) throw new RangeError('a name must not be empty, nor dots alone');
  return encodeURIComponent(name);
}

/** Sync takes its time to remove what has expired. */
const isAlive = ({ dateExpires }: { dateExpires: Date | null }) =>
  !(dateExpires instanceof Date) || Number.isNaN(dateExpires.getTime()) || dateExpires.getTime() > Date.now();

/** What `act` gives, or `otherwise` where Twilio refuses it with this status. */
async function unless<T, O>(status: number, act: () => Promise<T>, otherwise: O): Promise<T | O> {
  try {
    return await act();
  } catch (error) {
    if (isTwilioError(error) && error.status === status) return otherwise;
    throw error;
  }
}
