import { refusalOf } from '../errors';
import type { Requests } from '../upstream';

/*
 * The Sync service in which a deployment keeps its state. It is the server's own: no tool may read or change it.
 */

/** Sync services have no names that are unique, so the oldest service with this one counts. */
export const STORE_NAME = 'twilio-mcp-functions store';

/** The URL of the account's Sync services. */
export const SYNC_SERVICES = 'https://sync.twilio.com/v1/Services';

/** By account: an instance looks it up once. */
const known = new Map<string, string>();

interface ListedService {
  sid: string;
  friendly_name: string | null;
  /** ISO 8601. */
  date_created: string;
}

/** The body of an answer. Throws as the client does if Twilio refused the request. */
export function checkedBody<T>(answer: { statusCode: number; body: unknown }): T {
  if (answer.statusCode >= 400) throw refusalOf(answer);
  return answer.body as T;
}

/** The SID of the server's own Sync service, if it exists. */
export async function findStoreService(twilio: Requests): Promise<string | undefined> {
  const cached = known.get(twilio.accountSid);
  if (cached !== undefined) return cached;
  const named: ListedService[] = [];
  for (let query: string | undefined = '?PageSize=100'; query; ) {
    type ServicePage = { services: ListedService[]; meta: { next_page_url?: string | null } };
    const page: ServicePage = checkedBody(await twilio.request({ method: 'get', uri: SYNC_SERVICES + query }));
    named.push(...page.services.filter(({ friendly_name: name }) => name === STORE_NAME));
    const { next_page_url: next } = page.meta;
    query = next ? new URL(next).search : undefined;
  }
  const [oldest] = named.sort((a, b) => (a.date_created + a.sid < b.date_created + b.sid ? -1 : 1));
  if (oldest !== undefined) known.set(twilio.accountSid, oldest.sid);
  return oldest?.sid;
}

/** By account: what looks it up or creates it now, for all calls of an instance at once. */
const opening = new Map<string, Promise<string>>();

/**
 * The same, created on first use. `refresh` looks it up again, after the service has been deleted. If two instances create
 * one at the same time, both find the older one afterwards, unless that was in the same second: `npm run deploy` creates it
 * before there are any.
 */
export function ensureStoreService(twilio: Requests, refresh = false): Promise<string> {
  const { accountSid } = twilio;
  const pending = opening.get(accountSid);
  if (pending !== undefined) return pending;
  if (refresh) known.delete(accountSid);
  const opened = openStoreService(twilio).finally(() => opening.delete(accountSid));
  opening.set(accountSid, opened);
  return opened;
}

async function openStoreService(twilio: Requests): Promise<string> {
  const found = await findStoreService(twilio);
  if (found !== undefined) return found;
  const data = { FriendlyName: STORE_NAME };
  const { sid } = checkedBody<ListedService>(await twilio.request({ method: 'post', uri: SYNC_SERVICES, data }));
  return (await findStoreService(twilio)) ?? sid;
}
