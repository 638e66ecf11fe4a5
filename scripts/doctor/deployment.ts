import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { version } from '../../package.json';
import { SANDBOX_ACCOUNT_SID } from '../../sandbox/credentials';
import { connectionUrl } from '../../src/connect/address';
import { SIGNATURE_HEADER } from '../../src/connect/client';
import { isLoopbackUrl } from '../../src/formats';
import { explainSetting, SETTINGS } from '../../src/settings';
import { signatureOf } from '../../src/signature';
import { type DoctorCheck, type DoctorContext, type Finding, note, ok, problem } from './check';

/** Uses a deployment as a client does: handshake, tool list, and one read of its account. */
export const deploymentCheck: DoctorCheck = {
  title: 'Deployment',
  run: async (context) => {
    if (context.url === undefined) return [note('Skipped: add --url with its address.')];
    let url: string;
    try {
      url = connectionUrl(context.url, { services: [], readonly: true });
    } catch {
      return [problem('--url is not an address.', 'Write it as https://name-1234-dev.twil.io.')];
    }
    const token = context.env.AUTH_TOKEN;
    if (!isLoopbackUrl(url) && !token)
      return [
        problem(
          'Without AUTH_TOKEN the deployment cannot be checked: it requires a signature.',
          `In ${context.file}, set AUTH_TOKEN. ${explainSetting(SETTINGS.AUTH_TOKEN)}`,
        ),
      ];
    const headers: Record<string, string> = isLoopbackUrl(url)
      ? {}
      : { [SIGNATURE_HEADER]: await signatureOf(url, token!) };
    const failure = await probe(url, headers, context.file);
    return failure ? [failure] : handshake(context, url, headers);
  },
};

/** Sends one plain request. Throws if there is no response. */
export async function sendPing(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, text: await response.text() };
}

/** What is wrong with the answer to a plain request, because its HTTP status says more than a client's error. */
async function probe(url: string, headers: Record<string, string>, file: string): Promise<Finding | undefined> {
  let answer: Awaited<ReturnType<typeof sendPing>>;
  try {
    answer = await sendPing(url, headers);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return problem(
      `No response from ${new URL(url).origin} (${code ?? (error as Error).name}).`,
      'Compare --url with the domain that npm run deploy printed; locally, start the server with npm start.',
    );
  }
  const { status, text } = answer;
  if ([400, 401, 403].includes(status) && !text.includes('"jsonrpc"'))
    return problem(
      `The deployment rejects the signature (HTTP ${status}).`,
      `AUTH_TOKEN in ${file} must be the primary token of the account and region of the deployment, and --url its exact domain.`,
    );
  if (status === 404)
    return problem(
      'There is no /mcp at this address (HTTP 404).',
      'Deploy with npm run deploy, and use the domain it prints.',
    );
  if (status >= 500)
    return problem(
      `The deployment fails (HTTP ${status}).`,
      'Read the logs in the Console, Functions and Assets, then deploy again with npm run deploy.',
    );
  if (!text.includes('"jsonrpc"'))
    return problem('The server at this address is not an MCP server.', 'Use the domain that npm run deploy printed.');
  return undefined;
}

async function handshake(context: DoctorContext, url: string, headers: Record<string, string>): Promise<Finding[]> {
  const client = new Client({ name: 'doctor', version }, { versionNegotiation: { mode: 'auto' } });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    const server = client.getServerVersion();
    const { tools } = await client.listTools();
    const findings = [ok(`Handshake and tool list succeed: ${tools.length} read-only tools of the default service.`)];
    if (server?.version !== version)
      findings.push(note(`It runs version ${server?.version}, this folder has ${version}: npm run deploy updates it.`));
    return [...findings, ...(await checkDeployedAccount(client, context, url))];
  } catch (error) {
    return [problem(`The handshake fails: ${(error as Error).message}`, 'Deploy again with npm run deploy.')];
  } finally {
    await client.close();
  }
}

/** Whether the deployment's own variables give access to the account, and to the same one. */
async function checkDeployedAccount(client: Client, context: DoctorContext, url: string): Promise<Finding[]> {
  const { config, file, sandboxed } = context;
  let account: { accountSid?: string; unread?: string };
  try {
    const { contents } = await client.readResource({ uri: 'twilio://account' });
    account = JSON.parse((contents[0] as { text: string }).text);
  } catch (error) {
    return [
      problem(
        `The deployment cannot use the account. ${(error as Error).message}`,
        `Deploy again with npm run deploy: a deployment includes the variables of ${file}.`,
      ),
    ];
  }
  const expected = sandboxed ? SANDBOX_ACCOUNT_SID : config.accountSid;
  if (expected && account.accountSid !== expected && isLoopbackUrl(url))
    return [
      problem(
        `The server at ${new URL(url).origin} uses ${account.accountSid}, not the ACCOUNT_SID of ${file}.`,
        'Stop it and run npm start again: it reads the file once, when it starts.',
      ),
    ];
  if (expected && account.accountSid !== expected)
    return [
      problem(
        'The deployment uses a different account than ACCOUNT_SID.',
        `Set ACCOUNT_SID and its credentials in ${file} to those that it was deployed with, or deploy again.`,
      ),
    ];
  if (account.unread?.includes('20003'))
    return [
      problem(
        "Twilio rejects the deployment's API key.",
        `Create a key, set API_KEY and API_SECRET in ${file} and deploy again.`,
      ),
    ];
  return [ok(`It reaches the account ${account.accountSid}${sandboxed ? ' of the sandbox' : ''}.`)];
}
