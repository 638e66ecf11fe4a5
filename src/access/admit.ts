import { type Config, isDeployed, publicAddresses, servesThisMachineOnly } from '../config';
import type { IncomingMessage } from '../http/event';
import { isSame } from '../secrets';
import { type Grant, readGrant } from './grant';
import { connectionKey } from './key';
import { signsAny, spellings } from './proof';

/** Why a request is refused, and what to do about it. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** What a request may use. */
export interface Admission {
  grant: Grant;
  /** For the log: what an owner should know about how the request was admitted. */
  warning?: string;
}

/**
 * What a request may use: exactly what the owner signed, proved by the signature of the URL or by its `key=`. A server
 * that only this machine can reach asks for no proof. Throws `Forbidden`, or a `ToolError` if the URL is malformed.
 */
export async function admit({ headers, query }: IncomingMessage, config: Config): Promise<Admission> {
  const grant = readGrant(query);
  const warning = await checkProof(headers.get('x-twilio-signature'), query, grant, config);
  checkHolder(grant, config, { credential: 'URL' });
  return { grant, ...(warning !== undefined && { warning }) };
}

/** Throws `Forbidden` if what was signed has expired, or its client or ID is revoked. */
export function checkHolder(
  { client, expires }: Grant,
  { revoked }: Config,
  { credential, id }: { credential: 'URL' | 'access token'; id?: string },
): void {
  if (expires !== undefined && new Date().toISOString().slice(0, 10) > expires)
    throw new Forbidden(`This ${credential} expired on ${expires}: its owner can sign a new one.`);
  if (client !== undefined && revoked.includes(client))
    throw new Forbidden(`The owner has revoked the client ${client}.`);
  if (id !== undefined && revoked.includes(id)) throw new Forbidden(`The owner has revoked the ${credential} ${id}.`);
}

/** Throws `Forbidden` if the grant is not proved, unless the owner has switched that off: then a warning. */
async function checkProof(
  signature: string | null,
  query: IncomingMessage['query'],
  grant: Grant,
  config: Config,
): Promise<string | undefined> {
  if (servesThisMachineOnly(config)) return undefined;
  const addresses = publicAddresses(config);
  const { authToken } = config;
  if (authToken !== undefined) {
    const urls = addresses.map((address) => `${address}/mcp`);
    if (await signsAny(signature, spellings(urls, query), authToken)) return undefined;
    // Only a gateway has checked that the whole URL is signed; without one, a key in a log would be enough.
    if (isDeployed(config) && (await hasKey(query, grant, addresses, authToken))) return undefined;
  }
  if (isDeployed(config) && !config.bindUrl)
    return 'MCP_BIND_URL=off: the body may have replaced parameters of the URL';
  throw new Forbidden(whatToSign(signature, config, addresses[0]));
}

async function hasKey(
  query: IncomingMessage['query'],
  grant: Grant,
  addresses: readonly string[],
  authToken: string,
): Promise<boolean> {
  const [given = ''] = query.get('key') ?? [];
  for (const address of addresses) {
    if (isSame(given, await connectionKey(new URL(address).host, grant, authToken))) return true;
  }
  return false;
}

function whatToSign(signature: string | null, config: Config, address = ''): string {
  const deployed = isDeployed(config);
  if (config.authToken === undefined) {
    return deployed
      ? 'This deployment has no AUTH_TOKEN, so it cannot tell what its owner signed: switch on "Add my Twilio Credentials (ACCOUNT_SID) and (AUTH_TOKEN) to ENV" in the settings of its Functions service.'
      : 'Others may reach this server: start it with npm start or twilio serverless:start in its folder, without WEBHOOK_BASE_URL; or set AUTH_TOKEN, and sign the URL with npm run connect.';
  }
  if (signature !== null)
    return `The signature is not that of a URL with exactly these parameters. Sign ${address}/mcp?services=… with npm run connect${deployed ? ` or the page at ${address}/` : ''}, and send nothing but the message in the body.`;
  return deployed
    ? `No x-twilio-signature reached this Function, and the URL has no valid key=. npm run connect and the page at ${address}/ create URLs with a key.`
    : `Others may reach this server, so it requires an x-twilio-signature: sign the URL with npm run connect -- --url ${address}.`;
}
