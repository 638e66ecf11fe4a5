/** Sync: revisions, conflicts, limits, expiry, and the order of items. */
import { targetResources } from '../collection';
import { isoSeconds } from '../dates';
import { ApiError } from '../errors';
import { pageResponse } from '../lists';
import type { StoredResource } from '../store';
import { EXPIRY_DELAY_MS, MAX_ITEM_BYTES, RATE_LIMIT_EXCEEDED } from '../sync-limits';
import type { Lifecycle, OperationRule, SandboxRequest } from '../types';

const SERVICE_KIND = 'sync.twilio.com/v1/Services/{}';
const MISMATCH_CODES: Record<string, number> = { Documents: 54103, Lists: 54155, Maps: 54205 };

/** Sets the revision, the creator and the expiry of a created or updated object. */
function applyUpdate(request: SandboxRequest, { body, internal }: StoredResource): void {
  const revision = Number(internal.revision ?? -1) + 1;
  internal.revision = revision;
  if ('revision' in body) body.revision = revision.toString(16);
  if ('created_by' in body) body.created_by = 'system';
  const ttl = request.fields.ItemTtl ?? request.fields.Ttl;
  if (ttl !== undefined) {
    internal.expires = Number(ttl) > 0 ? request.now + Number(ttl) * 1000 : undefined;
    const expires = internal.expires as number | undefined;
    body.date_expires = expires ? isoSeconds(new Date(expires)) : null;
  }
}

const expireObject: Lifecycle = (resource, now, state) => {
  const expires = resource.internal.expires as number | undefined;
  const delay = state.options.syncLimits ? EXPIRY_DELAY_MS : 0;
  if (expires !== undefined && now >= expires + delay) state.store.remove(resource.collection, resource.id);
};

const sizeOf = ({ fields }: SandboxRequest) => Buffer.byteLength(JSON.stringify(fields.Data ?? null));

/** @throws ApiError 429 / 54009 for a read, a write or a new object that comes too soon after others. */
function checkRate(request: SandboxRequest): void {
  const { state, operation, target, now } = request;
  if (!state.options.syncLimits) return;
  // An object with what belongs to it: …/Maps/{Sid}/Items counts for the map.
  const [, service, kind, object] = /\/Services\/([^/]+)\/(\w+)(?:\/([^/]+))?/.exec(target.path)!;
  const name = `${service}/${kind}/${object}`;
  const { syncLimits } = state;
  const isAllowed =
    object === undefined
      ? syncLimits.create(service!, now)
      : operation.method === 'GET'
        ? syncLimits.read(name, now)
        : syncLimits.write(name, sizeOf(request), now);
  if (!isAllowed) throw new ApiError(...RATE_LIMIT_EXCEEDED);
}

/** Data of a document or an item is at most 16 KiB of JSON. */
function checkSize(request: SandboxRequest): void {
  if (sizeOf(request) > MAX_ITEM_BYTES) throw new ApiError(413, 54006, 'Request entity too large');
}

function checkUniqueName(request: SandboxRequest): void {
  checkSize(request);
  const name = request.fields.UniqueName;
  if (!name) return;
  const taken = targetResources(request).some((resource) => resource.body.unique_name === name);
  if (taken) throw new ApiError(409, 54301, 'Unique name already exists');
}

function checkKey(request: SandboxRequest): void {
  checkSize(request);
  const taken = targetResources(request).some((resource) => resource.body.key === request.fields.Key);
  if (taken) throw new ApiError(409, 54208, 'An Item with given key already exists in the Map');
}

function checkRevision(request: SandboxRequest): void {
  checkSize(request);
  const wanted = request.headers['If-Match'];
  const found = request.state.store.get(request.target.collection, request.target.id!);
  if (wanted === undefined || !found || wanted === '*') return;
  if (String(wanted).replace(/^"|"$/g, '') === found.body.revision) return;
  const kind = /\/(Documents|Lists|Maps)/.exec(request.operation.path)![1]!;
  throw new ApiError(412, MISMATCH_CODES[kind]!, 'The revision of the object does not match the expected revision');
}

const addEtag: OperationRule['decorate'] = (_request, { body }, response) => {
  if (body.revision !== undefined) response.headers = { ...response.headers, etag: `"${body.revision}"` };
};

const createObject: OperationRule = { check: checkUniqueName, onCreate: applyUpdate, decorate: addEtag };
const updateObject: OperationRule = { check: checkRevision, onUpdate: applyUpdate, decorate: addEtag };
const fetchObject: OperationRule = { decorate: addEtag };

/** Sorts items by index or key. `From` is the first one, unless `Bounds` excludes it. */
const listItems: OperationRule = {
  respond(request) {
    const { From, Bounds, Order } = request.query as Record<string, string | undefined>;
    const byIndex = request.operation.operationId === 'ListSyncListItem';
    const position = (resource: StoredResource) => (byIndex ? Number(resource.body.index) : String(resource.body.key));
    const compare = (a: StoredResource, b: StoredResource) =>
      position(a) < position(b) ? -1 : position(a) > position(b) ? 1 : 0;
    const sorted = targetResources(request).sort(compare);
    if (Order === 'desc') sorted.reverse();
    const start = From === undefined || From === '' ? undefined : byIndex ? Number(From) : From;
    const kept = sorted.filter((resource) => {
      if (start === undefined) return true;
      if (position(resource) === start) return Bounds !== 'exclusive';
      return Order === 'desc' ? position(resource) < start : position(resource) > start;
    });
    return pageResponse(
      request,
      kept.map((resource) => resource.body),
    );
  },
};

const UNLIMITED_RULES: Record<string, OperationRule> = {
  'sync_v1:CreateDocument': createObject,
  'sync_v1:FetchDocument': fetchObject,
  'sync_v1:UpdateDocument': updateObject,
  'sync_v1:DeleteDocument': { check: checkRevision },
  'sync_v1:CreateSyncList': createObject,
  'sync_v1:CreateSyncMap': createObject,
  'sync_v1:CreateSyncStream': createObject,
  'sync_v1:CreateSyncListItem': { check: checkSize, onCreate: applyUpdate, decorate: addEtag },
  'sync_v1:FetchSyncListItem': fetchObject,
  'sync_v1:UpdateSyncListItem': updateObject,
  'sync_v1:DeleteSyncListItem': { check: checkRevision },
  'sync_v1:ListSyncListItem': listItems,
  'sync_v1:CreateSyncMapItem': { check: checkKey, onCreate: applyUpdate, decorate: addEtag },
  'sync_v1:FetchSyncMapItem': fetchObject,
  'sync_v1:UpdateSyncMapItem': updateObject,
  'sync_v1:DeleteSyncMapItem': { check: checkRevision },
  'sync_v1:ListSyncMapItem': listItems,
};

export const SYNC_RULES: Record<string, OperationRule> = Object.fromEntries(
  Object.entries(UNLIMITED_RULES).map(([id, rule]) => [
    id,
    {
      ...rule,
      check(request) {
        checkRate(request);
        rule.check?.(request);
      },
    },
  ]),
);

export const SYNC_LIFECYCLES: Record<string, Lifecycle> = {
  [`${SERVICE_KIND}/Documents`]: expireObject,
  [`${SERVICE_KIND}/Lists`]: expireObject,
  [`${SERVICE_KIND}/Lists/{}/Items`]: expireObject,
  [`${SERVICE_KIND}/Maps`]: expireObject,
  [`${SERVICE_KIND}/Maps/{}/Items`]: expireObject,
};
