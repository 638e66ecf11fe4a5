/** Finds the operation for a host, a method and a path. */
import type { Spec, SpecDocument, SpecOperation } from '../openapi/spec';

export interface RouteMatch {
  operation: SpecOperation;
  document: SpecDocument;
  /** Path parameters, percent-decoded. */
  params: Record<string, string>;
}

interface Route {
  operation: SpecOperation;
  document: SpecDocument;
  pattern: RegExp;
  /** One digit per segment, "0" for a literal and "1" for a parameter: literals win, from left to right. */
  rank: string;
}

/** Host without edge, region and port: `api.dublin.ie1.twilio.com` and `api.ie1.twilio.com` → `api.twilio.com`. */
export function canonicalHost(host: string): string {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  const match = /^([a-z0-9-]+)(?:\.[a-z0-9-]+){0,2}\.twilio\.com$/.exec(name);
  return match ? `${match[1]}.twilio.com` : name;
}

/** Finds the operation of a request by its host, method and path. */
export class Router {
  readonly #spec: Spec;
  readonly #routes = new Map<string, Route[]>();

  constructor(spec: Spec) {
    this.#spec = spec;
  }

  hasHost(host: string): boolean {
    return this.#spec.filesOf(host).length > 0;
  }

  /** The operation, and the methods that the path allows: none if no operation has the path. */
  find(host: string, method: string, path: string): { match?: RouteMatch; allowed: string[] } {
    const routes = this.#routesOf(host).filter((route) => route.pattern.test(path));
    const allowed = [...new Set(routes.map(({ operation }) => operation.method))];
    const route = routes.find(({ operation }) => operation.method === method);
    if (!route) return { allowed };
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(route.pattern.exec(path)?.groups ?? {})) params[name] = decode(value);
    return { match: { operation: route.operation, document: route.document, params }, allowed };
  }

  #routesOf(host: string): Route[] {
    let routes = this.#routes.get(host);
    if (!routes) {
      routes = this.#spec.filesOf(host).flatMap((file) => {
        const document = this.#spec.document(file);
        return document.operations
          .filter((operation) => operation.host === host)
          .map((operation) => ({
            operation,
            document,
            pattern: patternOf(operation.path),
            rank: rankOf(operation.path),
          }));
      });
      routes.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
      this.#routes.set(host, routes);
    }
    return routes;
  }
}

function patternOf(template: string): RegExp {
  const source = template
    .split(/(\{\w+\})/)
    .map((part) =>
      part.startsWith('{') ? `(?<${part.slice(1, -1)}>[^/]+?)` : part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}/?$`);
}

function rankOf(template: string): string {
  return template
    .split('/')
    .map((segment) => (segment.startsWith('{') ? '1' : '0'))
    .join('');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
