import { ToolError } from '../../errors';
import { type Item, modify, type Store, scan } from '../../store/port';
import { clearInbox } from '../../threads/inbox';
import type { ToolContext } from '../../tool';
import { buyNumber, findUnrecorded, isKept, purchases } from './purchase';
import { addWait, inLastHour, summarizeWaits, type Wait } from './statistics';

/** The passport that holds a number. */
export interface Assignment {
  phone_number: string;
  passport_id: string;
  assigned_at: string;
}

/** The entry of a number, so that one passport can hold it: its assignment, missing while it is free, and its last waits. */
type Holding = Partial<Assignment> & { waits?: readonly Wait[] };
/** The entry of a passport, so that two calls with one passport end with one number. */
interface Passport {
  phone_number: string;
}

/*
 * Entries of both collections are kept without an assignment but never deleted, so a revision never matches a later entry of the same key.
 * The first change of an entry wins; nothing depends on a read that may be stale.
 */
const HOLDINGS = 'assignments';
const PASSPORTS = 'passports';
const keyOf = (passport: string) => `passport ${passport}`;

/** All numbers of the pool: the configured ones, then the bought ones. */
const poolOf = (configured: readonly string[], bought: readonly { phone_number: string }[]): string[] => [
  ...new Set([...configured, ...bought.map(({ phone_number }) => phone_number)]),
];

/** Who holds which number, how far the pool is used, and how the last waits ended. */
export async function describePool({ store, config }: Pick<ToolContext, 'store' | 'config'>) {
  const [all, bought] = await Promise.all([holdings(store), purchases(store)]);
  const held = assignmentsIn(all);
  const taken = new Set(held.map(({ phone_number }) => phone_number));
  const pool = poolOf(config.phoneNumbers, bought);
  return {
    assignments: held,
    pool: {
      size: pool.length,
      assigned: held.length,
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

/** Who holds which number. */
const assignmentsIn = (all: readonly Holding[]): Assignment[] =>
  all.filter(isHeld).map(({ phone_number, passport_id, assigned_at }) => ({ phone_number, passport_id, assigned_at }));

/** The entry of a number, if a passport holds it. */
export async function holdingOf(store: Store, number: string): Promise<Item<Held> | undefined> {
  const item = await store.get<Holding>(HOLDINGS, number);
  return item && isHeld(item.value) ? (item as Item<Held>) : undefined;
}

type Held = Holding & Assignment;
const isHeld = (holding: Holding): holding is Held => holding.passport_id !== undefined;

/** Adds a finished wait to the entry of its number, read before as `holding`: one request, unless the entry changed. */
export async function recordWait(store: Store, holding: Item<Held>, wait: Wait): Promise<void> {
  await modify<Holding>(store, HOLDINGS, holding.key, (entry = {}) => addWait(entry, wait), holding);
}

/**
 * The number of a passport: the one it holds, else the first free one, else a bought one if that is allowed.
 * Throws a `ToolError` if no number is available.
 */
export async function numberFor(passport: string, context: ToolContext): Promise<string> {
  const { store, config } = context;
  const own = (await store.get<Passport>(PASSPORTS, keyOf(passport)))?.value.phone_number;
  if (own !== undefined && (await holds(store, passport, own))) {
    if (await isKept(own, context)) return own;
    await vacate(store, own, passport);
  }
  const held = assignmentsIn(await holdings(store));
  // An interrupted call may have claimed a number without recording it under the passport.
  const interrupted = held.find(({ passport_id }) => passport_id === passport);
  if (interrupted) return settle(store, passport, interrupted.phone_number);
  const taken = new Set(held.map(({ phone_number }) => phone_number));
  const pool = poolOf(config.phoneNumbers, await purchases(store));
  const free = pool.filter((number) => !taken.has(number));
  const claimed = await claimFirst(store, passport, kept(free, context));
  if (claimed !== undefined) return claimed;
  if (!config.autoProvision) {
    if (pool.length === 0) throw new ToolError('No phone numbers configured. Set TWILIO_PHONE_NUMBERS env var.');
    throw new ToolError(
      `Failed to get phone number: all ${pool.length} numbers are taken, and AGENT_PHONE_AUTO_PROVISION does not allow buying one. Release one (release_phone_number), or try later.`,
    );
  }
  const found = await claimFirst(store, passport, await findUnrecorded(context));
  if (found !== undefined) return found;
  const bought = await claimFirst(store, passport, [await buyNumber(context)]);
  // If another call claimed it first, try again: another number may be free.
  return bought ?? numberFor(passport, context);
}

const holds = async (store: Store, passport: string, number: string) =>
  (await holdingOf(store, number))?.value.passport_id === passport;

async function* kept(numbers: readonly string[], context: ToolContext): AsyncGenerator<string> {
  for (const number of numbers) if (await isKept(number, context)) yield number;
}

async function claimFirst(
  store: Store,
  passport: string,
  numbers: Iterable<string> | AsyncIterable<string>,
): Promise<string | undefined> {
  for await (const number of numbers) if (await claim(store, passport, number)) return settle(store, passport, number);
  return undefined;
}

/**
 * Claims a free number: false if another passport holds it. A number claimed by another call of the same passport counts
 * as claimed, so that concurrent calls do not use up the pool for a moment.
 */
async function claim(store: Store, passport: string, number: string): Promise<boolean> {
  const assigned_at = new Date().toISOString();
  const { passport_id } = await modify<Holding>(store, HOLDINGS, number, (holding) =>
    holding && isHeld(holding) ? holding : { ...holding, phone_number: number, passport_id: passport, assigned_at },
  );
  return passport_id === passport;
}

/** Records the number of a passport. If another call of the same passport recorded one first, frees this one. */
async function settle(store: Store, passport: string, number: string): Promise<string> {
  const { phone_number } = await modify<Passport>(store, PASSPORTS, keyOf(passport), async (recorded) => {
    if (recorded && (recorded.phone_number === number || (await holds(store, passport, recorded.phone_number)))) {
      return recorded;
    }
    return { phone_number: number };
  });
  if (phone_number !== number) await freeNumber(store, number, passport);
  return phone_number;
}

/** Frees a number if this passport holds it, but not if it was released and taken again in the meantime. */
async function freeNumber(store: Store, number: string, passport: string): Promise<void> {
  let since: string | undefined;
  await modify<Holding | undefined>(store, HOLDINGS, number, (holding) => {
    since ??= holding?.assigned_at;
    const isSame = holding?.passport_id === passport && holding.assigned_at === since;
    return isSame ? { waits: holding.waits } : holding;
  });
}

/** Clears the inbox of a number, then frees it, so that the next holder finds no earlier message. */
async function vacate(store: Store, number: string, passport: string): Promise<void> {
  await clearInbox(store, number);
  await freeNumber(store, number, passport);
}

/** Returns a number, or the number of a passport, to the pool. Throws a `ToolError` if it is not assigned that way. */
export async function release(
  { phone_number, passport_id }: { phone_number?: string; passport_id?: string },
  store: Store,
): Promise<Assignment> {
  const assignment =
    phone_number === undefined
      ? assignmentsIn(await holdings(store)).find((held) => held.passport_id === passport_id)
      : (await holdingOf(store, phone_number))?.value;
  if (assignment === undefined || assignment.passport_id !== (passport_id ?? assignment.passport_id)) {
    const what = phone_number === undefined ? 'No number is' : `${phone_number} is not`;
    const whom = passport_id === undefined ? '' : ` to passport "${passport_id}"`;
    throw new ToolError(`${what} assigned${whom}; nothing was done. See list_assignments.`);
  }
  await vacate(store, assignment.phone_number, assignment.passport_id);
  return assignment;
}
