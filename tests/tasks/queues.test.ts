import { SEEDS } from '../../sandbox/seed';
import type { Json } from '../support/stack';
import { taskTools } from '../support/tasks';
import { webhookServer } from '../support/webhook-server';

/*
 * Callers who wait in a queue, and those who take them out of it.
 */

const [OWN] = SEEDS.numbers as [string];
const AGENT = '+14155550144';

const { call, failure, sandbox } = taskTools();
const webhooks = webhookServer();

async function pass(seconds: number): Promise<void> {
  sandbox().advance(seconds * 1000);
  await sandbox().webhooks.settled();
}
// Only `pass` lets time pass.
beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(Date.now()));
afterEach(() => jest.restoreAllMocks());

const read = (id: string, params = {}) => call('api_read', { id: `api_v2010:${id}`, params });
const queue = async () => (await read('ListQueue')).items[0];
const members = async () => (await read('ListMember', { QueueSid: (await queue()).sid })).items;
const statusOf = async (callSid: string) => (await call('voice_get_call', { callSid })).status;
const fieldsAt = (path: string) => webhooks.requests.filter((each) => each.path === path).map(({ fields }) => fields);

/** Two people call, 20 seconds apart, and wait. */
async function twoCallers(): Promise<[string, string]> {
  webhooks.answers['/voice'] = '<Response><Enqueue action="/left">support</Enqueue></Response>';
  webhooks.answers['/left'] = '<Response><Say>Goodbye.</Say></Response>';
  const webhook = { phoneNumberSid: SEEDS.phoneNumberSids[0], voiceUrl: webhooks.url('/voice') };
  await call('phone_numbers_configure_webhook', webhook);
  const { sid: first } = await sandbox().receiveCall({ to: OWN, from: '+14155550181' });
  await pass(20);
  const { sid: second } = await sandbox().receiveCall({ to: OWN, from: '+14155550182' });
  await pass(10);
  return [first, second];
}

test('callers wait in order, and the queue counts them', async () => {
  const [first, second] = await twoCallers();
  expect(await members()).toMatchObject([
    { call_sid: first, position: 1, wait_time: 29 },
    { call_sid: second, position: 2, wait_time: 9 },
  ]);
  expect(await queue()).toMatchObject({ friendly_name: 'support', current_size: 2, average_wait_time: 19 });
  await call('voice_hang_up_call', { callSid: first });
  expect(await members()).toMatchObject([{ call_sid: second, position: 1 }]);
  const { sid: QueueSid } = await queue();
  expect((await read('FetchMember', { QueueSid, CallSid: 'Front' })).result).toMatchObject({ call_sid: second });
});

test('<Dial><Queue> connects the first caller, whose action hears of it once they have talked', async () => {
  const [first, second] = await twoCallers();
  const { sid } = await call('voice_make_call', {
    to: AGENT,
    twiml: '<Response><Dial><Queue>support</Queue></Dial></Response>',
  });
  await pass(30);
  expect((await members()).map((member: Json) => member.call_sid)).toEqual([second]);
  expect([await statusOf(sid), await statusOf(first)]).toEqual(['in-progress', 'in-progress']);
  await call('voice_hang_up_call', { callSid: sid });
  await pass(5);
  const { sid: QueueSid } = await queue();
  expect(fieldsAt('/left')).toMatchObject([{ CallSid: first, QueueResult: 'bridged', QueueSid, QueueTime: '30' }]);
  expect(await statusOf(first)).toBe('completed');
});

test('who dials an empty queue waits for the next caller', async () => {
  const dial = '<Response><Dial action="/dialed"><Queue>support</Queue></Dial></Response>';
  Object.assign(webhooks.answers, { '/dial': dial, '/dialed': '<Response/>' });
  const { sid } = await call('voice_make_call', { to: AGENT, url: webhooks.url('/dial') });
  await pass(5);
  const [first] = await twoCallers();
  expect(await members()).toHaveLength(1);
  await call('voice_hang_up_call', { callSid: first });
  await pass(5);
  expect(await statusOf(sid)).toBe('completed');
  expect(fieldsAt('/dialed')).toMatchObject([{ CallSid: sid, DialCallStatus: 'completed' }]);
});

test('a request takes the first caller out, who does what its URL says', async () => {
  const [first, second] = await twoCallers();
  webhooks.answers['/yours'] = '<Response><Pause length="60"/></Response>';
  const { sid: QueueSid } = await queue();
  const params = { QueueSid, CallSid: 'Front', Url: webhooks.url('/yours') };
  const { result } = await call('api_write', { id: 'api_v2010:UpdateMember', params, confirm: true });
  expect(result).toMatchObject({ call_sid: first });
  await pass(1);
  expect((await members()).map((member: Json) => member.call_sid)).toEqual([second]);
  expect(fieldsAt('/yours')).toMatchObject([{ CallSid: first }]);
  expect(await statusOf(first)).toBe('in-progress');
});

test('a full queue takes no more callers', async () => {
  const params = { FriendlyName: 'support', MaxSize: 1 };
  await call('api_write', { id: 'api_v2010:CreateQueue', params, confirm: true });
  const [first, second] = await twoCallers();
  expect((await members()).map((member: Json) => member.call_sid)).toEqual([first]);
  expect(fieldsAt('/left')).toMatchObject([{ CallSid: second, QueueResult: 'queue-full' }]);
  const { sid: QueueSid } = await queue();
  const of = { id: 'api_v2010:FetchMember', params: { QueueSid, CallSid: second } };
  expect(await failure('api_read', of)).toContain('20404');
});
