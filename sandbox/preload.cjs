'use strict';
/**
 * `node --require sandbox/preload.cjs` with TWILIO_SANDBOX_URL set: requests that the program makes to
 * *.twilio.com go to the sandbox, whatever library makes them. The program itself is not changed.
 * Requests to other hosts are left alone.
 */
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

// Read once: what the program does to its environment later must not send it to the real Twilio.
const given = process.env.TWILIO_SANDBOX_URL;
if (!given) throw new Error('TWILIO_SANDBOX_URL must hold the URL of the sandbox');
const sandbox = new URL(given);
if (sandbox.protocol !== 'http:' || !/^(127(\.\d+){3}|\[::1\]|localhost)$/.test(sandbox.hostname)) {
  throw new Error(`TWILIO_SANDBOX_URL must be an http URL on the loopback interface, not ${sandbox.origin}`);
}

const isTwilio = (host) => typeof host === 'string' && /(^|\.)twilio\.com$/i.test(host.replace(/:\d+$/, ''));
const connection = { protocol: 'http:', hostname: sandbox.hostname.replace(/^\[|\]$/g, ''), port: sandbox.port || 80 };
// A redirected request cannot keep its https agent. Connections are kept for a while, as the real client keeps them.
const agent = new http.Agent({ keepAlive: true, maxSockets: 100, timeout: 60_000 });

/** The arguments of https.request as one options object and a callback. */
function normalise(args) {
  const [first, second, third] = args;
  if (typeof first === 'string' || first instanceof URL) {
    const url = new URL(first);
    const options = typeof second === 'object' && second !== null ? second : {};
    const fromUrl = { protocol: url.protocol, hostname: url.hostname, port: url.port, path: url.pathname + url.search };
    if (url.username) fromUrl.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return [{ ...fromUrl, ...options }, typeof second === 'function' ? second : third];
  }
  return [first ?? {}, second];
}

function redirect(original) {
  return function request(...args) {
    const [options, callback] = normalise(args);
    const host = options.hostname || options.host;
    if (!isTwilio(host)) return original.apply(this, args);
    const headers = new http.OutgoingMessage();
    const raw = Array.isArray(options.headers) ? pairsOf(options.headers) : Object.entries(options.headers ?? {});
    for (const [name, value] of raw) if (value !== undefined && value !== null) headers.setHeader(name, value);
    headers.setHeader('host', sandbox.host);
    headers.setHeader('x-sandbox-host', host);
    const { method, path, auth, timeout, signal } = options;
    const plain = { ...connection, agent, method, path, auth, timeout, signal, headers: headers.getHeaders() };
    return http.request(plain, callback);
  };
}

function pairsOf(flat) {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}

const request = redirect(https.request);
https.request = request;
https.get = function get(...args) {
  const made = request.apply(this, args);
  made.end();
  return made;
};

// So that `import { request } from 'node:https'` sees it too.
syncBuiltinESMExports();

const originalFetch = globalThis.fetch;
if (originalFetch) {
  globalThis.fetch = function fetch(input, init) {
    const target = new URL(typeof input === 'object' && 'url' in input ? input.url : String(input));
    if (!isTwilio(target.hostname)) return originalFetch(input, init);
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    headers.set('x-sandbox-host', target.hostname);
    const to = new URL(target.pathname + target.search, sandbox.origin);
    const body = request.body ? { body: request.body, duplex: 'half' } : {};
    return originalFetch(to, {
      method: request.method,
      headers,
      redirect: request.redirect,
      signal: request.signal,
      ...body,
    });
  };
}
