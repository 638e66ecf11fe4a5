/** Create, fetch, list, update and delete, the same for every product. Rules add what differs. */
import { camel, snake } from '../openapi/names';
import type { SpecOperation, SpecSchema } from '../openapi/spec';
import { addressesOf } from './addresses';
import { matchesLinks, targetResources } from './collection';
import { documentedDefaults } from './defaults';
import { notFound } from './errors';
import { isJsonObject, type Properties } from './json';
import { advance } from './lifecycle';
import { listResponse } from './lists';
import { type BodyContent, buildBody, flattenSchema, newId, replaceSids } from './response-body';
import { OPERATION_RULES } from './rules';
import { INITIAL_VALUES } from './rules/initial-values';
import { isSid, sidPrefix } from './sids';
import type { StoredResource } from './store';
import type { TargetResolver } from './targets';
import type { SandboxRequest, SandboxResponse } from './types';

/** @throws ApiError */
export function handleRequest(request: SandboxRequest, resolver: TargetResolver): SandboxResponse {
  const { target, state } = request;
  const rule = OPERATION_RULES[request.operation.id];
  if (target.missingParent && !rule?.namesParent && !state.options.lenient) throw notFound(target.missingParent);
  rule?.check?.(request);
  const response = rule?.respond?.(request);
  if (response) return response;
  if (target.role === 'list') return listResponse(request, targetResources(request));
  if (target.role === 'create') return createResource(request, resolver);
  const resource = findResource(request, resolver);
  const { status } = request.operation.success;
  switch (request.operation.method) {
    case 'GET':
    case 'HEAD':
      return resourceResponse(request, resource, status);
    case 'DELETE':
      state.store.remove(resource.collection, resource.id);
      state.events.emit('change', { resource, change: 'deleted', request });
      return status === 204 ? { status } : resourceResponse(request, resource, status);
    default:
      return updateResource(request, resource);
  }
}

// ---------------------------------------------------------------- create

function createResource(request: SandboxRequest, resolver: TargetResolver): SandboxResponse {
  const resource = addResource(request, resolver);
  OPERATION_RULES[request.operation.id]?.onCreate?.(request, resource);
  request.state.events.emit('change', { resource, change: 'created', request });
  const { statuses, success } = request.operation;
  return resourceResponse(request, advance(resource, request), statuses.includes(201) ? 201 : success.status);
}

/** Stores the resource that the request describes. */
function addResource(request: SandboxRequest, resolver: TargetResolver): StoredResource {
  const { target, now } = request;
  const operation = describingOperation(request, resolver);
  const document = request.state.spec.document(operation.file);
  const { schema, example } = operation.success;
  const properties = flattenSchema(document, schema).properties ?? {};
  const names = new Set(Object.keys(properties));
  const known = {
    ...INITIAL_VALUES[target.kind],
    ...documentedDefaults(request),
    ...knownProperties(request, properties),
    ...propertiesFrom(request.fields, names),
  };
  const idName = idPropertyOf(properties, (resolver.fetchOperation(target.kind) ?? operation).path);
  const chosen = idName === 'sid' || idName === 'id' ? undefined : idName && known[idName];
  const index = idName === 'index' ? nextIndex(request) : undefined;
  const id = String(index ?? (chosen || newId(document, schema, example, idName ?? 'sid')));
  if (idName) known[idName] = index ?? id;
  const sid = properties.sid && String(known.sid ?? newId(document, schema, example, 'sid'));
  // A resource with another ID, such as the key of a Sync map item, may have a SID as well.
  if (sid && idName !== 'sid') known.sid = sid;
  const times = { createdAt: now, updatedAt: now };
  return storeResource(request, operation, id, `${target.path}/${id}`, { known, times });
}

function storeResource(
  { target, now, state }: SandboxRequest,
  operation: SpecOperation,
  id: string,
  path: string,
  content: BodyContent,
): StoredResource {
  const document = state.spec.document(operation.file);
  const { schema } = operation.success;
  const body = buildBody({ document, schema, ...content });
  Object.assign(body, addressesOf(state.spec, operation, path, body));
  const { kind, collection, links } = target;
  return state.store.add({ kind, collection, id, body, at: now, internal: { ...links } });
}

/** The operation whose response describes the whole resource; a create that returns 202 may not. */
function describingOperation(request: SandboxRequest, resolver: TargetResolver): SpecOperation {
  const fetch = resolver.fetchOperation(request.target.kind);
  if (!fetch || request.operation.success.status !== 202) return request.operation;
  const properties = flattenSchema(request.document, request.operation.success.schema).properties ?? {};
  return 'sid' in properties || 'id' in properties ? request.operation : fetch;
}

function nextIndex({ state, target }: SandboxRequest): number {
  const indexes = state.store.list(target.collection).map((resource) => Number(resource.body.index));
  return Math.max(-1, ...indexes) + 1;
}

/** The property that identifies a resource in its path: the path parameter's name, else `sid`, `id` and so on. */
function idPropertyOf(properties: Record<string, SpecSchema>, path: string): string | undefined {
  const last = lastParameter(path);
  const fromPath = last ? [last, snake(last), camel(last)] : [];
  return [...fromPath, 'sid', 'id', 'key', 'index', 'domain_name'].find((name) => properties[name] !== undefined);
}

const lastParameter = (path: string): string | undefined => /\{(\w+)\}(?:\.json)?$/.exec(path)?.[1];

/** False for a name in place of the SID that the property holds. */
function canHold(request: SandboxRequest, property: SpecSchema, value: string): boolean {
  const prefix = sidPrefix(request.document.resolve(property).pattern);
  return prefix === undefined || isSid(value);
}

/** Properties that follow from the path and the account. */
function knownProperties(request: SandboxRequest, properties: Record<string, SpecSchema>): Properties {
  const known: Properties = {};
  for (const [name, value] of Object.entries(request.target.params)) {
    for (const property of [name, snake(name), camel(name)]) {
      if (properties[property] && canHold(request, properties[property], value)) known[property] = value;
    }
  }
  for (const name of ['account_sid', 'accountSid', 'accountId', 'account_id']) {
    if (properties[name] && known[name] === undefined) known[name] = request.accountSid;
  }
  for (const [name, value] of Object.entries(request.target.links)) if (properties[name]) known[name] = value;
  return known;
}

/** The request's fields by the names of the properties that they set; `Configuration.Url` sets part of a property. */
function propertiesFrom(fields: Properties, names: ReadonlySet<string>, current: Properties = {}): Properties {
  const properties: Properties = {};
  for (const [name, value] of Object.entries(fields)) {
    // A repeated field, such as `Permission`, sets a property in the plural.
    const plural = Array.isArray(value) ? [`${snake(name)}s`] : [];
    const property = [name, snake(name), camel(name), ...plural].find((candidate) => names.has(candidate));
    const [first, ...parts] = name.split('.').map(snake) as [string, ...string[]];
    if (property) properties[property] = value === '' ? null : value;
    else if (parts.length > 0 && names.has(first)) {
      properties[first] ??= structuredClone(current[first]) ?? {};
      setPart(properties[first] as Properties, parts, value);
    }
  }
  return properties;
}

function setPart(object: Properties, [name, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    object[name!] = value;
    return;
  }
  object[name!] ??= {};
  setPart(object[name!] as Properties, rest, value);
}

// ---------------------------------------------------------------- find, update, respond

/** @throws ApiError 404 / 20404 if the resource does not exist. */
function findResource(request: SandboxRequest, resolver: TargetResolver): StoredResource {
  const { target, state, operation } = request;
  const id = target.id!;
  const stored = state.store.get(target.collection, id);
  const linked = stored && matchesLinks(stored, target.links);
  if (stored && linked) advance(stored, request);
  const { path } = request.entry;
  if (state.store.wasRemoved(target.collection, stored?.id ?? id)) throw notFound(path);
  if (stored && linked) return stored;
  const parameter = lastParameter(operation.path);
  const isReferenceData = parameter !== undefined && resolver.isReferenceData(target.kind, parameter);
  const existsUnstored = target.role === 'singleton' || operation.method === 'PUT' || isReferenceData;
  const isAccount = /2010-04-01\/Accounts$|^api\.twilio\.com\/2010-04-01\/Accounts\/\{\}$/.test(target.kind);
  if (!existsUnstored && (!state.options.lenient || isAccount)) throw notFound(path);
  return addUnstored(request, resolver);
}

/** Stores a resource that was never created: what its path says, and in lenient mode the example of its fetch operation. */
function addUnstored(request: SandboxRequest, resolver: TargetResolver): StoredResource {
  const { target, state, now } = request;
  const operation = (target.role === 'instance' && resolver.fetchOperation(target.kind)) || request.operation;
  const document = state.spec.document(operation.file);
  const { schema, example } = operation.success;
  const properties = flattenSchema(document, schema).properties ?? {};
  const known = knownProperties(request, properties);
  const idName = target.role === 'instance' ? idPropertyOf(properties, operation.path) : undefined;
  if (idName) {
    const isName = !canHold(request, properties[idName]!, target.id!);
    known[idName] = isName ? newId(document, schema, example, idName) : target.id;
    if (isName && properties.unique_name) known.unique_name = target.id;
  }
  const content: BodyContent = { known };
  if (state.options.lenient && isJsonObject(example)) {
    content.example = replaceSids(example, [...Object.values(target.params), request.accountSid].filter(isSid));
    content.times = { createdAt: now, updatedAt: now };
  }
  return storeResource(request, operation, target.id!, target.path, content);
}

function updateResource(request: SandboxRequest, resource: StoredResource): SandboxResponse {
  const { operation, document, fields, now, state } = request;
  const properties = flattenSchema(document, operation.success.schema).properties ?? {};
  const names = new Set([...Object.keys(resource.body), ...Object.keys(properties)]);
  Object.assign(resource.body, propertiesFrom(fields, names, resource.body));
  for (const name of ['date_updated', 'dateUpdated', 'updatedAt', 'updated_at']) {
    if (resource.body[name] !== undefined) resource.body[name] = new Date(now).toISOString();
  }
  resource.updatedAt = now;
  OPERATION_RULES[operation.id]?.onUpdate?.(request, resource);
  state.events.emit('change', { resource, change: 'updated', request });
  return resourceResponse(request, resource, operation.success.status);
}

/** E.g. `configurationId` for `/v2/ControlPlane/Configurations`. */
function relatedIdName({ target }: SandboxRequest): string {
  const name = target.kind.replaceAll('/{}', '').replace(/.*\//, '').replace(/s$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;
}

/** A response with the resource in the operation's schema. */
function resourceResponse(request: SandboxRequest, resource: StoredResource, status: number): SandboxResponse {
  const { document, operation } = request;
  const { schema, contentType } = operation.success;
  const response: SandboxResponse = { status };
  if (status !== 204 && contentType) {
    const properties = flattenSchema(document, schema).properties ?? {};
    const known: Properties = { ...knownProperties(request, properties), ...resource.body };
    if (status === 202 && properties.related) known.related = { [relatedIdName(request)]: resource.id };
    response.body = buildBody({ document, schema, known, times: resource });
  }
  if (status >= 300 && status < 400) {
    const location = `https://com-twilio-sandbox.example.com${request.entry.path}`;
    response.headers = { location };
    response.body = { ...(response.body as Properties | undefined), redirect_to: location };
  }
  OPERATION_RULES[operation.id]?.decorate?.(request, resource, response);
  return response;
}
