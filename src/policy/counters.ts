import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTwilioError, ToolError, TransportError } from '../errors';
import { type Limit, type LimitPeriod, PERIODS } from '../limit-settings';
import type { Store } from '../store/port';
import { PolicyError, type PolicyRefusal } from '../upper-bound';
import type { SafeguardContext } from './safeguard';

/*
 * What has been used of limits, exact across instances. The store keeps each counter as a log of its states: the one
 * with the next number can be added only once, so two instances never count from the same state.
 */

/** What a request takes from a counter. */
export interface Demand {
  /** What is counted: one counter for each name, without `|`. */
  readonly name: string;
  readonly limits: readonly Limit[];
  /** Whole number; default 1. */
  readonly amount?: number;
  /**
   * How much a busy instance takes in one write and keeps for its next requests. Default 0: each request is counted by
   * itself. What an instance has not used when it ends stays counted until the period ends.
   */
  readonly lease?: number;
  /** The variable of the limits. */
  readonly rule: string;
  /** What a limit allows and what is used of it, in words. */
  readonly describe: (limit: Limit, used: number) => Omit<PolicyRefusal, 'rule'>;
}

/** Gives back what was taken, for a request that was not carried out. */
type GiveBack = () => Promise<void>;

type Amounts = Record<LimitPeriod, number>;

/** Amounts in the periods that contain `at`, epoch ms. */
interface PeriodUsage {
  readonly at: number;
  readonly of: Amounts;
  /** Tells equal states of two instances apart. */
  readonly by?: string;
}

/** A state of a counter in the store. */
interface Logged {
  readonly number: number;
  readonly usage: PeriodUsage;
}

/** What an instance knows of a counter. */
interface Leased {
  last?: Logged;
  left: PeriodUsage;
}

const NONE_USED: PeriodUsage = { at: 0, of: { minute: 0, hour: 0, day: 0 } };
const PERIOD_NAMES = Object.keys(PERIODS) as LimitPeriod[];
/** An instance is busy if it has taken something within this time. */
const BUSY_MS = 60_000;
/** A log covers one day; clocks may differ. */
const LIFETIME_S = 2 * 86_400;
/** Sync limits the writes of a collection, so those that count one person each are spread over several. */
const COUNTER_MAPS = 16;

const leases = new Map<string, Leased>();
/** What runs for a counter in this instance, one after the other. */
const queues = new Map<string, Promise<unknown>>();

/**
 * Takes an amount from all periods of a counter, and returns the function that gives it back. Throws a `PolicyError` if
 * a limit does not allow it, or if the store does not answer; nothing is taken then.
 */
export async function take({ store, config }: SafeguardContext, demand: Demand): Promise<GiveBack> {
  const counter = `${config.accountSid} ${demand.name}`;
  const taken = inTurn(counter, () =>
    demand.lease ? takeLeased(store, counter, demand) : takeCounted(store, counter, demand),
  );
  return orRefuse(demand.rule, taken);
}

/** The result, or a `PolicyError` if what must be known for a rule cannot be read or written. */
export async function orRefuse<T>(rule: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PolicyError) throw error;
    const reason = error instanceof TransportError ? `Twilio ${error.reason}` : (error as Error).message;
    if (!(error instanceof ToolError || error instanceof TransportError || isTwilioError(error))) throw error;
    const problem = `counting failed: ${reason.replace(/\.+$/, '')}`;
    throw new PolicyError({ rule, allows: 'counts what it sends', problem }, 'try again in a minute');
  }
}

/** Runs after what already runs for the same counter. */
async function inTurn<T>(counter: string, work: () => Promise<T>): Promise<T> {
  const run = (queues.get(counter) ?? Promise.resolve()).then(work, work);
  queues.set(counter, run);
  try {
    return await run;
  } finally {
    if (queues.get(counter) === run) queues.delete(counter);
  }
}

async function takeCounted(store: Store, counter: string, demand: Demand): Promise<GiveBack> {
  const { name, amount = 1 } = demand;
  const { usage } = await append(store, name, undefined, (used) => {
    return withAdded(used, granted(used, NONE_USED.of, demand, amount));
  });
  return async () => {
    await inTurn(counter, () =>
      append(store, name, undefined, (used) => withAdded(used, inShared(usage, used, -amount))),
    );
  };
}

async function takeLeased(store: Store, counter: string, demand: Demand): Promise<GiveBack> {
  const { name, amount = 1, lease = 0 } = demand;
  const known: Leased = leases.get(counter) ?? { left: NONE_USED };
  leases.set(counter, known);
  let left = usageAt(known.left, Date.now());
  while (PERIOD_NAMES.some((period) => left.of[period] < amount)) {
    const isBusy = Date.now() - known.left.at < BUSY_MS;
    let added = NONE_USED.of;
    known.last = await append(store, name, known.last, (used) => {
      added = granted(used, usageAt(known.left, used.at).of, demand, isBusy ? Math.max(lease, amount) : amount);
      return withAdded(used, added);
    });
    known.left = withAdded(usageAt(known.left, known.last.usage.at), added);
    // The store may have taken longer than a period lasts.
    left = usageAt(known.left, Date.now());
  }
  known.left = withAdded(left, inShared(left, left, -amount));
  return async () => {
    const now = usageAt(known.left, Date.now());
    known.left = withAdded(now, inShared(left, now, amount));
  };
}

/** The amounts at another time: nothing in the periods that have ended. Clocks of instances differ, so time never goes back. */
function usageAt(usage: PeriodUsage, time: number): PeriodUsage {
  const now = Math.max(time, usage.at);
  return { at: now, of: byPeriod((period) => (isSamePeriod(usage.at, now, period) ? usage.of[period] : 0)) };
}

const byPeriod = (of: (period: LimitPeriod) => number): Amounts => ({
  minute: of('minute'),
  hour: of('hour'),
  day: of('day'),
});

const beginOf = (time: number, period: LimitPeriod): number => time - (time % PERIODS[period]);

const isSamePeriod = (one: number, other: number, period: LimitPeriod): boolean =>
  beginOf(one, period) === beginOf(other, period);

const withAdded = ({ at: time, of }: PeriodUsage, added: Amounts): PeriodUsage => ({
  at: time,
  of: byPeriod((period) => of[period] + added[period]),
});

/** An amount in the periods that two states share. */
const inShared = (one: PeriodUsage, other: PeriodUsage, amount: number): Amounts =>
  byPeriod((period) => (isSamePeriod(one.at, other.at, period) ? amount : 0));

/** What to add so that `wanted` is left of each period, or less where a limit ends. Throws if the demand goes beyond one. */
function granted(
  used: PeriodUsage,
  left: Amounts,
  { limits, amount = 1, rule, describe }: Demand,
  wanted: number,
): Amounts {
  const free = byPeriod(
    (period) => (limits.find(({ per }) => per === period)?.max ?? Number.MAX_SAFE_INTEGER) - used.of[period],
  );
  const exceeded = limits
    .filter(({ per }) => left[per] + free[per] < amount)
    .sort((a, b) => PERIODS[b.per] - PERIODS[a.per])[0];
  if (exceeded === undefined) return byPeriod((period) => Math.max(0, Math.min(wanted - left[period], free[period])));
  const { per, max } = exceeded;
  const refusal = { rule, ...describe(exceeded, used.of[per] - left[per]) };
  throw new PolicyError(refusal, max < amount ? undefined : `the next can be sent at ${nextPeriod(used.at, per)}`);
}

/** When the next period begins: the time of day, with its date if that is another one. */
function nextPeriod(time: number, period: LimitPeriod): string {
  const next = new Date(beginOf(time, period) + PERIODS[period]).toISOString();
  return `${period === 'day' ? `${next.slice(0, 10)} ` : ''}${next.slice(11, 16)} UTC`;
}

/** Adds the state that follows the last one. `last` may be old: the state after it then exists, and the newest is read. */
async function append(
  store: Store,
  name: string,
  last: Logged | undefined,
  change: (used: PeriodUsage) => PeriodUsage,
): Promise<Logged> {
  const collection = `limits-${name.charCodeAt(name.length - 1) % COUNTER_MAPS}`;
  for (let known = last; ; known = undefined) {
    known ??= await newestState(store, collection, name);
    const used = usageAt(known.usage, Date.now());
    const number = isSamePeriod(known.usage.at, used.at, 'day') ? known.number + 1 : 1;
    const usage = { ...change(used), by: randomBytes(6).toString('base64url') };
    if (await store.add(collection, stateKey(name, usage.at, number), usage, LIFETIME_S)) return { number, usage };
    await sleep(Math.random() * 40);
  }
}

async function newestState(store: Store, collection: string, name: string): Promise<Logged> {
  const { items } = await store.list<PeriodUsage>(collection, { after: `${name}|~`, order: 'desc', limit: 1 });
  const [{ key, value } = { key: '', value: NONE_USED }] = items;
  if (!key.startsWith(`${name}|`)) return { number: 0, usage: NONE_USED };
  return { number: Number(key.slice(-8)), usage: value };
}

const stateKey = (name: string, time: number, number: number): string =>
  `${name}|${new Date(time).toISOString().slice(0, 10)}|${String(number).padStart(8, '0')}`;
