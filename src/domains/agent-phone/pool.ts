import { ToolError } from '../../errors';
import { modify, type Store, scan } from '../../store/port';
import { clearInbox } from '../../threads/inbox';
import type { ToolContext } from '../../tool';
import { boughtNumbers, buyNumber, findUnrecorded, isKept } from './purchase';

/** The passport that holds a number. */
export interface Assignment {
  phone_number: string;
  passport_id: string;
  assigned_at: string;
}

/** The entry of a number, so that one passport can hold it: its assignment, empty while the number is free. */
type Holding = Partial<Assignment>;
/** The entry of a passport, so that two calls with one passport end with one number. */
interface Passport {
  phone_number: string;
}

/*
 * Entries of both collections are emptied but never deleted, so a revision never matches a later entry of the same key.
 * The first change of an entry wins; nothing depends on a read that may be stale.
 */
const HOLDINGS = 'assignments';
const PASSPORTS = 'passports';
const keyOf = (passport: string) => `passport ${passport}`;

/** All numbers of the pool: the configured ones, then the bought ones. */
export async function poolOf({ store, config }: Pick<ToolContext, 'store' | 'config'>): Promise<string[]> {
  return [...new Set([...config.phoneNumbers, ...(await boughtNumbers(store))])];
}

export async function assignments(store: Store): Promise<Assignment[]> {
  const found: Assignment[] = [];
  for await (const { value } of scan<Holding>(store, HOLDINGS)) if (isHeld(value)) found.push(value);
  return found;
}

export async function assignmentOf(store: Store, number: string): Promise<Assignment | undefined> {
  const value = (await store.get<Holding>(HOLDINGS, number))?.value;
  return value && isHeld(value) ? value : undefined;
}

const isHeld = (holding: Holding): holding is Assignment => holding.passport_id !== undefined;

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
  const held = await assignments(store);
  // An interrupted call may have claimed a number without recording it under the passport.
  const interrupted = held.find(({ passport_id }) => passport_id === passport);
  if (interrupted) return settle(store, passport, interrupted.phone_number);
  const taken = new Set(held.map(({ phone_number }) => phone_number));
  const pool = await poolOf(context);
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
  (await assignmentOf(store, number))?.passport_id === passport;

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
    holding && isHeld(holding) ? holding : { phone_number: number, passport_id: passport, assigned_at },
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

/** Frees a number if this passport holds it. */
async function freeNumber(store: Store, number: string, passport: string): Promise<void> {
  const item = await store.get<Holding>(HOLDINGS, number);
  if (item?.value.passport_id === passport) await store.update(HOLDINGS, number, {}, item.revision);
}

/** Clears the inbox of a number, then frees it, so that the next holder finds no earlier message. */
async function vacate(store: Store, number: string, passport: string): Promise<void> {
  await clearInbox(store, number);
  await freeNumber(store, number, passport);
}

/** Returns a number to the pool. Throws a `ToolError` if it is not assigned. */
export async function release(number: string, store: Store): Promise<Assignment> {
  const assignment = await assignmentOf(store, number);
  if (assignment === undefined)
    throw new ToolError(`${number} is not assigned; nothing was done. See list_assignments.`);
  await vacate(store, number, assignment.passport_id);
  return assignment;
}
