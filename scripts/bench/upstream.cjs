'use strict';
/** Preload for the benchmark: requests to Twilio are answered at once, in the process, so only the server's own time is measured. */
const https = require('node:https');
const { EventEmitter } = require('node:events');

const message = Buffer.from(
  JSON.stringify({
    sid: `SM${'a'.repeat(32)}`,
    status: 'delivered',
    to: '+15005550006',
    from: '+15005550006',
    direction: 'outbound-api',
    num_segments: '1',
    date_created: 'Fri, 01 May 2026 12:00:00 +0000',
  }),
);

https.request = () => {
  const outgoing = new EventEmitter();
  const incoming = Object.assign(new EventEmitter(), { statusCode: 200, headers: {} });
  outgoing.end = () =>
    queueMicrotask(() => {
      outgoing.emit('response', incoming);
      incoming.emit('data', message);
      incoming.emit('end');
    });
  return outgoing;
};
