import { SEEDS } from '../sandbox/seed';
import { type Json, post, useStack } from './support/stack';

/*
 * Calls with an idempotency key: the same key runs once and gets the same result.
 */

jest.setTimeout(240_000);

let calls = 0;

describe.each([
  ['SQLite', {}],
  ['Sync', { STORE: 'sync' }],
])('with %s', (engine, env: Record<string, string>) => {
  const stack = useStack({ env });

  /** A call with a key that no other test uses. */
  async function call(key: unknown, name: string, args: object, client = 'tests') {
    const _meta = { 'com.twilio/idempotency-key': key };
    const params = { name, arguments: args, _meta };
    const message = { jsonrpc: '2.0', id: ++calls, method: 'tools/call', params };
    const { body } = await post(stack.url, message, `services=all&client=${client}`);
    const { content, structuredContent, isError } = body.result;
    return { isError, text: content[0].text as string, structured: structuredContent as Json };
  }
  const sms = (key: unknown, args: object = {}, client?: string) =>
    call(key, 'twilio_messaging_send_sms', { to: '+14155550100', body: 'Hello', ...args }, client);
  const write = (key: unknown, id: string, params: object) =>
    call(key, 'twilio_api_write', { id, params, confirm: true });
  const done = (path: RegExp) =>
    stack.sandbox.journal
      .since(0)
      .filter((entry) => entry.method === 'POST' && path.test(entry.path) && (entry.processed ?? entry.status) === 201)
      .length;
  const sent = () => done(/Messages\.json$/);

  test('the same key gets the same result, and nothing runs', async () => {
    const first = await sms('same');
    const { seq } = stack.sandbox.journal;
    expect(await sms('same')).toEqual(first);
    expect(stack.sandbox.journal.since(seq).filter(({ host }) => !host.startsWith('sync.'))).toEqual([]);
    const queue = await write('queue', 'api_v2010:CreateQueue', { FriendlyName: 'Queue' });
    expect(await write('queue', 'api_v2010:CreateQueue', { FriendlyName: 'Queue' })).toEqual(queue);
    expect([sent(), done(/Queues\.json$/)]).toEqual([1, 1]);
  });

  test('the same key for another call is refused', async () => {
    await sms('other');
    for (const answer of [await sms('other', { body: 'Bye' }), await write('other', 'api_v2010:CreateQueue', {})])
      expect([answer.isError, answer.text]).toEqual([true, expect.stringMatching(/another call; nothing was done/)]);
    expect(sent()).toBe(1);
  });

  test('another key, or that of another client, is another call', async () => {
    await sms('one');
    await sms('two');
    await sms('one', {}, 'others');
    expect(sent()).toBe(3);
  });

  test('of ten at once, one runs', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => sms('at once')));
    expect(sent()).toBe(1);
    for (const { isError, text } of answers)
      if (isError) expect(text).toMatch(/still running; nothing was done now\. Repeat it in \d+ s/);
  });

  test('a call that failed runs again', async () => {
    stack.sandbox.faults.add({ operationId: 'CreateMessage', status: 400, code: 21211 });
    expect((await sms('failed')).isError).toBe(true);
    expect((await sms('failed')).isError).toBeFalsy();
    expect(sent()).toBe(1);
  });

  test('a dry run keeps no result', async () => {
    expect((await sms('dry', {}, 'tests&dryrun=true')).text).toMatch(/dry ?run/i);
    expect(sent()).toBe(0);
    expect((await sms('dry')).structured.sid).toMatch(/^SM/);
    expect(sent()).toBe(1);
  });

  test('a key must be text', async () => {
    for (const key of [7, '', 'x'.repeat(256)]) expect((await sms(key)).text).toMatch(/must be text of 1 to 255/);
    expect(sent()).toBe(0);
  });

  test('of a result that is too long, the SIDs are kept', async () => {
    const params = { ServiceSid: SEEDS.syncServiceSid, Data: { text: 'x'.repeat(15_700) } };
    const first = await write('long', 'sync_v1:CreateDocument', params);
    const { notes, sids } = (await write('long', 'sync_v1:CreateDocument', params)).structured;
    expect(notes[0]).toMatch(/was done\. Its result was too long/);
    expect(sids).toContain(first.structured.result.sid);
    expect(done(/Documents$/)).toBe(1);
  });

  if (engine === 'SQLite') return;

  /** Changes what is stored in maps of a kind, as if a process had been killed before it stored more. */
  function interrupt(kind: string, change: (data: Json) => void) {
    const maps = new Set<string>();
    for (const { body } of stack.sandbox.state.store.ofKind('sync.twilio.com/v1/Services/{}/Maps'))
      if (String(body.unique_name).startsWith(kind)) maps.add(String(body.sid));
    for (const { body } of stack.sandbox.state.store.ofKind('sync.twilio.com/v1/Services/{}/Maps/{}/Items'))
      if (maps.has(String(body.map_sid))) change(body.data);
  }
  const endCall = () =>
    interrupt('keys-', (data) => {
      delete data.text;
      data.until = 1;
    });

  test('if the process of the first was killed after its request, the records decide', async () => {
    const first = await sms('killed');
    const queue = await write('killed queue', 'api_v2010:CreateQueue', { FriendlyName: 'Queue' });
    endCall();
    const { sid, notes } = (await sms('killed')).structured;
    expect([sid, notes]).toEqual([
      first.structured.sid,
      [expect.stringMatching(/not sent again.*new idempotency key/)],
    ]);
    endCall();
    const again = await write('killed queue', 'api_v2010:CreateQueue', { FriendlyName: 'Queue' });
    expect(again.structured.result.sid).toBe(queue.structured.result.sid);
    expect([sent(), done(/Queues\.json$/)]).toEqual([1, 1]);
  });

  test('if its request has no known outcome, the log decides, or nothing is done', async () => {
    const first = await sms('cut off');
    await write('cut off queue', 'api_v2010:CreateQueue', { FriendlyName: 'Queue' });
    endCall();
    interrupt('sends-', (data) => {
      delete data.done;
      data.until = 1;
    });
    expect((await sms('cut off')).structured.sid).toBe(first.structured.sid);
    const { isError, text } = await write('cut off queue', 'api_v2010:CreateQueue', { FriendlyName: 'Queue' });
    expect([isError, text]).toEqual([true, expect.stringMatching(/Check whether it was done.*new idempotency key\.$/)]);
    expect([sent(), done(/Queues\.json$/)]).toEqual([1, 1]);
  });
});
