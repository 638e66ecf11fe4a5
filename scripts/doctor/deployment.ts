import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { version } from '../../package.json';
import { connectionUrl, SIGNATURE_HEADER } from '../../src/connect/configurations';
import { isLoopbackUrl } from '../../src/formats';
import { signatureOf } from '../../src/signature';
import { type Check, type Finding, fault, note, ok, type Setup } from './check';

/** A deployment is asked as a client asks: handshake, list, and one reading of the account behind it. */
export const deployment: Check = {
  title: 'The deployment',
  run: async (setup) => {
    if (setup.url === undefined) return [note('Not looked at: add --url with its address.')];
    let url: string;
    try {
      url = connectionUrl(setup.url, { services: [], readonly: true });
    } catch {
      return [fault('--url is no address.', 'Write it as https://name-1234-dev.twil.io.')];
    }
    const token = setup.env.AUTH_TOKEN;
    if (!isLoopbackUrl(url) && !token)
      return [fault('Without AUTH_TOKEN the deployment cannot be asked: it wants a signature.', 'Set AUTH_TOKEN.')];
    const headers: Record<string, string> = isLoopbackUrl(url)
      ? {}
      : { [SIGNATURE_HEADER]: await signatureOf(url, token!) };
    const unanswered = await knock(url, headers);
    return unanswered ? [unanswered] : handshake(setup, url, headers);
  },
};

/** One plain request, whose status tells more than a client's error. */
async function knock(url: string, headers: Record<string, string>): Promise<Finding | undefined> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
      signal: AbortSignal.timeout(15_000),
    });
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return fault(
      `Nothing answers at ${new URL(url).origin} (${code ?? (error as Error).name}).`,
      'Compare --url with the domain that npm run deploy printed; locally, start the server with npm start.',
    );
  }
  const text = await response.text();
  if ([400, 401, 403].includes(response.status) && !text.includes('"jsonrpc"'))
    return fault(
      `The deployment refuses the signature (HTTP ${response.status}).`,
      'AUTH_TOKEN must be the primary token of the account and region that holds the deployment, and --url its exact domain.',
    );
  if (response.status === 404)
    return fault(
      'There is no /mcp at this address (HTTP 404).',
      'Deploy with npm run deploy, and use the domain it prints.',
    );
  if (response.status >= 500)
    return fault(
      `The deployment fails (HTTP ${response.status}).`,
      'Look at the logs in the Console, Functions and Assets; then deploy again with npm run deploy.',
    );
  if (!text.includes('"jsonrpc"'))
    return fault(
      'Something else answers at this address: it is no MCP server.',
      'Use the domain that npm run deploy printed.',
    );
  return undefined;
}

async function handshake(setup: Setup, url: string, headers: Record<string, string>): Promise<Finding[]> {
  const client = new Client({ name: 'doctor', version }, { versionNegotiation: { mode: 'auto' } });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    const server = client.getServerVersion();
    const { tools } = await client.listTools();
    const findings = [ok(`Handshake and list succeed: ${tools.length} reading tools of the default service.`)];
    if (server?.version !== version)
      findings.push(
        note(`It runs version ${server?.version}, this folder holds ${version}: npm run deploy brings it up.`),
      );
    return [...findings, ...(await behind(client, setup))];
  } catch (error) {
    return [fault(`The handshake fails: ${(error as Error).message}`, 'Deploy again with npm run deploy.')];
  } finally {
    await client.close();
  }
}

/** Whether the deployment's own variables let it reach the account, and the same one. */
async function behind(client: Client, { config }: Setup): Promise<Finding[]> {
  let account: { accountSid?: string; unread?: string };
  try {
    const { contents } = await client.readResource({ uri: 'twilio://account' });
    account = JSON.parse((contents[0] as { text: string }).text);
  } catch (error) {
    return [
      fault(
        `The deployment cannot use the account. ${(error as Error).message}`,
        'Deploy again with a complete .env: its variables go up with it.',
      ),
    ];
  }
  if (config.accountSid && account.accountSid !== config.accountSid)
    return [
      fault(
        'The deployment works for another account than ACCOUNT_SID.',
        'Use the .env it was deployed with, or deploy again.',
      ),
    ];
  if (account.unread?.includes('20003'))
    return [
      fault("Twilio does not accept the deployment's API key.", 'Make a new key, put it into .env and deploy again.'),
    ];
  return [ok('It reaches the account.')];
}
