import { randomBytes } from 'node:crypto';
import { ToolError } from '../../errors';
import { type Item, modify, type Store } from '../../store/port';
import {
  type Assignment,
  findHolding,
  holdingOf,
  isHeld,
  isOwn,
  listHoldings,
  modifyHolding,
  type Proof,
  secretOf,
} from '../../threads/holding';
import { clearInbox } from '../../threads/inbox';
import { shard } from '../../threads/ranges';
import type { ToolContext } from '../../tool';
import { boughtIn, buyNumber, findUnrecorded, isKept, readSlots } from './purchase';
import { addWait, inLastHour, summarizeWaits, type Wait } from './statistics';

/** The entry of a number, so that one passport can hold it: its assignment, missing while it is free, and its last waits. */
type Holding = Partial<Assignment> & { waits?: readonly Wait[] };
type Held = Holding & Assignment;
/** The entry of a passport, so that two calls with one passport end with one number. */
interface Passport {
  phone_number: string;
}

/** Who asks for a number, and the pass of a new assignment. Passports of different clients differ. */
interface Claimant {
  passport_id: string;
  client: string | undefined;
  pass: string;
  /** The entry of the passport as it was read, null if there was none. */
  known?: Item<Passport> | null;
}

/** That no number was free, and why. Until then other passports of the collection are told the same without a search. */
interface Shortage {
  until: number;
  why: string;
}

/*
 * Entries of numbers and passports are kept without an assignment but never deleted, so a revision never matches a later entry of the same key.
 * The first change of an entry wins; nothing depends on a read that may be stale.
 */
const SHARDS_OF_PASSPORTS = 16;
const passportsOf = (key: string) => shard('passports', key, { of: SHARDS_OF_PASSPORTS });
/** The key of a shortage; those of passports begin otherwise. */
const SHORTAGE = 'none free';
/** How long a shortage is believed, so that many agents that ask often do not search as often. */
const SHORTAGE_MS = 2000;
const keyOf = ({ passport_id, client }: Claimant) =>
  `${client === undefined ? '' : `client ${client} `}passport ${passport_id}`;

/** All numbers of the pool: the configured ones, then the bought ones. */
const poolOf = (configured: readonly string[], bought: readonly { phone_number: string }[]): string[] => [
  ...new Set([...configured, ...bought.map(({ phone_number }) => phone_number)]),
];

/** The assignments of this client or pass, how far the pool is used, and how the last waits ended. */
export async function describePool({ store, config, client }: ToolContext, pass?: string) {
  const [holdings, slots] = await Promise.all([listHoldings<Holding>(store), readSlots(store, config)]);
  const all = holdings.map(({ value }) => value);
  const bought = boughtIn(slots);
  const taken = new Set(all.filter(isHeld).map(({ phone_number }) => phone_number));
  const pool = poolOf(config.phoneNumbers, bought);
  return {
    assignments: all
      .filter((entry) => isOwn(entry, { pass, client }))
      .map(({ phone_number, passport_id, assigned_at }) => ({ phone_number, passport_id, assigned_at })),
    pool: {
      size: pool.length,
      assigned: taken.size,
      free: pool.filter((number) => !taken.has(number)).length,
      bought: bought.length,
      bought_last_hour: inLastHour(bought.map(({ bought_at }) => bought_at)),
      may_buy: config.autoProvision ? Math.max(0, config.maxBoughtNumbers - bought.length) : 0,
    },
    waits_last_day: summarizeWaits(all),
  };
}

/**
 * The entry of a number, if this proof is for its assignment, which the call confirms; the revision is then the one from
 * before.
 */
export async function ownHolding(store: Store, number: string, proof: Proof): Promise<Item<Held> | undefined> {
  const item = await findHolding<Holding>(store, number);
  if (item === undefined || !isOwn(item.value, proof)) return undefined;
  const confirm = (entry: Holding = {}) =>
    isOwn(entry, proof) && !entry.confirmed ? ({ ...entry, confirmed: true } as const) : entry;
  const value = await modifyHolding<Holding>(store, number, confirm, item);
  return isOwn(value, proof) ? { ...item, value } : undefined;
}

/**
 * Adds a finished wait to the entry of its number, read before as `holding`: one request, unless the entry changed. Returns
 * the entry, in which another assignment may have begun.
 */
export const recordWait = (store: Store, holding: Item<Held>, wait: Wait): Promise<Holding> =>
  modifyHolding<Holding>(
    store,
    holding.key,
    (entry = {}) => (entry.secret === holding.value.secret ? addWait(entry, wait) : entry),
    holding,
  );

/**
 * The number of a passport, and its pass if it was assigned by this call or that pass is given. A passport is no secret, so
 * the pass is not shown to anyone else. Throws a `ToolError` if no number is available.
 */
export async function takeNumber(
  { passport_id, pass }: { passport_id: string; pass?: string },
  context: ToolContext,
): Promise<{ phone_number: string; pass?: string; note?: string }> {
  const { store, client } = context;
  const claimant = { passport_id, client, pass: randomBytes(12).toString('base64url') };
  const held = await numberFor(claimant, context);
  const { phone_number } = held;
  if (client !== undefined) return { phone_number };
  if (isOwn(held, { pass: claimant.pass })) return { phone_number, pass: claimant.pass };
  if (pass !== undefined && (await ownHolding(store, phone_number, { pass }))) return { phone_number, pass };
  return {
    phone_number,
    note: 'The first answer for this passport_id contained the pass of this number. If it is lost, take a number with another passport_id.',
  };
}

/** The assignment of a passport: the one it has, else of the first free number, else of a bought one if that is allowed. */
async function numberFor(claiming: Claimant, context: ToolContext): Promise<Held> {
  const { store, config } = context;
  const { phoneNumbers: configured, autoProvision } = config;
  const started = new Date();
  const key = keyOf(claiming);
  const [passport, shortage] = await Promise.all([
    store.get<Passport>(passportsOf(key), key),
    store.get<Shortage>(passportsOf(key), SHORTAGE),
  ]);
  const claimant = { ...claiming, known: passport ?? null };
  const held = passport && (await heldBy(store, claimant, passport.value.phone_number));
  if (held !== undefined) {
    if (await isKept(held.phone_number, context)) return held;
    await vacate(store, held, started);
  } else if (shortage && shortage.value.until > Date.now()) throw noneFree(shortage.value.why);
  const refuse = async (why: string) => {
    const value: Shortage = { until: Date.now() + SHORTAGE_MS, why };
    const noting = shortage
      ? store.update(passportsOf(key), SHORTAGE, value, shortage.revision)
      : store.add(passportsOf(key), SHORTAGE, value);
    // It only saves requests.
    await noting.catch(() => false);
    return noneFree(why);
  };
  const [all, early] = await Promise.all([
    listHoldings<Holding>(store),
    autoProvision ? readSlots(store, config) : undefined,
  ]);
  // An interrupted call may have claimed a number without recording it under the passport.
  const interrupted = all.map(({ value }) => value).find((entry) => isHeld(entry) && isOf(entry, claimant));
  if (interrupted) return settle(store, claimant, interrupted as Held);
  const known = new Map(all.map((item) => [item.key, item]));
  // Always in the same order: two calls of one passport try the same number, so that an interrupted one leaves no second.
  const freeOf = (numbers: readonly string[]) => numbers.filter((number) => !isHeld(known.get(number)?.value ?? {}));
  const claimed = await claimFirst(store, claimant, freeOf(configured), known);
  if (claimed !== undefined) return claimed;
  const slots = early ?? (await readSlots(store, config));
  const pool = poolOf(configured, boughtIn(slots));
  const free = freeOf(pool.slice(configured.length));
  const found = await claimFirst(store, claimant, kept(free, context), known);
  if (found !== undefined) return found;
  if (!autoProvision) {
    if (pool.length === 0) throw new ToolError('No phone numbers configured. Set TWILIO_PHONE_NUMBERS env var.');
    throw await refuse(
      `all ${pool.length} numbers are taken, and AGENT_PHONE_AUTO_PROVISION does not allow buying one`,
    );
  }
  // Slots of numbers that are gone have been freed.
  const current = free.length > 0 ? await readSlots(store, config) : slots;
  const unrecorded = await claimFirst(store, claimant, await findUnrecorded(context, current));
  if (unrecorded !== undefined) return unrecorded;
  const number = await buyNumber(context, current, started);
  if (number === undefined) {
    throw await refuse(
      `all numbers are taken, and the maximum of ${config.maxBoughtNumbers} bought ones is reached, counting purchases under way (AGENT_PHONE_MAX_NUMBERS)`,
    );
  }
  const bought = await claimFirst(store, claimant, [number], new Map()).catch((error: Error) => {
    throw new ToolError(
      `Failed to get phone number: ${number} was bought and is in the pool, but could not be assigned: ${error.message}. Call get_phone_number again.`,
    );
  });
  // If another call claimed it first, try again: another number may be free.
  return bought ?? numberFor(claimant, context);
}

/** Agents without a number come back after this many seconds and up to as many more, so that they do not come all at once. */
const COME_BACK_SECONDS = 10;

function noneFree(why: string): ToolError {
  const seconds = COME_BACK_SECONDS + Math.floor(Math.random() * COME_BACK_SECONDS);
  return new ToolError(
    `Failed to get phone number: ${why}. Release one (release_phone_number), or call again in ${seconds} seconds.`,
  );
}

const isOf = (entry: Assignment, { passport_id, client }: Claimant) =>
  entry.passport_id === passport_id && entry.client === client;

async function heldBy(store: Store, claimant: Claimant, number: string): Promise<Held | undefined> {
  const held = (await holdingOf<Holding>(store, number))?.value;
  return held && isOf(held, claimant) ? held : undefined;
}

async function* kept(numbers: readonly string[], context: ToolContext): AsyncGenerator<string> {
  for (const number of numbers) if (await isKept(number, context)) yield number;
}

/** `known` are the entries of all numbers as they were read. */
async function claimFirst(
  store: Store,
  claimant: Claimant,
  numbers: Iterable<string> | AsyncIterable<string>,
  known?: ReadonlyMap<string, Item<Holding>>,
): Promise<Held | undefined> {
  for await (const number of numbers) {
    const held = await claim(store, claimant, number, known && (known.get(number) ?? null));
    if (isOf(held, claimant)) return settle(store, claimant, held);
  }
  return undefined;
}

/**
 * Claims a free number; returns its assignment, which is another one if the number is not free. One by another call of the
 * same passport counts as claimed, so that concurrent calls do not use up the pool for a moment.
 */
async function claim(
  store: Store,
  { passport_id, client, pass }: Claimant,
  phone_number: string,
  known?: Item<Holding> | null,
): Promise<Held> {
  const assign = (entry: Holding = {}): Holding =>
    isHeld(entry)
      ? entry
      : {
          ...{ phone_number, passport_id, assigned_at: new Date().toISOString(), secret: secretOf(pass) },
          ...(client !== undefined && { client, confirmed: true }),
          ...(entry.waits && { waits: entry.waits }),
        };
  return (await modifyHolding(store, phone_number, assign, known)) as Held;
}

/** Records the number of a passport. If another call of the same passport recorded one first, frees this one. */
async function settle(store: Store, claimant: Claimant, held: Held): Promise<Held> {
  let current = held;
  const record = async (recorded?: Passport): Promise<Passport> => {
    const other = recorded && (await heldBy(store, claimant, recorded.phone_number));
    current = other ?? held;
    return other ? recorded : { phone_number: held.phone_number };
  };
  const key = keyOf(claimant);
  await modify<Passport>(store, passportsOf(key), key, record, claimant.known);
  if (current.phone_number !== held.phone_number) await free(store, held);
  return current;
}

/** Frees a number, but not if the assignment has ended and another one has begun. */
async function free(store: Store, { phone_number, secret }: Assignment): Promise<void> {
  await modifyHolding<Holding>(store, phone_number, (entry = {}) =>
    entry.secret === secret ? { waits: entry.waits } : entry,
  );
}

/**
 * Clears the inbox of a number, then frees it. What arrives after `held` was read may be the next holder's and stays; what
 * is older no later holder sees.
 */
async function vacate(store: Store, held: Assignment, before: Date): Promise<void> {
  await clearInbox(store, held.phone_number, before.toISOString());
  await free(store, held);
}

/** Said whether or not someone holds the number. */
export const ONLY_HOLDER = 'A number works only with its pass, or with the client= of the URL that took it.';

/** Returns a number to the pool. Throws a `ToolError` if the proof is for none that matches. */
export async function release(
  { pass, ...which }: { phone_number?: string; passport_id?: string; pass?: string },
  { store, client }: ToolContext,
): Promise<Assignment> {
  const started = new Date();
  const { phone_number: number } = which;
  const items = number === undefined ? await listHoldings<Holding>(store) : [await findHolding<Holding>(store, number)];
  const held = items
    .map((item) => item?.value)
    .find(
      (entry): entry is Held =>
        entry !== undefined &&
        isOwn(entry, { pass, client }) &&
        entry.passport_id === (which.passport_id ?? entry.passport_id),
    );
  if (held === undefined) {
    const what = which.phone_number === undefined ? 'No number is' : `${which.phone_number} is not`;
    const whom = which.passport_id === undefined ? '' : ` to passport "${which.passport_id}"`;
    throw new ToolError(`${what} assigned${whom}; nothing was done. ${ONLY_HOLDER}`);
  }
  await vacate(store, held, started);
  return held;
}
