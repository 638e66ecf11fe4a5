'use strict';
/** Preload for the benchmark: requests to Twilio are answered at once, in the process, so only the server's own time is measured. */
const { dirname } = require('node:path');

const axios = require(require.resolve('axios', { paths: [dirname(require.resolve('twilio'))] }));
const message = {
  sid: `SM${'a'.repeat(32)}`,
  status: 'delivered',
  to: '+15005550006',
  from: '+15005550006',
  direction: 'outbound-api',
  num_segments: '1',
  date_created: 'Fri, 01 May 2026 12:00:00 +0000',
};
axios.defaults.adapter = async (config) => ({ status: 200, statusText: 'OK', headers: {}, data: message, config });
