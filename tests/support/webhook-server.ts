import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SANDBOX_AUTH_TOKEN } from '../../sandbox/server';
import { signatureOf } from '../../src/signature';

/** A program's webhooks. Paths without an answer respond with 503. */
export interface WebhookServer {
  /** Text of the response by path. */
  answers: Record<string, string>;
  /** The requests so far: their path, method and parameters. */
  requests: { path: string; method: string; fields: Record<string, string> }[];
  url(path: string): string;
}

/** Starts webhooks for the tests of a file, without answers and requests at the start of each one. */
export function webhookServer(): WebhookServer {
  let server: Server;
  const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const webhooks: WebhookServer = { answers: {}, requests: [], url };
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { pathname: path, searchParams } = new URL(request.url!, 'http://localhost');
      const form = Object.fromEntries(new URLSearchParams(body));
      webhooks.requests.push({
        path,
        method: request.method!,
        fields: { ...form, ...Object.fromEntries(searchParams) },
      });
      const signature = await signatureOf(url(request.url!), SANDBOX_AUTH_TOKEN, form);
      const isSigned = request.headers['x-twilio-signature'] === signature;
      const answer = webhooks.answers[path];
      response.writeHead(isSigned ? (answer === undefined ? 503 : 200) : 403).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());
  beforeEach(() => {
    webhooks.answers = {};
    webhooks.requests = [];
  });
  return webhooks;
}
