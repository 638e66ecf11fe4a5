/** Finds the operation that a host, a method and a path stand for. */
import type { Spec, SpecDocument, SpecOperation } from '../openapi/spec';

export interface Match {
  operation: SpecOperation;
  document: SpecDocument;
  /** Path parameters, percent-decoded. */
  params: Record<string, string>;
}

interface Route {
  operation: SpecOperation;
  document: SpecDocument;
  pattern: RegExp;
  /** Fixed segments beat parameters, read from the left: "0" for fixed, "1" for a parameter. */
  rank: string;
}

/** `api.dublin.ie1.twilio.com` and `api.ie1.twilio.com` are `api.twilio.com`; ports are dropped. */
export function foldHost(host: string): string {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  const match = /^([a-z0-9-]+)(?:\.[a-z0-9-]+){0,2}\.twilio\.com$/.exec(name);
  return match ? `${match[1]}.twilio.com` : name;
}

export class Router {
  readonly #spec: Spec;
  readonly #routes = new Map<string, Route[]>();

  constructor(spec: Spec) {
    this.#spec = spec;
  }

  knows(host: string): boolean {
    return this.#spec.filesOf(host).length > 0;
  }

  /** `undefined` when no path fits; the methods that would fit when only the method is wrong. */
  match(host: string, method: string, path: string): Match | { allowed: string[] } | undefined {
    const fitting = this.#of(host).filter((route) => route.pattern.test(path));
    const route = fitting.find((candidate) => candidate.operation.method === method);
    if (!route) {
      return fitting.length > 0 ? { allowed: [...new Set(fitting.map((f) => f.operation.method))] } : undefined;
    }
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(route.pattern.exec(path)?.groups ?? {})) params[name] = decode(value);
    return { operation: route.operation, document: route.document, params };
  }

  #of(host: string): Route[] {
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
