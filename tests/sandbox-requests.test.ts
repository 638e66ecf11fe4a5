import { SEEDS } from '../sandbox/seed';
import {
  SANDBOX_ACCOUNT_SID,
  SANDBOX_API_KEY,
  SANDBOX_API_SECRET,
  SANDBOX_AUTH_TOKEN,
  type Sandbox,
  startSandbox,
} from '../sandbox/server';
import { API, type Client, clientOf, errorOf, send, TO, useSandbox } from './support/sandbox';

/*
 * The requests that the sandbox accepts and rejects.
 */

let sandbox: Sandbox;
let client: Client;
useSandbox((...started) => {
  [sandbox, client] = started;
});

describe('login', () => {
  test('accepts only the account with its token and a key with its secret', async () => {
    await client.balance.fetch();
    await clientOf(sandbox, SANDBOX_API_KEY, SANDBOX_API_SECRET).balance.fetch();
    const unauthorized = [
      clientOf(sandbox, SANDBOX_ACCOUNT_SID, 'wrong'),
      clientOf(sandbox, SANDBOX_API_KEY, SANDBOX_AUTH_TOKEN),
      clientOf(sandbox, `AC${'0'.repeat(32)}`, SANDBOX_AUTH_TOKEN),
    ];
    for (const other of unauthorized) {
      expect(await errorOf(other.balance.fetch())).toMatchObject({ status: 401, code: 20003 });
    }
    const anonymous = await send(sandbox, `${API}/Balance.json`, { headers: { authorization: '' } });
    expect([anonymous.status, anonymous.body.code]).toEqual([401, 20003]);
    const login = Buffer.from(`${SANDBOX_ACCOUNT_SID}:${SANDBOX_AUTH_TOKEN}`).toString('base64');
    expect(JSON.stringify(sandbox.journal.entries)).not.toContain(login);
  });

  test('grants access only to its own account and subaccounts', async () => {
    const otherSid = `AC${'1'.repeat(32)}`;
    expect(await errorOf(client.api.v2010.accounts(otherSid).messages.list())).toMatchObject({
      status: 404,
      code: 20404,
    });
    const subaccount = await client.api.v2010.accounts.create({ friendlyName: 'Branch' });
    expect(await client.api.v2010.accounts(subaccount.sid).messages.list()).toEqual([]);
    const own = clientOf(sandbox, subaccount.sid, subaccount.authToken, { accountSid: subaccount.sid });
    expect(await own.messages.list()).toEqual([]);
    expect(await errorOf(own.api.v2010.accounts(SANDBOX_ACCOUNT_SID).messages.list())).toMatchObject({ code: 20404 });
  });

  test('accepts a new key until it is deleted', async () => {
    const key = await client.newKeys.create({ friendlyName: 'k' });
    const withKey = clientOf(sandbox, key.sid, key.secret);
    await withKey.balance.fetch();
    await client.keys(key.sid).remove();
    expect(await errorOf(withKey.balance.fetch())).toMatchObject({ code: 20003 });
  });
});

describe('validation', () => {
  const rejected: Array<[string, string, Parameters<typeof send>[2], string]> = [
    [
      'an unknown field',
      '/Messages.json',
      { body: 'To=%2B14155550100&From=%2B15005550006&Bodi=x' },
      'unknown form field "Bodi" (did you mean "Body"?)',
    ],
    [
      'an unknown enum value',
      '/Messages.json',
      { body: 'To=%2B14155550100&Body=x&ScheduleType=later' },
      'ScheduleType must be one of fixed, not "later"',
    ],
    [
      'a scalar field that is repeated',
      '/Messages.json',
      { body: 'To=%2B14155550100&Body=x&Body=y' },
      'form field Body is given 2 times',
    ],
    ['a missing field', '/Messages.json', { body: 'Body=x' }, 'missing required form field "To"'],
    [
      '[object Object]',
      '/Messages.json',
      { body: 'To=%2B14155550100&Body=[object Object]' },
      'form field Body is "[object Object]"',
    ],
    ['undefined', '/Messages.json', { body: 'To=undefined&Body=x' }, 'form field To is "undefined"'],
    [
      'NaN',
      '/Calls.json',
      { body: 'To=%2B14155550100&From=%2B15005550006&Url=https://e.com&Timeout=NaN' },
      'Timeout is "NaN"',
    ],
    [
      'a malformed number',
      '/Calls.json',
      { body: 'To=a&From=b&Url=https://e.com&Timeout=soon' },
      'Timeout must be integer, not "soon"',
    ],
    [
      'a malformed boolean',
      '/Calls.json',
      { body: 'To=a&From=b&Url=https://e.com&Record=yes' },
      'Record must be boolean, not "yes"',
    ],
    [
      'a SID with the wrong prefix',
      '/Messages.json',
      { body: `To=%2B14155550100&Body=x&MessagingServiceSid=AC${'0'.repeat(32)}` },
      'MessagingServiceSid must match ^MG',
    ],
    ['a malformed SID in the path', '/Messages/nonsense.json', {}, 'path parameter Sid must match'],
    ['an unknown query parameter', '/Messages.json?Too=x', {}, 'unknown query parameter "Too" (did you mean "To"?)'],
    ['a page size that is too large', '/Messages.json?PageSize=1001', {}, 'PageSize must be <= 1000'],
    [
      'JSON instead of a form',
      '/Messages.json',
      { body: { To: TO } },
      'content type must be application/x-www-form-urlencoded, not application/json',
    ],
    ['an unknown header', '/Messages.json', { headers: { 'if-match': '1' } }, 'unknown header "if-match"'],
    [
      'a body on DELETE',
      `/Messages/${SEEDS.deliveredMessageSid}.json`,
      { method: 'DELETE', body: 'a=b' },
      'does not accept a body',
    ],
  ];

  test.each(rejected)('rejects %s', async (_label, path, options, reason) => {
    const answer = await send(sandbox, API + path, options);
    expect(answer.body).toMatchObject({
      status: 400,
      code: 20001,
      more_info: 'https://www.twilio.com/docs/errors/20001',
    });
    expect(answer.body.message).toContain(reason);
    expect(sandbox.journal.last?.violations.join()).toContain(reason);
  });

  test('reports all violations at once', async () => {
    const answer = await send(sandbox, `${API}/Messages.json`, { body: 'Nonsense=1&Body=undefined' });
    expect(sandbox.journal.last?.violations).toHaveLength(3);
    expect(answer.body.message).toMatch(/Nonsense.*Body.*To/s);
  });

  test('rejects unknown paths, hosts and methods', async () => {
    expect((await send(sandbox, `${API}/Massages.json`)).body.code).toBe(20404);
    expect((await send(sandbox, 'https://nothing.twilio.com/v1/Services')).body.code).toBe(20404);
    expect((await send(sandbox, `${API}/Balance.json`, { body: 'a=b' })).body).toMatchObject({
      status: 405,
      code: 20004,
    });
  });

  test('checks nested properties of JSON bodies', async () => {
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

  test('accepts values for which the API description is too strict', async () => {
    const days = await send(sandbox, `${API}/Messages.json?DateSent%3E=2024-01-31&DateSent%3C=2024-02-01T00:00:00Z`);
    expect(days.status).toBe(200);
    expect((await send(sandbox, `${API}/Messages.json?DateSent%3E=yesterday`)).body.code).toBe(20001);
    const cleared = await client
      .incomingPhoneNumbers(SEEDS.phoneNumberSids[0]!)
      .update({ smsUrl: '', smsApplicationSid: '' });
    expect(sandbox.journal.last).toMatchObject({ status: 200, fields: { SmsUrl: '', SmsApplicationSid: '' } });
    expect(cleared.sid).toBe(SEEDS.phoneNumberSids[0]);
  });

  test('ignores edge and region in the host', async () => {
    const regional = clientOf(sandbox, undefined, undefined, { edge: 'dublin', region: 'ie1' });
    await regional.balance.fetch();
    expect(sandbox.journal.last).toMatchObject({ host: 'api.dublin.ie1.twilio.com', file: 'api_v2010', status: 200 });
  });

  test('listens on the loopback interface only', async () => {
    await expect(startSandbox({ host: '0.0.0.0' })).rejects.toThrow('loopback');
  });
});
