'use strict';
/** A process of the platform: it runs one execution of a Function at a time. */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

class Response {
  statusCode = 200;
  headers = {};
  body = null;
  setStatusCode(status) {
    this.statusCode = status;
  }
  setBody(body) {
    this.body = body;
  }
  appendHeader(name, value) {
    this.headers[name] = value;
  }
}
global.Twilio = { Response };

const assets = join(__dirname, '../../dist/assets');
global.Runtime = {
  getAssets: () =>
    Object.fromEntries(
      readdirSync(assets)
        .filter((name) => name.includes('.private.'))
        .map((name) => [`/${name.replace('.private', '')}`, { path: join(assets, name) }]),
    ),
};

process.on('message', ({ path, event }) => {
  const { handler } = require(join(__dirname, '../../dist/functions', `${path}.protected.js`));
  handler({ ...JSON.parse(process.env.FUNCTION_ENVIRONMENT), PATH: path }, event, (_error, { statusCode, body }) =>
    process.send({ status: statusCode, body: typeof body === 'string' ? body : JSON.stringify(body) }, () => undefined),
  );
});
process.on('disconnect', () => process.exit());
process.send('ready');
