import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { announce } from '../scripts/account';
import { startCommand } from '../scripts/command';
import { readEnvFile, withOwnNames } from '../scripts/local-env';
import { serveLocally } from '../scripts/serve-functions';
import { E164 } from '../src/formats';
import { callTool, type Json } from './support/stack';

/*
 * `TEST_PHONE_NUMBER=+… npm run test:live`: the server against a real account. It sends one SMS to TEST_PHONE_NUMBER,
 * which costs money, and otherwise only reads. Never part of `npm test` or `npm run check`. With TWILIO_SANDBOX_URL it
 * runs against that sandbox.
 */

const REQUIRED = ['ACCOUNT_SID', 'API_KEY', 'API_SECRET', 'TEST_PHONE_NUMBER'];
const OPTIONAL = ['TWILIO_PHONE_NUMBER', 'TWILIO_MESSAGING_SERVICE_SID', 'TWILIO_REGION', 'TWILIO_EDGE'];
/** How long a carrier may take to report the delivery. */
const DELIVERY_MS = 60_000;

async function testLive(): Promise<void> {
  const given = withOwnNames({ ...readEnvFile(), ...process.env });
  const missing = REQUIRED.filter((name) => !given[name]);
  if (missing.length > 0) throw new Error(`Nothing was tested: set ${missing.join(', ')} in .env or the environment.`);
  const to = given.TEST_PHONE_NUMBER!;
  if (!E164.test(to)) throw new Error('TEST_PHONE_NUMBER must be a phone number in E.164, such as +15551234567.');
  if (process.env.TWILIO_SANDBOX_URL) await import('../sandbox/preload');
  console.log(await announce(given, `Sends one SMS to ${to}.`));
  const data = mkdtempSync(join(tmpdir(), 'twilio-mcp-live-'));
  const env = Object.fromEntries(
    [...REQUIRED, ...OPTIONAL].flatMap((name) => (given[name] ? [[name, given[name]]] : [])),
  );
  const server = await serveLocally({
    env: { ...env, DATABASE_PATH: join(data, 'store.db'), LOG_LEVEL: 'error' },
    sandboxUrl: process.env.TWILIO_SANDBOX_URL,
  });
  try {
    await testMessage(`${server.url}/mcp`, to, given);
  } finally {
    await server.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Looks up the recipient, sends a message to it and follows it. Throws at the first difference. */
async function testMessage(url: string, to: string, given: Record<string, string>): Promise<void> {
  const call = async (name: string, args: object): Promise<Json> => {
    const { isError, text, structured } = await callTool(url, name, args);
    assert(!isError, `${name}: ${text}`);
    return structured;
  };
  const { items: numbers } = await call('twilio_phone_numbers_list_phone_numbers', {});
  const sender = numbers.find((number: Json) => number.capabilities.sms)?.phoneNumber;
  console.log(`✓ lists the phone numbers: ${numbers.length}`);

  const { valid } = await call('twilio_lookups_validate_phone_number', { phoneNumber: to });
  assert.equal(valid, true, `TEST_PHONE_NUMBER is not a valid number: ${to}`);
  console.log('✓ validates the recipient');

  const hasDefault = given.TWILIO_PHONE_NUMBER || given.TWILIO_MESSAGING_SERVICE_SID;
  assert(hasDefault || sender, 'The account has no number that can send. Buy one, or set TWILIO_PHONE_NUMBER.');
  const body = `Test of the Twilio MCP server at ${new Date().toISOString()}`;
  const { sid } = await call('twilio_messaging_send_sms', { to, body, ...(!hasDefault && { from: sender }) });
  console.log(`✓ sends a message: ${sid}`);

  const message = await untilSent(() => call('twilio_messaging_get_message_status', { messageSid: sid }));
  const { status, errorCode, errorMeaning } = message;
  assert(['sent', 'delivered'].includes(status), `The message is ${status}: ${errorCode ?? ''} ${errorMeaning ?? ''}`);
  assert.deepEqual([message.to, message.body.endsWith(body)], [to, true]);
  console.log(`✓ reads its state: ${status}`);

  const { items } = await call('twilio_messaging_get_message_logs', { to, limit: 5 });
  assert(
    items.some((item: Json) => item.sid === sid),
    'The message is not in the log.',
  );
  console.log('✓ finds it in the log');
}

/** The message once it is delivered or has failed, or as it is after `DELIVERY_MS`. */
async function untilSent(read: () => Promise<Json>): Promise<Json> {
  const end = Date.now() + DELIVERY_MS;
  for (;;) {
    const message = await read();
    if (['delivered', 'undelivered', 'failed'].includes(message.status) || Date.now() > end) return message;
    await sleep(1000);
  }
}

void startCommand({
  name: 'test:live',
  summary: 'Tries the server with the account of .env: sends one SMS to TEST_PHONE_NUMBER, and otherwise only reads.',
  options: {},
  run: testLive,
});
