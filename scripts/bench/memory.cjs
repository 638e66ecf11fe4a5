'use strict';
/** Preload for the benchmark: each process of twilio-run records its memory after a response. */
const { appendFileSync } = require('node:fs');

const send = process.send;
process.send = function (message, ...rest) {
  if (message.reply) appendFileSync(process.env.MEMORY_LOG, `${process.memoryUsage().rss}\n`);
  return send.call(this, message, ...rest);
};
