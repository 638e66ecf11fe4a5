import https from 'node:https';
import { SEEDS } from '../sandbox/seed';
import { type Sandbox, startSandbox } from '../sandbox/server';
import type { Store } from '../src/store/port';
import { ensureStoreService, STORE_NAME, SYNC_SERVICES } from '../src/store/service';
import { SyncStore } from '../src/store/sync';
import { requestsTo, TO, useSandbox } from './support/sandbox';
import { callTool, useStack } from './support/stack';

/*
 * What is sent again after a failure: reads, and what the store writes. Never what reaches people or costs money.
 */

const FAILURES = [
  ['answers 503', { status: 503 }],
  ['answers 500 after it has carried the request out', { status: 500, processed: true }],
  ['is a failing proxy', { status: 502, html: '<h1>Bad gateway</h1>' }],
  ['closes the connection first', { drop: 'before' }],
  ['closes the connection after it has carried the request out', { drop: 'after' }],
] as const;

describe.each(FAILURES)('if Twilio %s once', (_, failure) => {
  describe('a tool', () => {
    const stack = useStack();
    const requests = () => stack.sandbox.journal.entries.filter(({ path }) => !path.includes('/Maps/'));

    test('repeats a read', async () => {
      stack.sandbox.faults.add({ operationId: 'ListMessage', ...failure });
      expect((await callTool(stack.url, 'twilio_messaging_get_message_logs')).isError).toBeUndefined();
      expect(requests()).toHaveLength(2);
    });

    test.each([
      ['twilio_messaging_send_sms', { to: TO, body: 'Hello' }, 'CreateMessage'],
      ['twilio_voice_make_call', { to: TO, say: 'Hello' }, 'CreateCall'],
      [
        'twilio_lookups_lookup_phone_number',
        { phoneNumber: TO, fields: ['line_type_intelligence'] },
        'FetchPhoneNumber',
      ],
      ['twilio_messaging_delete_message', { messageSid: `SM${'a'.repeat(32)}` }, 'DeleteMessage'],
      [
        'twilio_phone_numbers_update_phone_number',
        { phoneNumberSid: SEEDS.phoneNumberSids[0], friendlyName: 'x' },
        'UpdateIncomingPhoneNumber',
      ],
    ])('does not repeat %s', async (name, args, operationId) => {
      stack.sandbox.faults.add({ operationId, ...failure });
      const { isError } = await callTool(stack.url, name, args);
      expect(isError).toBe(true);
      expect(stack.sandbox.journal.entries.filter((entry) => entry.operationId === operationId)).toHaveLength(1);
    });
  });

  describe('the store in Sync', () => {
    let sandbox: Sandbox;
    let store: Store;
    useSandbox((started) => {
      sandbox = started;
    });
    afterAll(() => jest.restoreAllMocks());
    beforeEach(async () => {
      const twilio = requestsTo(sandbox);
      store = new SyncStore(twilio, ensureStoreService);
      await ensureStoreService(twilio, true);
      await store.add('things', 'there', { n: 1 });
    });
    const fail = (method: string) => sandbox.faults.add({ method, path: '/Items', ...failure });

    test('knows that it has added an item itself', async () => {
      fail('POST');
      expect(await store.add('things', 'new', { by: 'me' })).toBeTruthy();
      fail('POST');
      expect(await store.add('things', 'there', { n: 2 })).toBe(false);
      expect((await store.get('things', 'there'))?.value).toEqual({ n: 1 });
    });

    test('knows that it has updated an item itself', async () => {
      const { revision } = (await store.get('things', 'there'))!;
      fail('POST');
      expect(await store.update('things', 'there', { n: 2 }, revision)).toBeTruthy();
      fail('POST');
      expect(await store.update('things', 'there', { n: 3 }, revision)).toBe(false);
      expect((await store.get('things', 'there'))?.value).toEqual({ n: 2 });
    });

    test('knows that it has removed an item', async () => {
      fail('DELETE');
      expect(await store.remove('things', 'there')).toBe(true);
      expect(await store.remove('things', 'there')).toBe(false);
    });

    test('reads again', async () => {
      fail('GET');
      expect((await store.get('things', 'there'))?.value).toEqual({ n: 1 });
      fail('GET');
      expect((await store.list('things')).items).toHaveLength(1);
    });
  });
});

describe('the store in Sync', () => {
  let sandbox: Sandbox;
  useSandbox((started) => {
    sandbox = started;
  });
  afterAll(() => jest.restoreAllMocks());

  test('creates the service again after it was deleted, instead of taking it for empty', async () => {
    const twilio = requestsTo(sandbox);
    const sid = await ensureStoreService(twilio, true);
    const store = new SyncStore(twilio, ensureStoreService);
    expect(await store.get('things', 'a')).toBeUndefined();
    await twilio.request({ method: 'delete', uri: `${SYNC_SERVICES}/${sid}` });
    const other = await twilio.request({ method: 'post', uri: SYNC_SERVICES, data: { FriendlyName: STORE_NAME } });
    const { sid: newSid } = other.body as { sid: string };
    await new SyncStore(twilio, async () => newSid).add('things', 'a', { n: 1 });
    jest.useFakeTimers({
      now: Date.now() + 61_000,
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'],
    });
    try {
      expect((await store.get('things', 'a'))?.value).toEqual({ n: 1 });
    } finally {
      jest.useRealTimers();
    }
  });
});

test('requests do not wait for a free connection, however many there are', async () => {
  const sandbox = await startSandbox();
  try {
    const twilio = requestsTo(sandbox);
    await ensureStoreService(twilio, true);
    const [[, { agent }]] = jest.mocked(https.request).mock.calls as unknown as [[string, { agent: https.Agent }]];
    expect([agent.maxSockets, agent.maxTotalSockets]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  } finally {
    jest.restoreAllMocks();
    await sandbox.close();
  }
});
