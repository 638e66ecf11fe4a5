/**
 * Preload for local servers, which have no gateway that checks signatures. twilio-run listens on every interface and
 * allows every origin, so this limits a server to the loopback interface and to requests from its own pages. Through a
 * tunnel at WEBHOOK_BASE_URL it accepts webhooks too, which check Twilio's signature themselves.
 */
import http from 'node:http';
import { isLoopback } from '../src/formats';

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

const WEBHOOK_HOST = URL.canParse(process.env.WEBHOOK_BASE_URL ?? '')
  ? new URL(process.env.WEBHOOK_BASE_URL!).host
  : undefined;
/** Only plain names, so that no router reads another path in it. */
const WEBHOOK_PATH = /^\/webhooks?(\/[\w-]+)+(\?|$)/;

/** Why a request is refused, as the end of a sentence; `undefined` if it is accepted. */
function refusal({ headers, url = '' }: http.IncomingMessage): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
  // An image on another site's page is requested without Origin, but browsers send Sec-Fetch-Site.
  if (!['same-origin', 'none'].includes(String(site))) return '.';
  if (origin !== undefined && !isLoopback(origin.replace(/^https?:\/\//, ''))) return '.';
  if (isLoopback(host)) return undefined;
  if (host === WEBHOOK_HOST) {
    if (WEBHOOK_PATH.test(url)) return undefined;
    return `, apart from webhooks at ${host}: deploy it to connect clients from elsewhere.`;
  }
  const port = host.split(':')[1] ?? '3000';
  if (/^host\.(docker|containers)\.internal/.test(host))
    return `, and ${host} is not localhost. Start the container with --network host and connect to http://localhost:${port}, or let the client send the header "Host: localhost:${port}".`;
  return `, and ${host} is not localhost. If it is a tunnel for webhooks, set WEBHOOK_BASE_URL in .env to its address and start again.`;
}
