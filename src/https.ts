import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { TransportError } from './errors';
import { parseJson } from './formats';

/*
 * Requests to Twilio. The client of the twilio package is built on axios, which costs a new process 50 ms and every
 * request more than all other code; it also opens no more than 20 connections to a host.
 */

/** What the twilio package passes to its HTTP client, as far as it is used here. */
export interface HttpRequest {
  method: string;
  uri: string;
  username?: string;
  password?: string;
  headers?: Record<string, string>;
  params?: object;
  data?: object;
}

export interface HttpAnswer {
  statusCode: number;
  /** The parsed JSON; any other body as text. */
  body: unknown;
  headers: IncomingHttpHeaders;
}

/** Older sockets may be dead if the platform froze the instance in between; a request on one is lost. */
const MAX_SOCKET_AGE_MS = 4000;

let sockets: { agent: Agent; usedAt: number } | undefined;

/** Shared by all requests, so that one TLS handshake serves many calls. */
function sharedAgent(): Agent {
  const now = Date.now();
  if (sockets === undefined || now - sockets.usedAt > MAX_SOCKET_AGE_MS) {
    sockets = { agent: newAgent(), usedAt: now };
  }
  sockets.usedAt = now;
  return sockets.agent;
}

function newAgent(): Agent {
  const { HTTP_PROXY, TWILIO_CA_BUNDLE } = process.env;
  if (!HTTP_PROXY && !TWILIO_CA_BUNDLE) return new Agent({ keepAlive: true, timeout: MAX_SOCKET_AGE_MS * 2 });
  // The package knows how to reach Twilio through a proxy or with other certificates.
  const { RequestClient } = require('twilio') as typeof import('twilio');
  return new RequestClient({ keepAlive: true }).axios.defaults.httpsAgent;
}

/**
 * Sends one request and reads its answer, whatever its status; redirects are not followed. Throws a `TransportError` if
 * there is no whole answer within `timeoutMs`; it contains nothing of the request.
 */
export async function sendRequest(options: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
  const { method, username, password } = options;
  const { contentType, body } = await encodeBody(options);
  const headers: Record<string, string | number> = { ...options.headers, 'Accept-Encoding': 'gzip' };
  if (username && password)
    headers.Authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  if (contentType !== undefined) headers['Content-Type'] = contentType;
  if (body !== undefined) headers['Content-Length'] = Buffer.byteLength(body);
  const answer = await exchange(uriOf(options), { method: method.toUpperCase(), headers }, body, timeoutMs);
  const isZipped = answer.headers['content-encoding'] === 'gzip' && answer.bytes.length > 0;
  const text = String(isZipped ? await promisify(gunzip)(answer.bytes) : answer.bytes);
  return { statusCode: answer.statusCode, body: text && parseJson(text, text), headers: answer.headers };
}

/** The exchange itself, with the bytes of the answer. */
function exchange(
  uri: string,
  options: { method: string; headers: Record<string, string | number> },
  body: string | Buffer | undefined,
  timeoutMs: number,
): Promise<{ statusCode: number; headers: IncomingHttpHeaders; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    let isSent = false;
    const outgoing = request(uri, { ...options, agent: sharedAgent() });
    const timer = setTimeout(() => {
      const failed = isSent ? 'did not answer' : 'could not be reached';
      fail(new TransportError(isSent, `${failed} within ${Math.round(timeoutMs / 100) / 10} s`));
    }, timeoutMs);
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error instanceof TransportError ? error : asTransportError(error, isSent));
      outgoing.destroy();
    };
    // A request waits for its connection; until there is one, nothing has left.
    outgoing.on('socket', (socket: Socket & { encrypted?: boolean }) => {
      const onConnect = () => {
        isSent = true;
      };
      if (socket.connecting) socket.once(socket.encrypted ? 'secureConnect' : 'connect', onConnect);
      else onConnect();
    });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', fail);
      incoming.on('end', () => {
        clearTimeout(timer);
        resolve({ statusCode: incoming.statusCode!, headers: incoming.headers, bytes: Buffer.concat(chunks) });
      });
    });
    outgoing.end(body);
  });
}

/** The error of a connection contains its options, and so the credentials: only its code is kept. */
function asTransportError({ code = 'network error' }: NodeJS.ErrnoException, isSent: boolean): TransportError {
  return isSent
    ? new TransportError(true, `closed the connection (${code})`)
    : new TransportError(false, `could not be reached (${code})`);
}

function uriOf({ uri, params }: HttpRequest): string {
  const query = params && formText(params);
  return query ? `${uri}${uri.includes('?') ? '&' : '?'}${query}` : uri;
}

/** As a form: lists repeat their name, undefined values are left out. */
const formText = (fields: object): string =>
  Object.entries(fields)
    .flatMap(([name, value]) =>
      [value]
        .flat()
        .flatMap((item) =>
          item === undefined
            ? []
            : `${encodeURIComponent(name)}=${encodeURIComponent(item === null ? '' : String(item))}`,
        ),
    )
    .join('&');

async function encodeBody({
  uri,
  headers,
  data,
}: HttpRequest): Promise<{ contentType?: string; body?: string | Buffer }> {
  if (data === undefined) return {};
  if (data instanceof FormData) {
    // The boundary of a form with files is part of its content type.
    const encoded = new globalThis.Request(uri, { method: 'POST', body: data });
    return { contentType: encoded.headers.get('content-type')!, body: Buffer.from(await encoded.arrayBuffer()) };
  }
  return { body: headers?.['Content-Type'] === 'application/json' ? JSON.stringify(data) : formText(data) };
}
