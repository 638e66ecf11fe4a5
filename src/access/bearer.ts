import { type Config, publicAddresses } from '../config';
import { ToolError } from '../errors';
import { headersOf } from '../http/event';
import type { Headers } from '../http/exchange';
import { isSame } from '../secrets';
import { type Admission, checkHolder, Forbidden } from './admit';
import { claimsIn, seal } from './token';

/** The request has no access token at all. */
export class NoToken extends Forbidden {}

/** How far ahead the clock of the browser or computer that signed a token may be. */
const SKEW_MS = 5 * 60_000;

/**
 * What the access token of a request allows, and its ID. Reads nothing but the headers and the settings. Throws
 * `Forbidden` without a token that the owner has signed for this server, and that is neither expired nor revoked.
 */
export async function admitToken(request: unknown, config: Config): Promise<Admission & { id: string }> {
  const token = tokenOf(headersOf(request));
  if (!(await isSealed(token, config))) throw new Forbidden('The access token is not valid for this server.');
  let claims: ReturnType<typeof claimsIn>;
  try {
    claims = claimsIn(token);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw new Forbidden('This version of the server cannot read the claims of the access token.');
  }
  const { grant, id, issued } = claims;
  if (issued > Date.now() + SKEW_MS) throw new Forbidden('The access token is not valid yet.');
  checkHolder(grant, config, { credential: 'access token', id });
  return { grant, id };
}

/** The one token of a request: two that differ say nothing. */
function tokenOf(headers: Headers | undefined): string {
  const [authorization, apiKey] = ['authorization', 'x-api-key'].map((name) => headers?.get(name) ?? undefined);
  if (authorization === undefined && apiKey === undefined)
    throw new NoToken('Send an access token as Authorization: Bearer <token>, or as x-api-key: <token>.');
  const bearer = authorization === undefined ? apiKey! : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
  if (bearer !== (apiKey ?? bearer)) throw new Forbidden('Authorization and x-api-key differ: send one access token.');
  return bearer;
}

async function isSealed(token: string, config: Config): Promise<boolean> {
  const { authToken } = config;
  if (authToken === undefined) return false;
  const [claims = ''] = token.split('.');
  for (const address of publicAddresses(config)) {
    if (isSame(token, await seal(new URL(address).host, claims, authToken))) return true;
  }
  return false;
}
