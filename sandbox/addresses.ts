/** What a resource says of its path: its own address, those of what belongs to it, and the version of the API. */
import { snake } from '../openapi/names';
import type { Spec, SpecOperation } from '../openapi/spec';
import { isJsonObject, type Properties } from './json';
import { Router } from './routes';
import { isSid } from './sids';

const routers = new WeakMap<Spec, Router>();

/**
 * `uri` or `url`, `links` or `subresource_uris`, and `api_version`, as far as the body has them. Only the names of the links, and which
 * operation each one leads to, come from the API description; IDs come from the resource. A link without its ID is null.
 */
export function addressesOf(spec: Spec, operation: SpecOperation, path: string, body: Properties): Properties {
  const { host } = operation;
  const addresses: Properties = {};
  if ('uri' in body) addresses.uri = host === 'api.twilio.com' ? `${path}.json` : path;
  if (body.api_version === null && host === 'api.twilio.com') addresses.api_version = '2010-04-01';
  if ('url' in body) addresses.url = `https://${host}${path}`;
  for (const name of ['links', 'subresource_uris']) {
    const described = (operation.success.example as Properties | undefined)?.[name];
    if (body[name] !== null || !isJsonObject(described)) continue;
    const links = Object.entries(described).map(([key, link]) => [key, linkOf(spec, operation, path, body, link)]);
    addresses[name] = Object.fromEntries(links);
  }
  return addresses;
}

/** The described link with the IDs of this resource; null if it does not say them. */
function linkOf(spec: Spec, operation: SpecOperation, path: string, body: Properties, link: unknown): string | null {
  const [, origin = '', describedPath, suffix = ''] =
    /^(https:\/\/[^/]+)?(\/[^?]*?)(\.json)?(?:\?.*)?$/.exec(String(link)) ?? [];
  if (describedPath === undefined) return null;
  const host = origin.slice('https://'.length) || operation.host;
  const described = describedPath.split('/');
  const template = templateOf(spec, host, describedPath)?.split('/') ?? described;
  const own = path.split('/');
  const kinds = [...operation.path.replace(/\.json$/, '').split('/'), '{}'];
  const parts = host === operation.host ? own : [];
  const end = described.findIndex((part, i) => i >= parts.length || !(kinds[i] === part || kinds[i]!.startsWith('{')));
  const shared = end < 0 ? described.length : end;
  const rest = template.slice(shared).map((part, i) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name || isSid(part) ? idOf(body, name ?? '', described[shared + i]!) : part;
  });
  if (rest.some((part) => part === undefined)) return null;
  return origin + [...own.slice(0, shared), ...rest].join('/') + suffix;
}

/** The path template of the operations at a path. */
function templateOf(spec: Spec, host: string, path: string): string | undefined {
  let router = routers.get(spec);
  if (!router) {
    router = new Router(spec);
    routers.set(spec, router);
  }
  for (const method of ['GET', 'POST']) {
    const found = router.find(host, method, path).match ?? router.find(host, method, `${path}.json`).match;
    if (found) return found.operation.path.replace(/\.json$/, '');
  }
  return undefined;
}

/** What the resource has for a path parameter: the property of that name, else a SID with the same prefix. */
function idOf(body: Properties, name: string, described: string): string | undefined {
  const named = body[snake(name)] ?? undefined;
  if (!isSid(described)) return named === undefined ? undefined : String(named);
  const prefix = described.slice(0, 2);
  return [named, ...Object.values(body)].find((value) => isSid(String(value)) && String(value).startsWith(prefix)) as
    | string
    | undefined;
}
