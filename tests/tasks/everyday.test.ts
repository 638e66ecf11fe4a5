import { SEEDS } from '../../sandbox/seed';
import type { Json } from '../support/stack';
import { taskTools } from '../support/tasks';

/*
 * Whole tasks of everyday work, over MCP alone: reminders, new numbers, spending, many recipients, keys and accounts.
 */

const [OWN] = SEEDS.numbers as [string];
const ADA = '+14155550161';
const DAY_MS = 86_400_000;
const { messagingServiceSid } = SEEDS;

const { call, failure, sandbox } = taskTools();
const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
const statusOf = (messageSid: string) => call('messaging_get_message_status', { messageSid });

test('a reminder at nine in New York is sent at nine there', async () => {
  const nine = `${day(-2)}T09:00`;
  const reminder = { to: ADA, body: 'Your appointment is at ten.', messagingServiceSid };
  const sent = await call('messaging_send_sms', { ...reminder, sendAt: nine, timeZone: 'America/New_York' });
  expect(sent).toMatchObject({ status: 'scheduled', localTimes: { sendAt: expect.stringContaining(nine) } });
  const due = Date.parse(sent.times.sendAt);
  expect(new Date(due).toLocaleTimeString('en-GB', { timeZone: 'America/New_York' })).toBe('09:00:00');
  sandbox().advance(due - sandbox().state.clock.now() - 60_000);
  expect((await statusOf(sent.sid)).status).toBe('scheduled');
  sandbox().advance(90_000);
  const delivered = await statusOf(sent.sid);
  expect([delivered.status, Date.parse(delivered.dateSent)]).toEqual(['delivered', due]);
});

test('a number in Austin is bought, and its texts go to the webhook', async () => {
  const search = { countryCode: 'US', inLocality: 'Austin', smsEnabled: true, limit: 3 };
  const { items } = await call('phone_numbers_search_available_numbers', search);
  const [{ phoneNumber, locality, region }] = items;
  expect([phoneNumber.slice(0, 5), locality, region]).toEqual(['+1512', 'Austin', 'TX']);
  const { phoneNumberPrices } = await call('phone_numbers_get_number_prices', { countryCode: 'US' });
  expect(phoneNumberPrices.map(({ numberType }: Json) => numberType)).toContain('local');
  const { sid: phoneNumberSid } = await call('phone_numbers_buy_phone_number', { phoneNumber });
  const smsUrl = 'http://127.0.0.1:9/texts';
  await call('phone_numbers_configure_webhook', { phoneNumberSid, smsUrl });
  const owned = await call('phone_numbers_list_phone_numbers', { phoneNumber: '+1512' });
  expect(owned.items).toMatchObject([{ sid: phoneNumberSid, phoneNumber, smsUrl }]);
  const { delivery } = await sandbox().receive({ from: ADA, to: phoneNumber, body: 'Howdy' });
  expect(delivery).toMatchObject({ url: smsUrl, fields: { To: phoneNumber, Body: 'Howdy' } });
  expect(await failure('phone_numbers_buy_phone_number', { phoneNumber })).toContain('21422');
  await call('phone_numbers_release_phone_number', { phoneNumberSid });
  expect((await call('phone_numbers_list_phone_numbers', { phoneNumber: '+1512' })).items).toEqual([]);
});

test('an alert at 50 dollars a month follows what was spent, and fires once', async () => {
  const spent = async () => {
    const month = { period: 'thisMonth', category: 'totalprice' };
    return (await call('debugger_get_usage_records', month)).items[0].price;
  };
  const watch = (triggerValue: string) =>
    call('usage_create_trigger', {
      ...{ usageCategory: 'totalprice', triggerBy: 'price', recurring: 'monthly', triggerValue },
      callbackUrl: 'https://alerts.example.com/budget',
    });
  const budget = await watch('50');
  expect(budget).toMatchObject({ triggerValue: '50', currentValue: String(await spent()) });
  expect(budget).not.toHaveProperty('dateFired');
  const soon = await watch('+0.001');
  expect(Number(soon.triggerValue)).toBeCloseTo(Number(await spent()) + 0.001, 5);
  const { sid } = await call('messaging_send_sms', { to: ADA, body: 'Hello' });
  sandbox().options.speed = Number.POSITIVE_INFINITY;
  expect((await statusOf(sid)).status).toBe('delivered');
  const { items } = await call('usage_list_triggers', { usageCategory: 'totalprice' });
  const fired = items.find((trigger: Json) => trigger.sid === soon.sid);
  expect(fired).toMatchObject({ currentValue: String(await spent()), dateFired: expect.any(String) });
  const { dateFired } = await call('usage_get_trigger', { triggerSid: soon.sid });
  expect(dateFired).toBe(fired.dateFired);
  expect(await call('usage_get_trigger', { triggerSid: budget.sid })).not.toHaveProperty('dateFired');
  await call('usage_delete_trigger', { triggerSid: soon.sid });
  expect((await call('usage_list_triggers')).items.map((trigger: Json) => trigger.sid)).toEqual([budget.sid]);
});

test('text sixty people and report who was not reached', async () => {
  const people = Array.from({ length: 60 }, (_, n) => `+1415555${String(1000 + n)}`);
  const unreached = ['+14155530003', '+14155530006'];
  await Promise.all([...people, ...unreached].map((to) => call('messaging_send_sms', { to, body: 'We moved.' })));
  sandbox().options.speed = Number.POSITIVE_INFINITY;
  const log = await call('messaging_get_message_logs', {
    bodyContains: 'We moved.',
    status: ['undelivered', 'failed'],
  });
  expect(log.items.map(({ to, errorCode }: Json) => [to, errorCode]).sort()).toEqual([
    [unreached[0], 30003],
    [unreached[1], 30006],
  ]);
  const reached = new Set<string>();
  let pageToken: string | undefined;
  do {
    const query = { bodyContains: 'We moved.', status: 'delivered', limit: 25, pageToken };
    const page = await call('messaging_get_message_logs', query);
    for (const { to } of page.items) reached.add(to);
    pageToken = page.nextPageToken;
  } while (pageToken);
  expect([...reached].sort()).toEqual(people);
});

test('ask a question, wait for the answer and reply to it', async () => {
  await call('messaging_send_sms', { to: ADA, body: 'Does Friday at ten suit you?' });
  const answers = async () => (await call('messaging_get_message_logs', { from: ADA, to: OWN })).items;
  expect(await answers()).toEqual([]);
  await sandbox().receive({ from: ADA, to: OWN, body: 'Friday is fine' });
  expect(await answers()).toMatchObject([{ body: 'Friday is fine', direction: 'inbound', status: 'received' }]);
  expect(await call('messaging_send_sms', { to: ADA, body: 'See you then.' })).toMatchObject({ to: ADA, from: OWN });
});

test('a subaccount is created, renamed and suspended; the main account pays', async () => {
  const { sid: accountSid } = await call('account_create_account', { friendlyName: 'Branch' });
  await call('account_update_account', { accountSid, friendlyName: 'Branch Austin' });
  await call('account_update_account', { accountSid, status: 'suspended' });
  const { items } = await call('account_list_accounts', { friendlyName: 'Branch Austin' });
  expect(items).toMatchObject([{ sid: accountSid, status: 'suspended', ownerAccountSid: sandbox().state.accountSid }]);
  expect(await call('account_get_balance')).toMatchObject({
    ...{ accountSid: sandbox().state.accountSid, currency: 'USD' },
    balance: expect.stringMatching(/^\d+\.\d+$/),
  });
});
