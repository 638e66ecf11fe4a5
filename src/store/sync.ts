import { isDeepStrictEqual } from 'node:util';
import { isSegment } from '../formats';
import { type Requests, repeatedly, type TwilioRequest } from '../upstream';
import { type Item, MAX_PAGE, type Position, type Store, toJson } from './port';
import { checkedBody, SYNC_SERVICES } from './service';

/** HTTP statuses of Sync: the map or key exists; it does not exist; it is at another revision. */
const CONFLICT = 409;
const NOT_FOUND = 404;
const PRECONDITION_FAILED = 412;

/** How long an instance believes that its service exists. */
const CHECKED_MS = 60_000;
/** The last check of each service, begun at `at` (epoch ms). */
const checks = new Map<string, { at: number; exists: Promise<boolean> }>();

interface SyncItem {
  key: string;
  data: unknown;
  revision: string;
  /** ISO 8601. */
  date_expires: string | null;
}

type StoreRequest = Pick<TwilioRequest, 'params' | 'data' | 'headers'>;

/**
 * Items in Twilio Sync: a collection is a map, created with its first item. Sync limits how often a map may be written
 * and read (20 times a second, less for items above 1 KiB), so callers spread growing data over many collections.
 * Everything is sent again after a failure: a write is for a new key or for one revision, so it cannot be done twice.
 */
export class SyncStore implements Store {
  readonly #twilio: Requests;
  readonly #findService: (twilio: Requests, refresh?: boolean) => Promise<string>;
  identity: string | undefined;

  /** `findService` returns the SID of the Sync service; with `refresh`, after that one was deleted. */
  constructor(
    twilio: Requests,
    findService: (twilio: Requests, refresh?: boolean) => Promise<string>,
    readonly deadline = Number.POSITIVE_INFINITY,
  ) {
    this.#twilio = twilio;
    this.#findService = findService;
  }

  async add(collection: string, key: string, value: unknown, ttl?: number): Promise<string | false> {
    const data = { Key: key, Data: toJson(value), ...(ttl !== undefined && { ItemTtl: ttl }) };
    const create = () => this.#send('post', itemsPath(collection), { data });
    let created = await create();
    if (created.statusCode === NOT_FOUND) {
      await this.#createMap(collection);
      created = await create();
    }
    if (created.statusCode !== CONFLICT) {
      return checkedBody<SyncItem>(created).revision;
    }
    if (created.repeated) return this.#isStored(collection, key, value);
    return ttl !== undefined && this.#replaceExpired(collection, key, value, ttl);
  }

  async get<T>(collection: string, key: string): Promise<Item<T> | undefined> {
    const item = await this.#read<SyncItem>(itemsPath(collection, key));
    return item && isAlive(item) ? fromSync<T>(item) : undefined;
  }

  async list<T>(
    collection: string,
    { after, order = 'asc', limit = MAX_PAGE }: Position = {},
  ): Promise<{ items: Item<T>[]; more: boolean }> {
    const params = { Order: order, PageSize: limit, ...(after !== undefined && { From: after, Bounds: 'exclusive' }) };
    type ItemPage = { items: SyncItem[]; meta: { next_page_url?: string | null } };
    const page = await this.#read<ItemPage>(itemsPath(collection), params);
    if (page === undefined) return { items: [], more: false };
    const more = Boolean(page.meta.next_page_url);
    const items = page.items.filter(isAlive).map(fromSync<T>);
    // If every item of the page has just expired, the caller has no last key to continue from.
    if (items.length === 0 && more) return this.list<T>(collection, { after: page.items.at(-1)!.key, order, limit });
    return { items, more };
  }

  async update(
    collection: string,
    key: string,
    value: unknown,
    revision: string,
    ttl?: number,
  ): Promise<string | false> {
    const data = { Data: toJson(value), ...(ttl !== undefined && { ItemTtl: ttl }) };
    const changes = { data, headers: { 'If-Match': revision } };
    const { repeated, ...answer } = await this.#send('post', itemsPath(collection, key), changes);
    if (!isRefused(answer)) return (answer.body as SyncItem).revision;
    return repeated && this.#isStored(collection, key, value);
  }

  async remove(collection: string, key: string, revision?: string): Promise<boolean> {
    const headers: Record<string, string> = revision === undefined ? {} : { 'If-Match': revision };
    const { repeated, ...answer } = await this.#send('delete', itemsPath(collection, key), { headers });
    return !isRefused(answer) || (repeated && answer.statusCode === NOT_FOUND);
  }

  /** The revision of an item if it has this value: then an earlier attempt has stored it, whose answer was lost. */
  async #isStored(collection: string, key: string, value: unknown): Promise<string | false> {
    const item = await this.get(collection, key);
    return item !== undefined && isDeepStrictEqual(item.value, JSON.parse(toJson(value))) && item.revision;
  }

  /**
   * Replaces an item that has expired: Sync removes it with some delay, and until then its key is taken. If it were
   * removed here, somebody else who does the same could remove the new item, which begins at the same revision.
   */
  async #replaceExpired(collection: string, key: string, value: unknown, ttl: number): Promise<string | false> {
    const item = await this.#read<SyncItem>(itemsPath(collection, key));
    if (item === undefined) return this.add(collection, key, value, ttl);
    return !isAlive(item) && this.update(collection, key, value, item.revision, ttl);
  }

  async #createMap(collection: string): Promise<void> {
    const create = () => this.#send('post', '/Maps', { data: { UniqueName: collection } });
    let created = await create();
    if (created.statusCode === NOT_FOUND) {
      await this.#findService(this.#twilio, true);
      created = await create();
    }
    if (created.statusCode !== CONFLICT) checkedBody(created);
  }

  /** The resource at a path of the service; undefined if it does not exist. Creates the service if it is gone. */
  async #read<T>(path: string, params?: object, refreshed = false): Promise<T | undefined> {
    const answer = await this.#request('get', path, { params });
    if (answer.statusCode !== NOT_FOUND) return checkedBody<T>(answer);
    if (refreshed || (await this.#hasService())) return undefined;
    await this.#findService(this.#twilio, true);
    return this.#read<T>(path, params, true);
  }

  /** Whether the service exists: Sync says the same of a missing service as of a missing map. */
  async #hasService(): Promise<boolean> {
    const service = await this.#findService(this.#twilio);
    let check = checks.get(service);
    if (check === undefined || Date.now() - check.at > CHECKED_MS) {
      check = { at: Date.now(), exists: this.#fetchService() };
      checks.set(service, check);
      const forget = () => checks.delete(service);
      check.exists.then((exists) => exists || forget(), forget);
    }
    return check.exists;
  }

  async #fetchService(): Promise<boolean> {
    const answer = await this.#request('get', '');
    if (answer.statusCode === NOT_FOUND) return false;
    checkedBody(answer);
    return true;
  }

  /** Sends a write until it is answered. `repeated` says that an earlier attempt may have been carried out. */
  async #send(method: 'post' | 'delete', path: string, options: StoreRequest) {
    let repeated = false;
    const answer = await repeatedly(
      () => this.#request(method, path, options),
      this.deadline,
      true,
      () => {
        repeated = true;
      },
    );
    return { ...answer, repeated };
  }

  async #request(method: 'get' | 'post' | 'delete', path: string, options: StoreRequest = {}) {
    const service = await this.#findService(this.#twilio);
    this.identity = service;
    return this.#twilio.request({ method, uri: `${SYNC_SERVICES}/${service}${path}`, ...options });
  }
}

/** The path of a collection's items, or of one. */
const itemsPath = (collection: string, key?: string) =>
  `/Maps/${segment(collection)}/Items${key === undefined ? '' : `/${segment(key)}`}`;

/** A name as a path segment. */
function segment(name: string): string {
  if (!isSegment(name)) throw new RangeError('a name must not be empty, nor dots alone');
  return encodeURIComponent(name);
}

const fromSync = <T>({ key, data, revision }: SyncItem): Item<T> => ({ key, value: data as T, revision });

const isAlive = ({ date_expires: expires }: SyncItem) => !expires || !(Date.parse(expires) <= Date.now());

/** Whether the item is gone or at another revision. Throws for any other refusal. */
function isRefused(answer: { statusCode: number; body: unknown }): boolean {
  if (answer.statusCode === NOT_FOUND || answer.statusCode === PRECONDITION_FAILED) return true;
  checkedBody(answer);
  return false;
}
