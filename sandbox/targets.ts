/** Resolves the path of a request to a resource or collection in the store. */
import type { Spec, SpecOperation } from '../openapi/spec';
import { RELATIONS } from './relations';
import type { RouteMatch } from './routes';
import type { SandboxState, Target } from './types';

/** The form that identifies a kind: `/v1/Services/{ServiceSid}/Documents.json` → `/v1/Services/{}/Documents`. */
export function normalizeTemplate(template: string): string {
  return template.replace(/\.json$/, '').replaceAll(/\{\w+\}/g, '{}');
}

/** A path template with its parameters; an unknown one keeps its name. */
export function fillTemplate(template: string, params: Record<string, string>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name);
}

/** Finds the resource or collection that a path names, and whether its parents exist. */
export class TargetResolver {
  readonly #spec: Spec;
  readonly #byHost = new Map<string, Map<string, SpecOperation[]>>();

  constructor(spec: Spec) {
    this.#spec = spec;
  }

  resolveTarget(match: RouteMatch, state: SandboxState, accountSid: string): Target {
    const { operation, params } = match;
    const segments = operation.path
      .replace(/\.json$/, '')
      .split('/')
      .slice(1);
    const resolved: Record<string, string> = {};
    let path = '';
    let kind = operation.host;
    const root = collectionRoot(operation.host, accountSid, state);
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
      const location = locateCollection(kind, root + path, resolved, root);
      const found = state.store.get(location.collection, value);
      resolved[name] = found?.id ?? value;
      if (!found && !last && this.#mustExist(kind, name)) missingParent ??= `${path}/${value}`;
      if (last && !operation.list) {
        const target = { role: 'instance' as const, ...location, id: resolved[name], missingParent, params: resolved };
        return { ...target, path: `${path}/${resolved[name]}` };
      }
      path += `/${resolved[name]}`;
      kind += '/{}';
    }
    const role = this.#role(operation, kind);
    if (role === 'singleton') {
      return { role, kind, collection: root + path, id: '~', links: {}, missingParent, params: resolved, path };
    }
    return { role, ...locateCollection(kind, root + path, resolved, root), missingParent, params: resolved, path };
  }

  /** The operation that returns one resource of a kind. */
  fetchOperation(kind: string): SpecOperation | undefined {
    return this.#operationsAt(`${kind}/{}`).find((operation) => operation.method === 'GET');
  }

  /** True for resources that exist without being created, such as countries, prices and number lookups. */
  isReferenceData(kind: string, name: string): boolean {
    if (/sid$|id$/i.test(name)) return false;
    return !this.#operationsAt(kind).some(({ method }) => method === 'POST' || method === 'PUT');
  }

  #role(operation: SpecOperation, kind: string): 'list' | 'create' | 'singleton' {
    if (operation.list) return 'list';
    if (operation.method === 'GET') return 'singleton';
    const read = this.#operationsAt(kind).find((sibling) => sibling.method === 'GET');
    if (read && !read.list) return 'singleton';
    return operation.method === 'POST' ? 'create' : 'singleton';
  }

  #mustExist(kind: string, name: string): boolean {
    return this.fetchOperation(kind) !== undefined && !this.isReferenceData(kind, name);
  }

  #operationsAt(kind: string): SpecOperation[] {
    const host = kind.slice(0, kind.indexOf('/'));
    let index = this.#byHost.get(host);
    if (!index) {
      index = new Map();
      for (const file of this.#spec.filesOf(host)) {
        for (const operation of this.#spec.document(file).operations) {
          if (operation.host !== host) continue;
          const key = host + normalizeTemplate(operation.path);
          index.set(key, [...(index.get(key) ?? []), operation]);
        }
      }
      this.#byHost.set(host, index);
    }
    return index.get(kind) ?? [];
  }
}

/** Start of a collection's path. The 2010 API has the account in its paths; other hosts get it for subaccounts. */
export function collectionRoot(host: string, accountSid: string, state: SandboxState): string {
  return host === 'api.twilio.com' || accountSid === state.accountSid ? host : `${accountSid}@${host}`;
}

/** Where the resources of a collection are stored, and what makes them visible at its path (Target.links). */
export function locateCollection(kind: string, collection: string, params: Record<string, string>, root: string) {
  const relation = RELATIONS[kind];
  if (!relation) return { kind, collection, links: {} };
  const links = Object.fromEntries(
    Object.entries(relation.links).map(([property, name]) => [property, params[name] ?? name]),
  );
  const accountPrefix = root.slice(0, root.indexOf('@') + 1);
  const source = accountPrefix + fillTemplate(relation.source, params);
  return { kind: normalizeTemplate(relation.source), collection: source, links };
}
