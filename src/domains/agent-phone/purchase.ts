import type { Twilio } from 'twilio';
import { CODE_WEBHOOK, ownWebhook } from '../../config';
import { isTwilioError, ToolError } from '../../errors';
import { page } from '../../paging';
import { type Item, modify, type Store, scan } from '../../store/port';
import type { ToolContext } from '../../tool';

/** A place for one bought number, by its ordinal; AGENT_PHONE_MAX_NUMBERS limits them. */
interface Slot {
  claimed_at: string;
  /** Missing while the number is being bought, or if the purchase was interrupted. */
  phone_number?: string;
}

const SLOTS = 'purchases';
/** A purchase not recorded after this long was interrupted: a call ends well before. */
const ABANDONED_MS = 30_000;
/** Available numbers to try while other calls buy at the same time. */
const CANDIDATES = 20;
/** Twilio's error code for a number that is no longer available. */
const NOT_AVAILABLE = 21422;

/** The friendly name of a bought number, which finds it again if the purchase was not recorded. */
const friendlyNameOf = (slot: string) => `Agent phone ${slot}`;

/** The bought numbers, and when each was bought (ISO 8601). */
export async function purchases(store: Store): Promise<{ phone_number: string; bought_at: string }[]> {
  return (await slots(store)).flatMap(({ value: { phone_number, claimed_at } }) =>
    phone_number === undefined ? [] : { phone_number, bought_at: claimed_at },
  );
}

async function slots(store: Store): Promise<Item<Slot>[]> {
  const found: Item<Slot>[] = [];
  for await (const slot of scan<Slot>(store, SLOTS)) found.push(slot);
  return found;
}

/** Numbers bought by interrupted calls that did not record them; they are recorded now. */
export async function findUnrecorded({ store, twilio }: ToolContext): Promise<string[]> {
  const found: string[] = [];
  for (const slot of await slots(store)) {
    if (slot.value.phone_number !== undefined) continue;
    const named = { friendlyName: friendlyNameOf(slot.key), limit: 1 };
    const [number] = (await page(twilio.incomingPhoneNumbers, named)).items;
    if (number === undefined) continue;
    await recordPurchase(store, slot.key, number.phoneNumber);
    found.push(number.phoneNumber);
  }
  return found;
}

/**
 * Whether a number can still be used: it is configured, or in the account. The slot of a bought number that the account
 * no longer has is freed.
 */
export async function isKept(number: string, { store, twilio, config }: ToolContext): Promise<boolean> {
  if (config.phoneNumbers.includes(number) || (await isInAccount(number, twilio))) return true;
  for (const { key, value, revision } of await slots(store)) {
    if (value.phone_number === number) await store.remove(SLOTS, key, revision);
  }
  return false;
}

const isInAccount = async (phoneNumber: string, twilio: Twilio) =>
  (await page(twilio.incomingPhoneNumbers, { phoneNumber, limit: 1 })).items.length > 0;

/** Buys one US number within the allowed maximum and returns it. Throws a `ToolError` if no number is available. */
export async function buyNumber(context: ToolContext): Promise<string> {
  const { twilio, store, config } = context;
  const smsUrl = ownWebhook(CODE_WEBHOOK, config);
  if (smsUrl === undefined) {
    throw failed('Twilio could not reach its webhook; nothing was bought. Deploy the server, or set WEBHOOK_BASE_URL.');
  }
  const slot = await claimSlot(context);
  if (slot === undefined) {
    throw new ToolError(
      `Failed to get phone number: all numbers are taken, and the maximum of ${config.maxBoughtNumbers} bought ones is reached, counting purchases under way (AGENT_PHONE_MAX_NUMBERS). Release one (release_phone_number), or try later.`,
    );
  }
  const phoneNumber = await buyInto(slot, smsUrl, twilio).catch(async (error) => {
    // A refusal bought nothing. After any other error the slot stays, as the number may have been bought.
    if (isTwilioError(error) && error.status < 500) await store.remove(SLOTS, slot);
    throw error;
  });
  if (phoneNumber === undefined) {
    await store.remove(SLOTS, slot);
    throw failed('No available phone numbers from Twilio');
  }
  // Even if the store fails here, the number is bought and its slot taken.
  await recordPurchase(store, slot, phoneNumber).catch((error: Error) => {
    throw new ToolError(
      `Failed to get phone number: ${phoneNumber} was bought as "${friendlyNameOf(slot)}", but that could not be recorded: ${error.message}. Call get_phone_number again, which finds it by that name; twilio_phone_numbers_list_phone_numbers shows it.`,
    );
  });
  return phoneNumber;
}

/** Buys the first available number and names it after its slot. */
async function buyInto(slot: string, smsUrl: string, twilio: Twilio): Promise<string | undefined> {
  const { local } = twilio.availablePhoneNumbers('US');
  const { items: offered } = await page(local, { smsEnabled: true, limit: CANDIDATES });
  for (let i = 0; i < offered.length; i++) {
    // Calls that buy at the same time begin at different numbers.
    const { phoneNumber } = offered[(i + Number(slot)) % offered.length]!;
    const settings = { smsUrl, smsMethod: 'POST', smsFallbackUrl: smsUrl, friendlyName: friendlyNameOf(slot) };
    const bought = await unlessUnavailable(() => twilio.incomingPhoneNumbers.create({ phoneNumber, ...settings }));
    if (bought !== undefined) return bought.phoneNumber;
  }
  return undefined;
}

/** Takes the first slot that is unused, left by an interrupted call, or whose number the account has released. */
async function claimSlot({ store, twilio, config }: ToolContext): Promise<string | undefined> {
  for (let ordinal = 1; ordinal <= config.maxBoughtNumbers; ordinal++) {
    const slot = String(ordinal);
    const claimed = { claimed_at: new Date().toISOString() };
    if (await store.add(SLOTS, slot, claimed)) return slot;
    const other = await store.get<Slot>(SLOTS, slot);
    if (other === undefined) continue;
    const { phone_number, claimed_at } = other.value;
    const isFree =
      phone_number === undefined
        ? Date.now() - Date.parse(claimed_at) > ABANDONED_MS
        : !(await isInAccount(phone_number, twilio));
    if (isFree && (await store.update(SLOTS, slot, claimed, other.revision))) return slot;
  }
  return undefined;
}

async function recordPurchase(store: Store, slot: string, phone_number: string): Promise<void> {
  await modify<Slot | undefined>(store, SLOTS, slot, (claimed) =>
    claimed === undefined || claimed.phone_number === phone_number ? claimed : { ...claimed, phone_number },
  );
}

async function unlessUnavailable<T>(buy: () => Promise<T>): Promise<T | undefined> {
  try {
    return await buy();
  } catch (error) {
    if (isTwilioError(error) && error.code === NOT_AVAILABLE) return undefined;
    throw error;
  }
}

const failed = (why: string) => new ToolError(`Failed to get phone number: Failed to provision phone number: ${why}`);
