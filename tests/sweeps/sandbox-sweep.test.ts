import { Agent, request as httpRequest } from 'node:http';
import type { SpecOperation } from '../../openapi/spec';
import { generateRequest } from '../../sandbox/generate';
import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, type Sandbox, startSandbox } from '../../sandbox/server';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ lenient: true });
});
afterAll(() => sandbox.close());

test('the sandbox accepts every operation with every parameter', async () => {
  const agent = new Agent({ keepAlive: true });
  const login = Buffer.from(`${SANDBOX_ACCOUNT_SID}:${SANDBOX_AUTH_TOKEN}`).toString('base64');
  const sendRequest = (operation: SpecOperation) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const document = sandbox.state.spec.document(operation.file);
      const { method, path, host, headers, body } = generateRequest(document, operation, {
        AccountSid: SANDBOX_ACCOUNT_SID,
      });
      const allHeaders = {
        ...headers,
        authorization: `Basic ${login}`,
        'x-sandbox-host': host,
        'content-length': Buffer.byteLength(body ?? ''),
      };
      const request = httpRequest(
        { port: sandbox.port, host: '127.0.0.1', agent, method, path, headers: allHeaders },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode!, text }));
        },
      );
      request.on('error', reject).end(body);
    });

  const operations = sandbox.state.spec.operations();
  expect(operations.length).toBeGreaterThan(1500);
  expect(new Set(operations.map((operation) => operation.id)).size).toBe(operations.length);
  const invalid: string[] = [];
  const failed: string[] = [];
  for (const operation of operations) {
    const { status, text } = await sendRequest(operation);
    const { file, operationId, violations } = sandbox.journal.last!;
    if (`${file}:${operationId}` !== operation.id) invalid.push(`${operation.id} was routed to ${file}:${operationId}`);
    else if (violations.length > 0) invalid.push(`${operation.id}: ${violations.join('; ')}`);
    else if (status >= 500) failed.push(`${operation.id}: ${text.slice(0, 300)}`);
    else if (status < 300) failed.push(...missingProperties(operation, text));
  }
  agent.destroy();
  expect(failed).toEqual([]);
  // Only an earlier response can supply the page token that the description requires.
  expect(invalid).toEqual(['insights_v3:FetchQueryResults: missing required query parameter "pageToken"']);
});

/** Properties of the description that the response lacks. */
function missingProperties(operation: SpecOperation, text: string): string[] {
  const schema = sandbox.state.spec.document(operation.file).resolve(operation.success.schema);
  const body = text ? JSON.parse(text) : {};
  return Object.keys(schema?.properties ?? {})
    .filter((name) => !(name in body))
    .map((name) => `${operation.id} lacks ${name}`);
}
