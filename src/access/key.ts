import { base64url, hmac } from '../signature';
import type { Grant } from './grant';

/*
 * The second proof of what an owner signed. The gateway has checked the signature of the URL, but passes query and body
 * on as one object; the key, part of the URL, says which of its values the owner meant, whatever headers the Function sees.
 */

/** Keeps keys apart from everything else that the auth token signs. */
const KEY_PURPOSE = 'twilio-mcp-functions: key of a connection';

/**
 * The `key=` of a URL: an HMAC-SHA256 over host and grant, in any order of the names, under a key derived from the auth
 * token; 22 letters of base64url. Valid for this host only, as another deployment of the account may offer more.
 */
export async function connectionKey(host: string, grant: Grant, authToken: string): Promise<string> {
  const { client, services, tools, exclude, readonly, dryRun, expires } = grant;
  const names = [services, tools, exclude].map((list) => [...new Set(list)].sort());
  // What was added later is left out where it is not asked for, so that the keys of earlier URLs stay valid.
  const added = dryRun ? ['dryrun'] : [];
  const text = JSON.stringify([host.toLowerCase(), ...names, readonly, client ?? null, expires ?? null, ...added]);
  const mac = await hmac('SHA-256', await hmac('SHA-256', authToken, KEY_PURPOSE), text);
  return base64url(mac).slice(0, 22);
}
