/** Sync: revisions, conflicts, expiry, and the order of items. */

import { inTarget } from '../collection';
import { Refusal } from '../errors';
import { answerItems } from '../lists';
import type { Resource } from '../store';
import type { Age, Call, Rule } from '../world';

const BASE = 'sync.twilio.com/v1/Services/{}';
const MISMATCH: Record<string, number> = { Documents: 54103, Lists: 54155, Maps: 54205 };

function stamp(call: Call, resource: Resource): void {
  const revision = Number(resource.notes.revision ?? -1) + 1;
  resource.notes.revision = revision;
  if ('revision' in resource.body) resource.body.revision = revision.toString(16);
  if ('created_by' in resource.body) resource.body.created_by = 'system';
  const ttl = call.fields.ItemTtl ?? call.fields.Ttl;
  if (ttl !== undefined) {
    resource.notes.expires = Number(ttl) > 0 ? call.now + Number(ttl) * 1000 : undefined;
    const expires = resource.notes.expires as number | undefined;
    resource.body.date_expires = expires ? new Date(expires).toISOString().replace(/\.\d+Z/, 'Z') : null;
  }
}

const age: Age = (resource, now, world) => {
  const expires = resource.notes.expires as number | undefined;
  if (expires !== undefined && now >= expires) world.store.remove(resource.collection, resource.id);
};

/** Data of a document or an item may be 16 KiB of JSON. */
function checkSize(call: Call): void {
  const size = Buffer.byteLength(JSON.stringify(call.fields.Data ?? null));
  if (size > 16 * 1024) throw new Refusal(413, 54006, 'Request entity too large');
}

function checkUniqueName(call: Call): void {
  checkSize(call);
  const name = call.fields.UniqueName;
  if (!name) return;
  const taken = inTarget(call).some((resource) => resource.body.unique_name === name);
  if (taken) throw new Refusal(409, 54301, 'Unique name already exists');
}

function checkKey(call: Call): void {
  checkSize(call);
  const taken = inTarget(call).some((resource) => resource.body.key === call.fields.Key);
  if (taken) throw new Refusal(409, 54208, 'An Item with given key already exists in the Map');
}

function checkRevision(call: Call): void {
  checkSize(call);
  const wanted = call.headers['If-Match'];
  const found = call.world.store.get(call.target.collection, call.target.id!);
  if (wanted === undefined || !found || wanted === '*') return;
  if (String(wanted).replace(/^"|"$/g, '') === found.body.revision) return;
  const kind = /\/(Documents|Lists|Maps)/.exec(call.operation.path)![1]!;
  throw new Refusal(412, MISMATCH[kind]!, 'The revision of the object does not match the expected revision');
}

const tagged: Rule['decorate'] = (_call, resource, answer) => {
  if (resource.body.revision !== undefined) answer.headers = { ...answer.headers, etag: `"${resource.body.revision}"` };
};

const create: Rule = { check: checkUniqueName, created: stamp, decorate: tagged };
const update: Rule = { check: checkRevision, updated: stamp, decorate: tagged };
const fetch: Rule = { decorate: tagged };

/** Items come by index or key; `From` is where they begin, itself included unless Bounds says otherwise. */
const listItems: Rule = {
  answer(call) {
    const { From, Bounds, Order } = call.query as Record<string, string | undefined>;
    const byIndex = call.operation.operationId === 'ListSyncListItem';
    const position = (resource: Resource) => (byIndex ? Number(resource.body.index) : String(resource.body.key));
    const compare = (a: Resource, b: Resource) => (position(a) < position(b) ? -1 : position(a) > position(b) ? 1 : 0);
    const sorted = inTarget(call).sort(compare);
    if (Order === 'desc') sorted.reverse();
    const start = From === undefined || From === '' ? undefined : byIndex ? Number(From) : From;
    const kept = sorted.filter((resource) => {
      if (start === undefined) return true;
      if (position(resource) === start) return Bounds !== 'exclusive';
      return Order === 'desc' ? position(resource) < start : position(resource) > start;
    });
    return answerItems(
      call,
      kept.map((resource) => resource.body),
    );
  },
};

export const SYNC_RULES: Record<string, Rule> = {
  'sync_v1:CreateDocument': create,
  'sync_v1:FetchDocument': fetch,
  'sync_v1:UpdateDocument': update,
  'sync_v1:DeleteDocument': { check: checkRevision },
  'sync_v1:CreateSyncList': create,
  'sync_v1:CreateSyncMap': create,
  'sync_v1:CreateSyncStream': create,
  'sync_v1:CreateSyncListItem': { check: checkSize, created: stamp, decorate: tagged },
  'sync_v1:FetchSyncListItem': fetch,
  'sync_v1:UpdateSyncListItem': update,
  'sync_v1:DeleteSyncListItem': { check: checkRevision },
  'sync_v1:ListSyncListItem': listItems,
  'sync_v1:CreateSyncMapItem': { check: checkKey, created: stamp, decorate: tagged },
  'sync_v1:FetchSyncMapItem': fetch,
  'sync_v1:UpdateSyncMapItem': update,
  'sync_v1:DeleteSyncMapItem': { check: checkRevision },
  'sync_v1:ListSyncMapItem': listItems,
};

export const SYNC_AGES: Record<string, Age> = {
  [`${BASE}/Documents`]: age,
  [`${BASE}/Lists`]: age,
  [`${BASE}/Lists/{}/Items`]: age,
  [`${BASE}/Maps`]: age,
  [`${BASE}/Maps/{}/Items`]: age,
};
