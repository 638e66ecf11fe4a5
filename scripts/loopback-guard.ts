/**
 * Preload for local servers, which have no gateway that checks signatures. twilio-run listens on every interface and
 * allows every origin, so this limits a server to the loopback interface and to requests from its own pages.
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
    if (!isFromThisMachine(request.headers)) {
      const headers = { 'content-type': 'text/plain' };
      response.writeHead(403, headers).end('This server accepts requests from this machine only.\n');
      return true;
    }
  }
  return Reflect.apply(emit, this, [event, ...args]);
} as typeof emit;

function isFromThisMachine({ host, origin, 'sec-fetch-site': site = 'none' }: http.IncomingHttpHeaders): boolean {
  // An image on another site's page is requested without Origin, but browsers send Sec-Fetch-Site.
  if (!['same-origin', 'none'].includes(String(site))) return false;
  return isLoopback(host ?? '') && (origin === undefined || isLoopback(origin.replace(/^https?:\/\//, '')));
}
