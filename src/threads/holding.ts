import { createHash } from 'node:crypto';
import { type Item, modify, type Store, scan } from '../store/port';
import { allShards, shard } from './ranges';

/** Who holds a number that agents share. */
export interface Assignment {
  phone_number: string;
  passport_id: string;
  assigned_at: string;
  /** The client that the URL of the holder is signed for. */
  client?: string;
  /** The hash of the pass that was handed out with the number. Each assignment has another one. */
  secret: string;
  /** Whether the holder can come back: it is a client, or has used its pass. */
  confirmed?: true;
}

/** How an agent shows that it holds a number: by its pass, else by the client of its signed URL. */
export interface Proof {
  pass?: string;
  client?: string;
}

/*
 * The entries of all numbers that were ever assigned; a free number has one without an assignment. Earlier versions kept
 * them in one collection of this name, from which each is moved when it is first needed.
 */
const HOLDINGS = 'assignments';
const SHARDS_OF_HOLDINGS = 16;
const holdingsOf = (number: string) => shard(HOLDINGS, number, { of: SHARDS_OF_HOLDINGS });

/** The answer with the pass may have been lost, so an assignment whose pass has not been used by then has ended. */
const UNCONFIRMED_MS = 600_000;

/** The secret of an assignment with this pass. */
export const secretOf = (pass: string): string => createHash('sha256').update(pass).digest('base64url');

/** Whether an entry has an assignment that has not ended. */
export const isHeld = <E extends Partial<Assignment>>(entry: E): entry is E & Assignment =>
  entry.secret !== undefined && (entry.confirmed || Date.now() - Date.parse(entry.assigned_at!) < UNCONFIRMED_MS);

/** Whether this proof is for the assignment of an entry; it may have ended, as long as the number has not been taken again. */
export const isOwn = <E extends Partial<Assignment>>(entry: E, { pass, client }: Proof): entry is E & Assignment =>
  entry.secret !== undefined &&
  (pass === undefined ? client !== undefined && entry.client === client : entry.secret === secretOf(pass));

/** The entry of a number, if it was ever assigned. */
export async function findHolding<E extends Partial<Assignment>>(
  store: Store,
  number: string,
): Promise<Item<E> | undefined> {
  const item = await store.get<E>(holdingsOf(number), number);
  if (item !== undefined) return item;
  const earlier = await store.get<E>(HOLDINGS, number);
  if (earlier === undefined) return undefined;
  await store.add(holdingsOf(number), number, earlier.value);
  return store.get<E>(holdingsOf(number), number);
}

/** The entries of all numbers that were ever assigned, in one request for each collection. */
export async function listHoldings<E extends Partial<Assignment>>(store: Store): Promise<Item<E>[]> {
  const collections = [...allShards(HOLDINGS, SHARDS_OF_HOLDINGS).map(({ collection }) => collection), HOLDINGS];
  const lists = await Promise.all(
    collections.map(async (collection) => {
      const items: Item<E>[] = [];
      for await (const item of scan<E>(store, collection)) items.push(item);
      return items;
    }),
  );
  const earlier = lists.pop()!;
  const found = lists.flat();
  const known = new Set(found.map(({ key }) => key));
  const toMove = earlier.filter(({ key }) => !known.has(key));
  if (toMove.length === 0) return found;
  await Promise.all(toMove.map(({ key, value }) => store.add(holdingsOf(key), key, value)));
  return listHoldings(store);
}

/** Changes the entry of a number as `modify` does. `known` is null if the number was never assigned. */
export async function modifyHolding<E extends Partial<Assignment>>(
  store: Store,
  number: string,
  change: (entry: E | undefined) => E,
  known?: Item<E> | null,
): Promise<E> {
  const item = known === undefined ? ((await findHolding<E>(store, number)) ?? null) : known;
  return modify<E>(store, holdingsOf(number), number, (entry) => change(entry), item as Item<NonNullable<E>> | null);
}

/** The entry of a number, if someone holds it. */
export async function holdingOf<E extends Partial<Assignment>>(
  store: Store,
  number: string,
): Promise<Item<E & Assignment> | undefined> {
  const item = await findHolding<E>(store, number);
  return item && isHeld(item.value) ? (item as Item<E & Assignment>) : undefined;
}

/** The instant (ISO 8601) from which messages belong to an assignment: its holder sees nothing from before. */
export const beginningOf = ({ assigned_at }: Assignment): string => new Date(Date.parse(assigned_at) + 1).toISOString();
