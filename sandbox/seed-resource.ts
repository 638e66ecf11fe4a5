import { isJsonObject, type Properties } from './json';
import { buildBody, flattenSchema } from './response-body';
import { isSid } from './sids';
import type { StoredResource } from './store';
import { collectionRoot, fillTemplate, normalizeTemplate } from './targets';
import type { SandboxState } from './types';

export interface ResourceSeed {
  /** `file:operationId` of the operation that reads the resource. */
  fetchOperation: string;
  /** Parameters of that operation's path; AccountSid defaults to the sandbox's account. */
  params?: Record<string, string>;
  /** Properties of the resource; the others come from the API description. */
  known: Properties;
  /** Creation date in milliseconds since 1970. */
  at: number;
  internal?: Properties;
}

/** Stores a resource at the path where its fetch operation reads it. @throws Error if that operation does not exist. */
export function seedResource(state: SandboxState, seed: ResourceSeed): StoredResource {
  const operation = state.spec.operation(seed.fetchOperation);
  if (!operation) throw new Error(`Unknown operation ${seed.fetchOperation}`);
  const document = state.spec.document(operation.file);
  const params: Record<string, string> = { AccountSid: state.accountSid, ...seed.params };
  const template = operation.path.replace(/\.json$/, '');
  const isInstance = template.endsWith('}');
  const collectionTemplate = isInstance ? template.replace(/\/\{\w+\}$/, '') : template;
  const collection = fillTemplate(collectionTemplate, params);
  const id = isInstance ? String(seed.known.sid ?? seed.known.id ?? seed.known.key) : '~';
  const { schema, example } = operation.success;
  const properties = flattenSchema(document, schema).properties ?? {};
  const path = isInstance ? `${collection}/${id}` : collection;
  const date = new Date(seed.at).toISOString();
  const known: Properties = { account_sid: params.AccountSid, date_created: date, date_updated: date, ...seed.known };
  if (properties.uri) known.uri ??= `${path}.json`;
  if (properties.url) known.url ??= `https://${operation.host}${path}`;
  const sids = [...Object.values(params), id].filter(isSid);
  const body = buildBody({ document, schema, example, known, sids, now: seed.at });
  return state.store.add({
    kind: operation.host + normalizeTemplate(collectionTemplate),
    collection: collectionRoot(operation.host, params.AccountSid!, state) + collection,
    id,
    body: isJsonObject(body) ? body : known,
    at: seed.at,
    internal: seed.internal,
  });
}
