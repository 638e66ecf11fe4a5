import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readGrant } from '../src/access/grant';
import { signToken } from '../src/access/token';
import { dayIn } from '../src/connect/address';
import { STORE_NAME } from '../src/store/service';

/*
 * What a new process loads for its first request: most of the time of a rarely used deployment.
 */

/** What the platform provides to a Function, as a script. */
const GLOBALS = `
    globalThis[Symbol.for('twilio-mcp-functions.loopback-guard')] = { open: false };
    globalThis.Twilio = { Response: class { setStatusCode(status) { this.status = status; } setBody() {} appendHeader() {} setHeaders() {} } };
    const environment = {
      ACCOUNT_SID: 'AC' + '0'.repeat(32), API_KEY: 'SK' + '0'.repeat(32), API_SECRET: 'none', STORE: 'sync',
      LOG_LEVEL: 'silent', DOMAIN_NAME: 'localhost:3000',
    };`;

/**
 * Calls a built Function in a new process, with a stand-in for Sync that has the `stored` message or none. Returns its
 * status and the loaded packages.
 */
function callOnce(path: string, event: object, stored?: object): { status: number; packages: string[] } {
  const script = `
    const { EventEmitter } = require('node:events');
    const https = require('node:https');
    ${GLOBALS}
    globalThis.Runtime = { getAssets: () => ({}) };
    const services = [{ sid: 'IS' + 'a'.repeat(32), friendly_name: ${JSON.stringify(STORE_NAME)}, date_created: '' }];
    https.request = (uri, { method }) => {
      const outgoing = new EventEmitter();
      const item = ${JSON.stringify(stored ? { key: 'x', revision: '0', date_expires: null, data: stored } : null)};
      const hasItem = item !== null && /Maps.messages-.*Items.SM/.test(uri);
      const statusCode = method === 'POST' ? 201 : hasItem || /Services\\?/.test(uri) ? 200 : 404;
      const incoming = Object.assign(new EventEmitter(), { statusCode, headers: {} });
      outgoing.end = () => setImmediate(() => {
        outgoing.emit('response', incoming);
        incoming.emit('data', Buffer.from(JSON.stringify({ services, meta: {}, ...item })));
        incoming.emit('end');
      });
      return outgoing;
    };
    const { handler } = require(${JSON.stringify(join(__dirname, '../dist/functions', path))});
    environment.PATH = ${JSON.stringify(`/${path.replace('.protected.js', '')}`)};
    const headers = { host: 'localhost:3000', 'content-type': 'application/x-www-form-urlencoded' };
    handler(environment, { ...${JSON.stringify(event)}, request: { headers, cookies: {} } }, (error, answer) => {
      const packages = Object.keys(require.cache).flatMap((file) => /node_modules.([^/\\\\]+)/.exec(file)?.[1] ?? []);
      console.log(JSON.stringify({ status: answer.status, packages: [...new Set(packages)] }));
    });`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}

const MessageSid = `SM${'a'.repeat(32)}`;
const MESSAGE = { MessageSid, From: '+14155550100', To: '+15005550006', Body: 'Hello', NumMedia: '0' };
const STATE = { MessageSid, MessageStatus: 'sent', To: '+14155550100' };
const SENT = { direction: 'outbound', from: '+15005550006', to: '+14155550100', body: 'Hello', status: 'queued' };

test.each([
  ['webhooks/twilio/sms.protected.js', MESSAGE, undefined],
  [
    'webhooks/twilio/status.protected.js',
    STATE,
    { messageSid: MessageSid, timestamp: '2026-01-01T00:00:00Z', ...SENT },
  ],
  ['webhook/sms-received.protected.js', MESSAGE, undefined],
])('%s stores without loading a package', (path, event, stored) => {
  expect(callOnce(path, event, stored)).toEqual({ status: 200, packages: [] });
});

test('a first search reads nothing of the API but its search index', () => {
  const script = `
    const fs = require('node:fs');
    const { basename, join } = require('node:path');
    const read = [];
    const { readFileSync } = fs;
    fs.readFileSync = (file, ...options) => {
      if (String(file).endsWith('.bin')) read.push(basename(String(file)));
      return readFileSync(file, ...options);
    };
    const folder = ${JSON.stringify(join(__dirname, '../dist/assets'))};
    const names = ['operations', 'search-index', 'tools'];
    const assets = Object.fromEntries(names.map((name) => ['/' + name + '.bin', { path: join(folder, name + '.private.bin') }]));
    ${GLOBALS}
    globalThis.Runtime = { getAssets: () => assets };
    const { handler } = require(${JSON.stringify(join(__dirname, '../dist/functions/mcp.protected.js'))});
    const params = { name: 'twilio_api_search', arguments: { query: 'who called me yesterday' } };
    const event = { jsonrpc: '2.0', id: 1, method: 'tools/call', params, services: 'Api' };
    const headers = { host: 'localhost:3000', 'content-type': 'application/json' };
    handler({ ...environment, PATH: '/mcp' }, { ...event, request: { headers, cookies: {} } }, () => console.log(JSON.stringify(read)));`;
  expect(JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))).toEqual([
    'search-index.private.bin',
  ]);
});

test('without a valid access token, nothing of the server is loaded', async () => {
  const AUTH_TOKEN = 'a'.repeat(32);
  const grant = readGrant(new Map(Object.entries({ client: ['laptop'], expires: [dayIn(1)] })));
  const { token } = await signToken('localhost:3000', grant, AUTH_TOKEN);
  /** The status, and the modules of Node.js that were loaded. */
  const answerTo = (bearer: string): { status: number; modules: string[] } => {
    const script = `
    const Module = require('node:module');
    const modules = [];
    const load = Module._load;
    Module._load = (name, ...rest) => {
      if (name.startsWith('node:')) modules.push(name);
      return load(name, ...rest);
    };
    ${GLOBALS}
    globalThis.Runtime = { getAssets: () => ({}) };
    const settings = { ...environment, MCP_ACCESS_TOKENS: 'true', AUTH_TOKEN: '${AUTH_TOKEN}', PATH: '/mcp/bearer' };
    const { handler } = require(${JSON.stringify(join(__dirname, '../dist/functions/mcp/bearer.js'))});
    const headers = { 'content-type': 'application/json', authorization: 'Bearer ${bearer}' };
    const event = { jsonrpc: '2.0', id: 1, method: 'ping', request: { headers, cookies: {} } };
    handler(settings, event, (error, { status }) => console.log(JSON.stringify({ status, modules })));`;
    return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
  };
  expect(answerTo(`${token}x`)).toEqual({ status: 401, modules: ['node:crypto'] });
  expect(answerTo(token)).toEqual({ status: 200, modules: expect.arrayContaining(['node:https']) });
});
