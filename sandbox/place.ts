/** Puts a resource where the operation that reads it would look for it, in the shape that operation answers. */
import { type Body, flatten, isBody, shape } from './answer';
import type { Resource } from './store';
import type { World } from './world';

export interface Placement {
  /** The operation that reads it, `file:operationId`: its path says where it is kept. */
  reads: string;
  /** Parameters of that path; AccountSid is the sandbox's account unless given. */
  params?: Record<string, string>;
  known: Body;
  /** Milliseconds since 1970. */
  at: number;
  notes?: Body;
}

/** @throws Error when there is no such operation. */
export function place(world: World, { reads, params: given, known: told, at, notes }: Placement): Resource {
  const operation = world.spec.operation(reads);
  if (!operation) throw new Error(`There is no operation ${reads}`);
  const document = world.spec.document(operation.file);
  const params: Record<string, string> = { AccountSid: world.accountSid, ...given };
  const template = operation.path.replace(/\.json$/, '');
  const isInstance = template.endsWith('}');
  const collectionTemplate = isInstance ? template.replace(/\/\{\w+\}$/, '') : template;
  const path = collectionTemplate.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name);
  const id = isInstance ? String(told.sid ?? told.id ?? told.key) : '~';
  const { schema, example } = operation.success;
  const properties = flatten(document, schema).properties ?? {};
  const address = isInstance ? `${path}/${id}` : path;
  const date = new Date(at).toISOString();
  const known: Body = { account_sid: params.AccountSid, date_created: date, date_updated: date, ...told };
  if (properties.uri) known.uri ??= `${address}.json`;
  if (properties.url) known.url ??= `https://${operation.host}${address}`;
  const sids = [...Object.values(params), id].filter((value) => /^[A-Z]{2}[0-9a-f]{32}$/.test(value));
  const body = shape({ document, schema, example, known, sids, now: at });
  return world.store.put({
    kind: operation.host + collectionTemplate.replaceAll(/\{\w+\}/g, '{}'),
    collection: operation.host + path,
    id,
    body: isBody(body) ? body : known,
    createdAt: at,
    updatedAt: at,
    notes: notes ?? {},
  });
}
