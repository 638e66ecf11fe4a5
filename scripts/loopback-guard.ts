/**
 * Preload for local servers, which have no gateway that checks signatures. twilio-run listens on every interface and
 * allows every origin, so this limits a server to the loopback interface and to requests from its own pages. Through a
 * tunnel at WEBHOOK_BASE_URL it also accepts what checks signatures or tokens itself: webhooks and, with such an address, /mcp.
 */
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { parseEnv } from 'node:util';
import { isLoopback, isLoopbackUrl } from '../src/formats';
import { markGuarded } from '../src/guard';

const { listen, emit } = http.Server.prototype;

http.Server.prototype.listen = function (this: http.Server, port: unknown, ...rest: unknown[]) {
  const host = typeof rest[0] === 'string' || typeof port === 'object' ? [] : ['127.0.0.1'];
  return Reflect.apply(listen, this, [port, ...host, ...rest]);
} as typeof listen;

http.Server.prototype.emit = function (this: http.Server, event: string, ...args: unknown[]) {
  if (event === 'request') {
    const [request, response] = args as [http.IncomingMessage, http.ServerResponse];
    const reason = refusal(request);
    if (reason !== undefined) {
      response
        .writeHead(403, { 'content-type': 'text/plain' })
        .end(`This server accepts requests from this machine only${reason}\n`);
      return true;
    }
  }
  return Reflect.apply(emit, this, [event, ...args]);
} as typeof emit;

/** The host of WEBHOOK_BASE_URL, in the environment or in `.env`, unless it is this machine. */
function publicHost(): string | undefined {
  const variables = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  const address = process.env.WEBHOOK_BASE_URL ?? variables.WEBHOOK_BASE_URL ?? '';
  return URL.canParse(address) && !isLoopbackUrl(address) ? new URL(address).host : undefined;
}

const PUBLIC_HOST = publicHost();
/** Only plain names, so that no router reads another path in it. */
const SIGNED_PATH = /^\/(mcp(\/bearer)?|webhooks?(\/[\w-]+)+)(\?|$)/;
/** What proxies and tunnels add. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host'];

/** Why a request is refused, as the end of a sentence; `undefined` if it is accepted. */
function refusal({ headers, url = '' }: http.IncomingMessage): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
  // An image on another site's page is requested without Origin, but browsers send Sec-Fetch-Site.
  if (!['same-origin', 'none'].includes(String(site))) return '.';
  if (origin !== undefined && !isLoopback(origin.replace(/^https?:\/\//, ''))) return '.';
  const forwarded = FORWARDED.some((name) => headers[name] !== undefined);
  if (isLoopback(host) && !forwarded) return undefined;
  if (PUBLIC_HOST !== undefined && (host === PUBLIC_HOST || isLoopback(host))) {
    return SIGNED_PATH.test(url) ? undefined : `, apart from signed ones to /mcp and webhooks at ${PUBLIC_HOST}.`;
  }
  const where = isLoopback(host) ? 'this one came through a proxy' : `${host} is not localhost`;
  const port = host.split(':')[1] ?? '3000';
  if (/^host\.(docker|containers)\.internal/.test(host))
    return `, and ${where}. Start the container with --network host and connect to http://localhost:${port}, or let the client send the header "Host: localhost:${port}".`;
  return `, and ${where}. If it is a tunnel for webhooks, set WEBHOOK_BASE_URL in .env to its address and start again.`;
}

markGuarded({ open: PUBLIC_HOST !== undefined });
// With one process per request, Functions run in children that are started with the same options.
if (!process.execArgv.includes(__filename)) process.execArgv.push('--require', __filename);
