/*
 * Preload that makes twilio-run a stand-in for the platform: it listens on the loopback interface, where the gateway of
 * the tests reaches it, and hides the header Host from Functions.
 */
const http = require('node:http');

const { listen, emit } = http.Server.prototype;

http.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, ...(typeof port === 'object' ? [] : ['127.0.0.1']), ...rest);
};

http.Server.prototype.emit = function (event, request, ...rest) {
  if (event === 'request') {
    const { rawHeaders } = request;
    const kept = rawHeaders.flatMap((name, at) =>
      at % 2 === 0 && name.toLowerCase() !== 'host' ? [name, rawHeaders[at + 1]] : [],
    );
    Object.defineProperty(request, 'rawHeaders', { value: kept });
  }
  return emit.call(this, event, request, ...rest);
};
