import { type Grant, queryOf, readGrant, writeGrant } from '../access/grant';
import { connectionKey } from '../access/key';
import { signToken } from '../access/token';
import { isLoopback } from '../formats';
import { signatureOf } from '../signature';

/*
 * The URL of a connection: what a given one asks for, and the one for a selection.
 */

const NOTHING: Grant = { services: [], tools: [], exclude: [], readonly: false, dryRun: false };

/** How long a URL works if its owner chooses no other day. */
export const VALID_DAYS = 90;

/** The day in so many days, in UTC, as `expires=` takes it. */
export const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** An address as people write it: https unless it is on this machine. Throws a `TypeError` for anything but http(s). */
function parseAddress(address: string): URL {
  const withScheme = address.includes('://')
    ? address
    : `${isLoopback(address.split('/')[0]!) ? 'http' : 'https'}://${address}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  // Browsers differ in what they accept as a host.
  if (!url || !/^https?:$/.test(url.protocol) || !/^([\w.-]+|\[[\da-f:.]+\])$/.test(url.hostname))
    throw new TypeError(`"${address}" is not an http(s) address. Write it as https://name-1234-dev.twil.io.`);
  return url;
}

/**
 * The URL of a connection to the deployment at an address (`https://name-1234-dev.twil.io`; a path is dropped), without
 * its key. Throws a `TypeError` if the address is not an http(s) address.
 */
export function connectionUrl(address: string, selection: Partial<Grant>): string {
  const query = writeGrant({ ...NOTHING, ...selection });
  return `${parseAddress(address).origin}/mcp${query && `?${query}`}`;
}

/** A new access token for the deployment at an address, its ID, and the URL that takes it. Throws as `signToken`. */
export async function issueToken(
  address: string,
  selection: Partial<Grant>,
  authToken: string,
): Promise<{ url: string; token: string; id: string }> {
  const { origin, host } = parseAddress(address);
  return { url: `${origin}/mcp/bearer`, ...(await signToken(host, { ...NOTHING, ...selection }, authToken)) };
}

/**
 * What a URL asks for, as the server reads it. Throws a `TypeError` that names the first part that a connection cannot
 * keep: another path, credentials, a fragment; a `ToolError` for a parameter that the server does not take.
 */
export function grantIn(address: string): Grant {
  const { pathname, hash, username, searchParams } = parseAddress(address);
  if (!/^\/(mcp)?$/.test(pathname))
    throw new TypeError(`The server answers at /mcp, not at ${pathname}: give the address of the deployment alone.`);
  if (username) throw new TypeError('Remove the name and password from the address: the server takes a signature.');
  if (hash) throw new TypeError(`Remove ${hash} from the address: it never reaches the server.`);
  return readGrant(queryOf(searchParams));
}

/** The URL of a connection with its key, and the signature of that URL. */
export async function signConnection(
  address: string,
  selection: Partial<Grant>,
  authToken: string,
): Promise<{ url: string; signature: string }> {
  const plain = connectionUrl(address, selection);
  const key = await connectionKey(new URL(plain).host, { ...NOTHING, ...selection }, authToken);
  const url = `${plain}${plain.includes('?') ? '&' : '?'}key=${key}`;
  return { url, signature: await signatureOf(url, authToken) };
}
