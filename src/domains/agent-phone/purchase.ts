import { CODE_WEBHOOK, webhookBase } from '../../config';
import { isTwilioError, ToolError } from '../../errors';
import { every, type Item, type Store } from '../../storage';
import type { ToolContext } from '../../tool';

/** A number that may be bought, by its ordinal: there are as many as AGENT_PHONE_MAX_NUMBERS allows. */
interface Slot {
  claimed_at: string;
  /** Missing while it is being bought, or where the buying broke off. */
  phone_number?: string;
}

const SLOTS = 'purchases';
/** A purchase that has not been recorded after this long was broken off: a call ends well before. */
const ABANDONED_MS = 30_000;
/** How many of the numbers found are tried where others buy at the same time. */
const CANDIDATES = 20;
/** Twilio: the number is not available (any more). */
const GONE = 21422;

/** What finds a number again that was bought and not recorded: its name in the account. */
const nameOf = (slot: string) => `Agent phone ${slot}`;

export async function boughtNumbers(store: Store): Promise<string[]> {
  return (await slots(store)).flatMap(({ value }) => value.phone_number ?? []);
}

async function slots(store: Store): Promise<Item<Slot>[]> {
  const found: Item<Slot>[] = [];
  for await (const slot of every<Slot>(store, SLOTS)) found.push(slot);
  return found;
}

/** Numbers that were bought by a call that broke off before it recorded them; they are recorded now. */
export async function findUnrecorded({ store, twilio }: ToolContext): Promise<string[]> {
  const found: string[] = [];
  for (const slot of await slots(store)) {
    if (slot.value.phone_number !== undefined) continue;
    const [number] = await twilio.incomingPhoneNumbers.list({ friendlyName: nameOf(slot.key), limit: 1 });
    if (number === undefined) continue;
    await recordPurchase(store, slot.key, number.phoneNumber);
    found.push(number.phoneNumber);
  }
  return found;
}

/**
 * Buys one US number within the allowed maximum and gives it.
 * @throws ToolError where none is to be had
 */
export async function buyNumber(context: ToolContext): Promise<string> {
  const { twilio, store, config } = context;
  const base = webhookBase(config);
  if (base === undefined) {
    throw failed('Twilio could not reach its webhook; nothing was bought. Deploy the server, or set WEBHOOK_BASE_URL.');
  }
  const slot = await claimSlot(store, config.maxBoughtNumbers);
  if (slot === undefined) {
    throw new ToolError(
      `Failed to get phone number: all numbers are taken, and the maximum of ${config.maxBoughtNumbers} bought ones is reached (AGENT_PHONE_MAX_NUMBERS). Release one (release_phone_number), or try later.`,
    );
  }
  try {
    const offered = await twilio.availablePhoneNumbers('US').local.list({ smsEnabled: true, limit: CANDIDATES });
    for (let i = 0; i < offered.length; i++) {
      // Those who buy at the same time begin at different numbers.
      const { phoneNumber } = offered[(i + Number(slot)) % offered.length]!;
      const settings = { smsUrl: base + CODE_WEBHOOK, smsMethod: 'POST', friendlyName: nameOf(slot) };
      const bought = await unlessGone(() => twilio.incomingPhoneNumbers.create({ phoneNumber, ...settings }));
      if (bought === undefined) continue;
      await recordPurchase(store, slot, bought.phoneNumber);
      return bought.phoneNumber;
    }
  } catch (error) {
    // A refusal bought nothing. After anything else the slot stays, for the number may be there.
    if (isTwilioError(error) && error.status < 500) await store.remove(SLOTS, slot);
    throw error;
  }
  await store.remove(SLOTS, slot);
  throw failed('No available phone numbers from Twilio');
}

/** Takes the first slot that nobody has, or that a call which broke off has left. */
async function claimSlot(store: Store, maximum: number): Promise<string | undefined> {
  for (let ordinal = 1; ordinal <= maximum; ordinal++) {
    const slot = String(ordinal);
    const claimed = { claimed_at: new Date().toISOString() };
    if (await store.add(SLOTS, slot, claimed)) return slot;
    const other = await store.get<Slot>(SLOTS, slot);
    if (other === undefined || other.value.phone_number !== undefined) continue;
    const abandoned = Date.now() - Date.parse(other.value.claimed_at) > ABANDONED_MS;
    if (abandoned && (await store.update(SLOTS, slot, claimed, other.revision))) return slot;
  }
  return undefined;
}

async function recordPurchase(store: Store, slot: string, phone_number: string): Promise<void> {
  for (;;) {
    const item = await store.get<Slot>(SLOTS, slot);
    if (item === undefined || item.value.phone_number === phone_number) return;
    if (await store.update(SLOTS, slot, { ...item.value, phone_number }, item.revision)) return;
  }
}

async function unlessGone<T>(buy: () => Promise<T>): Promise<T | undefined> {
  try {
    return await buy();
  } catch (error) {
    if (isTwilioError(error) && error.code === GONE) return undefined;
    throw error;
  }
}

const failed = (why: string) => new ToolError(`Failed to get phone number: Failed to provision phone number: ${why}`);
