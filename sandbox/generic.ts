/** Create, fetch, list, update and delete, the same way for every product. */

import { camel, snake } from '../openapi/names';
import type { SpecOperation, SpecSchema } from '../openapi/spec';
import { type Body, flatten, freshId, isBody, shape } from './answer';
import { aged, inTarget, isLinked } from './collection';
import { notFound } from './errors';
import { answerList } from './lists';
import { RULES } from './rules';
import { sidPrefix } from './sample';
import type { Resource } from './store';
import type { Targets } from './targets';
import type { Answer, Call } from './world';

export function handle(call: Call, targets: Targets): Answer {
  const { target, world } = call;
  if (target.missingParent && !world.options.lenient) throw notFound(target.missingParent);
  const rule = RULES[call.operation.id];
  rule?.check?.(call);
  const answered = rule?.answer?.(call);
  if (answered) return answered;
  if (target.role === 'list') return answerList(call, inTarget(call));
  if (target.role === 'create') return create(call, targets);
  const resource = find(call, targets);
  switch (call.operation.method) {
    case 'GET':
    case 'HEAD':
      return answerWith(call, resource, call.operation.success.status);
    case 'DELETE':
      world.store.remove(resource.collection, resource.id);
      world.events.emit('change', { resource, change: 'deleted' });
      return call.operation.success.status === 204
        ? { status: 204 }
        : answerWith(call, resource, call.operation.success.status);
    default:
      return update(call, resource);
  }
}

// ---------------------------------------------------------------- create

function create(call: Call, targets: Targets): Answer {
  const { target, world } = call;
  const resource = world.store.put(newResource(call, targets));
  RULES[call.operation.id]?.created?.(call, resource);
  world.events.emit('change', { resource, change: 'created' });
  const { statuses, success } = call.operation;
  return answerWith(
    call,
    aged(resource, call),
    target.role === 'create' && statuses.includes(201) ? 201 : success.status,
  );
}

/** Shapes what the request asks for; does not store it. */
function newResource(call: Call, targets: Targets): Resource {
  const { target, now } = call;
  const operation = modelOf(call, targets);
  const document = call.world.spec.document(operation.file);
  const { schema, example } = operation.success;
  const properties = flatten(document, schema).properties ?? {};
  const known = { ...knownFrom(call, properties), ...mapFields(call.fields, properties) };
  const idName = idNameOf(properties, operation.path);
  const given = idName && known[idName];
  const isSid = idName === 'sid' || idName === 'id';
  const id = given && !isSid ? String(given) : freshId(document, schema, example, idName ?? 'sid');
  if (idName && properties[idName]) known[idName] = idName === 'index' ? nextIndex(call) : id;
  const finalId = idName === 'index' ? String(known.index) : id;
  const sid = properties.sid && (known.sid ?? freshId(document, schema, example, 'sid'));
  // A resource that goes by another name (a Sync map item by its key) may have a SID as well.
  if (sid && idName !== 'sid') known.sid = sid;
  Object.assign(known, addressOf(call, properties, `${target.path}/${finalId}`));
  const body = shape({
    document,
    schema,
    example,
    known,
    settable: settable(call),
    sids: [...Object.values(target.params), call.accountSid, finalId, ...(sid ? [String(sid)] : [])].filter(isSidText),
    now,
  });
  return {
    kind: target.kind,
    collection: target.collection,
    id: finalId,
    body: isBody(body) ? body : known,
    createdAt: now,
    updatedAt: now,
    notes: { ...target.links },
  };
}

/** The operation whose answer shows the whole resource: where work is only accepted, not the one that creates it. */
function modelOf(call: Call, targets: Targets): SpecOperation {
  const fetch = targets.fetchOf(call.target.kind);
  if (!fetch || call.operation.success.status !== 202) return call.operation;
  const shown = flatten(call.document, call.operation.success.schema).properties ?? {};
  return 'sid' in shown || 'id' in shown ? call.operation : fetch;
}

function nextIndex(call: Call): number {
  const indexes = call.world.store.list(call.target.collection).map((resource) => Number(resource.body.index));
  return Math.max(-1, ...indexes) + 1;
}

/** The property that an instance is addressed by: what the path calls it, or else `sid` or `id`. */
export function idNameOf(properties: Record<string, SpecSchema>, path: string): string | undefined {
  const last = /\{(\w+)\}(?:\.json)?$/.exec(path)?.[1];
  const fromPath = last ? [last, snake(last), camel(last)] : [];
  return [...fromPath, 'sid', 'id', 'key', 'index', 'domain_name'].find((name) => properties[name] !== undefined);
}

/** A path may hold a name where the answer has the SID. */
function fits(call: Call, property: SpecSchema, value: string): boolean {
  const prefix = sidPrefix(call.document.resolve(property).pattern);
  return prefix === undefined || isSidText(value);
}

/** What the path and the account say about a resource. */
export function knownFrom(call: Call, properties: Record<string, SpecSchema>): Body {
  const known: Body = {};
  for (const [name, value] of Object.entries(call.target.params)) {
    for (const property of [name, snake(name), camel(name)]) {
      if (properties[property] && fits(call, properties[property], value)) known[property] = value;
    }
  }
  for (const name of ['account_sid', 'accountSid', 'accountId', 'account_id']) {
    if (properties[name] && known[name] === undefined) known[name] = call.accountSid;
  }
  for (const [name, value] of Object.entries(call.target.links)) if (properties[name]) known[name] = value;
  return known;
}

/** Where the resource is found: `uri` on the 2010 API, `url` elsewhere. */
function addressOf(call: Call, properties: Record<string, SpecSchema>, path: string): Body {
  const address: Body = {};
  if (properties.uri) address.uri = call.operation.host === 'api.twilio.com' ? `${path}.json` : path;
  if (properties.url) address.url = `https://${call.operation.host}${path}`;
  return address;
}

/** Request fields under the names that the answer gives them. */
export function mapFields(fields: Body, properties: Record<string, SpecSchema>): Body {
  const mapped: Body = {};
  for (const [name, value] of Object.entries(fields)) {
    const property = [name, snake(name), camel(name)].find((candidate) => properties[candidate]);
    if (property) mapped[property] = value === '' ? null : value;
  }
  return mapped;
}

function settable(call: Call): Set<string> {
  const schema = flatten(call.document, call.operation.body?.schema);
  return new Set(Object.keys(schema.properties ?? {}).map(snake));
}

function isSidText(text: string): boolean {
  return /^[A-Z]{2}[0-9a-f]{32}$/.test(text);
}

// ---------------------------------------------------------------- find, update, answer

/** @throws Refusal 404 / 20404 when there is no such resource. */
export function find(call: Call, targets: Targets): Resource {
  const { target, world } = call;
  const id = target.id!;
  const stored = world.store.get(target.collection, id);
  const linked = stored && isLinked(stored, target.links);
  if (stored && linked) aged(stored, call);
  const path = call.entry.path;
  if (world.store.wasRemoved(target.collection, stored?.id ?? id)) throw notFound(path);
  if (stored && linked) return stored;
  const fresh = target.role === 'singleton' || call.operation.method === 'PUT' || isReference(call, targets);
  const foreignAccount =
    target.kind === 'api.twilio.com/2010-04-01/Accounts/{}' || target.kind.endsWith('2010-04-01/Accounts');
  if (!fresh && (!world.options.lenient || foreignAccount)) throw notFound(path);
  return world.store.put(madeUp(call, targets));
}

function isReference(call: Call, targets: Targets): boolean {
  const name = /\{(\w+)\}(?:\.json)?$/.exec(call.operation.path)?.[1];
  return name !== undefined && targets.isReference(call.target.kind, name);
}

/** A resource that nobody created, from the example of the operation that reads it. */
function madeUp(call: Call, targets: Targets): Resource {
  const { target, now, world } = call;
  const operation = (target.role === 'instance' && targets.fetchOf(target.kind)) || call.operation;
  const document = world.spec.document(operation.file);
  const { schema, example } = operation.success;
  const properties = flatten(document, schema).properties ?? {};
  const known = knownFrom(call, properties);
  if (target.role === 'instance') {
    const idName = idNameOf(properties, operation.path);
    if (idName && properties[idName]) {
      const named = !fits(call, properties[idName], target.id!);
      known[idName] = named ? freshId(document, schema, example, idName) : target.id;
      if (named && properties.unique_name) known.unique_name = target.id;
    }
  }
  Object.assign(known, addressOf(call, properties, target.path));
  const sids = [...Object.values(target.params), call.accountSid].filter(isSidText);
  const body = shape({ document, schema, example, known, sids, now });
  return {
    kind: target.kind,
    collection: target.collection,
    id: target.id!,
    body: isBody(body) ? body : known,
    createdAt: now,
    updatedAt: now,
    notes: { ...target.links },
  };
}

function update(call: Call, resource: Resource): Answer {
  const before = { ...resource.body };
  const properties = flatten(call.document, call.operation.success.schema).properties ?? {};
  const kept = Object.fromEntries(Object.keys(resource.body).map((name): [string, SpecSchema] => [name, {}]));
  const changes = mapFields(call.fields, { ...kept, ...properties });
  for (const [name, value] of Object.entries(changes)) resource.body[name] = value;
  for (const name of ['date_updated', 'dateUpdated', 'updatedAt', 'updated_at']) {
    if (resource.body[name] !== undefined) resource.body[name] = new Date(call.now).toISOString();
  }
  resource.updatedAt = call.now;
  RULES[call.operation.id]?.updated?.(call, resource, before);
  call.world.events.emit('change', { resource, change: 'updated' });
  return answerWith(call, resource, call.operation.success.status);
}

/** E.g. `configurationId` for `/v2/ControlPlane/Configurations`. */
function nameOfId(call: Call): string {
  const resource = call.target.kind.replaceAll('/{}', '').replace(/.*\//, '').replace(/s$/, '');
  return `${resource.charAt(0).toLowerCase()}${resource.slice(1)}Id`;
}

/** The resource in the shape of the operation's answer. */
export function answerWith(call: Call, resource: Resource, status: number): Answer {
  const { document, operation } = call;
  const { schema, example, contentType } = operation.success;
  const answer: Answer = { status };
  if (status !== 204 && contentType) {
    const properties = flatten(document, schema).properties ?? {};
    const known: Body = { ...knownFrom(call, properties), ...resource.body };
    if (status === 202 && properties.related) known.related = { [nameOfId(call)]: resource.id };
    const sids = [...Object.values(call.target.params), call.accountSid, resource.id].filter(isSidText);
    answer.body = shape({ document, schema, example, known, sids, now: resource.updatedAt });
  }
  if (status >= 300 && status < 400) {
    answer.headers = { location: `https://com-twilio-sandbox.example.com${call.entry.path}` };
    answer.body ??= { redirect_to: answer.headers.location };
  }
  RULES[operation.id]?.decorate?.(call, resource, answer);
  return answer;
}
