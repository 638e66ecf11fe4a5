import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getExpectedTwilioSignature, validateRequest } from 'twilio';
import { SANDBOX_AUTH_TOKEN } from '../../sandbox/server';
import { type Stack, startStack } from './stack';

/**
 * A stand-in for the gateway of protected Functions: forwards requests that are signed for their URL, rejects others.
 * The real one speaks https; so what it forwards is signed for the same URL with https.
 */
export interface Gateway {
  /** `http://127.0.0.2:<port>`: reaches this machine, but `isLoopback` does not recognize it. */
  url: string;
  /** Headers that it removes. */
  hidden: Set<string>;
  /** Requests so far: path with query, and whether the signature was valid. */
  requests: { path: string; allowed: boolean; headers: IncomingHttpHeaders }[];
  close: () => Promise<void>;
}

const HOST = '127.0.0.2';

/** The stack of a file's tests and a gateway before it, which knows the sandbox's auth token. */
export function useGateway(): { stack: Stack; gateway: Gateway } {
  const stack = {} as Stack;
  const gateway = {} as Gateway;
  beforeAll(async () => {
    await startStack({}, stack);
    Object.assign(gateway, await startGateway(SANDBOX_AUTH_TOKEN, stack.server.url));
  });
  afterAll(async () => {
    await gateway.close();
    await stack.close();
  });
  return { stack, gateway };
}

export async function startGateway(authToken: string, target: string): Promise<Gateway> {
  const requests: Gateway['requests'] = [];
  const hidden = new Set<string>();
  const server = createServer(async (incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const signature = String(incoming.headers['x-twilio-signature'] ?? '');
    const body = await text(incoming);
    // The fields of a form are signed, a JSON body is not.
    const fields = path.startsWith('/webhook') ? Object.fromEntries(new URLSearchParams(body)) : {};
    const isProtected = /^\/(mcp(\?|$)|webhook)/.test(path);
    const allowed = !isProtected || validateRequest(authToken, signature, `${gateway.url}${path}`, fields);
    requests.push({ path, allowed, headers: incoming.headers });
    if (!allowed) return outgoing.writeHead(403).end('Forbidden');
    // Behind the gateway, the host is the Function's.
    const { method } = incoming;
    const headers: IncomingHttpHeaders = { ...incoming.headers, host: new URL(target).host };
    const secure = gateway.url.replace('http:', 'https:') + path;
    if (signature) headers['x-twilio-signature'] = getExpectedTwilioSignature(authToken, secure, fields);
    for (const name of hidden) delete headers[name];
    const forwarded = request(`${target}${path}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.writeHead(502).end());
    forwarded.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const gateway: Gateway = {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    hidden,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gateway;
}
