import { SEEDS } from '../sandbox/seed';
import { CODE_WEBHOOK, webhookAt } from '../src/config';
import { NUMBER, POOL, phone, startAgentPhone, takeNumber } from './support/agent-phone';
import { deliver, inbound, messageSid } from './support/deliver';
import { callTool, type Stack } from './support/stack';

/*
 * The phone numbers that agents hold and the messages that they wait for, in both engines of the store.
 */

jest.setTimeout(180_000);

const listAssignments = async (stack: Stack) => (await phone(stack, 'list_assignments')).structured;
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
      await phone(stack, 'release_phone_number', { phone_number: NUMBER });
      expect((await takeNumber(stack, 'bob')).structured).toEqual({ phone_number: NUMBER });
      expect((await takeNumber(stack, 'ada')).structured).toEqual({ phone_number: POOL[2] });
      const { assignments, pool } = await listAssignments(stack);
      expect(assignments.map((one: { passport_id: string }) => one.passport_id).sort()).toEqual(['..', 'ada', 'bob']);
      expect(pool).toEqual({ size: 10, assigned: 3, free: 7, bought: 0, bought_last_hour: 0, may_buy: 0 });
    }));

  test('a number is released by itself, by its passport, or by both if they belong together', () =>
    withStack({}, async (stack) => {
      const release = async (args: object) => {
        const { structured, text } = await phone(stack, 'release_phone_number', args);
        return structured ?? text;
      };
      for (const passport of ['ada', 'bob', 'eve']) await takeNumber(stack, passport);
      expect(await release({})).toMatch(/at least one of phone_number, passport_id/);
      expect(await release({ passport_id: 'zoe' })).toMatch(
        /^No number is assigned to passport "zoe"; nothing was done/,
      );
      expect(await release({ phone_number: POOL[9] })).toMatch(/9 is not assigned; nothing was done/);
      expect(await release({ phone_number: NUMBER, passport_id: 'bob' })).toMatch(
        /0 is not assigned to passport "bob"; n/,
      );
      expect((await listAssignments(stack)).pool).toMatchObject({ assigned: 3 });
      expect(await release({ passport_id: 'bob' })).toEqual({ phone_number: POOL[1], passport_id: 'bob' });
      expect(await release({ phone_number: NUMBER, passport_id: 'ada' })).toMatchObject({ passport_id: 'ada' });
      expect(await release({ phone_number: POOL[2] })).toMatchObject({ passport_id: 'eve' });
      expect(await release({ passport_id: 'bob' })).toMatch(/nothing was done/);
      expect((await listAssignments(stack)).pool).toMatchObject({ assigned: 0, free: 10 });
    }));

  test('waits are counted once each, with their latency, and no more than the last 16 of a number', () =>
    withStack({}, async (stack) => {
      await takeNumber(stack, 'ada');
      const wait = (args = {}) => phone(stack, 'wait_for_sms', { phone_number: NUMBER, ...args });
      const waits = async () => (await listAssignments(stack)).waits_last_day;
      expect(await waits()).toEqual({ answered: 0, timed_out: 0 });
      for (let n = 1; n <= 3; n++) {
        await deliver(`${stack.base}/webhook/sms-received`, inbound(n, { To: NUMBER, Body: `Code ${n}` }));
        const { seq } = stack.sandbox.journal;
        await wait({ bodyContains: `Code ${n}` });
        expect(stack.sandbox.journal.since(seq)).toHaveLength(engine === 'sync' ? 4 : 0);
      }
      const before = stack.sandbox.journal.seq;
      await wait({ bodyContains: 'Code 1' });
      // The entry and the inbox of the number, in two parts; counting the wait adds one request, once.
      expect(stack.sandbox.journal.since(before)).toHaveLength(engine === 'sync' ? 3 : 0);
      await wait({ bodyContains: 'Nothing', timeout: 1 });
      const { median_latency_ms, ...counts } = await waits();
      expect(counts).toEqual({ answered: 3, timed_out: 1, timed_out_percent: 25 });
      expect(median_latency_ms).toBeGreaterThan(0);
      expect(median_latency_ms).toBeLessThan(20_000);
      await phone(stack, 'release_phone_number', { passport_id: 'ada' });
      expect(await waits()).toMatchObject(counts);
      await takeNumber(stack, 'bob');
      for (let n = 1; n <= 16; n++) await wait({ bodyContains: 'Nothing', timeout: 1 });
      expect(await waits()).toEqual({ answered: 0, timed_out: 16, timed_out_percent: 100 });
      const { assignments } = await listAssignments(stack);
      expect(assignments).toEqual([{ phone_number: NUMBER, passport_id: 'bob', assigned_at: expect.any(String) }]);
    }));

  test('a pool of 10 numbers serves 10 of 50 concurrent agents and rejects 40', () =>
    withStack({}, async (stack) => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => takeNumber(stack, `agent-${i}`)));
      const numbers = answers.filter(({ isError }) => !isError).map(({ structured }) => structured.phone_number);
      expect([...numbers].sort()).toEqual(POOL);
      const rejected = answers
        .filter(({ isError }) => isError)
        .map(({ text }) => text.replace(/1\d seconds/, 'N seconds'));
      expect(rejected).toHaveLength(40);
      expect(new Set(rejected).size).toBe(1);
      expect(rejected[0]).toMatch(
        /^Failed to get phone number: all 10 numbers are taken.*release_phone_number.*call again in N/,
      );
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
        const url = webhookAt(stack.base, CODE_WEBHOOK);
        expect([body.sms_url, body.sms_method, body.sms_fallback_url]).toEqual([url, 'POST', url]);
      }
      expect((await listAssignments(stack)).pool).toEqual({
        size: 13,
        assigned: 13,
        free: 0,
        bought: 3,
        bought_last_hour: 3,
        may_buy: 0,
      });
    }));

  test('a passport that asks ten times at once gets one number', () =>
    withStack({}, async (stack) => {
      for (const passport of ['a', 'b', 'c']) {
        const answers = await Promise.all(Array.from({ length: 10 }, () => takeNumber(stack, passport)));
        expect([...new Set(answers.map(({ text }) => text))]).toEqual([expect.stringMatching(/^{"phone_number"/)]);
      }
      expect((await listAssignments(stack)).pool).toMatchObject({ assigned: 3, free: 7 });
    }));

  test('no number is lost if the response to the purchase is lost', () =>
    withStack({ TWILIO_PHONE_NUMBERS: '', AGENT_PHONE_AUTO_PROVISION: 'true' }, async (stack) => {
      stack.sandbox.faults.add({ operationId: 'CreateIncomingPhoneNumber', drop: 'after' });
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
    }));

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
      await phone(stack, 'release_phone_number', { phone_number });
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
      const wait = (args = {}) => phone(stack, 'wait_for_sms', { ...filter, ...args });
      const text = (n: number, fields: Record<string, string>) =>
        deliver(`${stack.base}/webhook/sms-received`, inbound(n, { To: NUMBER, ...fields }));
      await text(1, { Body: 'No number here' });
      await text(2, { Body: 'Your code is 111111', From: '+14155550999' });
      const start = Date.now();
      const first = await wait();
      expect(Date.now() - start).toBeLessThan(2500);
      expect(first.structured).toEqual({
        status: 'pending',
        token: expect.stringMatching(/^\d{13}\.\d{13}\./),
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
      await phone(stack, 'release_phone_number', { phone_number: NUMBER });
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
      const wait = (token?: string) => phone(stack, 'wait_for_sms', { phone_number: NUMBER, timeout: 3500, token });
      const answers = [await wait()];
      while (answers.at(-1)!.structured?.status === 'pending')
        answers.push(await wait(answers.at(-1)!.structured.token));
      expect(answers.length).toBeGreaterThan(1);
      const { isError, text } = answers.at(-1)!;
      expect([isError, text]).toEqual([true, `Wait for SMS failed: Timed out waiting for SMS to ${NUMBER}`]);
      await wait(answers.at(-2)!.structured.token);
      expect((await listAssignments(stack)).waits_last_day).toEqual({
        answered: 0,
        timed_out: 1,
        timed_out_percent: 100,
      });
    }));
});

test.each([403, 429])('a purchase that Sync does not record (%d) is reported and not repeated', async (status) => {
  const autoProvision = { TWILIO_PHONE_NUMBERS: '', AGENT_PHONE_AUTO_PROVISION: 'true', AGENT_PHONE_MAX_NUMBERS: '1' };
  const stack = await startAgentPhone({ STORE: 'sync', ...autoProvision });
  try {
    stack.sandbox.faults.add({ operationId: 'UpdateSyncMapItem', status, times: 1000 });
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

test('a number is released even if a wait that ends at the same time changes its entry', async () => {
  const stack = await startAgentPhone({ STORE: 'sync' });
  try {
    await takeNumber(stack, 'ada');
    stack.sandbox.faults.add({ operationId: 'UpdateSyncMapItem', status: 412 });
    await phone(stack, 'release_phone_number', { phone_number: NUMBER });
    expect((await listAssignments(stack)).assignments).toEqual([]);
  } finally {
    await stack.close();
  }
});

test('a message is returned even if its wait cannot be counted', async () => {
  const stack = await startAgentPhone({ STORE: 'sync' });
  try {
    await takeNumber(stack, 'ada');
    await deliver(`${stack.base}/webhook/sms-received`, inbound(1, { To: NUMBER, Body: 'Code 123456' }));
    stack.sandbox.faults.add({ operationId: 'UpdateSyncMapItem', status: 500 });
    const { structured } = await phone(stack, 'wait_for_sms', { phone_number: NUMBER });
    expect(structured.body).toBe('Code 123456');
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
    const { text } = await phone(stack, 'wait_for_sms', args);
    expect(text).toMatch(/^Wait for SMS failed: Timed out waiting for SMS to \+12025550143\. .*filtered.*30038/);
  } finally {
    await stack.close();
  }
});
