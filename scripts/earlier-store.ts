import type { Twilio } from 'twilio';
import { ensureStoreService } from '../src/store/service';
import { SyncStore } from '../src/store/sync';

/*
 * What versions before the server had a Sync service of its own kept in another one, mostly the account's default.
 */

/** The names of the maps that the server makes. Other maps belong to someone else. */
const OWN_MAPS = [
  /^(conversations|numbers|webhooks|assignments|passports|purchases|deployment)$/,
  /^(assignments|passports)-[\da-f]{2}$/,
  /^thread-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
  /^messages-[\da-f]{2}$/,
  /^(inbound|inbox)-([a-z]+:)?\+?\w+$/,
  /^seen-\w{2}$/,
  /^opt-outs-\w$/,
];

/** The names of the server's maps in a Sync service; none if there is no such service. */
export async function mapsOfServer(twilio: Twilio, service: string): Promise<string[]> {
  const maps = await twilio.sync.v1.services(service).syncMaps.list({ pageSize: 100 });
  return maps.map(({ uniqueName }) => uniqueName ?? '').filter((name) => OWN_MAPS.some((own) => own.test(name)));
}

interface Moved {
  map: string;
  /** Items copied now; those that the store had already are not counted. */
  copied: number;
  items: number;
}

/**
 * Copies a map into the server's own store, with the lifetime its items have left. What the store has already stays as it
 * is, so that an interrupted copy can be repeated while the server runs. With `remove`, deletes each item that has not
 * changed since it was copied, and then the map, if it is empty.
 */
export async function moveMap(
  twilio: Twilio,
  from: string,
  map: string,
  { remove = false }: { remove?: boolean } = {},
): Promise<Moved> {
  const store = new SyncStore(twilio, ensureStoreService);
  const source = new SyncStore(twilio, async () => from);
  const stored = twilio.sync.v1.services(from).syncMaps(encodeURIComponent(map));
  const items = await stored.syncMapItems.list({ pageSize: 100 });
  let copied = 0;
  for (const { key, data, revision, dateExpires } of items) {
    const left = dateExpires ? Math.ceil((dateExpires.getTime() - Date.now()) / 1000) : undefined;
    if (left !== undefined && left <= 0) continue;
    if (await store.add(map, key, data, left)) copied++;
    if (remove) await source.remove(map, key, revision);
  }
  if (remove && (await stored.syncMapItems.list({ limit: 1 })).length === 0) await stored.remove();
  return { map, copied, items: items.length };
}
