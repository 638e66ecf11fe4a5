import { CODE_WEBHOOK, ownWebhook } from '../../config';
import { isTwilioError, isUnclear, ToolError, TransportError } from '../../errors';
import { type Page, page } from '../../paging';
import { type Item, MAX_PAGE, modify, type Store, scan } from '../../store/port';
import type { ToolContext } from '../../tool';

/**
 * A place for one bought number, by its ordinal; AGENT_PHONE_MAX_NUMBERS limits them. Slots are never deleted, so a
 * revision never matches a later state of the same one.
 */
interface Slot {
  /** ISO 8601. Missing while the slot is free. */
  claimed_at?: string;
  /** Missing while the number is being bought, or if the purchase was interrupted. */
  phone_number?: string;
}

/** All slots that were ever used, by ordinal. */
type Slots = ReadonlyMap<string, Item<Slot>>;

const SLOTS = 'purchases';
/** A purchase not recorded after this long was interrupted: a call ends well before. */
const ABANDONED_MS = 30_000;
/** Available numbers to try while other calls buy at the same time. */
const CANDIDATES = 20;
/** Twilio's error code for a number that is no longer available. */
const NOT_AVAILABLE = 21422;
/** Requests one after the other before a purchase (passport, numbers and slots, slot and offers) and from it to the answer. */
const EARLIER_REQUESTS = 3;
const REMAINING_REQUESTS = 4;
/** Time that each of them needs at least. */
const MIN_PACE_MS = 500;

/** The friendly name of a bought number, which finds it again if the purchase was not recorded. */
const friendlyNameOf = (slot: string) => `Agent phone ${slot}`;

const ordinalsTo = (max: number) => Array.from({ length: max }, (_, n) => String(n + 1));

/**
 * The slots, in one request for each hundred that AGENT_PHONE_MAX_NUMBERS allows, all at once: it does not depend on how
 * many are used.
 */
export async function readSlots(
  store: Store,
  { maxBoughtNumbers }: Pick<ToolContext['config'], 'maxBoughtNumbers'>,
): Promise<Slots> {
  const ends = ordinalsTo(maxBoughtNumbers)
    .sort()
    .filter((_, n) => (n + 1) % MAX_PAGE === 0 && n + 1 < maxBoughtNumbers);
  const parts = [undefined, ...ends].map(async (after, n) => {
    const end = ends[n];
    const found: [string, Item<Slot>][] = [];
    for await (const slot of scan<Slot>(store, SLOTS, { after })) {
      if (end !== undefined && slot.key > end) break;
      found.push([slot.key, slot]);
      if (slot.key === end) break;
    }
    return found;
  });
  return new Map((await Promise.all(parts)).flat());
}

/** The bought numbers of slots, and when each was bought (ISO 8601). */
export const boughtIn = (slots: Slots): { phone_number: string; bought_at: string }[] =>
  [...slots.values()].flatMap(({ value: { phone_number, claimed_at = '' } }) =>
    phone_number === undefined ? [] : { phone_number, bought_at: claimed_at },
  );

/** Numbers bought by interrupted calls that did not record them; they are recorded now. */
export async function findUnrecorded({ store, twilio }: ToolContext, slots: Slots): Promise<string[]> {
  const unrecorded = [...slots.values()].filter(({ value }) => value.claimed_at && !value.phone_number);
  const found = unrecorded.map(async (slot) => {
    const named = { friendlyName: friendlyNameOf(slot.key), limit: 1 };
    const [number] = (await page(twilio.incomingPhoneNumbers, named)).items;
    if (number !== undefined) await recordPurchase(store, slot.key, number.phoneNumber, slot);
    return number?.phoneNumber ?? [];
  });
  return (await Promise.all(found)).flat();
}

/**
 * Whether a number can still be used: it is configured, or in the account. The slot of a bought number that the account
 * no longer has is freed.
 */
export async function isKept(number: string, { store, twilio, config }: ToolContext): Promise<boolean> {
  if (config.phoneNumbers.includes(number)) return true;
  if ((await page(twilio.incomingPhoneNumbers, { phoneNumber: number, limit: 1 })).items.length > 0) return true;
  for (const { key, value, revision } of (await readSlots(store, config)).values()) {
    if (value.phone_number === number) await store.update(SLOTS, key, {}, revision);
  }
  return false;
}

/**
 * Buys one US number within the allowed maximum and returns it; undefined if the maximum is reached. Throws a `ToolError`
 * if no number is available, or if the call, which began at `started`, has no time left to buy one and assign it.
 */
export async function buyNumber(context: ToolContext, slots: Slots, started: Date): Promise<string | undefined> {
  const { twilio, store, config, deadline } = context;
  const smsUrl = ownWebhook(CODE_WEBHOOK, config);
  if (smsUrl === undefined) {
    throw failed('Twilio could not reach its webhook; nothing was bought. Deploy the server, or set WEBHOOK_BASE_URL.');
  }
  const { local } = twilio.availablePhoneNumbers('US');
  const { incomingPhoneNumbers } = twilio;
  const search = () => page(local, { smsEnabled: true, limit: CANDIDATES });
  const open = openSlots(slots, config.maxBoughtNumbers);
  const [claiming, searching] = await Promise.allSettled([
    claimSlot(context, slots, open),
    open.length > 0 ? search() : undefined,
  ]);
  if (claiming.status === 'rejected') throw claiming.reason;
  const slot = claiming.value;
  if (slot === undefined) return undefined;
  /** Throws the error after freeing the slot, which otherwise is free after 30 seconds. */
  const giveUp = async (error: unknown): Promise<never> => {
    await modify<Slot>(store, SLOTS, slot, () => ({})).catch(() => undefined);
    throw error;
  };
  if (searching.status === 'rejected') return giveUp(searching.reason);
  const { items: offered } = searching.value ?? (await search().catch(giveUp));
  const pace = Math.max(MIN_PACE_MS, (Date.now() - started.getTime()) / EARLIER_REQUESTS);
  // Read meanwhile, so that recording the purchase takes one request.
  const claimed = store.get<Slot>(SLOTS, slot).catch(() => undefined);
  for (let i = 0; i < offered.length; i++) {
    if (deadline - Date.now() < REMAINING_REQUESTS * pace) {
      return giveUp(failed('Twilio answers too slowly to buy one in this call; nothing was bought. Try again later.'));
    }
    // Calls that buy at the same time begin at different numbers.
    const { phoneNumber } = offered[(i + Number(slot)) % offered.length]!;
    const settings = { smsUrl, smsMethod: 'POST', smsFallbackUrl: smsUrl, friendlyName: friendlyNameOf(slot) };
    const buying = incomingPhoneNumbers.create({ phoneNumber, ...settings });
    const bought = await buying.catch((error: unknown) => {
      if (isTwilioError(error) && error.code === NOT_AVAILABLE) return undefined;
      // If it may have been bought, the slot stays.
      if (isTwilioError(error) ? isUnclear(error.status) : !(error instanceof TransportError) || error.sent)
        throw error;
      return giveUp(error);
    });
    if (bought !== undefined) return recordBought(store, slot, bought.phoneNumber, await claimed);
  }
  return giveUp(failed('No available phone numbers from Twilio'));
}

/** The number, recorded. Even if the store fails here, it is bought and its slot taken. */
async function recordBought(store: Store, slot: string, number: string, known?: Item<Slot>): Promise<string> {
  await recordPurchase(store, slot, number, known).catch((error: Error) => {
    throw new ToolError(
      `Failed to get phone number: ${number} was bought as "${friendlyNameOf(slot)}", but that could not be recorded: ${error.message}. Call get_phone_number again, which finds it by that name; twilio_phone_numbers_list_phone_numbers shows it.`,
    );
  });
  return number;
}

/** The first, then the others at random: calls that lose the first to another one do not meet again at each. */
function firstThenRandom<T>([first, ...others]: readonly T[]): T[] {
  if (first === undefined) return [];
  const placed = others.map((value) => ({ value, place: Math.random() })).sort((a, b) => a.place - b.place);
  return [first, ...placed.map(({ value }) => value)];
}

/** The slots for further numbers, used before or not, which are as many as may be bought. */
function openSlots(slots: Slots, max: number): string[] {
  const isOpen = (slot: string) => slots.get(slot)?.value.claimed_at === undefined;
  const used = [...slots.keys()].filter((slot) => !isOpen(slot)).length;
  return ordinalsTo(max)
    .filter(isOpen)
    .slice(0, Math.max(0, max - used));
}

/** Claims the first open slot. If there is none, claims one from an interrupted call, or one whose number is no longer in the account. */
async function claimSlot(context: ToolContext, slots: Slots, open: readonly string[]): Promise<string | undefined> {
  const { store } = context;
  const claim = async (slot: string) => {
    const value: Slot = { claimed_at: new Date().toISOString() };
    const item = slots.get(slot);
    return item ? store.update(SLOTS, slot, value, item.revision) : store.add(SLOTS, slot, value);
  };
  for (const slot of firstThenRandom(open)) if (await claim(slot)) return slot;
  if (open.length === 0) for (const slot of await unusedSlots(context, slots)) if (await claim(slot)) return slot;
  return undefined;
}

/** The slots of interrupted purchases, and of numbers that the account no longer has. */
async function unusedSlots({ twilio, config }: ToolContext, slots: Slots): Promise<string[]> {
  const all = [...slots.values()].filter(({ value }) => value.claimed_at);
  // More than the maximum, if that was lowered.
  if (all.length > config.maxBoughtNumbers) return [];
  const used = all.filter(({ key }) => Number(key) <= config.maxBoughtNumbers);
  const abandoned = used.filter(
    ({ value }) => !value.phone_number && Date.now() - Date.parse(value.claimed_at!) > ABANDONED_MS,
  );
  if (abandoned.length > 0) return abandoned.map(({ key }) => key);
  const owned = new Set<string>();
  for (let pageToken: string | undefined, isFirst = true; isFirst || pageToken; isFirst = false) {
    const numbers: Page<{ phoneNumber: string }> = await page(twilio.incomingPhoneNumbers, { limit: 1000, pageToken });
    for (const { phoneNumber } of numbers.items) owned.add(phoneNumber);
    pageToken = numbers.nextPageToken;
  }
  return used.filter(({ value }) => value.phone_number && !owned.has(value.phone_number)).map(({ key }) => key);
}

async function recordPurchase(store: Store, slot: string, phone_number: string, known?: Item<Slot>): Promise<void> {
  await modify<Slot>(
    store,
    SLOTS,
    slot,
    (claimed) =>
      claimed?.phone_number === phone_number
        ? claimed
        : { claimed_at: new Date().toISOString(), ...claimed, phone_number },
    known,
  );
}

const failed = (why: string) => new ToolError(`Failed to get phone number: Failed to provision phone number: ${why}`);
