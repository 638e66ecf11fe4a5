import { ToolError } from '../../errors';
import { every, type Item, type Store } from '../../storage';
import { clearInbox } from '../../threads/inbox';
import type { ToolContext } from '../../tool';
import { boughtNumbers, buyNumber, findUnrecorded, isKept } from './purchase';

/** Who holds a number. */
export interface Assignment {
  phone_number: string;
  passport_id: string;
  assigned_at: string;
}

/** What is kept of a number, by number, so that only one can hold it: its assignment, or nothing while it is free. */
type Holding = Partial<Assignment>;
/** What is kept of a passport, by passport, so that two calls of one passport end with one number. */
interface Passport {
  phone_number: string;
}

/*
 * Entries of both are never removed, only emptied: a revision that was read then never fits a later entry of the same
 * key. Whoever changes an entry first has it; nothing rests on a reading that may be old.
 */
const HOLDINGS = 'assignments';
const PASSPORTS = 'passports';
const keyOf = (passport: string) => `passport ${passport}`;

/** The numbers there are to give: those configured, then those bought. */
export async function poolOf({ store, config }: Pick<ToolContext, 'store' | 'config'>): Promise<string[]> {
  return [...new Set([...config.phoneNumbers, ...(await boughtNumbers(store))])];
}

export async function assignments(store: Store): Promise<Assignment[]> {
  const found: Assignment[] = [];
  for await (const { value } of every<Holding>(store, HOLDINGS)) if (isHeld(value)) found.push(value);
  return found;
}

export async function assignmentOf(store: Store, number: string): Promise<Assignment | undefined> {
  const value = (await store.get<Holding>(HOLDINGS, number))?.value;
  return value && isHeld(value) ? value : undefined;
}

const isHeld = (holding: Holding): holding is Assignment => holding.passport_id !== undefined;

/**
 * The number of a passport: the one it has, else the first free one, else one that is bought if that is allowed.
 * @throws ToolError where there is none
 */
export async function numberFor(passport: string, context: ToolContext): Promise<string> {
  const { store, config } = context;
  const own = (await store.get<Passport>(PASSPORTS, keyOf(passport)))?.value.phone_number;
  if (own !== undefined && (await holds(store, passport, own))) {
    if (await isKept(own, context)) return own;
    await vacate(store, own, passport);
  }
  const held = await assignments(store);
  // A call that broke off may have taken a number and not noted it.
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
      `Failed to get phone number: all ${pool.length} numbers are taken, and AGENT_PHONE_AUTO_PROVISION does not allow to buy one. Release one (release_phone_number), or try later.`,
    );
  }
  const found = await claimFirst(store, passport, await findUnrecorded(context));
  if (found !== undefined) return found;
  const bought = await claimFirst(store, passport, [await buyNumber(context)]);
  // Whoever was faster has a number now, and there may be another.
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
 * Takes a number that is free: false where another passport was faster. What another call of the same passport took is
 * taken, so that many of them do not use the pool up for a moment.
 */
async function claim(store: Store, passport: string, number: string): Promise<boolean> {
  for (;;) {
    const item = await store.get<Holding>(HOLDINGS, number);
    if (item && isHeld(item.value)) return item.value.passport_id === passport;
    const assignment: Assignment = {
      phone_number: number,
      passport_id: passport,
      assigned_at: new Date().toISOString(),
    };
    const taken = item
      ? await store.update(HOLDINGS, number, assignment, item.revision)
      : await store.add(HOLDINGS, number, assignment);
    if (taken) return true;
  }
}

/** Notes the number of a passport; where another call of the same passport was faster, gives this one back. */
async function settle(store: Store, passport: string, number: string): Promise<string> {
  for (;;) {
    const item = await store.get<Passport>(PASSPORTS, keyOf(passport));
    const other = item?.value.phone_number;
    if (other === number) return number;
    if (other !== undefined && (await holds(store, passport, other))) {
      await empty(store, number, passport);
      return other;
    }
    const note: Passport = { phone_number: number };
    const noted = item
      ? await store.update(PASSPORTS, keyOf(passport), note, item.revision)
      : await store.add(PASSPORTS, keyOf(passport), note);
    if (noted) return number;
  }
}

/** Frees a number, if this passport holds it. */
async function empty(store: Store, number: string, passport: string): Promise<void> {
  const item: Item<Holding> | undefined = await store.get<Holding>(HOLDINGS, number);
  if (item?.value.passport_id === passport) await store.update(HOLDINGS, number, {}, item.revision);
}

/** Frees a number after its inbox is cleared, so that its next holder finds nothing of the last one's. */
async function vacate(store: Store, number: string, passport: string): Promise<void> {
  await clearInbox(store, number);
  await empty(store, number, passport);
}

/**
 * Gives a number back.
 * @throws ToolError where nobody holds it
 */
export async function release(number: string, store: Store): Promise<Assignment> {
  const assignment = await assignmentOf(store, number);
  if (assignment === undefined)
    throw new ToolError(`${number} is not assigned; nothing was done. See list_assignments.`);
  await vacate(store, number, assignment.passport_id);
  return assignment;
}
