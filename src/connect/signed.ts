import type { Grant } from '../access/grant';
import { grantIn, signConnection } from './address';
import { SIGNATURE_HEADER } from './client';

/*
 * For programs that connect to a deployment: `import { signedConnection } from 'twilio-mcp-functions/connect'`.
 */

interface SignedConnection {
  url: string;
  /** To send with every request to `url`. Anyone who has both can use what the URL offers. */
  headers: Record<string, string>;
}

/**
 * The URL and headers of a connection to the deployment at `address`, or at a complete URL, signed with the account's
 * auth token. Throws a `TypeError` if the address has a part that no connection has. Names are not checked: a deployment
 * may offer services that this version does not know.
 */
export async function signedConnection(
  address: string,
  authToken: string,
  selection: Partial<Grant> = {},
): Promise<SignedConnection> {
  const { url, signature } = await signConnection(address, { ...grantIn(address), ...selection }, authToken);
  return { url, headers: { [SIGNATURE_HEADER]: signature } };
}
