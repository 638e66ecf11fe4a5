import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InjectedFault } from '../sandbox/faults';
import { SEEDS } from '../sandbox/seed';
import { phone, startAgentPhone, takeNumber } from './support/agent-phone';
import { deliver, inbound } from './support/deliver';
import type { Stack } from './support/stack';

/*
 * Waits whose webhook is lost, whose looks fail, and how long one call of them lasts.
 */

jest.setTimeout(60_000);

const NUMBER = SEEDS.numbers[1]!;

let stack: Stack & { base: string };
beforeAll(async () => {
  stack = await startAgentPhone({ STORE: 'sync', TWILIO_PHONE_NUMBERS: NUMBER, TWILIO_TIMEOUT: '2500' });
});
afterAll(() => stack.close());
beforeEach(async () => {
  stack.sandbox.reset();
  await takeNumber(stack, 'ada');
});

const wait = (args: object = {}) => phone(stack, 'wait_for_sms', { phone_number: NUMBER, timeout: 1, ...args });
const requestsOf = async (operationId: string, act: () => Promise<unknown>) => {
  const { seq } = stack.sandbox.journal;
  await act();
  return stack.sandbox.journal.since(seq).filter((request) => request.operationId === operationId);
};

const assignedAt = async () =>
  Date.parse((await phone(stack, 'list_assignments')).structured.assignments[0].assigned_at);

/** A message in Twilio's log whose webhook was lost; it arrived seconds after the assignment. */
async function logged(body: string, seconds: number, fields: object = {}): Promise<string> {
  const { sid } = await stack.sandbox.receive({ to: NUMBER, from: '+14155550100', body });
  const stored = stack.sandbox.state.store
    .ofKind('api.twilio.com/2010-04-01/Accounts/{}/Messages')
    .find(({ id }) => id === sid)!;
  const date = new Date((await assignedAt()) + seconds * 1000).toUTCString().replace('GMT', '+0000');
  Object.assign(stored.body, { date_created: date, date_sent: date, ...fields });
  return sid;
}

const TIMED_OUT = `Wait for SMS failed: Timed out waiting for SMS to ${NUMBER}`;
const PENDING = { status: 'pending', token: expect.any(String), remaining_ms: expect.any(Number) };
const UNTRUSTED = { untrusted: expect.any(String) };

describe("a message that is only in Twilio's log", () => {
  test('is found with one request when the wait ends, and is counted', async () => {
    const id = await logged('Code 123456', 2);
    let answer: Awaited<ReturnType<typeof wait>>;
    const reads = await requestsOf('ListMessage', async () => {
      answer = await wait({ from: '+14155550100', bodyContains: 'code' });
    });
    expect(answer!.structured).toEqual({
      ...{ id, from: '+14155550100', to: NUMBER, body: 'Code 123456', ...UNTRUSTED },
      received_at: expect.stringMatching(/\.000Z$/),
      note: "Found in Twilio's log: its webhook has not arrived.",
    });
    expect(reads).toHaveLength(1);
    expect((await phone(stack, 'list_assignments')).structured.waits_last_day).toMatchObject({ answered: 1 });
  });

  test('is found by a call of the last ten seconds, and not looked for before', async () => {
    await logged('Code 1', 2);
    let early: Awaited<ReturnType<typeof wait>>;
    const reads = await requestsOf('ListMessage', async () => {
      early = await wait({ timeout: 30_000 });
    });
    expect([early!.structured, reads]).toEqual([PENDING, []]);
    expect((await wait({ timeout: 10_000 })).structured.body).toBe('Code 1');
  });

  test('does not precede one that came by webhook', async () => {
    await logged('Code 1', 2);
    await deliver(`${stack.base}/webhook/sms-received`, inbound(2, { To: NUMBER, Body: 'Code 2' }));
    expect((await wait()).structured).toMatchObject({ body: 'Code 2' });
  });

  test.each<[string, number, object]>([
    ['from before the assignment', -3, {}],
    ['of the second in which the number was assigned', 0, {}],
    ['sent by the account', 2, { direction: 'outbound-api' }],
    ['that was filtered', 2, { error_code: 30038 }],
    ['without a date', 2, { date_created: null, date_sent: null }],
  ])('is not returned if it is one %s', async (_, seconds, fields) => {
    await logged('Code 1', seconds, fields);
    expect((await wait({ after: '2020-01-01' })).text).toMatch(`${TIMED_OUT}${'error_code' in fields ? '. ' : ''}`);
  });

  test.each([
    { from: '+14155550999' },
    { bodyContains: 'pin' },
    { after: new Date(Date.now() + 60_000).toISOString() },
  ])('is not returned if it does not match %j', async (filter) => {
    await logged('Code 1', 2);
    expect((await wait(filter)).text).toBe(TIMED_OUT);
  });

  test('is not returned if the number changes hands while it is read', async () => {
    await logged('Code of bob', 2);
    stack.sandbox.faults.add({ operationId: 'ListMessage', delay: 1000 });
    const { seq } = stack.sandbox.journal;
    const waiting = wait();
    while (!stack.sandbox.journal.since(seq).some(({ operationId }) => operationId === 'ListMessage')) await sleep(5);
    await phone(stack, 'release_phone_number', { phone_number: NUMBER });
    await takeNumber(stack, 'bob');
    expect((await waiting).text).toMatch(/is not assigned/);
  });
});

describe('a look that fails leaves the wait pending, and the next call finds the message', () => {
  const FAULTS: InjectedFault[] = [
    { status: 503, html: '<h1>Busy</h1>' },
    { status: 429 },
    { drop: 'after' },
    { delay: 4000 },
  ];
  const during = async (operationId: string, fault: InjectedFault, args: object) => {
    stack.sandbox.faults.add({ operationId, times: 100, ...fault });
    const answer = await wait(args);
    stack.sandbox.faults.clear();
    return answer.structured ?? answer.text;
  };
  const code = () => deliver(`${stack.base}/webhook/sms-received`, inbound(1, { To: NUMBER, Body: 'Code 1' }));

  test.each(FAULTS)('at the inbox: %j', async (fault) => {
    const first = await during('ListSyncMapItem', fault, { timeout: 60_000 });
    expect(first).toEqual(PENDING);
    await code();
    expect((await wait({ token: first.token })).structured).toMatchObject({ body: 'Code 1' });
  });

  test.each(FAULTS)('at the inbox, after the end: %j', async (fault) => {
    const first = await during('ListSyncMapItem', fault, {});
    expect(first).toEqual({ ...PENDING, remaining_ms: 0 });
    await code();
    expect((await wait({ token: first.token })).structured).toMatchObject({ body: 'Code 1' });
  });

  test.each(FAULTS)('at the assignment, with a token: %j', async (fault) => {
    const { token } = (await wait({ timeout: 60_000 })).structured;
    await code();
    expect(await during('FetchSyncMapItem', fault, { token })).toEqual({ ...PENDING, token });
    expect((await wait({ token })).structured).toMatchObject({ body: 'Code 1' });
  });

  test.each(FAULTS)("at Twilio's log: %j", async (fault) => {
    await logged('Code 1', 2);
    const first = await during('ListMessage', fault, {});
    expect(first).toEqual({ ...PENDING, remaining_ms: 0 });
    expect((await wait({ token: first.token })).structured).toMatchObject({ body: 'Code 1' });
  });

  test.each(FAULTS)('or is not needed: %j while the wait is counted', async (fault) => {
    await code();
    expect(await during('UpdateSyncMapItem', fault, {})).toMatchObject({ body: 'Code 1' });
    expect(await during('UpdateSyncMapItem', fault, { bodyContains: 'nothing' })).toBe(TIMED_OUT);
  });

  test('but the first look for the assignment is an error', async () => {
    expect(await during('FetchSyncMapItem', { status: 500 }, {})).toMatch(/^Twilio error/);
  });
});

test('a wait ends with an error if its last look keeps failing, and its token still finds the message', async () => {
  await logged('Code 1', 2);
  const [entry] = stack.sandbox.state.store
    .ofKind('sync.twilio.com/v1/Services/{}/Maps/{}/Items')
    .filter(({ body }) => body.key === NUMBER);
  const { secret } = entry!.body.data as { secret: string };
  // As sealed by a wait that ended eleven seconds ago.
  const span = `${await assignedAt()}.${Date.now() - 11_000}`;
  const token = `${span}.${createHmac('sha256', secret).update(span).digest('base64url')}`;
  stack.sandbox.faults.add({ operationId: 'FetchSyncMapItem', status: 500, times: 100 });
  expect((await wait({ token })).text).toMatch(/ could not be read\. Twilio error.* same token to look once more\.$/);
  stack.sandbox.faults.clear();
  expect((await wait({ token })).structured).toMatchObject({ body: 'Code 1' });
});

test('a call looks at most five times', async () => {
  const patient = await startAgentPhone({ STORE: 'sync', TWILIO_PHONE_NUMBERS: NUMBER });
  try {
    await takeNumber(patient, 'ada');
    const { seq } = patient.sandbox.journal;
    const { structured } = await phone(patient, 'wait_for_sms', { phone_number: NUMBER, timeout: 30_000 });
    expect(structured).toEqual(PENDING);
    const looks = patient.sandbox.journal.since(seq).filter(({ path }) => path.includes('inbox-'));
    // The inbox of a number has two parts.
    expect([1, 2, 3, 4, 5]).toContain(looks.length / 2);
  } finally {
    await patient.close();
  }
});
