/** The resources of the sandbox's account, by collection, e.g. `sync.twilio.com/v1/Services/IS…/Documents`. */
import type { Properties } from './json';

export interface StoredResource {
  /** The collection with `{}` in place of every parameter. Lifecycles are registered by kind. */
  kind: string;
  collection: string;
  id: string;
  body: Properties;
  /** Milliseconds since 1970. */
  createdAt: number;
  updatedAt: number;
  /** What rules keep about the resource and no response shows. */
  internal: Properties;
}

interface NewResource extends Pick<StoredResource, 'kind' | 'collection' | 'id' | 'body'> {
  at: number;
  internal?: Properties;
}

/** Properties that Twilio accepts in a path instead of the SID. */
const NAME_PROPERTIES = 'sid id unique_name identity label key index domain_name phone_number iso_country'.split(' ');

/** The resources of all accounts, by kind and ID. */
export class ResourceStore {
  #collections = new Map<string, Map<string, StoredResource>>();
  #removed = new Set<string>();
  /** Grows with every resource that is stored: while it stays the same, there are no new ones. */
  stored = 0;
  /** How many resources were removed so far. */
  removals = 0;

  /** Stores a new resource, created at `at` (milliseconds since 1970). */
  add({ at, internal = {}, ...resource }: NewResource): StoredResource {
    return this.put({ ...resource, createdAt: at, updatedAt: at, internal });
  }

  put(resource: StoredResource): StoredResource {
    this.stored += 1;
    let collection = this.#collections.get(resource.collection);
    if (!collection) {
      collection = new Map();
      this.#collections.set(resource.collection, collection);
    }
    collection.set(resource.id, resource);
    this.#removed.delete(`${resource.collection}/${resource.id}`);
    return resource;
  }

  /** Finds a resource by its ID or by a name that Twilio accepts instead. */
  get(collection: string, id: string): StoredResource | undefined {
    const resources = this.#collections.get(collection);
    const direct = resources?.get(id);
    if (direct || !resources) return direct;
    for (const resource of resources.values()) {
      const { body } = resource;
      if (NAME_PROPERTIES.some((name) => body[name] !== undefined && String(body[name]) === id)) return resource;
    }
    return undefined;
  }

  list(collection: string): StoredResource[] {
    return [...(this.#collections.get(collection)?.values() ?? [])];
  }

  all(): StoredResource[] {
    return [...this.#collections.values()].flatMap((resources) => [...resources.values()]);
  }

  /** All resources of a kind, across parents. */
  ofKind(kind: string): StoredResource[] {
    const found: StoredResource[] = [];
    for (const resources of this.#collections.values()) {
      const first = resources.values().next().value;
      if (first?.kind === kind) found.push(...resources.values());
    }
    return found;
  }

  /** Removes a resource and everything below it. */
  remove(collection: string, id: string): void {
    this.#collections.get(collection)?.delete(id);
    const path = `${collection}/${id}`;
    this.#removed.add(path);
    this.removals += 1;
    for (const key of this.#collections.keys()) if (key.startsWith(`${path}/`)) this.#collections.delete(key);
  }

  /** True for a resource that was deleted: the lenient mode does not recreate it. */
  wasRemoved(collection: string, id: string): boolean {
    return this.#removed.has(`${collection}/${id}`);
  }

  /** The resources that `wasRemoved` knows. */
  removed(): string[] {
    return [...this.#removed];
  }

  /** Replaces everything by what `all` and `removed` returned. */
  restore(resources: readonly StoredResource[], removed: readonly string[]): void {
    this.clear();
    for (const resource of resources) this.put(resource);
    for (const path of removed) this.#removed.add(path);
  }

  clear(): void {
    this.stored += 1;
    this.removals += 1;
    this.#collections.clear();
    this.#removed.clear();
  }
}
