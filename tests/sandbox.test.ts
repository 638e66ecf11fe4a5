import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SandboxClient } from '../sandbox/client';
import { generateRequest } from '../sandbox/generate';
import { SEEDS } from '../sandbox/seed';
import {
  SANDBOX_ACCOUNT_SID,
  SANDBOX_API_KEY,
  SANDBOX_API_SECRET,
  SANDBOX_AUTH_TOKEN,
  type Sandbox,
  startSandbox,
} from '../sandbox/server';
import { clientOf, send } from './sandbox-client';

const API = 'https://api.twilio.com/2010-04-01/Accounts/{AC}';
const [FROM] = SEEDS.numbers as [string];
const TO = '+14155550100';

let sandbox: Sandbox;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = clientOf(sandbox);
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

/** The error of a promise that must fail. */
async function refusal(promise: Promise<unknown>): Promise<{ status: number; code: number; message: string }> {
  return promise.then(
    () => {
      throw new Error('was not refused');
    },
    (error) => error,
  );
}

/** Lets the time of day be set, and nothing else: sockets and timers go on as they are. */
function holdClock(): (milliseconds: number) => void {
  jest.useFakeTimers({
    now: 1_800_000_000_000,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
  return (milliseconds) => void jest.setSystemTime(Date.now() + milliseconds);
}
afterEach(() => void jest.useRealTimers());

const atOnce = () => {
  sandbox.options.speed = Number.POSITIVE_INFINITY;
};

describe('login', () => {
  test('takes the account with its token and a key with its secret, nothing else', async () => {
    await client.balance.fetch();
    await clientOf(sandbox, SANDBOX_API_KEY, SANDBOX_API_SECRET).balance.fetch();
    const wrong = [
      clientOf(sandbox, SANDBOX_ACCOUNT_SID, 'wrong'),
      clientOf(sandbox, SANDBOX_API_KEY, SANDBOX_AUTH_TOKEN),
      clientOf(sandbox, `AC${'0'.repeat(32)}`, SANDBOX_AUTH_TOKEN),
    ];
    for (const stranger of wrong) {
      expect(await refusal(stranger.balance.fetch())).toMatchObject({ status: 401, code: 20003 });
    }
    const anonymous = await send(sandbox, `${API}/Balance.json`, { headers: { authorization: '' } });
    expect([anonymous.status, anonymous.body.code]).toEqual([401, 20003]);
    const login = Buffer.from(`${SANDBOX_ACCOUNT_SID}:${SANDBOX_AUTH_TOKEN}`).toString('base64');
    expect(JSON.stringify(sandbox.journal.entries)).not.toContain(login);
  });

  test('opens only its own account and its subaccounts', async () => {
    const stranger = `AC${'1'.repeat(32)}`;
    expect(await refusal(client.api.v2010.accounts(stranger).messages.list())).toMatchObject({
      status: 404,
      code: 20404,
    });
    const subaccount = await client.api.v2010.accounts.create({ friendlyName: 'Branch' });
    expect(await client.api.v2010.accounts(subaccount.sid).messages.list()).toEqual([]);
    const own = clientOf(sandbox, subaccount.sid, subaccount.authToken, { accountSid: subaccount.sid });
    expect(await own.messages.list()).toEqual([]);
    expect(await refusal(own.api.v2010.accounts(SANDBOX_ACCOUNT_SID).messages.list())).toMatchObject({ code: 20404 });
  });

  test('a new key opens the account until it is deleted', async () => {
    const key = await client.newKeys.create({ friendlyName: 'k' });
    const withKey = clientOf(sandbox, key.sid, key.secret);
    await withKey.balance.fetch();
    await client.keys(key.sid).remove();
    expect(await refusal(withKey.balance.fetch())).toMatchObject({ code: 20003 });
  });
});

describe('strictness', () => {
  const refused: Array<[string, string, Parameters<typeof send>[2], string]> = [
    [
      'an unknown field',
      '/Messages.json',
      { body: 'To=%2B14155550100&From=%2B15005550006&Bodi=x' },
      'unknown form field "Bodi" (did you mean "Body"?)',
    ],
    [
      'a wrong enum',
      '/Messages.json',
      { body: 'To=%2B14155550100&Body=x&ScheduleType=later' },
      'ScheduleType must be one of fixed, not "later"',
    ],
    [
      'a scalar given twice',
      '/Messages.json',
      { body: 'To=%2B14155550100&Body=x&Body=y' },
      'form field Body is given 2 times',
    ],
    ['a missing field', '/Messages.json', { body: 'Body=x' }, 'missing required form field "To"'],
    [
      '[object Object]',
      '/Messages.json',
      { body: 'To=%2B14155550100&Body=[object Object]' },
      'form field Body holds "[object Object]"',
    ],
    ['undefined', '/Messages.json', { body: 'To=undefined&Body=x' }, 'form field To holds "undefined"'],
    [
      'NaN',
      '/Calls.json',
      { body: 'To=%2B14155550100&From=%2B15005550006&Url=https://e.com&Timeout=NaN' },
      'Timeout holds "NaN"',
    ],
    [
      'a number that is none',
      '/Calls.json',
      { body: 'To=a&From=b&Url=https://e.com&Timeout=soon' },
      'Timeout must be integer, not "soon"',
    ],
    [
      'a boolean that is none',
      '/Calls.json',
      { body: 'To=a&From=b&Url=https://e.com&Record=yes' },
      'Record must be boolean, not "yes"',
    ],
    [
      'a SID of another kind',
      '/Messages.json',
      { body: `To=%2B14155550100&Body=x&MessagingServiceSid=AC${'0'.repeat(32)}` },
      'MessagingServiceSid must match ^MG',
    ],
    ['a SID in the path', '/Messages/nonsense.json', {}, 'path parameter Sid must match'],
    ['an unknown query parameter', '/Messages.json?Too=x', {}, 'unknown query parameter "Too" (did you mean "To"?)'],
    ['a page that is too large', '/Messages.json?PageSize=1001', {}, 'PageSize must be <= 1000'],
    [
      'JSON instead of a form',
      '/Messages.json',
      { body: { To: TO } },
      'content type must be application/x-www-form-urlencoded, not application/json',
    ],
    [
      'a header that the operation does not know',
      '/Messages.json',
      { headers: { 'if-match': '1' } },
      'unknown header "if-match"',
    ],
    [
      'a body on DELETE',
      `/Messages/${SEEDS.deliveredMessageSid}.json`,
      { method: 'DELETE', body: 'a=b' },
      'takes no body',
    ],
  ];

  test.each(refused)('refuses %s', async (_what, path, options, reason) => {
    const answer = await send(sandbox, API + path, options);
    expect(answer.body).toMatchObject({
      status: 400,
      code: 20001,
      more_info: 'https://www.twilio.com/docs/errors/20001',
    });
    expect(answer.body.message).toContain(reason);
    expect(sandbox.journal.last?.violations.join()).toContain(reason);
  });

  test('names all violations at once', async () => {
    const answer = await send(sandbox, `${API}/Messages.json`, { body: 'Nonsense=1&Body=undefined' });
    expect(sandbox.journal.last?.violations).toHaveLength(3);
    expect(answer.body.message).toMatch(/Nonsense.*Body.*To/s);
  });

  test('knows no path that Twilio does not have, and no method', async () => {
    expect((await send(sandbox, `${API}/Massages.json`)).body.code).toBe(20404);
    expect((await send(sandbox, 'https://nothing.twilio.com/v1/Services')).body.code).toBe(20404);
    expect((await send(sandbox, `${API}/Balance.json`, { body: 'a=b' })).body).toMatchObject({
      status: 405,
      code: 20004,
    });
  });

  test('checks JSON bodies to their depth', async () => {
    const url = 'https://content.twilio.com/v1/Content';
    const body = { friendly_name: 'x', language: 'en', types: { 'twilio/text': { body: 'Hi {{1}}', colour: 'red' } } };
    const wrong = await send(sandbox, url, { body });
    expect(wrong.body.code).toBe(20001);
    expect(wrong.body.message).toContain('unknown property "colour"');
    const { colour: _, ...text } = body.types['twilio/text'];
    const right = await send(sandbox, url, { body: { ...body, types: { 'twilio/text': text } } });
    expect(right).toMatchObject({ status: 201, body: { friendly_name: 'x', types: { 'twilio/text': text } } });
    expect(right.body.sid).toMatch(/^HX[0-9a-f]{32}$/);
  });

  test('takes what the description is too strict for', async () => {
    const days = await send(sandbox, `${API}/Messages.json?DateSent%3E=2024-01-31&DateSent%3C=2024-02-01T00:00:00Z`);
    expect(days.status).toBe(200);
    expect((await send(sandbox, `${API}/Messages.json?DateSent%3E=yesterday`)).body.code).toBe(20001);
    const cleared = await client
      .incomingPhoneNumbers(SEEDS.phoneNumberSids[0]!)
      .update({ smsUrl: '', smsApplicationSid: '' });
    expect(sandbox.journal.last).toMatchObject({ status: 200, fields: { SmsUrl: '', SmsApplicationSid: '' } });
    expect(cleared.sid).toBe(SEEDS.phoneNumberSids[0]);
  });

  test('folds edge and region away', async () => {
    const far = clientOf(sandbox, undefined, undefined, { edge: 'dublin', region: 'ie1' });
    await far.balance.fetch();
    expect(sandbox.journal.last).toMatchObject({ host: 'api.dublin.ie1.twilio.com', file: 'api_v2010', status: 200 });
  });

  test('listens on the loopback interface only', async () => {
    await expect(startSandbox({ host: '0.0.0.0' })).rejects.toThrow('loopback');
  });
});

describe('messages', () => {
  test('travel from queued to delivered', async () => {
    const changes: string[] = [];
    sandbox.world.events.on('change', ({ change }) => changes.push(change));
    const sent = await client.messages.create({ to: TO, from: FROM, body: 'Hello' });
    expect(sent).toMatchObject({
      status: 'queued',
      direction: 'outbound-api',
      price: null,
      dateSent: null,
      numSegments: '1',
    });
    expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/);
    atOnce();
    const delivered = await client.messages(sent.sid).fetch();
    expect(delivered).toMatchObject({ status: 'delivered', price: '-0.00830', errorCode: null, body: 'Hello' });
    expect(delivered.dateSent).toBeInstanceOf(Date);
    expect(changes).toEqual(['created', 'delivered']);
    sandbox.world.events.removeAllListeners();
  });

  test('take the time that the speed gives them', async () => {
    const pass = holdClock();
    sandbox.options.speed = 10;
    const { sid } = await client.messages.create({ to: TO, from: FROM, body: 'Hello' });
    const seen = [];
    for (let i = 0; i < 5; i++) {
      seen.push((await client.messages(sid).fetch()).status);
      pass(31);
    }
    expect(seen).toEqual(['queued', 'sending', 'sent', 'delivered', 'delivered']);
  });

  test('with media have an MM SID, their media, and each URL of its own field', async () => {
    const mediaUrl = ['https://example.com/a.png', 'https://example.com/b.gif'];
    const sent = await client.messages.create({ to: TO, from: FROM, mediaUrl });
    expect(sandbox.journal.last?.body).toContain('MediaUrl=https%3A%2F%2Fexample.com%2Fa.png&MediaUrl=');
    expect(sandbox.journal.last?.fields.MediaUrl).toEqual(mediaUrl);
    expect(sent.sid).toMatch(/^MM/);
    expect(sent.numMedia).toBe('2');
    const media = await client.messages(sent.sid).media.list();
    expect(media.map((one) => one.contentType)).toEqual(['image/png', 'image/gif']);
    expect((await client.messages(sent.sid).fetch()).uri).toContain(sent.sid);
  });

  test('count their segments', async () => {
    const segments = async (body: string) => (await client.messages.create({ to: TO, from: FROM, body })).numSegments;
    expect(await segments('x'.repeat(160))).toBe('1');
    expect(await segments('x'.repeat(161))).toBe('2');
    expect(await segments('ж'.repeat(70))).toBe('1');
    expect(await segments('ж'.repeat(71))).toBe('2');
  });

  test('can be scheduled with a service, and canceled', async () => {
    const sendAt = new Date(Date.now() + 3_600_000);
    const scheduled = { to: TO, body: 'Later', sendAt, scheduleType: 'fixed' as const };
    expect(await refusal(client.messages.create({ ...scheduled, from: FROM }))).toMatchObject({ code: 35118 });
    const service = { messagingServiceSid: SEEDS.messagingServiceSid };
    const soon = { ...scheduled, ...service, sendAt: new Date(Date.now() + 1000) };
    expect(await refusal(client.messages.create(soon))).toMatchObject({ code: 35114 });
    atOnce();
    const { sid, status } = await client.messages.create({ ...scheduled, ...service });
    expect(status).toBe('scheduled');
    expect((await client.messages(sid).update({ status: 'canceled' })).status).toBe('canceled');
    expect((await client.messages(sid).fetch()).status).toBe('canceled');
    expect(await refusal(client.messages(sid).update({ status: 'canceled' }))).toMatchObject({ code: 30409 });
  });

  test('can lose their text, and be deleted', async () => {
    const message = client.messages(SEEDS.deliveredMessageSid);
    expect((await message.update({ body: '' })).body).toBe('');
    expect(await refusal(message.update({ body: 'other' }))).toMatchObject({ code: 30400 });
    expect(await message.remove()).toBe(true);
    expect(sandbox.journal.last).toMatchObject({ method: 'DELETE', status: 204, body: '' });
    expect(await refusal(message.fetch())).toMatchObject({ status: 404, code: 20404 });
    expect((await client.messages.list()).map((one) => one.sid)).not.toContain(SEEDS.deliveredMessageSid);
  });

  test.each([
    ['+15005550001', TO, 21212],
    ['+15005550007', TO, 21606],
    ['+15005550008', TO, 21611],
    ['+14155559999', TO, 21606],
    ['+15005550006', '+15005550001', 21211],
    ['+15005550006', '+15005550002', 21612],
    ['+15005550006', '+15005550003', 21408],
    ['+15005550006', '+15005550004', 21610],
    ['+15005550006', '+15005550009', 21614],
    ['+15005550006', '4155550100', 21211],
    ['whatsapp:+14155238886', TO, 21612],
  ])('from %s to %s give %i', async (from, to, code) => {
    expect(await refusal(client.messages.create({ from, to, body: 'x' }))).toMatchObject({ status: 400, code });
  });

  test('need a sender and something to say', async () => {
    expect(await refusal(client.messages.create({ to: TO, body: 'x' }))).toMatchObject({ code: 21603 });
    expect(await refusal(client.messages.create({ to: TO, from: FROM }))).toMatchObject({ code: 21619 });
    expect(await refusal(client.messages.create({ to: TO, from: FROM, body: 'x'.repeat(1601) }))).toMatchObject({
      code: 21617,
    });
    await client.messages.create({ to: `whatsapp:${TO}`, from: 'whatsapp:+14155238886', body: 'x' });
    await client.messages.create({ to: TO, from: 'Sandbox', body: 'x' });
  });
});

describe('calls', () => {
  const call = { to: TO, from: FROM, twiml: '<Response><Say>Hi</Say></Response>' };

  test('ring, are answered and end', async () => {
    const pass = holdClock();
    const { sid, status } = await client.calls.create(call);
    expect(status).toBe('queued');
    const statusAfter = async (milliseconds: number) => {
      pass(milliseconds);
      return (await client.calls(sid).fetch()).status;
    };
    expect(await statusAfter(300)).toBe('ringing');
    expect(await refusal(client.calls(sid).remove())).toMatchObject({ status: 409, code: 20009 });
    expect(await statusAfter(400)).toBe('in-progress');
    const redirected = await client.calls(sid).update({ url: 'https://example.com/next' });
    expect(redirected).toMatchObject({ status: 'in-progress', endTime: null });
    expect(await statusAfter(1800)).toBe('completed');
    const ended = await client.calls(sid).fetch();
    expect(ended.startTime).toBeInstanceOf(Date);
    expect(ended).toMatchObject({ duration: '2', price: '-0.01400' });
    expect(await client.calls(sid).remove()).toBe(true);
  });

  test('keep a recording when asked to', async () => {
    atOnce();
    const { sid } = await client.calls.create({ ...call, record: true });
    await client.calls(sid).fetch();
    const [recording] = await client.calls(sid).recordings.list();
    expect(recording).toMatchObject({ callSid: sid, status: 'completed' });
    expect((await client.recordings.list()).map((one) => one.sid)).toEqual(
      expect.arrayContaining([recording!.sid, SEEDS.recordingSid]),
    );
  });

  test('can be ended, canceled and redirected, each in its time', async () => {
    sandbox.options.speed = 1e-6;
    const { sid } = await client.calls.create(call);
    expect(await refusal(client.calls(sid).update({ url: 'https://example.com/x' }))).toMatchObject({ code: 21220 });
    expect((await client.calls(sid).update({ status: 'canceled' })).status).toBe('canceled');
    expect(await refusal(client.calls(sid).update({ status: 'completed' }))).toMatchObject({ code: 21220 });
    const { sid: other } = await client.calls.create(call);
    expect((await client.calls(other).update({ status: 'completed' })).status).toBe('completed');
  });

  test.each([
    ['+15005550001', TO, 21212],
    ['+14155559999', TO, 21210],
    [FROM, '+15005550001', 21217],
    [FROM, '+15005550002', 21214],
    [FROM, '+15005550003', 21215],
    [FROM, '+15005550004', 13225],
  ])('from %s to %s give %i', async (from, to, code) => {
    expect(await refusal(client.calls.create({ ...call, from, to }))).toMatchObject({ code });
  });

  test('need something to do', async () => {
    expect(await refusal(client.calls.create({ to: TO, from: FROM } as never))).toMatchObject({ code: 21205 });
  });

  test('of a conference: the list has only those in progress unless a status is asked for', async () => {
    expect((await client.conferences.list()).map((one) => one.sid)).toEqual([SEEDS.conferenceSid]);
    const ended = await client.conferences.list({ status: 'completed' });
    expect(ended.map((one) => one.sid)).toEqual([SEEDS.endedConferenceSid]);
    expect((await client.conferences(SEEDS.conferenceSid).update({ status: 'completed' })).status).toBe('completed');
    expect(await client.conferences.list()).toEqual([]);
  });
});

describe('lists', () => {
  test('filter by what they are asked for', async () => {
    await client.messages.create({ to: TO, from: FROM, body: 'one' });
    const to = await client.messages.list({ to: TO });
    expect(to.map((one) => one.body)).toEqual(['one']);
    expect(await client.messages.list({ from: TO })).toEqual([]);
    const hourAgo = new Date(Date.now() - 30 * 60_000);
    const recent = await client.messages.list({ dateSentAfter: hourAgo });
    expect(recent.map((one) => one.sid)).toEqual([SEEDS.failedMessageSid]);
    const older = await client.messages.list({ dateSentBefore: hourAgo });
    expect(older.map((one) => one.sid).sort()).toEqual([SEEDS.deliveredMessageSid, SEEDS.inboundMessageSid].sort());
    expect(await client.calls.list({ status: 'busy' })).toEqual([]);
    expect((await client.calls.list({ startTimeAfter: new Date(0) })).map((one) => one.sid)).toEqual([
      SEEDS.completedCallSid,
    ]);
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

describe('numbers', () => {
  test('can be searched, bought, configured and released', async () => {
    const search = () => client.availablePhoneNumbers('US').local.list({ areaCode: 512, smsEnabled: true, limit: 3 });
    const found = await search();
    expect(found.map((one) => one.phoneNumber.slice(0, 5))).toEqual(['+1512', '+1512', '+1512']);
    expect(found[0]).toMatchObject({ locality: 'Austin', region: 'TX', isoCountry: 'US', capabilities: { SMS: true } });
    const [{ phoneNumber }] = found as [(typeof found)[0]];
    const bought = await client.incomingPhoneNumbers.create({ phoneNumber, smsUrl: 'https://example.com/sms' });
    expect(bought).toMatchObject({
      phoneNumber,
      smsUrl: 'https://example.com/sms',
      smsMethod: 'POST',
      voiceUrl: '',
      capabilities: { sms: true },
    });
    expect((await search()).map((one) => one.phoneNumber)).not.toContain(phoneNumber);
    expect(await refusal(client.incomingPhoneNumbers.create({ phoneNumber }))).toMatchObject({ code: 21422 });
    const configured = await client
      .incomingPhoneNumbers(bought.sid)
      .update({ friendlyName: 'Desk', voiceUrl: 'https://example.com/v' });
    expect(configured).toMatchObject({
      friendlyName: 'Desk',
      voiceUrl: 'https://example.com/v',
      smsUrl: 'https://example.com/sms',
    });
    expect((await client.incomingPhoneNumbers.list({ phoneNumber })).map((one) => one.sid)).toEqual([bought.sid]);
    await client.messages.create({ to: TO, from: phoneNumber, body: 'x' });
    expect(await client.incomingPhoneNumbers(bought.sid).remove()).toBe(true);
    expect(await refusal(client.incomingPhoneNumbers(bought.sid).fetch())).toMatchObject({ code: 20404 });
    expect((await search()).map((one) => one.phoneNumber)).toContain(phoneNumber);
    expect(await refusal(client.messages.create({ to: TO, from: phoneNumber, body: 'x' }))).toMatchObject({
      code: 21606,
    });
  });

  test('are searched by pattern, place and ability', async () => {
    const us = client.availablePhoneNumbers('US').local;
    const numbers = async (options: Parameters<typeof us.list>[0]) =>
      (await us.list(options)).map((one) => one.phoneNumber);
    expect(await numbers({ contains: '+1206***0142' })).toEqual(['+12065550142']);
    expect(await numbers({ inRegion: 'IL', limit: 1 })).toEqual(['+13125550100']);
    expect(await numbers({ areaCode: 533 })).toEqual([]);
    expect(await client.availablePhoneNumbers('GB').local.list({ smsEnabled: true })).toEqual([]);
    expect(await refusal(client.availablePhoneNumbers('ZZ').local.list())).toMatchObject({ code: 20404 });
  });

  test.each([
    [{ phoneNumber: '+15005550000' }, 21422],
    [{ phoneNumber: '+15005550001' }, 21421],
    [{ areaCode: '533' }, 21452],
  ])('bought as %j give %i', async (options, code) => {
    expect(await refusal(client.incomingPhoneNumbers.create(options))).toMatchObject({ code });
  });

  test('bought as Twilio documents it for tests', async () => {
    expect((await client.incomingPhoneNumbers.create({ areaCode: '500' })).phoneNumber).toBe('+15005550006');
    const { sid } = await client.incomingPhoneNumbers.create({ areaCode: '303' });
    const service = client.messaging.v1.services(SEEDS.messagingServiceSid);
    expect(await service.phoneNumbers.create({ phoneNumberSid: sid })).toMatchObject({ sid, countryCode: 'US' });
    expect(await service.phoneNumbers(sid).remove()).toBe(true);
  });
});

describe('verify', () => {
  const service = () => client.verify.v2.services(SEEDS.verifyServiceSid);

  test('approves the right code, once', async () => {
    const { sid, status } = await service().verifications.create({ to: TO, channel: 'sms' });
    expect(status).toBe('pending');
    expect(await service().verificationChecks.create({ to: TO, code: '000000' })).toMatchObject({
      status: 'pending',
      valid: false,
    });
    expect(await service().verificationChecks.create({ to: TO, code: '123456' })).toMatchObject({
      sid,
      status: 'approved',
      valid: true,
    });
    expect(await refusal(service().verificationChecks.create({ to: TO, code: '123456' }))).toMatchObject({
      status: 404,
      code: 20404,
    });
  });

  test('has its limits', async () => {
    expect(await refusal(service().verifications.create({ to: TO, channel: 'pigeon' }))).toMatchObject({ code: 60200 });
    for (let i = 0; i < 5; i++) await service().verifications.create({ to: TO, channel: 'sms', customCode: '4711' });
    expect(await refusal(service().verifications.create({ to: TO, channel: 'sms' }))).toMatchObject({
      status: 429,
      code: 60203,
    });
    for (let i = 0; i < 5; i++) await service().verificationChecks.create({ to: TO, code: '0000' });
    expect(await refusal(service().verificationChecks.create({ to: TO, code: '4711' }))).toMatchObject({
      status: 429,
      code: 60202,
    });
  });
});

describe('sync', () => {
  test('keeps unique names, revisions and the order of items', async () => {
    const service = client.sync.v1.services('default');
    const first = await service.documents.create({ uniqueName: 'd', data: { n: 1 } });
    expect(first).toMatchObject({ revision: '0', serviceSid: SEEDS.syncServiceSid, data: { n: 1 } });
    expect(await refusal(service.documents.create({ uniqueName: 'd' }))).toMatchObject({ status: 409, code: 54301 });
    const second = await service.documents('d').update({ ifMatch: '0', data: { n: 2 } });
    expect(second.revision).toBe('1');
    expect(await refusal(service.documents('d').update({ ifMatch: '0', data: {} }))).toMatchObject({
      status: 412,
      code: 54103,
    });
    expect(await refusal(service.documents.create({ data: 'x'.repeat(20_000) as never }))).toMatchObject({
      code: 20001,
    });
    expect(await refusal(service.documents.create({ data: { x: 'x'.repeat(20_000) } }))).toMatchObject({
      status: 413,
      code: 54006,
    });

    await service.syncMaps.create({ uniqueName: 'm' });
    const items = service.syncMaps('m').syncMapItems;
    for (const key of ['b', 'c', 'a']) await items.create({ key, data: { key } });
    expect(await refusal(items.create({ key: 'a', data: {} }))).toMatchObject({ status: 409, code: 54208 });
    expect((await items.list({ from: 'a', bounds: 'exclusive' })).map((one) => one.key)).toEqual(['b', 'c']);
    expect((await items.list({ order: 'desc' })).map((one) => one.key)).toEqual(['c', 'b', 'a']);
    expect(await service.syncMaps('m').syncMapItems('a').remove()).toBe(true);
    expect(await refusal(service.syncMaps('m').syncMapItems('a').fetch())).toMatchObject({ code: 20404 });

    await service.syncLists.create({ uniqueName: 'l' });
    for (const n of [10, 11]) await service.syncLists('l').syncListItems.create({ data: { n } });
    expect((await service.syncLists('l').syncListItems(1).fetch()).data).toEqual({ n: 11 });
  });

  test('forgets what has expired', async () => {
    const pass = holdClock();
    const documents = client.sync.v1.services('default').documents;
    await documents.create({ uniqueName: 'short', data: {}, ttl: 300 });
    pass(299_000);
    expect((await documents.list()).map((one) => one.uniqueName)).toEqual(['short']);
    pass(1000);
    expect(await documents.list()).toEqual([]);
    expect(await refusal(client.sync.v1.services('default').documents('short').fetch())).toMatchObject({ code: 20404 });
  });
});

describe('any product', () => {
  test('creates, fetches, lists, updates and deletes', async () => {
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
    expect(await refusal(queues.list())).toMatchObject({ status: 404, code: 20404 });
  });

  test('takes JSON where Twilio does', async () => {
    const sender = { sender_id: 'whatsapp:+15005550006', profile: { name: 'Shop' } };
    const created = await client.messaging.v2.channelsSenders.create(sender as never);
    expect(sandbox.journal.last).toMatchObject({ operationId: 'CreateChannelsSender', violations: [], fields: sender });
    expect((await client.messaging.v2.channelsSenders(created.sid).fetch()).senderId).toBe('whatsapp:+15005550006');
  });

  test('makes things up only when lenient, and never what was deleted', async () => {
    const unknown = `CA${'b'.repeat(32)}`;
    expect(await refusal(client.calls(unknown).fetch())).toMatchObject({ code: 20404 });
    sandbox.options.lenient = true;
    expect((await client.calls(unknown).fetch()).sid).toBe(unknown);
    await client.messages(SEEDS.deliveredMessageSid).remove();
    expect(await refusal(client.messages(SEEDS.deliveredMessageSid).fetch())).toMatchObject({ code: 20404 });
  });

  test('knows facts that nobody creates', async () => {
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

  test('uploads versions of Functions and Assets', async () => {
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

  test('answer an error, as often as ordered', async () => {
    sandbox.faults.add({
      operationId: 'CreateMessage',
      status: 429,
      code: 20429,
      message: 'Slow down',
      retryAfter: 2,
      times: 2,
    });
    expect((await list()).status).toBe(200);
    expect(await refusal(create())).toMatchObject({ status: 429, code: 20429, message: 'Slow down' });
    const second = await send(sandbox, `${API}/Messages.json`, { body: 'To=x' });
    expect(second.headers.get('retry-after')).toBe('2');
    await create();
    expect(await stored()).toBe(1);
  });

  test('send HTML instead of JSON', async () => {
    sandbox.faults.add({ path: 'Messages', method: 'GET', html: '<h1>Bad Gateway</h1>', status: 502 });
    const answer = await list();
    expect([answer.status, answer.body, answer.headers.get('content-type')]).toEqual([
      502,
      '<h1>Bad Gateway</h1>',
      'text/html',
    ]);
  });

  test('delay', async () => {
    sandbox.faults.add({ delay: 200 });
    const start = Date.now();
    expect((await list()).status).toBe(200);
    expect(Date.now() - start).toBeGreaterThanOrEqual(195);
    expect(sandbox.journal.last?.fault).toBe('delay');
  });

  test('drop the connection before anything happened, or after', async () => {
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

describe('in other processes', () => {
  const root = join(__dirname, '..');

  test('a program runs against it unchanged, and its tests control it', async () => {
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
    const preload = join(root, 'sandbox/preload.cjs');
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

    await control.fault({ status: 503, code: 20503 });
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

test('accepts a request with every parameter filled for every operation', async () => {
  sandbox.options.lenient = true;
  const agent = new Agent({ keepAlive: true });
  const login = Buffer.from(`${SANDBOX_ACCOUNT_SID}:${SANDBOX_AUTH_TOKEN}`).toString('base64');
  const ask = (operation: ReturnType<typeof sandbox.world.spec.operations>[0]) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const document = sandbox.world.spec.document(operation.file);
      const { method, path, host, headers, body } = generateRequest(document, operation, {
        AccountSid: SANDBOX_ACCOUNT_SID,
      });
      const sent = {
        ...headers,
        authorization: `Basic ${login}`,
        'x-sandbox-host': host,
        'content-length': Buffer.byteLength(body ?? ''),
      };
      const request = httpRequest(
        { port: sandbox.port, host: '127.0.0.1', agent, method, path, headers: sent },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode!, text }));
        },
      );
      request.on('error', reject).end(body);
    });

  const operations = sandbox.world.spec.operations();
  expect(operations.length).toBeGreaterThan(1500);
  expect(new Set(operations.map((operation) => operation.id)).size).toBe(operations.length);
  const refused: string[] = [];
  const failed: string[] = [];
  for (const operation of operations) {
    const { status, text } = await ask(operation);
    const { file, operationId, violations } = sandbox.journal.last!;
    if (`${file}:${operationId}` !== operation.id) refused.push(`${operation.id} was taken for ${file}:${operationId}`);
    else if (violations.length > 0) refused.push(`${operation.id}: ${violations.join('; ')}`);
    else if (status >= 500) failed.push(`${operation.id}: ${text.slice(0, 300)}`);
    else if (status < 300) failed.push(...missingProperties(operation, text));
  }
  agent.destroy();
  expect(failed).toEqual([]);
  // The token that the description requires is one that only an earlier answer could tell.
  expect(refused).toEqual(['insights_v3:FetchQueryResults: missing required query parameter "pageToken"']);
});

/** Properties that the description promises and the answer has not. */
function missingProperties(operation: ReturnType<typeof sandbox.world.spec.operations>[0], text: string): string[] {
  const schema = sandbox.world.spec.document(operation.file).resolve(operation.success.schema);
  const body = text ? JSON.parse(text) : {};
  return Object.keys(schema?.properties ?? {})
    .filter((name) => !(name in body))
    .map((name) => `${operation.id} lacks ${name}`);
}
