import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { version } from '../../package.json';
import { SANDBOX_ACCOUNT_SID } from '../../sandbox/credentials';
import { connectionUrl, signConnection } from '../../src/connect/address';
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
    const proof = token ? await findProof(url, token) : { url, headers: {} };
    const failure = await probe(proof.url, proof.headers, context.file);
    if (failure) return [failure];
    const findings = await handshake(context, proof.url, proof.headers);
    if (isLoopbackUrl(url) || findings.some(({ state }) => state === 'problem')) return findings;
    return [...findings, ...(proof.finding ? [proof.finding] : []), await checkBody(proof)];
  },
};

interface UrlProof {
  url: string;
  headers: Record<string, string>;
  /** What the deployment can see, if it was deployed. */
  finding?: Finding;
}

/** The URL and headers with which this deployment can be used: with a key if the platform hides the signature from it. */
async function findProof(plain: string, token: string): Promise<UrlProof> {
  const headers = { [SIGNATURE_HEADER]: await signatureOf(plain, token) };
  // What does not answer at all is reported by the next request.
  const answer = await sendPing(plain, headers).catch(() => undefined);
  if (answer?.status === 200) return { url: plain, headers, finding: ok('It sees the signature of a request.') };
  if (!answer?.text.includes('No x-twilio-signature reached')) return { url: plain, headers };
  const { url, signature } = await signConnection(plain, { readonly: true }, token);
  return {
    url,
    headers: { [SIGNATURE_HEADER]: signature },
    finding: note(
      'The platform hides the signature from it, so only URLs with key= work: those of the page and npm run connect.',
    ),
  };
}

/** Whether a key in the body can lift what the URL was signed for. */
async function checkBody({ url, headers }: UrlProof): Promise<Finding> {
  const { status } = await sendPing(url, headers, { readonly: 'false' });
  if (status === 403) return ok('It refuses parameters in the body that the URL was not signed for.');
  return problem(
    `It believes parameters in the body (HTTP ${status}), so anyone with a signed URL can use every tool.`,
    'Remove MCP_BIND_URL from its variables if it is off; otherwise deploy this version with npm run deploy.',
  );
}

/** Sends one plain request. Throws if there is no response. */
export async function sendPing(url: string, headers: Record<string, string> = {}, extra: object = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', ...extra }),
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
  if (text.includes('has no AUTH_TOKEN'))
    return problem(
      'The deployment has no AUTH_TOKEN, so it refuses every URL.',
      'In the Console, Functions and Assets, open the service, Settings, switch on "Add my Twilio Credentials (ACCOUNT_SID) and (AUTH_TOKEN) to ENV", and deploy again.',
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
