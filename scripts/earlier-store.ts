import { Database } from 'node-sqlite3-wasm';
import type { Twilio } from 'twilio';
import type { Store } from '../src/store/port';
import { ensureStoreService, findStoreService } from '../src/store/service';
import { SqliteStore } from '../src/store/sqlite';
import { SyncStore } from '../src/store/sync';
import { type Conversation, conversationPlace, threadId } from '../src/threads/conversation';
import { inboxPlace } from '../src/threads/inbox';
import { type CompleteMessage, entryKey, findMessage, messagePlace } from '../src/threads/message';
import type { ItemPlace } from '../src/threads/ranges';
import { placesOf } from '../src/threads/record-message';

/*
 * What earlier versions kept in another Sync service, mostly the account's default, or under other names in the server's own.
 */

const ID = '[\\da-f]{8}(-[\\da-f]{4}){3}-[\\da-f]{12}';
const ADDRESS = '([a-z]+:)?\\+?\\w{3,}';

/** The maps that earlier versions made and this one does not: a map for each thread and number. */
const EARLIER_MAPS = [
  /^conversations$/,
  new RegExp(`^thread-${ID}$`),
  new RegExp(`^(inbound|inbox)-${ADDRESS}$`),
  /^messages-[2-9a-f][\da-f]$/,
];
/** Messages are under other names than before in some of these. */
const SHARED_MAPS = [/^messages-[01][\da-f]$/];
/** The names of the maps that the server makes or made. Other maps belong to someone else. */
const OWN_MAPS = [
  ...EARLIER_MAPS,
  ...SHARED_MAPS,
  /^(numbers|webhooks|assignments|passports|purchases|deployment)$/,
  /^(conversations|threads|inbound|inbox)-[01][\da-f]$/,
  /^(assignments|passports)-0[\da-f]$/,
  /^seen-\w{2}$/,
  /^opt-outs-\w$/,
];

const matchesAny = (name: string, patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(name));

interface EarlierMap {
  service: string;
  map: string;
}

/** The maps of earlier versions, in `other` (a Sync service) and in the server's own service. */
export async function earlierMaps(twilio: Twilio, other: string): Promise<EarlierMap[]> {
  const mapsIn = async (service: string, patterns: readonly RegExp[]) => {
    const maps = await twilio.sync.v1.services(service).syncMaps.list({ pageSize: 100 });
    return maps
      .map(({ uniqueName }) => ({ service, map: uniqueName ?? '' }))
      .filter(({ map }) => matchesAny(map, patterns));
  };
  const own = await findStoreService(twilio);
  const found = await Promise.all([mapsIn(other, OWN_MAPS), own ? mapsIn(own, [...EARLIER_MAPS, ...SHARED_MAPS]) : []]);
  const maps = found.flat();
  // In its own service, messages are in the wrong place only if an earlier version made the other maps too.
  const isEarlier = ({ service, map }: EarlierMap) =>
    service !== own ||
    maps.some((each) => each.service === own && !matchesAny(each.map, SHARED_MAPS)) ||
    !matchesAny(map, SHARED_MAPS);
  return maps.filter(isEarlier).sort(messagesFirst);
}

/** Messages tell which entries of a thread are stored already. */
const messagesFirst = (a: { map: string }, b: { map: string }) =>
  Number(b.map.startsWith('messages-')) - Number(a.map.startsWith('messages-'));

/** Where an item of an earlier map belongs now; nowhere if nothing needs it any more. */
async function presentPlaces(store: Store, map: string, key: string, value: unknown): Promise<ItemPlace[]> {
  if (!matchesAny(map, [...EARLIER_MAPS, ...SHARED_MAPS])) return [[map, key]];
  const [, kind, name = ''] = /^(\w+)-?(.*)$/.exec(map)!;
  if (kind === 'messages') return [messagePlace(key)];
  if (kind === 'inbox') return [inboxPlace(name, key)];
  if (kind === 'thread' && key === '!') return [conversationPlace((value as Conversation).conversationId)];
  if (kind === 'conversations' || key === '!') return [];
  const entry = value as CompleteMessage;
  const known = await findMessage(store, entry.messageSid);
  // This version has met the message again and listed it at another time.
  if (known !== undefined && entryKey(known) !== key) return [];
  return placesOf(entry, [kind === 'thread' ? name : (entry.conversationId ?? threadId([entry.from, entry.to]))]);
}

interface Moved {
  /** Items copied now; those that the store had already are not counted. */
  copied: number;
  items: number;
}

interface EarlierItem {
  map: string;
  key: string;
  value: unknown;
  /** Seconds of its lifetime that are left. */
  left?: number;
}

/** Copies an item to where it belongs, and counts it. False if that is where it is, in this very store. */
async function copyItem(store: Store, { map, key, value, left }: EarlierItem, isOwn: boolean, moved: Moved) {
  const places = await presentPlaces(store, map, key, value);
  if (isOwn && places.some(([collection]) => collection === map)) return false;
  const added = await Promise.all(places.map((place) => store.add(...place, value, left)));
  if (places.length > 0) moved.items++;
  if (added.some(Boolean)) moved.copied++;
  return true;
}

/** Items copied at a time: Sync accepts 20 writes a second on a map. */
const ITEMS_AT_ONCE = 10;

/**
 * Copies a map into the server's own store, with the lifetime its items have left. What the store has already stays as it
 * is, so that an interrupted copy can be repeated while the server runs. With `remove`, deletes each item that has not
 * changed since it was copied, and then the map, if it is empty.
 */
export async function moveMap(
  twilio: Twilio,
  { service, map }: EarlierMap,
  { remove = false }: { remove?: boolean } = {},
): Promise<Moved> {
  const store = new SyncStore(twilio, ensureStoreService);
  const isOwn = service === (await ensureStoreService(twilio));
  const source = new SyncStore(twilio, async () => service);
  const stored = twilio.sync.v1.services(service).syncMaps(encodeURIComponent(map));
  const items = await stored.syncMapItems.list({ pageSize: 100 });
  const moved = { copied: 0, items: 0 };
  const moveItem = async ({ key, data, revision, dateExpires }: (typeof items)[number]) => {
    const left = dateExpires ? Math.ceil((dateExpires.getTime() - Date.now()) / 1000) : undefined;
    if (left !== undefined && left <= 0) return;
    const isCopied = await copyItem(store, { map, key, value: data, left }, isOwn, moved);
    if (isCopied && remove) await source.remove(map, key, revision);
  };
  for (let at = 0; at < items.length; at += ITEMS_AT_ONCE)
    await Promise.all(items.slice(at, at + ITEMS_AT_ONCE).map(moveItem));
  const isUsed = isOwn && matchesAny(map, SHARED_MAPS);
  if (remove && !isUsed && (await stored.syncMapItems.list({ limit: 1 })).length === 0) await stored.remove();
  return moved;
}

/** The same for the file of a local server, whose inboxes are left out: they last for five minutes. */
export async function moveFile(file: string, { remove = false }: { remove?: boolean } = {}): Promise<Moved> {
  const database = new Database(file);
  const rows = database.all('SELECT collection AS map, key, value, revision FROM items WHERE expires IS NULL');
  database.close();
  const store = new SqliteStore(file);
  const moved = { copied: 0, items: 0 };
  const earlier = (rows as unknown as { map: string; key: string; value: string; revision: number }[])
    .filter(({ map }) => matchesAny(map, [...EARLIER_MAPS, ...SHARED_MAPS]))
    .sort(messagesFirst);
  for (const { map, key, value, revision } of earlier) {
    const isCopied = await copyItem(store, { map, key, value: JSON.parse(value) }, true, moved);
    if (isCopied && remove) await store.remove(map, key, String(revision));
  }
  store.close();
  return moved;
}
