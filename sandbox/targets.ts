/** From a path to the place in the store: the collection, the resource, its parents. */

import type { Spec, SpecOperation } from '../openapi/spec';
import { RELATIONS } from './relations';
import type { Match } from './routes';
import type { Target, World } from './world';

/** `/v1/Services/{ServiceSid}/Documents` → `/v1/Services/{}/Documents`; `.json` is dropped. */
export function normalise(template: string): string {
  return template.replace(/\.json$/, '').replaceAll(/\{\w+\}/g, '{}');
}

export class Targets {
  readonly #spec: Spec;
  readonly #byHost = new Map<string, Map<string, SpecOperation[]>>();

  constructor(spec: Spec) {
    this.#spec = spec;
  }

  of(match: Match, world: World, accountSid: string): Target {
    const { operation, params } = match;
    const segments = operation.path
      .replace(/\.json$/, '')
      .split('/')
      .slice(1);
    const canonical: Record<string, string> = {};
    let path = '';
    let kind = operation.host;
    const root = rootOf(operation.host, accountSid, world);
    let missingParent: string | undefined;
    for (const [i, segment] of segments.entries()) {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1];
      if (!name) {
        path += `/${segment}`;
        kind += `/${segment}`;
        continue;
      }
      const last = i === segments.length - 1;
      const value = params[name]!;
      const place = placeOf(kind, root + path, canonical, root);
      const found = world.store.get(place.collection, value);
      canonical[name] = found?.id ?? value;
      if (!found && !last && this.#needed(kind, name)) missingParent ??= `${path}/${value}`;
      if (last && !operation.list) {
        const target = { role: 'instance' as const, ...place, id: canonical[name], missingParent, params: canonical };
        return { ...target, path: `${path}/${canonical[name]}` };
      }
      path += `/${canonical[name]}`;
      kind += '/{}';
    }
    const role = this.#role(operation, kind);
    if (role === 'singleton') {
      return { role, kind, collection: root + path, id: '~', links: {}, missingParent, params: canonical, path };
    }
    return { role, ...placeOf(kind, root + path, canonical, root), missingParent, params: canonical, path };
  }

  /** The operation that reads one resource of a kind. */
  fetchOf(kind: string): SpecOperation | undefined {
    const host = kind.slice(0, kind.indexOf('/'));
    return this.#index(host)
      .get(`${kind}/{}`)
      ?.find((operation) => operation.method === 'GET');
  }

  /** Whether the API has a way to create resources of a kind. */
  creatable(kind: string): boolean {
    const host = kind.slice(0, kind.indexOf('/'));
    return (this.#index(host).get(kind) ?? []).some(
      (operation) => operation.method === 'POST' || operation.method === 'PUT',
    );
  }

  #role(operation: SpecOperation, kind: string): 'list' | 'create' | 'singleton' {
    if (operation.list) return 'list';
    const index = this.#index(operation.host);
    const siblings = index.get(kind) ?? [];
    const reads = siblings.find((sibling) => sibling.method === 'GET');
    if (operation.method === 'GET') return 'singleton';
    if (reads && !reads.list) return 'singleton';
    return operation.method === 'POST' ? 'create' : 'singleton';
  }

  /** Whether someone must have created a parent. Countries and the like are there without. */
  #needed(kind: string, name: string): boolean {
    return this.fetchOf(kind) !== undefined && !this.isReference(kind, name);
  }

  /** Things that are there without anyone creating them: countries, prices, lookups of a number. */
  isReference(kind: string, name: string): boolean {
    return !/sid$|id$/i.test(name) && !this.creatable(kind);
  }

  #index(host: string): Map<string, SpecOperation[]> {
    let index = this.#byHost.get(host);
    if (!index) {
      index = new Map();
      for (const file of this.#spec.filesOf(host)) {
        for (const operation of this.#spec.document(file).operations) {
          if (operation.host !== host) continue;
          const kind = host + normalise(operation.path);
          index.set(kind, [...(index.get(kind) ?? []), operation]);
        }
      }
      this.#byHost.set(host, index);
    }
    return index;
  }
}

/** The 2010 API names the account in its paths; elsewhere a subaccount's things are kept under its SID. */
export function rootOf(host: string, accountSid: string, world: World): string {
  return host === 'api.twilio.com' || accountSid === world.accountSid ? host : `${accountSid}@${host}`;
}

function placeOf(kind: string, collection: string, params: Record<string, string>, root: string) {
  const relation = RELATIONS[kind];
  if (!relation) return { kind, collection, links: {} };
  const path = relation.source.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name);
  const links = Object.fromEntries(
    Object.entries(relation.links).map(([property, name]) => [property, params[name] ?? name]),
  );
  const host = root.includes('@') ? `${root.slice(0, root.indexOf('@') + 1)}` : '';
  return { kind: normaliseKind(relation.source), collection: host + path, links };
}

function normaliseKind(source: string): string {
  return source.replaceAll(/\{\w+\}/g, '{}');
}
