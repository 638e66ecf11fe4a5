'use strict';
/**
 * Preload for local servers. Twilio's gateway checks signatures, twilio-run does not, and yet listens on every
 * interface and tells browsers that any origin is welcome. So here a server listens on this machine only, and takes
 * no request that another site's page or another host name brings.
 */
const http = require('node:http');

const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const listen = http.Server.prototype.listen;
http.Server.prototype.listen = function (port, ...rest) {
  const host = typeof rest[0] === 'string' || typeof port === 'object' ? [] : ['127.0.0.1'];
  return listen.call(this, port, ...host, ...rest);
};

const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, response, ...rest) {
  if (event === 'request' && !isLocal(request.headers)) {
    response
      .writeHead(403, { 'content-type': 'text/plain' })
      .end('This server answers requests of this machine only.\n');
    return true;
  }
  return emit.call(this, event, request, response, ...rest);
};

function isLocal({ host, origin, 'sec-fetch-site': site = 'none' }) {
  // A picture of another site's page has no Origin, but browsers say where it comes from.
  if (!['same-origin', 'none'].includes(site)) return false;
  return LOCAL.test(host ?? '') && (origin === undefined || LOCAL.test(origin.replace(/^https?:\/\//, '')));
}
