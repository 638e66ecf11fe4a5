import { ToolError } from '../errors';
import { sidPattern } from '../formats';
import { STORE_NAME } from '../store/service';
import type { OutgoingRequest } from './classify';

/*
 * What belongs to this server itself, and no tool may touch: else an agent could read its variables, replace its code,
 * rewrite what it remembers, or lock it out.
 */

interface OwnThings {
  /** The Functions service of the deployment. */
  readonly serviceSid?: string;
  readonly apiKey: string;
  /** The Sync service of the store, if there is one. */
  readonly storeSid: () => Promise<string | undefined>;
}

const FUNCTIONS_HOST = /^serverless(-upload)?\./;
const SYNC_HOST = /^sync\./;
const KEY_PATH = /\/(?:Signing)?Keys\/([^/.]+)/i;

/** Throws a `ToolError` if a request concerns what is this server's own. Nothing has been sent then. */
export async function refuseOwnThings({ method, uri, data }: OutgoingRequest, own: OwnThings): Promise<void> {
  const { host, pathname } = new URL(uri);
  const service = serviceInPath(pathname);
  if (FUNCTIONS_HOST.test(host) && own.serviceSid !== undefined && service !== undefined) {
    if (!sidPattern('ZS').test(service)) throw outOfReach('Name the Functions service by its SID, ZS…');
    if (isSameSid(service, own.serviceSid))
      throw outOfReach('This is the Functions service that runs this server: only its owner can read or change it');
  }
  if (SYNC_HOST.test(host)) {
    if (fieldOf(data, 'FriendlyName') === STORE_NAME)
      throw outOfReach(`"${STORE_NAME}" is the name of this server's own store`);
    const store = service === undefined || service === 'default' ? undefined : await own.storeSid();
    if (service !== undefined && store !== undefined) {
      if (!sidPattern('IS').test(service)) throw outOfReach('Name the Sync service by its SID, IS…');
      if (isSameSid(service, store)) throw outOfReach('This is the Sync service of this server’s own store');
    }
  }
  const key = KEY_PATH.exec(pathname)?.[1];
  if (key !== undefined && method !== 'get' && isSameSid(key, own.apiKey))
    throw outOfReach('This is the API key of this server: only its owner can change or delete it');
}

const outOfReach = (reason: string) => new ToolError(`${reason}. Nothing was done, and no other tool will do it.`);

/** The service that a path names, as Twilio reads it. */
function serviceInPath(pathname: string): string | undefined {
  const segment = /^\/v\d+\/Services\/([^/]+)/i.exec(pathname)?.[1];
  return segment && decodeURIComponent(segment);
}

const isSameSid = (sid: string, own: string | undefined): boolean => sid.toLowerCase() === own?.toLowerCase();

/** A field of a form or a JSON body. */
const fieldOf = (data: unknown, name: string): unknown =>
  data instanceof FormData ? data.get(name) : (data as Record<string, unknown> | undefined)?.[name];
