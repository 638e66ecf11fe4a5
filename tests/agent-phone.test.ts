import { SEEDS } from '../sandbox/seed';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { freePort } from './support/clone';
import { deliver, inbound, messageSid } from './support/deliver';
import { callTool, type Stack, startStack } from './support/stack';

/*
 * The phone numbers that agents hold and the codes that they receive, in both engines of the store.
 */

jest.setTimeout(180_000);

const POOL = Array.from({ length: 10 }, (_, i) => `+1206555019${i}`);
const NUMBER = POOL[0]!;
const tool = (action: string) => `twilio_agent_phone_${action}`;

/** Starts a stack for one test, since assignments last. */
async function startAgentPhone(
  env: Record<string, string> = {},
  options: { fork?: boolean } = {},
): Promise<Stack & { base: string }> {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const settings = { TWILIO_PHONE_NUMBERS: POOL.join(','), AUTH_TOKEN: SANDBOX_AUTH_TOKEN, WEBHOOK_BASE_URL: base };
  return { ...(await startStack({ port, env: { ...settings, ...env }, ...options })), base };
}

const takeNumber = (stack: Stack, passport_id: string) =>
  callTool(stack.url, tool('get_phone_number'), { passport_id }, 'services=AgentPhone');
const listAssignments = async (stack: Stack) => (await callTool(stack.url, tool('list_assignments'))).structured;
const boughtNumbers = (stack: Stack) =>
  stack.sandbox.state.store
    .ofKind('api.twilio.com/2010-04-01/Accounts/{}/IncomingPhoneNumbers')
    .filter(({ body }) => /^Agent phone/.test(String(body.friendly_name)));

describe.each(['sqlite', 'sync'])('with the %s store', (engine) => {
  const withStack = async (env: Record<string, string>, act: (stack: Stack & { base: string }) => Promise<void>) => {
    const stack = await startAgentPhone({ STORE: engine, ...env });
    try {
      await act(stack);
    } finally {
      await stack.close();
    }
  };

  test('a passport keeps its number until the number is released', () =>
    withStack({}, async (stack) => {
      const first = await takeNumber(stack, 'ada');
      expect(first.structured).toEqual({ phone_number: NUMBER });
      expect((await takeNumber(stack, 'ada')).structured).toEqual(first.structured);
      expect((await takeNumber(stack, '..')).structured).toEqual({ phone_number: POOL[1] });
      expect((await takeNumber(stack, '..')).structured).toEqual({ phone_number: POOL[1] });
      await callTool(stack.url, tool('release_phone_number'), { phone_number: NUMBER });
      expect((await takeNumber(stack, 'bob')).structured).toEqual({ phone_number: NUMBER });
      expect((await takeNumber(stack, 'ada')).structured).toEqual({ phone_number: POOL[2] });
      const { assignments, pool } = await listAssignments(stack);
      expect(assignments.map((one: { passport_id: string }) => one.passport_id).sort()).toEqual(['..', 'ada', 'bob']);
      expect(pool).toEqual({ size: 10, assigned: 3, free: 7, bought: 0, may_buy: 0 });
      const released = await callTool(stack.url, tool('release_phone_number'), { phone_number: POOL[9] });
      expect(released.text).toMatch(/is not assigned; nothing was done/);
    }));

  test('a pool of 10 numbers serves 10 of 50 concurrent agents and rejects 40', () =>
    withStack({}, async (stack) => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => takeNumber(stack, `agent-${i}`)));
      const numbers = answers.filter(({ isError }) => !isError).map(({ structured }) => structured.phone_number);
      expect([...numbers].sort()).toEqual(POOL);
      const rejected = answers.filter(({ isError }) => isError).map(({ text }) => text);
      expect(rejected).toHaveLength(40);
      expect(new Set(rejected).size).toBe(1);
      expect(rejected[0]).toMatch(/^Failed to get phone number: all 10 numbers are taken.*release_phone_number/);
      expect((await listAssignments(stack)).pool).toMatchObject({ assigned: 10, free: 0 });
      expect(boughtNumbers(stack)).toEqual([]);
    }));

  test('a pool of 10 numbers and 3 that may be bought serve 13 of 50 concurrent agents', () =>
    withStack({ AGENT_PHONE_AUTO_PROVISION: 'true', AGENT_PHONE_MAX_NUMBERS: '3' }, async (stack) => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => takeNumber(stack, `agent-${i}`)));
      const numbers = answers.filter(({ isError }) => !isError).map(({ structured }) => structured.phone_number);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers).toHaveLength(13);
      for (const { isError, text } of answers) {
        if (isError) expect(text).toMatch(/maximum of 3 bought ones is reached/);
      }
      expect(boughtNumbers(stack)).toHaveLength(3);
      for (const { body } of boughtNumbers(stack)) {
        expect([body.sms_url, body.sms_method]).toEqual([`${stack.base}/webhook/sms-received`, 'POST']);
      }
      expect((await listAssignments(stack)).pool).toEqual({ size: 13, assigned: 13, free: 0, bought: 3, may_buy: 0 });
    }));

  test('a passport that asks ten times at once gets one number', () =>
    withStack({}, async (stack) => {
      for (const passport of ['a', 'b', 'c']) {
        const answers = await Promise.all(Array.from({ length: 10 }, () => takeNumber(stack, passport)));
        expect([...new Set(answers.map(({ text }) => text))]).toEqual([expect.stringMatching(/^{"phone_number"/)]);
      }
      expect((await listAssignments(stack)).pool).toMatchObject({ assigned: 3, free: 7 });
    }));

  test.each([
    ['the response to the purchase is lost', { operationId: 'CreateIncomingPhoneNumber', drop: 'after' as const }],
  ])('no number is lost if %s', (_label, fault) =>
    withStack({ TWILIO_PHONE_NUMBERS: '', AGENT_PHONE_AUTO_PROVISION: 'true' }, async (stack) => {
      stack.sandbox.faults.add(fault);
      const broken = await takeNumber(stack, 'ada');
      expect([broken.isError, broken.text]).toEqual([
        true,
        expect.stringMatching(/outcome is unknown.*same passport_id/),
      ]);
      expect(boughtNumbers(stack)).toHaveLength(1);
      const { structured } = await takeNumber(stack, 'ada');
      expect(structured.phone_number).toBe(boughtNumbers(stack)[0]!.body.phone_number);
      expect(boughtNumbers(stack)).toHaveLength(1);
      expect((await listAssignments(stack)).pool).toMatchObject({ size: 1, assigned: 1, bought: 1 });
    }),
  );

  test('a number that was released in the account is not assigned, and another may be bought instead', () => {
    const env = { TWILIO_PHONE_NUMBERS: '', AGENT_PHONE_AUTO_PROVISION: 'true', AGENT_PHONE_MAX_NUMBERS: '1' };
    return withStack(env, async (stack) => {
      const take = async (passport: string) => (await takeNumber(stack, passport)).structured?.phone_number;
      const released: string[] = [];
      const releaseInAccount = async () => {
        const [number] = boughtNumbers(stack);
        released.push(String(number!.body.phone_number));
        await callTool(stack.url, 'twilio_phone_numbers_release_phone_number', { phoneNumberSid: number!.id });
        // Another account has it now.
        const unavailable = { operationId: 'CreateIncomingPhoneNumber', status: 400, code: 21422 };
        stack.sandbox.faults.add({ ...unavailable, times: released.length });
      };
      const expectReplacement = (number: string | undefined) => {
        expect(boughtNumbers(stack).map(({ body }) => body.phone_number)).toEqual([number]);
        expect(released).not.toContain(number);
      };
      await take('ada');
      await releaseInAccount();
      // Its holder asks again.
      expectReplacement(await take('ada'));
      await releaseInAccount();
      // Another agent asks while the released number is still assigned.
      expectReplacement(await take('bob'));
      const phone_number = String(boughtNumbers(stack)[0]!.body.phone_number);
      await callTool(stack.url, tool('release_phone_number'), { phone_number });
      await releaseInAccount();
      // The released number is free in the pool.
      expectReplacement(await take('eve'));
      expect((await listAssignments(stack)).pool).toMatchObject({ size: 1, bought: 1 });
    });
  });

  test('no number is lost if the server is killed between buying and assigning', () =>
    withStack({ TWILIO_PHONE_NUMBERS: '', AGENT_PHONE_AUTO_PROVISION: 'true' }, async (stack) => {
      const { process: running, port } = stack.server;
      const exited = new Promise((resolve) => running.once('exit', resolve));
      stack.sandbox.state.events.on('change', ({ resource, change }) => {
        if (change === 'created' && resource.kind.endsWith('/IncomingPhoneNumbers')) running.kill('SIGKILL');
      });
      await expect(takeNumber(stack, 'ada')).rejects.toThrow();
      await exited;
      stack.sandbox.state.events.removeAllListeners('change');
      expect(boughtNumbers(stack)).toHaveLength(1);
      const { serveLocally } = await import('../scripts/serve-functions');
      const restarted = await serveLocally({ port, env: stack.env, sandboxUrl: stack.sandbox.url });
      try {
        const { structured } = await takeNumber(stack, 'bob');
        expect(structured.phone_number).toBe(boughtNumbers(stack)[0]!.body.phone_number);
        expect(boughtNumbers(stack)).toHaveLength(1);
      } finally {
        await restarted.close();
      }
    }));

  test('a wait continues over several calls, misses no message in between and returns the message', () =>
    withStack({ TWILIO_TIMEOUT: '2500' }, async (stack) => {
      await takeNumber(stack, 'ada');
      const filter = { phone_number: NUMBER, from: '+14155550100', bodyContains: 'CODE', timeout: 30_000 };
      const wait = (args = {}) => callTool(stack.url, tool('wait_for_sms'), { ...filter, ...args });
      const text = (n: number, fields: Record<string, string>) =>
        deliver(`${stack.base}/webhook/sms-received`, inbound(n, { To: NUMBER, ...fields }));
      await text(1, { Body: 'No number here' });
      await text(2, { Body: 'Your code is 111111', From: '+14155550999' });
      const start = Date.now();
      const first = await wait();
      expect(Date.now() - start).toBeLessThan(2500);
      expect(first.structured).toEqual({
        status: 'pending',
        token: expect.stringMatching(/^\d{13}\.\d{13}$/),
        remaining_ms: expect.any(Number),
      });
      expect(first.structured.remaining_ms).toBeLessThan(30_000);
      await text(3, { Body: 'Your code is 123456' });
      const message = {
        ...{ id: messageSid(3), from: '+14155550100', to: NUMBER, body: 'Your code is 123456' },
        received_at: expect.stringMatching(/Z$/),
        untrusted: expect.any(String),
      };
      expect((await wait({ token: first.structured.token })).structured).toEqual(message);
      // Another wait returns messages of the last five minutes at once.
      expect((await wait()).structured).toEqual(message);
      const after = new Date().toISOString();
      expect((await wait({ after })).structured.status).toBe('pending');
      await callTool(stack.url, tool('release_phone_number'), { phone_number: NUMBER });
      for (const args of [{}, { token: first.structured.token }]) {
        expect(await wait(args)).toMatchObject({
          isError: true,
          text: expect.stringMatching(/get_phone_number first/),
        });
      }
      await takeNumber(stack, 'bob');
      expect((await wait()).structured.status).toBe('pending');
    }));

  test('a wait that times out ends with the documented error', () =>
    withStack({ TWILIO_TIMEOUT: '2500' }, async (stack) => {
      await takeNumber(stack, 'ada');
      const wait = (token?: string) =>
        callTool(stack.url, tool('wait_for_sms'), { phone_number: NUMBER, timeout: 3500, token });
      const answers = [await wait()];
      while (answers.at(-1)!.structured?.status === 'pending')
        answers.push(await wait(answers.at(-1)!.structured.token));
      expect(answers.length).toBeGreaterThan(1);
      const { isError, text } = answers.at(-1)!;
      expect([isError, text]).toEqual([true, `Wait for SMS failed: Timed out waiting for SMS to ${NUMBER}`]);
      await wait(answers.at(-2)!.structured.token);
      expect((await listAssignments(stack)).timeouts_last_day).toBe(1);
    }));
});

test.each([403, 429])('a purchase that Sync does not record (%d) is reported and not repeated', async (status) => {
  const autoProvision = { TWILIO_PHONE_NUMBERS: '', AGENT_PHONE_AUTO_PROVISION: 'true', AGENT_PHONE_MAX_NUMBERS: '1' };
  const stack = await startAgentPhone({ STORE: 'sync', ...autoProvision });
  try {
    stack.sandbox.faults.add({ operationId: 'UpdateSyncMapItem', status, times: 10 });
    const { isError, text } = await takeNumber(stack, 'ada');
    expect(boughtNumbers(stack)).toHaveLength(1);
    const number = String(boughtNumbers(stack)[0]!.body.phone_number);
    expect(isError).toBe(true);
    expect(text).toContain(`${number} was bought as "Agent phone 1"`);
    expect(text).toMatch(/twilio_phone_numbers_list_phone_numbers/);
    stack.sandbox.faults.clear();
    expect((await takeNumber(stack, 'bob')).structured).toEqual({ phone_number: number });
    expect(boughtNumbers(stack)).toHaveLength(1);
  } finally {
    await stack.close();
  }
});

test('a pool of 3 numbers in one file serves 3 of 8 concurrent processes', async () => {
  const stack = await startAgentPhone({ TWILIO_PHONE_NUMBERS: POOL.slice(0, 3).join(',') }, { fork: true });
  try {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => takeNumber(stack, `agent-${i}`)));
    const numbers = answers.filter(({ isError }) => !isError).map(({ structured }) => structured.phone_number);
    expect([...numbers].sort()).toEqual(POOL.slice(0, 3));
    for (const { isError, text } of answers) if (isError) expect(text).toMatch(/all 3 numbers are taken/);
  } finally {
    await stack.close();
  }
});

describe('assigning a number fails without', () => {
  const takeWith = async (env: Record<string, string>, prepare?: (stack: Stack) => void) => {
    const stack = await startAgentPhone(env);
    try {
      prepare?.(stack);
      return { ...(await takeNumber(stack, 'ada')), bought: boughtNumbers(stack).length };
    } finally {
      await stack.close();
    }
  };
  const AUTO_PROVISION = { TWILIO_PHONE_NUMBERS: '', AGENT_PHONE_AUTO_PROVISION: 'true' };

  test('a pool', async () => {
    expect(await takeWith({ TWILIO_PHONE_NUMBERS: '' })).toMatchObject({
      isError: true,
      text: 'No phone numbers configured. Set TWILIO_PHONE_NUMBERS env var.',
    });
  });

  test('an available number', async () => {
    const findNone = (stack: Stack) => {
      const html = JSON.stringify({ available_phone_numbers: [], uri: '/x' });
      stack.sandbox.faults.add({ operationId: 'ListAvailablePhoneNumberLocal', status: 200, html });
    };
    const { isError, text, bought } = await takeWith(AUTO_PROVISION, findNone);
    expect([isError, bought]).toEqual([true, 0]);
    expect(text).toBe(
      'Failed to get phone number: Failed to provision phone number: No available phone numbers from Twilio',
    );
  });

  test('a webhook address', async () => {
    const { text, bought } = await takeWith({ ...AUTO_PROVISION, WEBHOOK_BASE_URL: '' });
    expect(text).toMatch(/nothing was bought.*WEBHOOK_BASE_URL/);
    expect(bought).toBe(0);
  });
});

test('a wait reports that Twilio filtered the message', async () => {
  const stack = await startAgentPhone({ TWILIO_PHONE_NUMBERS: SEEDS.numbers[1]! });
  try {
    await takeNumber(stack, 'ada');
    const { sid } = await stack.sandbox.receive({ to: SEEDS.numbers[1]!, body: '' });
    const [message] = stack.sandbox.state.store
      .ofKind('api.twilio.com/2010-04-01/Accounts/{}/Messages')
      .filter(({ id }) => id === sid);
    message!.body.error_code = 30038;
    const args = { phone_number: SEEDS.numbers[1]!, timeout: 500 };
    const { text } = await callTool(stack.url, tool('wait_for_sms'), args);
    expect(text).toMatch(/^Wait for SMS failed: Timed out waiting for SMS to \+12025550143\. .*filtered.*30038/);
  } finally {
    await stack.close();
  }
});

describe('the one-time code', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startAgentPhone();
  });
  afterAll(() => stack.close());
  const read = (sms_body: string) => callTool(stack.url, tool('extract_otp_from_sms'), { sms_body });

  test.each([
    ['Your code is 123456', '123456'],
    ['Your verification code: 4821', '4821'],
    ['OTP:99887766', '99887766'],
    ['PIN is 0042. Valid for 5 minutes', '0042'],
    ['token: 55512', '55512'],
    ['778899 is your Example code', '778899'],
    ['1234 is the one you want', '1234'],
    ['G-123456 is your Google verification code.', '123456'],
    ['Your code is 123-456', '123456'],
    ['Code: 123 456', '123456'],
    ['Your Acme code: 12-34-56.', '123456'],
    ['Paid 5000 EUR. Use 482913 to confirm', '482913'],
    ['123-456 is your code', '123456'],
    ['<#> Use 482913 to log in. FA+9qCX9VSu', '482913'],
    ['In 2026 your code is 7310', '7310'],
    ['Your code is: 246810', '246810'],
    ['Call 1-800-555-1234 or enter 662200', '662200'],
    ['Your Example code 482913 expires in 10 minutes', '482913'],
    ['12/05/2024 your pin 1234', '1234'],
    ['On May 12, 2024 use 556677', '556677'],
    ['Your code is 482913, valid until 2026-11-21 10:30', '482913'],
    ['Happy 2026! Enter 7310 to log in', '7310'],
    ['Enter 2026 to log in', '2026'],
    ['Ref 20261121 code 4433', '4433'],
    ['Ref 20261121. Enter 4433', '4433'],
    ['Your code for order 5544332 is 1234', '1234'],
    ['Card ending in 4242: confirm with 901233', '901233'],
    ['Valid for 1440 minutes: 556677', '556677'],
    ['https://example.com/c/482911 or enter 7788', '7788'],
    ['Your code for Acme: 123456', '123456'],
    ['Your login code (4433) expires soon', '4433'],
    ['Your code is 1234-5678', '12345678'],
    ['48 29 13', '482913'],
    ['AB-4829', '4829'],
    ['FB-52346 is your Facebook confirmation code', '52346'],
    ['Your code: ABC123', 'ABC123'],
    ['Your code is 4829AB', '4829AB'],
    ['Your code is X7Q-9KL.', 'X7Q-9KL'],
    ['ABC123 is your Acme code', 'ABC123'],
    ['Su código es 445566', '445566'],
  ])('is found in: %s', async (body, code) => {
    expect((await read(body)).structured?.code).toBe(code);
  });

  test.each([
    'Hello',
    'See you at 10:30',
    'It costs 12',
    'Call +14155550100',
    'Order 123456789',
    'Never tell your code. Balance is 5000 USD.',
    'You paid $4500',
    'Meeting on 12/05/2024',
    'Order #445566 has shipped',
    'Your code is ready, check your email',
  ])('is not found in: %s', async (body) => {
    const { isError, text } = await read(body);
    expect([isError, text]).toEqual([true, expect.stringMatching(/^No OTP code found in SMS body\. Read the text/)]);
  });
});
