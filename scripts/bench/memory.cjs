'use strict';
/** Preload for the bench: a process of twilio-run's notes how much memory it holds when it has answered. */
const { appendFileSync } = require('node:fs');

const send = process.send;
process.send = function (message, ...rest) {
  if (message.reply) appendFileSync(process.env.MEMORY_LOG, `${process.memoryUsage().rss}\n`);
  return send.call(this, message, ...rest);
};
