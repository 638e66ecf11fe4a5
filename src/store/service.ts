import type { Twilio } from 'twilio';
import { MAX_PAGE } from './port';

/*
 * The Sync service in which a deployment keeps its state. It is the server's own: no tool may read or change it.
 */

/** Sync services have no names that are unique, so the oldest service with this one counts. */
export const STORE_NAME = 'twilio-mcp-functions store';

/** By account: an instance looks it up once. */
const known = new Map<string, string>();

/** The SID of the server's own Sync service, if it exists. */
export async function findStoreService(twilio: Twilio): Promise<string | undefined> {
  const account = twilio.accountSid;
  const cached = known.get(account);
  if (cached !== undefined) return cached;
  const named: { sid: string; dateCreated: Date }[] = [];
  type ServicePage = Awaited<ReturnType<Twilio['sync']['v1']['services']['page']>>;
  for (
    let page: ServicePage | undefined = await twilio.sync.v1.services.page({ pageSize: MAX_PAGE });
    page;
    page = (await page.nextPage()) as ServicePage | undefined
  ) {
    named.push(...page.instances.filter(({ friendlyName }) => friendlyName === STORE_NAME));
  }
  const [oldest] = named.sort((a, b) => +a.dateCreated - +b.dateCreated || (a.sid < b.sid ? -1 : 1));
  if (oldest !== undefined) known.set(account, oldest.sid);
  return oldest?.sid;
}

/**
 * The same, created on first use. If two instances create one at the same time, both find the older one afterwards. `refresh`
 * looks it up again, after the service has been deleted.
 */
export async function ensureStoreService(twilio: Twilio, refresh = false): Promise<string> {
  if (refresh) known.delete(twilio.accountSid);
  const found = await findStoreService(twilio);
  if (found !== undefined) return found;
  const { sid } = await twilio.sync.v1.services.create({ friendlyName: STORE_NAME });
  return (await findStoreService(twilio)) ?? sid;
}
