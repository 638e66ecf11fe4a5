/**
 * Preload for `node --require dist/local/sandbox-preload.js` with TWILIO_SANDBOX_URL set: requests to *.twilio.com go to
 * the sandbox, whichever library makes them. The program is not changed, and requests to other hosts are left alone.
 */
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { urlToHttpOptions } from 'node:url';
import { isLoopbackUrl } from '../src/formats';

// Read once: if the program changes its environment later, its requests must still not reach Twilio.
const sandboxUrl = process.env.TWILIO_SANDBOX_URL;
if (!sandboxUrl) throw new Error('TWILIO_SANDBOX_URL must be the URL of the sandbox');
const { protocol, hostname, port, host: sandboxHost, origin } = new URL(sandboxUrl);
if (protocol !== 'http:' || !isLoopbackUrl(sandboxUrl)) {
  throw new Error(`TWILIO_SANDBOX_URL must be an http URL on the loopback interface, not ${origin}`);
}

const isTwilio = (host: unknown): host is string =>
  typeof host === 'string' && /(^|\.)twilio\.com$/i.test(host.replace(/:\d+$/, ''));
const sandboxConnection = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port: port || 80 };
// A redirected request cannot use its https agent. This one keeps connections open like the agent of Twilio's client.
const sandboxAgent = new http.Agent({ keepAlive: true, maxSockets: 100, timeout: 60_000 });

type Callback = (response: http.IncomingMessage) => void;

/** The arguments of https.request, which has several signatures, as options and callback. */
function parseRequestArguments(args: unknown[]): [http.RequestOptions, Callback | undefined] {
  const [first, second, third] = args;
  if (typeof first !== 'string' && !(first instanceof URL)) {
    return [(first ?? {}) as http.RequestOptions, second as Callback | undefined];
  }
  const options = { ...urlToHttpOptions(new URL(first)), ...(typeof second === 'object' ? second : {}) };
  return [options, (typeof second === 'function' ? second : third) as Callback | undefined];
}

const originalRequest = https.request;

function redirectRequest(this: unknown, ...args: unknown[]): http.ClientRequest {
  const [options, callback] = parseRequestArguments(args);
  const host = options.hostname || options.host;
  if (!isTwilio(host)) return Reflect.apply(originalRequest, this, args);
  const headers = new http.OutgoingMessage();
  const given = Array.isArray(options.headers) ? pairsOf(options.headers) : Object.entries(options.headers ?? {});
  for (const [name, value] of given) if (value !== undefined && value !== null) headers.setHeader(name, value);
  headers.setHeader('host', sandboxHost);
  headers.setHeader('x-sandbox-host', host);
  const { method, path, auth, timeout, signal } = options;
  const redirected = {
    ...sandboxConnection,
    agent: sandboxAgent,
    method,
    path,
    auth,
    timeout,
    signal,
    headers: headers.getHeaders(),
  };
  return http.request(redirected, callback);
}

function pairsOf(flat: readonly string[]): Array<[string, string]> {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!]);
}

function redirectGet(this: unknown, ...args: unknown[]): http.ClientRequest {
  return Reflect.apply(redirectRequest, this, args).end();
}

Object.assign(https, { request: redirectRequest, get: redirectGet });
// Updates `import { request } from 'node:https'` too.
syncBuiltinESMExports();

const originalFetch = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const target = new URL(typeof input === 'object' && 'url' in input ? input.url : String(input));
  if (!isTwilio(target.hostname)) return originalFetch(input, init);
  const { method, headers: given, redirect, signal, body } = new Request(input, init);
  const headers = new Headers(given);
  headers.set('x-sandbox-host', target.hostname);
  const redirected = new URL(target.pathname + target.search, origin);
  return originalFetch(redirected, { method, headers, redirect, signal, ...(body ? { body, duplex: 'half' } : {}) });
};
