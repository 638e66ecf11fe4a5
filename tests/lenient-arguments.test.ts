import * as z from 'zod';
import { SEEDS } from '../sandbox/seed';
import { readArguments } from '../src/mcp/read-arguments';
import { law, TOOLS } from './laws/law';
import { fill, type Property, propertiesOf } from './support/arguments';
import { callTool, requestsOf, useStack } from './support/stack';

/*
 * Arguments in another form than the schema's: converted if they can mean only one thing, refused otherwise.
 */

const stack = useStack();

/** A value as a careless client writes it. */
function careless(value: unknown, property: Property): unknown {
  if (Array.isArray(value)) return careless(value[0], property.items!);
  if (property.enum) return ` ${String(value).toUpperCase()} `;
  if (property.type !== 'string') return ` ${String(value).toUpperCase()} `;
  if (property.pattern === '^[A-Z]{2}$') return String(value).toLowerCase();
  const isNumber = /E\.164/.test(property.description ?? '');
  const spaced = isNumber ? String(value).replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 ($1) $2-$3') : value;
  return property.pattern || /absolute URL|ISO 8601|JSON object/.test(property.description ?? '')
    ? ` ${spaced} `
    : value;
}

law('every argument of every tool is read in its lenient forms', 'extend src/mcp/read-arguments.ts.', () =>
  TOOLS.flatMap((tool) => {
    const properties = propertiesOf(tool);
    return Object.entries(fill(tool)).flatMap(([name, value]) => {
      const strict = String(value).startsWith('{') ? JSON.parse(String(value)) : value;
      const schema = z.strictObject({ [name]: tool.input()[name]! });
      const parse = (args: object) => JSON.stringify(schema.safeParse(args));
      const loose = careless(value, properties[name]!);
      return [loose, [loose].flat()].flatMap((form) => {
        const read = parse(readArguments(schema.shape, { [name]: form }));
        return read === parse({ [name]: strict })
          ? []
          : [`${tool.name}.${name}: ${JSON.stringify(form)} is read as ${read}`];
      });
    });
  }),
);

law('every text that can be a number is read from one', 'extend src/mcp/read-arguments.ts.', () =>
  TOOLS.flatMap(({ name: tool, input }) =>
    Object.entries(input()).flatMap(([name, schema]) => {
      const read = z.strictObject({ [name]: schema }).safeParse(readArguments({ [name]: schema }, { [name]: 50 }));
      return schema.safeParse('50').success && !read.success ? [`${tool}.${name}`] : [];
    }),
  ),
);

describe('a value with one reading is converted', () => {
  const SEND = 'twilio_messaging_send_sms';
  const WHATSAPP = 'twilio_messaging_send_whatsapp';
  const LOGS = 'twilio_messaging_get_message_logs';
  const NUMBERS = 'twilio_phone_numbers_search_available_numbers';
  const SMS = { to: '+14155550100', body: 'Hello' };
  const HX = `HX${'a'.repeat(32)}`;
  const TRIGGER = { usageCategory: 'totalprice', triggerBy: 'price', callbackUrl: 'https://example.com/alert' };
  test.each<[string, object, object]>([
    [SEND, { ...SMS, to: '+1 415 555 0100' }, SMS],
    [SEND, { ...SMS, to: '+1 (415) 555-0100' }, SMS],
    [SEND, { ...SMS, to: ' +1.415.555\u20110100\n' }, SMS],
    [SEND, { ...SMS, validityPeriod: '60' }, { ...SMS, validityPeriod: 60 }],
    [SEND, { ...SMS, mediaUrl: 'https://example.com/1.png' }, { ...SMS, mediaUrl: ['https://example.com/1.png'] }],
    [
      SEND,
      { ...SMS, mediaUrl: '["https://example.com/1.png", "https://example.com/2.png"]' },
      { ...SMS, mediaUrl: ['https://example.com/1.png', 'https://example.com/2.png'] },
    ],
    [SEND, { ...SMS, from: ' +15005550006 ' }, { ...SMS, from: '+15005550006' }],
    [WHATSAPP, { to: 'whatsapp:+1 415 555 0100', body: 'Hi' }, { to: '+14155550100', body: 'Hi' }],
    [
      WHATSAPP,
      { to: SMS.to, contentSid: ` ${HX}`, contentVariables: '{"1": "Ada"}' },
      { to: SMS.to, contentSid: HX, contentVariables: { 1: 'Ada' } },
    ],
    [NUMBERS, { countryCode: 'us', type: 'toll_free' }, { countryCode: 'US', type: 'tollFree' }],
    [NUMBERS, { smsEnabled: 'True', limit: '3' }, { smsEnabled: true, limit: 3 }],
    [LOGS, { status: 'Delivered', to: '+1-415-555-0100' }, { status: 'delivered', to: '+14155550100' }],
    [LOGS, { dateSentAfter: ' 2026-01-31T09:00:00Z ' }, { dateSentAfter: '2026-01-31T09:00:00Z' }],
    [SEND, { ...SMS, body: 42 }, { ...SMS, body: '42' }],
    ['twilio_phone_numbers_list_phone_numbers', { phoneNumber: 555 }, { phoneNumber: '555' }],
    ['twilio_usage_create_trigger', { ...TRIGGER, triggerValue: 49.5 }, { ...TRIGGER, triggerValue: '49.5' }],
  ])('%s %j', async (name, loose, exact) => {
    const [read, expected] = [await requestsOf(stack, name, loose), await requestsOf(stack, name, exact)];
    const sent = ({ requests }: typeof read) => requests.map(({ path, query, fields }) => ({ path, query, fields }));
    expect(read.answer.isError).toBeUndefined();
    expect(sent(read)).not.toEqual([]);
    expect(sent(read)).toEqual(sent(expected));
  });

  test('but free text stays as it is', async () => {
    const body = ' +1 415 555 0100 ';
    const { requests } = await requestsOf(stack, SEND, { ...SMS, body });
    expect(requests.map(({ fields }) => fields?.Body)).toEqual([body]);
  });
});

describe('a value with two readings is refused', () => {
  const SEND = 'twilio_messaging_send_sms';
  const SMS = { to: '+14155550100', body: 'Hello' };
  test.each<[string, object, RegExp]>([
    [SEND, { ...SMS, to: '415 555 0100' }, /to: must be a phone number in E\.164/],
    [SEND, { ...SMS, to: '+44 (0)20 7946 0000' }, /to: must be a phone number in E\.164/],
    [SEND, { ...SMS, to: '+14155550100, +14155550101' }, /to: must be a phone number in E\.164/],
    [SEND, { ...SMS, to: 14155550100 }, /to: must be a phone number in E\.164/],
    // Its last digits are lost: it was written as 12345678901234567890.
    [SEND, { ...SMS, body: 12345678901234567000 }, /body: must be text/],
    [SEND, { ...SMS, validityPeriod: '1,000' }, /validityPeriod: must be a number/],
    [SEND, { ...SMS, validityPeriod: '' }, /validityPeriod: must be a number/],
    [SEND, { ...SMS, mediaUrl: 'https://example.com/1,https://example.com/2' }, /mediaUrl: must be a list/],
    ['twilio_phone_numbers_search_available_numbers', { smsEnabled: '1' }, /smsEnabled: must be true or false/],
    ['twilio_phone_numbers_search_available_numbers', { type: 'free' }, /type: must be one of/],
    ['twilio_messaging_send_whatsapp', { ...SMS, contentVariables: '["Ada"]' }, /contentVariables: must be an object/],
  ])('by %s %j', async (name, args, expected) => {
    const { answer, requests } = await requestsOf(stack, name, args);
    expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(expected) });
    expect(requests).toEqual([]);
  });
});

describe('an argument that clients add', () => {
  const call = (args: object) => callTool(stack.url, 'twilio_messaging_get_message_logs', args);

  test.each(['wait_for_previous', 'toolCallId', 'sessionId', 'action', 'chatInput'])('%s is ignored', async (name) => {
    expect((await call({ to: SEEDS.numbers[0], [name]: 'x' })).isError).toBeUndefined();
  });

  test('is used by a tool that declares it', () => {
    expect(readArguments({ action: z.string() }, { action: 'x', sessionId: 'y' })).toEqual({ action: 'x' });
  });

  test.each(['waitForPrevious', 'session_id', '_meta', 'too'])('%s is not one of them and is refused', async (name) => {
    expect(await call({ [name]: 'x' })).toMatchObject({
      isError: true,
      text: expect.stringContaining(`Unknown argument: ${name}. `),
    });
  });
});
