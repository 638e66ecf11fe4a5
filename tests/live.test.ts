import { join } from 'node:path';
import { MAGIC_NUMBERS } from '../sandbox/rules/phone';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { run } from './support/run';
import { SANDBOX_ENVIRONMENT } from './support/stack';

/*
 * `npm run test:live`, with the sandbox in place of Twilio.
 */

jest.setTimeout(120_000);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const runLive = (env: Record<string, string>) =>
  run(process.execPath, ['--import', 'tsx', 'tests/live.ts'], {
    cwd: join(__dirname, '..'),
    env: { ...process.env, ...SANDBOX_ENVIRONMENT, ...env, TWILIO_SANDBOX_URL: sandbox.url },
  });
const sent = () => sandbox.journal.entries.filter(({ operationId }) => operationId === 'CreateMessage');

test.each([
  ['with a default sender', {}, '+15005550006'],
  ['with the first number of the account that can send', { TWILIO_PHONE_NUMBER: '' }, expect.stringMatching(/^\+1/)],
])('sends one message and follows it, %s', async (_label, env, from) => {
  const { code, output } = await runLive({ ...env, TEST_PHONE_NUMBER: '+14155550100' });
  expect([code, output.match(/^✓ [a-z]+/gm)]).toEqual([0, ['✓ lists', '✓ validates', '✓ sends', '✓ reads', '✓ finds']]);
  expect(output).toMatch(/LIVE: this account sends and spends: AC\w{32}.*\. Sends one SMS to \+14155550100\./);
  expect(sent().map(({ fields }) => fields)).toEqual([expect.objectContaining({ To: '+14155550100', From: from })]);
});

test('fails if the message does', async () => {
  const { code, output } = await runLive({ TEST_PHONE_NUMBER: MAGIC_NUMBERS.noPermission });
  expect([code, output]).toEqual([1, expect.stringMatching(/^twilio_messaging_send_sms: Twilio error 21408/m)]);
});

test.each(['ACCOUNT_SID', 'API_KEY', 'API_SECRET', 'TEST_PHONE_NUMBER'])('sends nothing without %s', async (name) => {
  const { code, output } = await runLive({ TEST_PHONE_NUMBER: '+14155550100', [name]: '' });
  expect([code, output]).toEqual([1, `Nothing was tested: set ${name} in .env or the environment.\n`]);
  expect(sandbox.journal.entries).toEqual([]);
});
