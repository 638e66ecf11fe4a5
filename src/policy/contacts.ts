import { canonicalAddress } from '../formats';
import { PolicyError } from '../upper-bound';
import type { Requests } from '../upstream';
import { readTwilio } from './reached';
import { KNOWN, numberOf, type Rules, refusedRecipient, shown } from './rules';

/*
 * Who is in contact with the account: people who wrote or called first. Twilio's own log shows that, and no agent can add
 * to it what the account did not receive.
 */

/** People whom this instance has found to be in contact, oldest first. */
const contactsFound = new Set<string>();
const MAX_FOUND = 5000;

/** People of one request whom the log is searched for. */
const MAX_SEARCHES = 10;

/** The latest that came from an address, on a page of which only what the account received counts. */
const PAGE = 'PageSize=50';

/**
 * Whether someone has written to the account from an address, or texted or called it from its number. Undefined if
 * Twilio's log cannot be read.
 */
async function isInContact(given: string, requests: Requests): Promise<boolean | undefined> {
  const address = canonicalAddress(given);
  const { accountSid } = requests;
  const key = `${accountSid} ${address}`;
  if (contactsFound.has(key)) return true;
  const number = numberOf(address);
  const logs = [['Messages', address], ...(number ? [['Calls', number]] : [])];
  if (number && number !== address) logs.push(['Messages', number]);
  for (const [log = '', from = ''] of logs) {
    const path = `/2010-04-01/Accounts/${accountSid}/${log}.json?From=${encodeURIComponent(from)}&${PAGE}`;
    const page = await readTwilio<Record<string, { from: string; direction: string }[]>>(requests, 'api', path);
    const entries = page?.[log.toLowerCase()];
    if (!Array.isArray(entries)) return undefined;
    if (!entries.some((entry) => entry.direction === 'inbound' && entry.from === from)) continue;
    contactsFound.add(key);
    if (contactsFound.size > MAX_FOUND) contactsFound.delete(contactsFound.values().next().value!);
    return true;
  }
  return false;
}

/**
 * Those of the recipients who are allowed because they are in contact. Throws a `PolicyError` if that cannot be read.
 */
export async function contactsAmong(
  recipients: readonly string[],
  rules: Rules,
  requests: () => Requests,
): Promise<ReadonlySet<string>> {
  if (!rules.recipients?.includes(KNOWN)) return new Set();
  const refusals = recipients.map((each) => [each, refusedRecipient(each, rules)] as const);
  const open = refusals.filter(([, refusal]) => refusal?.rule === 'MCP_RECIPIENTS').slice(0, MAX_SEARCHES);
  const contacts = open.map(async ([each, refusal]) => {
    const known = await isInContact(each, requests());
    if (known !== undefined) return known ? each : [];
    const problem = `whether ${shown(each)} did cannot be read now`;
    throw new PolicyError({ ...refusal!, problem }, 'try again later, or ask the owner');
  });
  return new Set((await Promise.all(contacts)).flat());
}
