import { createHash } from 'node:crypto';
import type { Item, Store } from '../store/port';

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

/** The entries of all numbers that were ever assigned; a free number has one without an assignment. */
export const HOLDINGS = 'assignments';

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

/** The entry of a number, if someone holds it. */
export async function holdingOf<E extends Partial<Assignment>>(
  store: Store,
  number: string,
): Promise<Item<E & Assignment> | undefined> {
  const item = await store.get<E>(HOLDINGS, number);
  return item && isHeld(item.value) ? (item as Item<E & Assignment>) : undefined;
}

/** The instant (ISO 8601) from which messages belong to an assignment: its holder sees nothing from before. */
export const beginningOf = ({ assigned_at }: Assignment): string => new Date(Date.parse(assigned_at) + 1).toISOString();
