/*
 * What the configurations of all clients have in common.
 */

export interface Connection {
  /** From `connectionUrl`. The signature is valid for exactly this text. */
  url: string;
  /** Omitted on this machine, and then no header is sent. */
  signature?: string;
  /** An access token for `/mcp/bearer`, in place of the signature. */
  token?: string;
  /** The client's name for the server, see `labelError`; default `DEFAULT_LABEL`. */
  label?: string;
  /** How many tools the URL offers; default few. */
  tools?: number;
}

export interface ClientConfiguration {
  /** As in `npm run connect -- --client <id>`. */
  id: string;
  title: string;
  /** Clients of one group stand together on the page and in docs/clients.md. */
  group: 'Coding agents' | 'Desktop apps' | 'OpenAI' | 'Anthropic' | 'Testing';
  language: 'text' | 'shell' | 'powershell' | 'json' | 'toml' | 'yaml' | 'javascript' | 'python';
  /** Where the configuration goes and what else to do, in one or two sentences. */
  instructions: string;
  /** Replaces `instructions` for an address on this machine. */
  localInstructions?: string;
  /** Runs on its vendor's servers, which cannot reach a local address. */
  hosted?: true;
  /** Sends an access token, and no header of another name. */
  needsToken?: true;
  /** What the client puts before the name of a tool, and how long the whole name may be. Omitted if nothing is known. */
  toolNames?: { prefix: (label: string) => string; maxLength: number };
  /** How many tools of a server the client can offer its model in addition to its own. Omitted if no limit is known. */
  maxTools?: number;
  /** The configuration, as text. */
  write: (connection: Connection) => string;
  /** The fields of a form that the user fills in, each with its value. */
  form?: (connection: Connection) => readonly (readonly [string, string])[];
  /** A link that opens the client, which offers to add the server. It may contain the signature. */
  installLink?: (connection: Connection) => string;
}

export const SIGNATURE_HEADER = 'x-twilio-signature';
/** Shown in a configuration until the signature is known. */
export const SIGNATURE_PLACEHOLDER = '<signature>';

/** The client's name for the server, if the user chooses none. */
export const DEFAULT_LABEL = 'twilio';
/** Why a client on its vendor's servers cannot use a local server. */
export const needsPublicAddress = (vendor: string): string =>
  `${vendor} calls the server, so its address must be public.`;

/** The label of a connection, or the default. */
export const labelOf = ({ label = DEFAULT_LABEL }: Connection): string => label;

/** The header that proves a connection, as name and value; on this machine there may be none. */
export function proofHeader({ signature, token }: Connection): readonly [name: string, value: string] | undefined {
  if (token !== undefined) return ['Authorization', `Bearer ${token}`];
  return signature === undefined ? undefined : [SIGNATURE_HEADER, signature];
}

/** `undefined` without a proof, so that JSON leaves the key out. */
export function proofHeaders(connection: Connection): Record<string, string> | undefined {
  const header = proofHeader(connection);
  return header && { [header[0]]: header[1] };
}

/** JSON as people read it. */
export const formatJson = (value: unknown) => JSON.stringify(value, null, 2);
