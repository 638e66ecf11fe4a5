import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SandboxClient } from '../sandbox/client';
import { SEEDS } from '../sandbox/seed';
import { SANDBOX_ACCOUNT_SID, SANDBOX_API_KEY, SANDBOX_API_SECRET, type Sandbox } from '../sandbox/server';
import { API, type Client, errorOf, FROM, send, TO, useSandbox } from './support/sandbox';

/*
 * The responses of the sandbox: lists, resources of any product, faults; and its use from another process.
 */

let sandbox: Sandbox;
let client: Client;
useSandbox((...started) => {
  [sandbox, client] = started;
});

describe('lists', () => {
  test('apply the filters of the request', async () => {
    await client.messages.create({ to: TO, from: FROM, body: 'one' });
    const to = await client.messages.list({ to: TO });
    expect(to.map((one) => one.body)).toEqual(['one']);
    expect(await client.messages.list({ from: TO })).toEqual([]);
    const hourAgo = new Date(Date.now() - 30 * 60_000);
    const recent = await client.messages.list({ dateSentAfter: hourAgo });
    expect(recent.map((one) => one.sid)).toEqual([SEEDS.failedMessageSid]);
    const older = await client.messages.list({ dateSentBefore: hourAgo });
    expect(older.map((one) => one.sid).sort()).toEqual([SEEDS.deliveredMessageSid, SEEDS.inboundMessageSid].sort());
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    expect(await client.calls.list({ status: 'busy' })).toEqual([]);
    expect(
      (await client.calls.list({ startTimeAfter: minutesAgo(40), startTimeBefore: minutesAgo(20) })).map(
        (one) => one.sid,
      ),
    ).toEqual([SEEDS.completedCallSid]);
    expect((await client.monitor.v1.alerts.list({ logLevel: 'warning' })).map((one) => one.errorCode)).toEqual([
      '30003',
    ]);
  });

  test('page by next_page_uri on the 2010 API', async () => {
    for (let i = 0; i < 5; i++) await client.messages.create({ to: TO, from: FROM, body: `${i}` });
    const first = await client.messages.page({ to: TO, pageSize: 2 });
    expect(first.instances).toHaveLength(2);
    expect(first.nextPageUrl).toMatch(
      /^https:\/\/api\.twilio\.com\/2010-04-01\/.*To=%2B14155550100&PageSize=2&Page=1&PageToken=/,
    );
    const second = await first.nextPage();
    const bodies = [...first.instances, ...second!.instances].map((one) => one.body);
    expect(new Set(bodies).size).toBe(4);
    expect(await client.messages.list({ to: TO, pageSize: 2 })).toHaveLength(5);
    expect(await client.messages.list({ to: TO, pageSize: 2, limit: 3 })).toHaveLength(3);
    const last = await client.messages.getPage(second!.nextPageUrl!);
    expect(last.instances).toHaveLength(1);
    expect(last.nextPageUrl).toBeUndefined();
    expect((await send(sandbox, `${API}/Messages.json?PageToken=madeup`)).body.code).toBe(20001);
  });

  test('page by token on the newest APIs', async () => {
    const url = 'https://conversations.twilio.com/v2/ControlPlane/Configurations';
    const names = ['one', 'two', 'three'];
    for (const displayName of names) {
      const body = {
        displayName,
        description: 'd',
        conversationGroupingType: 'GROUP_BY_PROFILE',
        memoryStoreId: `mem_store_0${'1'.repeat(25)}`,
      };
      expect(await send(sandbox, url, { body })).toMatchObject({ status: 202 });
    }
    const first = await send(sandbox, `${url}?pageSize=2`);
    expect(first.body.configurations.map((one: { displayName: string }) => one.displayName)).toEqual(['one', 'two']);
    const second = await send(sandbox, `${url}?pageSize=2&pageToken=${first.body.meta.nextToken}`);
    expect(second.body.configurations).toHaveLength(1);
    expect(second.body.meta).not.toHaveProperty('nextToken');
  });

  test('page by meta.next_page_url elsewhere', async () => {
    const documents = client.sync.v1.services('default').documents;
    for (let i = 0; i < 5; i++) await documents.create({ uniqueName: `d${i}`, data: { i } });
    const first = await documents.page({ pageSize: 2 });
    expect(first.nextPageUrl).toMatch(
      /^https:\/\/sync\.twilio\.com\/v1\/Services\/default\/Documents\?PageSize=2&Page=1&PageToken=/,
    );
    expect((await documents.list({ pageSize: 2 })).map((one) => one.data.i)).toEqual([0, 1, 2, 3, 4]);
    const raw = await send(sandbox, 'https://sync.twilio.com/v1/Services/default/Documents?PageSize=5');
    expect(raw.body.meta).toMatchObject({ key: 'documents', page_size: 5, next_page_url: null });
  });
});

describe('resources of any product', () => {
  test('are created, fetched, listed, updated and deleted', async () => {
    const workspaces = client.taskrouter.v1.workspaces;
    const { sid } = await workspaces.create({ friendlyName: 'W' });
    const queues = client.taskrouter.v1.workspaces(sid).taskQueues;
    const queue = await queues.create({ friendlyName: 'Q', maxReservedWorkers: 3 });
    expect(queue).toMatchObject({
      friendlyName: 'Q',
      maxReservedWorkers: 3,
      workspaceSid: sid,
      accountSid: SANDBOX_ACCOUNT_SID,
    });
    expect(queue.links).toMatchObject({ statistics: `${queue.url}/Statistics` });
    await client.taskrouter.v1.workspaces(sid).taskQueues(queue.sid).update({ friendlyName: 'R' });
    expect((await queues.list({ friendlyName: 'R' })).map((one) => one.sid)).toEqual([queue.sid]);
    expect(await client.taskrouter.v1.workspaces(sid).remove()).toBe(true);
    expect(await errorOf(queues.list())).toMatchObject({ status: 404, code: 20404 });
  });

  test('are created from JSON if the operation takes JSON', async () => {
    const sender = { sender_id: 'whatsapp:+15005550006', profile: { name: 'Shop' } };
    const wrong = { ...sender, profile: { name: 'Shop', colour: 'red' } };
    expect((await errorOf(client.messaging.v2.channelsSenders.create(wrong as never))).message).toContain('"colour"');
    const created = await client.messaging.v2.channelsSenders.create(sender as never);
    expect(sandbox.journal.last).toMatchObject({ operationId: 'CreateChannelsSender', violations: [], fields: sender });
    expect((await client.messaging.v2.channelsSenders(created.sid).fetch()).senderId).toBe('whatsapp:+15005550006');
  });

  test('are made up only if the sandbox is lenient, and never if deleted', async () => {
    const unknown = `CA${'b'.repeat(32)}`;
    expect(await errorOf(client.calls(unknown).fetch())).toMatchObject({ code: 20404 });
    sandbox.options.lenient = true;
    expect((await client.calls(unknown).fetch()).sid).toBe(unknown);
    const named = await client.sync.v1.services('default').documents('by-name').fetch();
    expect(named).toMatchObject({ uniqueName: 'by-name', sid: expect.stringMatching(/^ET[0-9a-f]{32}$/) });
    await client.messages(SEEDS.deliveredMessageSid).remove();
    expect(await errorOf(client.messages(SEEDS.deliveredMessageSid).fetch())).toMatchObject({ code: 20404 });
  });

  test('include lookups, the balance and usage', async () => {
    const found = await client.lookups.v2.phoneNumbers(TO).fetch({ fields: 'line_type_intelligence' });
    expect(found).toMatchObject({ valid: true, countryCode: 'US', phoneNumber: TO, simSwap: null });
    expect(found.lineTypeIntelligence).not.toBeNull();
    expect(Number((await client.balance.fetch()).balance)).toBeGreaterThan(0);
    const usage = await client.usage.records.list({
      category: 'sms',
      startDate: new Date('2026-01-01'),
      endDate: new Date('2026-01-31'),
    });
    expect(usage).toMatchObject([{ category: 'sms' }]);
    expect(usage[0]!.startDate).toEqual(new Date('2026-01-01'));
  });

  test('include uploaded versions of Functions', async () => {
    const { sid } = await client.serverless.v1.services.create({ uniqueName: 's', friendlyName: 's' });
    const { sid: functionSid } = await client.serverless.v1.services(sid).functions.create({ friendlyName: 'f' });
    const upload = async (fields: Record<string, string>) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append('Content', new Blob(['exports.handler = 1'], { type: 'application/javascript' }), 'hello.js');
      const login = Buffer.from(`${SANDBOX_API_KEY}:${SANDBOX_API_SECRET}`).toString('base64');
      const headers = { authorization: `Basic ${login}`, 'x-sandbox-host': 'serverless-upload.twilio.com' };
      const path = `/v1/Services/${sid}/Functions/${functionSid}/Versions`;
      const response = await fetch(sandbox.url + path, { method: 'POST', body: form, headers });
      return { status: response.status, body: (await response.json()) as { sid: string; message: string } };
    };
    const { status, body } = await upload({ Path: '/hello', Visibility: 'protected' });
    expect(status).toBe(201);
    const version = await client.serverless.v1.services(sid).functions(functionSid).functionVersions(body.sid).fetch();
    expect(version).toMatchObject({ path: '/hello', visibility: 'protected' });
    expect((await upload({ Path: 'hello', Visibility: 'secret' })).body.message).toMatch(
      /Visibility must be one of.*Path must begin/,
    );
  });
});

describe('faults', () => {
  const list = () => send(sandbox, `${API}/Messages.json`);
  const create = () => client.messages.create({ to: TO, from: FROM, body: 'x' });
  const stored = async () => (await client.messages.list({ to: TO })).length;

  test('return an error the given number of times', async () => {
    sandbox.faults.add({
      operationId: 'CreateMessage',
      status: 429,
      code: 20429,
      message: 'Slow down',
      retryAfter: 2,
      times: 2,
    });
    expect((await list()).status).toBe(200);
    expect(await errorOf(create())).toMatchObject({ status: 429, code: 20429, message: 'Slow down' });
    const second = await send(sandbox, `${API}/Messages.json`, { body: 'To=x' });
    expect(second.headers.get('retry-after')).toBe('2');
    await create();
    expect(await stored()).toBe(1);
  });

  test('return HTML instead of JSON', async () => {
    sandbox.faults.add({ path: 'Messages', method: 'GET', html: '<h1>Bad Gateway</h1>', status: 502 });
    const answer = await list();
    expect([answer.status, answer.body, answer.headers.get('content-type')]).toEqual([
      502,
      '<h1>Bad Gateway</h1>',
      'text/html',
    ]);
  });

  test('delay a response', async () => {
    sandbox.faults.add({ delay: 200 });
    const start = Date.now();
    expect((await list()).status).toBe(200);
    expect(Date.now() - start).toBeGreaterThanOrEqual(195);
    expect(sandbox.journal.last?.fault).toBe('delay');
  });

  test('drop the connection before or after the request takes effect', async () => {
    sandbox.faults.add({ operationId: 'api_v2010:CreateMessage', drop: 'before' });
    await expect(create()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await stored()).toBe(0);
    sandbox.faults.add({ operationId: 'api_v2010:CreateMessage', drop: 'after' });
    await expect(create()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await stored()).toBe(1);
    expect(sandbox.journal.entries.filter((entry) => entry.method === 'POST').map((entry) => entry.status)).toEqual([
      0, 0,
    ]);
  });
});

describe('in another process', () => {
  const root = join(__dirname, '..');

  test('the sandbox serves an unmodified program, and tests control it', async () => {
    const child = fork(join(root, 'sandbox/main.ts'), ['--speed', '1000'], {
      execArgv: ['--import', 'tsx'],
      cwd: root,
    });
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    const control = new SandboxClient(url);
    expect(await control.health()).toMatchObject({ ok: true, accountSid: SANDBOX_ACCOUNT_SID });
    const program = `
      process.env = {};
      const login = [${JSON.stringify(SANDBOX_API_KEY)}, ${JSON.stringify(SANDBOX_API_SECRET)}];
      const client = require('twilio')(...login, { accountSid: ${JSON.stringify(SANDBOX_ACCOUNT_SID)} });
      (async () => {
        const sent = await client.messages.create({ to: '${TO}', from: '${FROM}', body: 'x' });
        const all = await client.messages.list({ pageSize: 1 });
        const headers = { authorization: 'Basic ' + Buffer.from(login.join(':')).toString('base64') };
        const flows = await (await fetch('https://studio.twilio.com/v2/Flows', { headers })).json();
        const elsewhere = await fetch('${sandbox.url}/_sandbox/health').then((answer) => answer.json());
        console.log(JSON.stringify([sent.status, all.length, flows.flows.length, elsewhere.ok]));
      })();`;
    const preload = join(root, 'dist/local/sandbox-preload.js');
    const run = (env: Record<string, string>) =>
      promisify(execFile)(process.execPath, ['--require', preload, '-e', program], {
        cwd: root,
        env: { ...process.env, ...env },
      });
    const { stdout } = await run({ TWILIO_SANDBOX_URL: url });
    expect(JSON.parse(stdout)).toEqual(['queued', 4, 1, true]);
    const requests = await control.journal();
    expect(requests.map((entry) => [entry.host, entry.operationId])).toContainEqual(['studio.twilio.com', 'ListFlow']);
    expect(requests.flatMap((entry) => entry.violations)).toEqual([]);

    await control.addFault({ status: 503, code: 20503 });
    await control.options({ lenient: true, speed: Number.POSITIVE_INFINITY });
    await control.clearFaults();
    const mark = await control.mark();
    expect(await control.journal(mark)).toEqual([]);
    await control.reset();
    expect(await control.mark()).toBe(mark);
    await expect(control.options({ speed: -1 })).rejects.toThrow('speed');

    for (const wrong of ['http://example.com:80', 'https://127.0.0.1:1', '']) {
      await expect(run({ TWILIO_SANDBOX_URL: wrong })).rejects.toThrow('TWILIO_SANDBOX_URL must');
    }
    child.disconnect();
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});
