/** What the pretended account holds. Collections are paths such as `sync.twilio.com/v1/Services/IS…/Documents`. */
import type { Body } from './answer';

export interface Resource {
  /** Collection with `{}` for every parameter: what rules go by. */
  kind: string;
  collection: string;
  id: string;
  body: Body;
  /** Milliseconds. */
  createdAt: number;
  updatedAt: number;
  /** What the rules remember and no answer shows. */
  notes: Body;
}

/** Properties that may stand in the path instead of the SID. */
const NAMES = ['sid', 'id', 'unique_name', 'identity', 'key', 'index', 'domain_name', 'phone_number', 'iso_country'];

export class Store {
  #collections = new Map<string, Map<string, Resource>>();
  #removed = new Set<string>();

  put(resource: Resource): Resource {
    let collection = this.#collections.get(resource.collection);
    if (!collection) {
      collection = new Map();
      this.#collections.set(resource.collection, collection);
    }
    collection.set(resource.id, resource);
    this.#removed.delete(`${resource.collection}/${resource.id}`);
    return resource;
  }

  /** By id, else by one of the names that Twilio takes in its place. */
  get(collection: string, id: string): Resource | undefined {
    const resources = this.#collections.get(collection);
    const direct = resources?.get(id);
    if (direct || !resources) return direct;
    for (const resource of resources.values()) {
      if (NAMES.some((name) => resource.body[name] !== undefined && String(resource.body[name]) === id))
        return resource;
    }
    return undefined;
  }

  list(collection: string): Resource[] {
    return [...(this.#collections.get(collection)?.values() ?? [])];
  }

  /** All resources of a kind, whatever they belong to. */
  ofKind(kind: string): Resource[] {
    const found: Resource[] = [];
    for (const resources of this.#collections.values()) {
      const first = resources.values().next().value;
      if (first?.kind === kind) found.push(...resources.values());
    }
    return found;
  }

  /** Takes a resource away with everything below it. */
  remove(collection: string, id: string): void {
    this.#collections.get(collection)?.delete(id);
    const path = `${collection}/${id}`;
    this.#removed.add(path);
    for (const key of this.#collections.keys()) if (key.startsWith(`${path}/`)) this.#collections.delete(key);
  }

  /** Whether it was there once: it is not made up again. */
  wasRemoved(collection: string, id: string): boolean {
    return this.#removed.has(`${collection}/${id}`);
  }

  clear(): void {
    this.#collections.clear();
    this.#removed.clear();
  }
}
