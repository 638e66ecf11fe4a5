import { SEEDS } from '../../sandbox/seed';
import { ask, callTool, type Json, useStack } from '../support/stack';

/*
 * Whole tasks over the past of an account, each a sequence of tool calls as an agent makes them.
 */

const DAY_MS = 86_400_000;
/** The day `ago` days ago, YYYY-MM-DD. */
const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
const [FIRST, , BRITISH] = SEEDS.numbers as [string, string, string];
const ERIN = '+13105550105';
const DAN = '+12125550104';
const ANA = '+14155550101';

const stack = useStack({ history: true });

const call = (name: string, args: object = {}): Promise<Json> => ask(stack.url, `twilio_${name}`, args);

/** The items of all pages. */
async function all(name: string, args: object = {}): Promise<Json[]> {
  const items: Json[] = [];
  let pageToken: string | undefined;
  do {
    const page = await call(name, { limit: 100, ...args, ...(pageToken ? { pageToken } : {}) });
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return items;
}

/** How often each value occurs. */
const counts = (values: readonly unknown[]) =>
  Object.fromEntries(
    [...new Set(values)].sort().map((value) => [value, values.filter((each) => each === value).length]),
  );

test('which messages of the last seven days did not arrive, and why', async () => {
  const status = ['undelivered', 'failed'];
  const lost = await all('messaging_get_message_logs', { status, dateSentAfter: day(7) });
  expect(counts(lost.map(({ errorCode }) => errorCode))).toEqual({ 30003: 3, 30005: 1, 30006: 1 });
  const { errorMeanings } = await call('messaging_get_message_status', { messageSid: lost[0].sid });
  expect(errorMeanings['30003']).toMatch(/unreachable/i);
});

test('what SMS cost last month: the usage is the sum of the log', async () => {
  const { items } = await call('debugger_get_usage_records', { period: 'lastMonth', category: 'sms' });
  const [{ startDate, endDate, price, count }] = items;
  const range = { dateSentAfter: startDate.slice(0, 10), dateSentBefore: endDate.slice(0, 10) };
  const log = await all('messaging_get_message_logs', range);
  const texts = log.filter(({ sid, from }) => sid.startsWith('SM') && !from.startsWith('whatsapp:'));
  const sum = texts.reduce((total, message) => total + Math.abs(Number(message.price ?? 0)), 0);
  expect(texts.length).toBeGreaterThan(50);
  expect(Number(price)).toBeCloseTo(sum, 4);
  // Messages to people who opted out were never sent, so that they have no date.
  expect(Number(count) - texts.length).toBeLessThanOrEqual(2);
});

test('what a text to and from the UK cost is what the price list says', async () => {
  const { result } = await call('api_read', { id: 'pricing_v1:FetchMessagingCountry', params: { IsoCountry: 'GB' } });
  const [{ prices }] = result.outbound_sms_prices;
  for (const [filter, [listed]] of [
    [{ from: BRITISH }, prices],
    [{ to: BRITISH }, result.inbound_sms_prices],
  ] as const) {
    const charged = (await all('messaging_get_message_logs', filter)).filter(
      ({ price, numMedia }) => price && numMedia === '0',
    );
    expect(charged.length).toBeGreaterThan(2);
    expect(counts(charged.map(({ price }) => -Number(price)))).toEqual({
      [Number(listed.current_price)]: charged.length,
    });
  }
});

test('usage of single days adds up to the month', async () => {
  const [month] = (await call('debugger_get_usage_records', { period: 'lastMonth', category: 'totalprice' })).items;
  const { startDate, endDate, price } = month;
  const days = await all('debugger_get_usage_records', {
    ...{ period: 'daily', category: 'totalprice', startDate: startDate.slice(0, 10), endDate: endDate.slice(0, 10) },
  });
  expect(days.length).toBeGreaterThan(27);
  expect(days.reduce((total, each) => total + Number(each.price), 0)).toBeCloseTo(Number(price), 3);
});

test('which calls of yesterday lasted more than ten minutes', async () => {
  const range = { startTimeAfter: day(1), startTimeBefore: day(1) };
  const calls = await all('voice_get_call_logs', { ...range, minDuration: 601 });
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ direction: 'inbound', status: 'completed', to: FIRST });
  expect(Number(calls[0].duration)).toBeGreaterThan(600);
});

test('every picture is in the list of its message', async () => {
  const pictures = (await all('messaging_get_message_logs')).filter(({ numMedia }) => Number(numMedia) > 0);
  expect(pictures.length).toBeGreaterThan(5);
  for (const { sid, numMedia } of pictures) {
    expect(await all('messaging_list_media', { messageSid: sid })).toHaveLength(Number(numMedia));
  }
});

test('delete the recordings older than 30 days', async () => {
  const everything = await all('voice_list_recordings');
  const old = await all('voice_list_recordings', { dateCreatedBefore: day(30) });
  expect(old.length).toBeGreaterThan(2);
  for (const { sid } of old) await call('voice_delete_recording', { recordingSid: sid });
  const left = await all('voice_list_recordings');
  expect(left).toHaveLength(everything.length - old.length);
  expect(left.map(({ dateCreated }) => dateCreated).filter((date) => date < day(30))).toEqual([]);
});

test('everything about one person: texts in both directions, calls, and the choice to opt out', async () => {
  const [to, from, calls, called] = await Promise.all([
    all('messaging_get_message_logs', { to: ANA }),
    all('messaging_get_message_logs', { from: ANA }),
    all('voice_get_call_logs', { to: ANA }),
    all('voice_get_call_logs', { from: ANA }),
  ]);
  expect(to.filter(({ body }) => /^Hi Ana/.test(body)).length).toBeGreaterThan(3);
  expect(from.length).toBeGreaterThan(3);
  expect(calls.length + called.length).toBeGreaterThan(2);
  expect(await all('messaging_list_opt_outs', { person: ANA })).toEqual([]);
});

test('who has opted out: not the person who has opted in again; the other one gets no message', async () => {
  const people = (await all('messaging_list_opt_outs')).map(({ person }) => person);
  expect(people).toContain(ERIN);
  expect(people).not.toContain(DAN);
  const { isError, text } = await callTool(stack.url, 'twilio_messaging_send_sms', {
    from: FIRST,
    to: ERIN,
    body: 'Hi',
  });
  expect([isError, text]).toEqual([true, expect.stringMatching(/opted out/)]);
});

test('which own numbers were not used for 30 days', async () => {
  const unused: string[] = [];
  for (const { phoneNumber } of await all('phone_numbers_list_phone_numbers')) {
    const recent = await Promise.all([
      call('messaging_get_message_logs', { from: phoneNumber, dateSentAfter: day(30), limit: 1 }),
      call('messaging_get_message_logs', { to: phoneNumber, dateSentAfter: day(30), limit: 1 }),
      call('voice_get_call_logs', { from: phoneNumber, startTimeAfter: day(30), limit: 1 }),
      call('voice_get_call_logs', { to: phoneNumber, startTimeAfter: day(30), limit: 1 }),
    ]);
    if (recent.every(({ items }) => items.length === 0)) unused.push(phoneNumber);
  }
  expect(unused).toEqual([BRITISH]);
  const earlier = await call('messaging_get_message_logs', { from: BRITISH, limit: 1 });
  expect(earlier.items[0].dateSent < day(30)).toBe(true);
});

test('what went wrong yesterday, and which setting of a number had been changed before', async () => {
  const alerts = await all('debugger_get_debugger_logs', { startDate: day(1), endDate: day(1) });
  expect(Object.keys(counts(alerts.map(({ errorCode }) => errorCode)))).toContain('30003');
  const failed = alerts.find(({ errorCode }) => errorCode === '30003');
  const message = await call('messaging_get_message_status', { messageSid: failed.resourceSid });
  expect(message).toMatchObject({ status: 'undelivered', errorCode: 30003 });
  const changes = await all('debugger_list_events', { eventType: 'phone-number.updated', startDate: day(5) });
  expect(changes).toMatchObject([{ resourceSid: SEEDS.phoneNumberSids[1], actorType: 'user', source: 'web' }]);
  const { eventData } = await call('debugger_get_event', { eventSid: changes[0].sid });
  expect(eventData).toEqual({ voiceUrl: { previous: 'https://hooks.example.com/voice', updated: null } });
});

test('who asked for a refund', async () => {
  const asked = await all('messaging_get_message_logs', { bodyContains: 'get a refund', to: FIRST });
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.every(({ direction, body }) => direction === 'inbound' && body.includes('tyre'))).toBe(true);
});

test('erase a person: no text, picture, call or recording is left', async () => {
  const logs = async () => [
    ...(await all('messaging_get_message_logs', { to: ANA })),
    ...(await all('messaging_get_message_logs', { from: ANA })),
  ];
  const calls = async () => [
    ...(await all('voice_get_call_logs', { to: ANA })),
    ...(await all('voice_get_call_logs', { from: ANA })),
  ];
  for (const { sid } of await calls()) {
    for (const recording of await all('voice_list_recordings', { callSid: sid })) {
      await call('voice_delete_recording', { recordingSid: recording.sid });
    }
    await call('voice_delete_call', { callSid: sid });
  }
  const messages = await logs();
  for (const { sid } of messages) await call('messaging_delete_message', { messageSid: sid });
  expect(messages.length).toBeGreaterThan(5);
  expect([await logs(), await calls()]).toEqual([[], []]);
});

test('cancel everything that is scheduled', async () => {
  const sendAt = new Date(Date.now() + DAY_MS).toISOString();
  const reminder = { body: 'See you tomorrow', sendAt, messagingServiceSid: SEEDS.messagingServiceSid };
  for (const to of [ANA, DAN]) await call('messaging_send_sms', { to, ...reminder });
  const scheduled = await all('messaging_get_message_logs', { status: 'scheduled' });
  expect(scheduled.map(({ to }) => to).sort()).toEqual([DAN, ANA].sort());
  for (const { sid } of scheduled) await call('messaging_cancel_message', { messageSid: sid });
  stack.sandbox.advance(2 * DAY_MS);
  expect(await all('messaging_get_message_logs', { bodyContains: 'See you tomorrow', dateSentAfter: day(0) })).toEqual(
    [],
  );
  const { status } = await call('messaging_get_message_status', { messageSid: scheduled[0].sid });
  expect(status).toBe('canceled');
});

describe('what was spent', () => {
  const lastMonth = async () => {
    const { items } = await call('debugger_get_usage_records', { period: 'lastMonth' });
    const [{ startDate, endDate }] = items;
    const range = { dateSentAfter: startDate.slice(0, 10), dateSentBefore: endDate.slice(0, 10) };
    return { items, log: await all('messaging_get_message_logs', range) };
  };
  const priceOf = (messages: readonly Json[]) => messages.reduce((sum, { price }) => sum - Number(price ?? 0), 0);

  test('on texts, by country: each costs what the price list says', async () => {
    const charged = (await all('messaging_get_message_logs')).filter(
      ({ sid, direction, price }) => sid.startsWith('SM') && direction !== 'inbound' && Number(price) < 0,
    );
    for (const [IsoCountry, code] of [
      ['US', '+1'],
      ['GB', '+44'],
    ] as const) {
      const texts = charged.filter(({ to }) => to.startsWith(code));
      const { result } = await call('api_read', { id: 'pricing_v1:FetchMessagingCountry', params: { IsoCountry } });
      const { prices } = result.outbound_sms_prices[0];
      const [{ current_price }] = prices;
      expect(texts.length).toBeGreaterThan(2);
      expect(priceOf(texts)).toBeCloseTo(texts.length * Number(current_price), 4);
    }
  });

  test('by each own number: together all messages of the month', async () => {
    const { items, log } = await lastMonth();
    const numbers = (await all('phone_numbers_list_phone_numbers')).map(({ phoneNumber }) => phoneNumber);
    const own = ({ from, to, direction }: Json) => (direction === 'inbound' ? to : from).replace('whatsapp:', '');
    const spent = numbers.map((number) => priceOf(log.filter((message) => own(message) === number)));
    const messages = items.filter(
      ({ category }: Json) => ['sms', 'mms'].includes(category) || /^channels-/.test(category),
    );
    const total = messages.reduce((sum: number, { price }: Json) => sum + Number(price), 0);
    expect(spent.reduce((sum, each) => sum + each, 0)).toBeCloseTo(total, 3);
    expect(Math.max(...spent)).toBe(spent[0]);
  });
});

test('what came in yesterday, by the clock of New York', async () => {
  const zone = 'America/New_York';
  const dateThere = (time: string | number) => new Date(time).toLocaleDateString('sv', { timeZone: zone });
  const yesterday = dateThere(Date.now() - DAY_MS);
  const range = { dateSentAfter: yesterday, dateSentBefore: yesterday, timeZone: zone };
  const found = await all('messaging_get_message_logs', range);
  const around = await all('messaging_get_message_logs', { dateSentAfter: day(3) });
  const expected = around.filter(({ dateSent }) => dateSent && dateThere(dateSent) === yesterday);
  expect(expected.length).toBeGreaterThan(0);
  expect(found.map(({ sid }) => sid)).toEqual(expected.map(({ sid }) => sid));
});

test('delete the messages older than 40 days', async () => {
  const everything = await all('messaging_get_message_logs');
  const old = await all('messaging_get_message_logs', { dateSentBefore: day(40) });
  expect(old.length).toBeGreaterThan(20);
  for (const { sid } of old) await call('messaging_delete_message', { messageSid: sid });
  const left = await all('messaging_get_message_logs');
  expect(left).toHaveLength(everything.length - old.length);
  expect(await all('messaging_get_message_logs', { dateSentBefore: day(40) })).toEqual([]);
});
