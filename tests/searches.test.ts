import { seedResource } from '../sandbox/seed-resource';
import { ask, callTool, type Stack, startStack } from './support/stack';

/*
 * Filters that Twilio lacks, over a log of thousands: searches are complete or say how far they looked, and pages follow
 * each other without a gap or a repetition.
 */

const LOGS = 'twilio_messaging_get_message_logs';
const COUNT = 2500;
const FROM = '+14155550199';
const START = Date.parse('2026-06-01T00:00:00Z');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  for (let n = 0; n < COUNT; n++) addMessage(n);
});
afterAll(() => stack.close());
beforeEach(() => stack.sandbox.faults.clear());

/** Message `n`, the nth newest. */
function addMessage(n: number, body = `Message ${n}`): void {
  const at = START - n * 60_000;
  const status = n % 500 === 499 ? 'undelivered' : n % 700 === 699 ? 'failed' : 'delivered';
  seedResource(stack.sandbox.state, {
    fetchOperation: 'api_v2010:FetchMessage',
    known: { sid: sidOf(n), status, body, date_sent: new Date(at).toUTCString(), from: FROM, to: '+14155550100' },
    at,
  });
}

const sidOf = (n: number) => `SM${String(n).padStart(32, '0')}`;
const numbersOf = ({ items }: { items: { sid: string }[] }) => items.map(({ sid }) => Number(sid.slice(2)));
const NOT_DELIVERED = [499, 699, 999, 1399, 1499, 1999, 2099, 2499];
const FAILED = [699, 1399, 2099];

const call = (args: object, url = stack.url, name = LOGS) => ask(url, name, { from: FROM, ...args });

/** The numbers of the messages of all pages. */
async function allPages(args: object, url = stack.url): Promise<number[][]> {
  const pages: number[][] = [];
  let pageToken: string | undefined;
  do {
    const page = await call({ ...args, pageToken }, url);
    pages.push(numbersOf(page));
    pageToken = page.nextPageToken;
  } while (pageToken);
  return pages;
}

test('finds all messages that were not delivered in one call', async () => {
  const { seq } = stack.sandbox.journal.last ?? { seq: 0 };
  const found = await call({ status: ['undelivered', 'failed'] });
  expect(numbersOf(found)).toEqual(NOT_DELIVERED);
  expect([found.nextPageToken, found.searched]).toEqual([undefined, undefined]);
  expect(stack.sandbox.journal.since(seq)).toHaveLength(Math.ceil(COUNT / 1000));
});

test.each([1, 2, 3])('pages of %i matches follow each other without a gap or a repetition', async (limit) => {
  const pages = await allPages({ status: ['undelivered', 'failed'], limit });
  expect(pages.flat()).toEqual(NOT_DELIVERED);
  expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
});

test('a search that runs out of time says how far it looked and continues there', async () => {
  stack.sandbox.faults.add({ operationId: 'ListMessage', delay: 4500 });
  const first = await call({ status: 'failed', limit: 5 });
  expect([numbersOf(first), first.searched]).toEqual([
    [699],
    expect.stringMatching(/^Searched only the newest 1000 items, back to 2026-05-31T07:21:00.000Z; .*nextPageToken/),
  ]);
  const second = await call({ status: 'failed', limit: 5, pageToken: first.nextPageToken });
  expect([numbersOf(second), second.searched]).toEqual([[1399, 2099], undefined]);
});

test('a search that Twilio interrupts keeps what it has found and continues there', async () => {
  stack.sandbox.faults.add({ operationId: 'ListMessage', skip: 1, status: 503, times: 9 });
  const first = await call({ status: 'failed', limit: 5 });
  expect([numbersOf(first), first.searched]).toEqual([[699], expect.stringMatching(/^Searched only the newest 1000/)]);
  stack.sandbox.faults.clear();
  const second = await call({ status: 'failed', limit: 5, pageToken: first.nextPageToken });
  expect([numbersOf(second), second.searched]).toEqual([[1399, 2099], undefined]);
});

test('an overview of errors that runs out of time says how far it looked', async () => {
  stack.sandbox.faults.add({ operationId: 'ListAlert', delay: 4500 });
  for (let n = 0; n < 1001; n++) {
    seedResource(stack.sandbox.state, {
      fetchOperation: 'monitor_v1:FetchAlert',
      known: { sid: `NO${String(n).padStart(32, '0')}`, error_code: '11200', date_generated: new Date().toISOString() },
      at: Date.now(),
    });
  }
  const { alertsRead, cut } = await ask(stack.url, 'twilio_debugger_analyze_errors');
  expect([alertsRead, cut]).toEqual([
    1000,
    expect.stringMatching(/^Only the newest 1000 alerts were read, back to 20/),
  ]);
});

test('a page token with other filters is refused', async () => {
  const { nextPageToken: pageToken } = await call({ status: 'failed', limit: 1 });
  for (const filters of [{}, { from: FROM }, { status: 'undelivered' }, { status: 'failed', to: '+14155550100' }]) {
    const { seq } = stack.sandbox.journal.last!;
    const { isError, text } = await callTool(stack.url, LOGS, { ...filters, pageToken });
    expect([isError, text]).toEqual([true, expect.stringMatching(/nothing was done. pageToken: .*Repeat the filters/)]);
    expect(stack.sandbox.journal.since(seq)).toEqual([]);
  }
  expect(numbersOf(await call({ status: 'failed', limit: 7, pageToken }))).toEqual(FAILED.slice(1));
});

test('a list that is cut for size continues at the cut, even if messages arrive meanwhile', async () => {
  for (let n = 0; n < 120; n++) addMessage(n, 'x'.repeat(1600));
  const first = await call({ limit: 100 });
  expect(first.truncated).toMatch(/^Only \d+ of 100 items fit. Continue with nextPageToken\.$/);
  addMessage(-1);
  const second = await call({ limit: 10, pageToken: first.nextPageToken });
  const shown = [...numbersOf(first), ...numbersOf(second)];
  expect(shown).toEqual(Array.from({ length: first.items.length + 10 }, (_, n) => n));
});
