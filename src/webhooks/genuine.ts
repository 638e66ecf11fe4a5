import { signsAny, spellings } from '../access/proof';
import { type Config, isDeployed, publicAddresses, servesThisMachineOnly } from '../config';
import type { Headers } from '../http/exchange';
import type { Store } from '../store/port';
import type { WebhookFields } from './payload';

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

interface SignedRequest {
  path: string;
  headers: Headers;
  fields: WebhookFields;
}

/** Remembers that this deployment has seen a valid signature, so that the platform passes the header on. */
const FLAG_COLLECTION = 'deployment';
const HEADER_SEEN = 'signature-header';
let headerSeen = false;

/** Whether Twilio has signed a request; `trusted` is one without a signature that counts all the same. */
type Origin = 'signed' | 'trusted' | 'unknown';

const signedIf = (isSigned: boolean): Origin => (isSigned ? 'signed' : 'unknown');
const trustedIf = (isTrusted: boolean): Origin => (isTrusted ? 'trusted' : 'unknown');

/**
 * Whether Twilio sent a request. The signature must be valid for exactly this path and these parameters: the gateway
 * also admits other signed URLs, whose query would count as fields. Without an auth token, only a server that nobody else
 * can reach trusts what it gets.
 */
export async function originOf(request: SignedRequest, config: Config, store: () => Store): Promise<Origin> {
  const { path, headers, fields } = request;
  const { authToken } = config;
  if (authToken === undefined) return trustedIf(servesThisMachineOnly(config));
  const signature = headers.get('x-twilio-signature');
  const urls = publicAddresses(config).map((address) => address + path);
  if (!FORM.test(headers.get('content-type') ?? '')) {
    const query = new Map(Object.entries(fields).map(([name, value]) => [name, [value]]));
    return signedIf(await signsAny(signature, spellings(urls, query), authToken));
  }
  if (signature === null) return trustedIf(isDeployed(config) && !(await wasHeaderSeen(store())));
  const genuine = await signsAny(signature, urls, authToken, fields);
  if (genuine && isDeployed(config)) await noteHeader(store());
  return signedIf(genuine);
}

/*
 * If the platform hid the header from Functions, a refusal would lose every message, so the gateway's own check of a
 * form counts until the header has been seen once.
 */

async function wasHeaderSeen(store: Store): Promise<boolean> {
  headerSeen ||= (await store.get(FLAG_COLLECTION, HEADER_SEEN)) !== undefined;
  return headerSeen;
}

async function noteHeader(store: Store): Promise<void> {
  if (headerSeen) return;
  await store.add(FLAG_COLLECTION, HEADER_SEEN, true);
  headerSeen = true;
}
