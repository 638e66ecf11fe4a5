import { ToolError } from '../errors';
import { base64url, hmac } from '../signature';
import { MS_PER_DAY } from '../time';
import { type Grant, queryOf, readGrant, writeGrant } from './grant';

/*
 * Access tokens: a grant that its owner has signed, for clients that cannot send the signature of a URL. A token is the
 * base64url of its claims, written as the query of a URL, a dot, and their seal.
 */

/** Keeps seals apart from everything else that the auth token signs. */
const TOKEN_PURPOSE = 'twilio-mcp-functions: access token';

/** How many days after it was issued a token may expire. */
const TOKEN_DAYS = 90;

/** What a token says. */
interface TokenClaims {
  grant: Grant;
  /** For the log and MCP_REVOKED. */
  id: string;
  /** Epoch ms. */
  issued: number;
}

/**
 * A new token for the server at a host, and its ID. Throws a `ToolError` if the grant names no client, or expires on no
 * day or too late.
 */
export async function signToken(host: string, grant: Grant, authToken: string): Promise<{ token: string; id: string }> {
  const id = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const claims = `${writeGrant(grant)}&id=${id}&issued=${Math.floor(Date.now() / 1000)}`;
  readClaims(claims);
  return { token: await seal(host, base64url(new TextEncoder().encode(claims)), authToken), id };
}

/**
 * The token with these encoded claims: their seal is an HMAC-SHA256 under a key derived from the auth token, and covers
 * the host, as another deployment of the account may offer more.
 */
export async function seal(host: string, encoded: string, authToken: string): Promise<string> {
  const key = await hmac('SHA-256', authToken, TOKEN_PURPOSE);
  return `${encoded}.${base64url(await hmac('SHA-256', key, JSON.stringify([host.toLowerCase(), encoded])))}`;
}

/** The claims of a token whose seal has been checked. */
export const claimsIn = (token: string): TokenClaims =>
  readClaims(atob(token.split('.')[0]!.replaceAll('-', '+').replaceAll('_', '/')));

/** Throws a `ToolError` for what no token may say, and for any claim of a later version: ignored, it could limit nothing. */
function readClaims(text: string): TokenClaims {
  const parameters = new URLSearchParams(text);
  const [id, seconds] = ['id', 'issued'].map((name) => parameters.get(name) ?? '');
  for (const name of ['id', 'issued']) parameters.delete(name);
  const grant = readGrant(queryOf(parameters));
  if (!id || !/^\d{1,10}$/.test(seconds!))
    throw new ToolError('An access token has an ID and says when it was issued.');
  if (grant.client === undefined) throw new ToolError('An access token names its client.');
  const issued = Number(seconds) * 1000;
  const lastDay = new Date(issued + TOKEN_DAYS * MS_PER_DAY).toISOString().slice(0, 10);
  if (grant.expires === undefined || grant.expires > lastDay)
    throw new ToolError(`An access token expires within ${TOKEN_DAYS} days: on ${lastDay} or before.`);
  return { grant, id, issued };
}
