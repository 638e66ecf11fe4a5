import type { SpecOperation } from '../../openapi/spec';
import { matchesLinks } from '../../sandbox/collection';
import { generateRequest } from '../../sandbox/generate';
import { isJsonObject, jsonValue, type Properties } from '../../sandbox/json';
import { SANDBOX_ACCOUNT_SID, type Sandbox } from '../../sandbox/server';
import { isSid } from '../../sandbox/sids';
import { locateCollection, normalizeTemplate } from '../../sandbox/targets';
import { GIVEN } from '../data/given-requests';
import { type RawResponse, send } from './sandbox';

/*
 * Requests to every operation, about resources that exist where there are any.
 */

/**
 * The parameters of an operation's path: given ones, else the newest resources that lead to what a read
 * or an update of one resource asks for, else the newest at each step.
 */
function pathOf(
  { state }: Sandbox,
  { host, path, method, list }: SpecOperation,
  given: Properties,
): Record<string, string> {
  const parts = path
    .replace(/\.json$/, '')
    .split('/')
    .slice(1);
  const createsOne = method !== 'GET' && !parts.at(-1)!.startsWith('{');
  const place = (end: number, params: Record<string, string>) => {
    const template = `/${parts.slice(0, end).join('/')}`;
    const filled = template.replaceAll(/\{(\w+)\}/g, (_, name) => params[name]!);
    const { collection, links } = locateCollection(host + normalizeTemplate(template), host + filled, params, host);
    return state.store
      .list(collection)
      .filter((one) => matchesLinks(one, links))
      .reverse();
  };
  /** Whether it ends at something, and the parameters from this part on. */
  const walk = (at: number, params: Record<string, string>): { ends: boolean; params: Record<string, string> } => {
    if (at === parts.length) return { ends: !list || place(at, params).length > 0, params };
    const name = /^\{(\w+)\}$/.exec(parts[at]!)?.[1];
    if (!name || params[name] !== undefined) return walk(at + 1, params);
    const found = place(at, params).map(({ id }) => id);
    if (found.length === 0) return { ends: false, params };
    const tried = createsOne ? found.slice(0, 1) : found.slice(0, 20);
    const walks = tried.map((id) => walk(at + 1, { ...params, [name]: id }));
    return walks.find(({ ends }) => ends) ?? walks[0]!;
  };
  const texts = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
  return walk(0, { AccountSid: SANDBOX_ACCOUNT_SID, ...texts }).params;
}

/** The newest resource of a collection, or with a SID that begins like this. */
const newest = ({ state }: Sandbox, where: string) =>
  state.store.all().findLast(({ id, collection }) => collection === where || (isSid(id) && id.startsWith(where)))?.id;

/** Generated values with SIDs of existing resources in place of invented ones, and given values in place of both. */
function completed(sandbox: Sandbox, given: Properties, generated: Properties): Properties {
  const values = Object.entries(generated).map(([name, value]) => {
    const text = String(value);
    return [name, given[name] ?? (isSid(text) ? (newest(sandbox, text.slice(0, 2)) ?? text) : value)] as const;
  });
  return Object.fromEntries(values.filter(([name]) => given[name] !== null));
}

/** Sends valid requests for an operation. The filters of a list are left out: they would leave nothing of it. */
export async function request(sandbox: Sandbox, operation: SpecOperation): Promise<RawResponse[]> {
  const responses: RawResponse[] = [];
  for (const given of [GIVEN[operation.id] ?? {}].flat()) {
    const text = JSON.stringify(given).replaceAll(
      /\{([A-Z]{2}|\w+\.[\w./-]+)\}/g,
      (_, where) => newest(sandbox, where) ?? where,
    );
    responses.push(await requestWith(sandbox, operation, JSON.parse(text)));
  }
  return responses;
}

function requestWith(sandbox: Sandbox, operation: SpecOperation, given: Properties): Promise<RawResponse> {
  const document = sandbox.state.spec.document(operation.file);
  const { method, host, path, body, ...generated } = generateRequest(
    document,
    operation,
    pathOf(sandbox, operation, given),
  );
  const headers = completed(sandbox, { 'if-match': given['If-Match'] }, generated.headers) as Record<string, string>;
  const url = `https://${host}${operation.list ? path.replace(/\?.*/, '') : path}`;
  if (body === undefined) return send(sandbox, url, { method, headers });
  const fields = operation.body!.form ? Object.fromEntries(new URLSearchParams(body)) : jsonValue(body);
  if (!isJsonObject(fields)) return send(sandbox, url, { method, headers, body });
  const filled = completed(sandbox, given, fields);
  if (!operation.body!.form) return send(sandbox, url, { method, headers, body: filled });
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(filled))
    for (const each of [value].flat()) form.append(name, String(each));
  return send(sandbox, url, { method, headers, body: String(form) });
}
