import { addressesOf } from './addresses';
import type { Properties } from './json';
import { buildBody } from './response-body';
import type { StoredResource } from './store';
import { collectionRoot, fillTemplate, normalizeTemplate } from './targets';
import type { SandboxState } from './types';

export interface ResourceSeed {
  /** `file:operationId` of the operation that reads the resource. */
  fetchOperation: string;
  /** Parameters of that operation's path; AccountSid defaults to the sandbox's account. */
  params?: Record<string, string>;
  /** Properties of the resource; the others are null, apart from its dates and addresses. */
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
  const path = isInstance ? `${collection}/${id}` : collection;
  const known: Properties = { account_sid: params.AccountSid, ...seed.known };
  const times = { createdAt: seed.at, updatedAt: seed.at };
  const body = buildBody({ document, schema: operation.success.schema, known, times });
  const addresses = Object.entries(addressesOf(state.spec, operation, path, body));
  for (const [name, address] of addresses) if (seed.known[name] === undefined) body[name] = address;
  return state.store.add({
    kind: operation.host + normalizeTemplate(collectionTemplate),
    collection: collectionRoot(operation.host, params.AccountSid!, state) + collection,
    id,
    body,
    at: seed.at,
    internal: seed.internal,
  });
}
