import { randomBytes } from 'node:crypto';
import { ToolError } from '../../errors';
import { type Item, modify, type Store, scan } from '../../store/port';
import { type Assignment, HOLDINGS, holdingOf, isHeld, isOwn, type Proof, secretOf } from '../../threads/holding';
import { clearInbox } from '../../threads/inbox';
import type { ToolContext } from '../../tool';
import { buyNumber, findUnrecorded, isKept, purchases } from './purchase';
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
}

/*
 * Entries of both collections are kept without an assignment but never deleted, so a revision never matches a later entry of the same key.
 * The first change of an entry wins; nothing depends on a read that may be stale.
 */
const PASSPORTS = 'passports';
const keyOf = ({ passport_id, client }: Claimant) =>
  `${client === undefined ? '' : `client ${client} `}passport ${passport_id}`;

/** All numbers of the pool: the configured ones, then the bought ones. */
const poolOf = (configured: readonly string[], bought: readonly { phone_number: string }[]): string[] => [
  ...new Set([...configured, ...bought.map(({ phone_number }) => phone_number)]),
];

/** The assignments of this client or pass, how far the pool is used, and how the last waits ended. */
export async function describePool({ store, config, client }: ToolContext, pass?: string) {
  const [all, bought] = await Promise.all([holdings(store), purchases(store)]);
  const taken = takenIn(all);
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

/** The entries of all numbers that were ever assigned. */
async function holdings(store: Store): Promise<Holding[]> {
  const found: Holding[] = [];
  for await (const { value } of scan<Holding>(store, HOLDINGS)) found.push(value);
  return found;
}

const takenIn = (all: readonly Holding[]) => new Set(all.filter(isHeld).map(({ phone_number }) => phone_number));

/**
 * The entry of a number, if this proof is for its assignment, which the call confirms; the revision is then the one from
 * before.
 */
export async function ownHolding(store: Store, number: string, proof: Proof): Promise<Item<Held> | undefined> {
  const item = await store.get<Holding>(HOLDINGS, number);
  if (item === undefined || !isOwn(item.value, proof)) return undefined;
  const confirm = (entry: Holding = {}) =>
    isOwn(entry, proof) && !entry.confirmed ? ({ ...entry, confirmed: true } as const) : entry;
  const value = await modify<Holding>(store, HOLDINGS, number, confirm, item);
  return isOwn(value, proof) ? { ...item, value } : undefined;
}

/**
 * Adds a finished wait to the entry of its number, read before as `holding`: one request, unless the entry changed. Returns
 * the entry, in which another assignment may have begun.
 */
export const recordWait = (store: Store, holding: Item<Held>, wait: Wait): Promise<Holding> =>
  modify<Holding>(
    store,
    HOLDINGS,
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
async function numberFor(claimant: Claimant, context: ToolContext): Promise<Held> {
  const { store, config } = context;
  const started = new Date();
  const own = (await store.get<Passport>(PASSPORTS, keyOf(claimant)))?.value.phone_number;
  const current = own === undefined ? undefined : await heldBy(store, claimant, own);
  if (current !== undefined) {
    if (await isKept(current.phone_number, context)) return current;
    await vacate(store, current, started);
  }
  const all = await holdings(store);
  // An interrupted call may have claimed a number without recording it under the passport.
  const interrupted = all.filter(isHeld).find((entry) => isOf(entry, claimant));
  if (interrupted) return settle(store, claimant, interrupted);
  const taken = takenIn(all);
  const pool = poolOf(config.phoneNumbers, await purchases(store));
  const free = pool.filter((number) => !taken.has(number));
  const claimed = await claimFirst(store, claimant, kept(free, context));
  if (claimed !== undefined) return claimed;
  if (!config.autoProvision) {
    if (pool.length === 0) throw new ToolError('No phone numbers configured. Set TWILIO_PHONE_NUMBERS env var.');
    throw new ToolError(
      `Failed to get phone number: all ${pool.length} numbers are taken, and AGENT_PHONE_AUTO_PROVISION does not allow buying one. Release one (release_phone_number), or try later.`,
    );
  }
  const found = await claimFirst(store, claimant, await findUnrecorded(context));
  if (found !== undefined) return found;
  const bought = await claimFirst(store, claimant, [await buyNumber(context)]);
  // If another call claimed it first, try again: another number may be free.
  return bought ?? numberFor(claimant, context);
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

async function claimFirst(
  store: Store,
  claimant: Claimant,
  numbers: Iterable<string> | AsyncIterable<string>,
): Promise<Held | undefined> {
  for await (const number of numbers) {
    const held = await claim(store, claimant, number);
    if (isOf(held, claimant)) return settle(store, claimant, held);
  }
  return undefined;
}

/**
 * Claims a free number; returns its assignment, which is another one if the number is not free. One by another call of the
 * same passport counts as claimed, so that concurrent calls do not use up the pool for a moment.
 */
const claim = async (store: Store, { passport_id, client, pass }: Claimant, phone_number: string): Promise<Held> =>
  (await modify<Holding>(store, HOLDINGS, phone_number, (entry = {}) =>
    isHeld(entry)
      ? entry
      : {
          ...{ phone_number, passport_id, assigned_at: new Date().toISOString(), secret: secretOf(pass) },
          ...(client !== undefined && { client, confirmed: true }),
          ...(entry.waits && { waits: entry.waits }),
        },
  )) as Held;

/** Records the number of a passport. If another call of the same passport recorded one first, frees this one. */
async function settle(store: Store, claimant: Claimant, held: Held): Promise<Held> {
  let current = held;
  await modify<Passport>(store, PASSPORTS, keyOf(claimant), async (recorded) => {
    const other = recorded && (await heldBy(store, claimant, recorded.phone_number));
    current = other ?? held;
    return other ? recorded : { phone_number: held.phone_number };
  });
  if (current.phone_number !== held.phone_number) await free(store, held);
  return current;
}

/** Frees a number, but not if the assignment has ended and another one has begun. */
async function free(store: Store, { phone_number, secret }: Assignment): Promise<void> {
  await modify<Holding | undefined>(store, HOLDINGS, phone_number, (entry) =>
    entry?.secret === secret ? { waits: entry.waits } : entry,
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
  const own = (await holdings(store)).filter((entry) => isOwn(entry, { pass, client })) as Held[];
  const held = own.find(
    (entry) =>
      entry.phone_number === (which.phone_number ?? entry.phone_number) &&
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
