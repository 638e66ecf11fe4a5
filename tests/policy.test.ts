import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { AMERICAN, type Attempt, api, call, GERMAN, SENDER, SID, twiml, usePolicy, waysTo } from './support/policy';
import { callTool } from './support/stack';

/*
 * The owner's policy, attacked through curated tools, the generic tools and TwiML: what it forbids never reaches Twilio.
 */

jest.setTimeout(240_000);

const SATELLITE = '+882161234567';

/** Requests whose recipients come from a server, or from what is stored in the account. */
const DETOURS: Attempt[] = [
  ['twilio_voice_make_call', { to: AMERICAN, url: 'https://twimlets.com/forward?PhoneNumber=%2B882161234567' }],
  api('api_v2010:CreateCall', { To: AMERICAN, From: SENDER, Url: 'https://evil.example/twiml' }),
  api('api_v2010:CreateCall', { To: AMERICAN, From: SENDER, Url: 'https://localhost@evil.example/' }),
  api('api_v2010:UpdateCall', { Sid: SID('CA'), Url: 'https://evil.example/twiml' }),
  api('api_v2010:UpdateIncomingPhoneNumber', { Sid: SID('PN'), VoiceUrl: 'https://evil.example/twiml' }),
  api('api_v2010:UpdateMember', { QueueSid: SID('QU'), CallSid: SID('CA'), Url: 'https://evil.example/twiml' }),
  api('trunking_v1:CreateOriginationUrl', {
    TrunkSid: SID('TK'),
    Weight: 1,
    Priority: 1,
    Enabled: true,
    FriendlyName: 'x',
    SipUrl: 'sip:evil.example',
  }),
  api('conversations_v1:CreateConversationMessage', { ConversationSid: SID('CH'), Body: 'Hello' }),
  api('notify_v1:CreateNotification', { ServiceSid: SID('IS'), Body: 'Hello', Identity: ['a'] }),
  api('taskrouter_v1:UpdateTaskReservation', {
    WorkspaceSid: SID('WS'),
    TaskSid: SID('WT'),
    Sid: SID('WR'),
    Instruction: 'dequeue',
  }),
  call('<Redirect>https://evil.example/twiml</Redirect>'),
  call('<Gather action="https://evil.example/twiml"><Say>Press</Say></Gather>'),
  call('<Dial action="https://evil.example/twiml">+14155550100</Dial>'),
  call('<Dial><Sip>sip:someone@evil.example</Sip></Dial>'),
  call('<Dial><Client>mallory</Client></Dial>'),
  call('<Refer><Sip>sip:+882161234567@evil.example</Sip></Refer>'),
];

const forms = (number: string) => [
  number,
  `whatsapp:${number}`,
  `${number.slice(0, 3)} (${number.slice(3, 6)}) ${number.slice(6)}`,
];

describe('MCP_COUNTRIES', () => {
  const { allows, refuses } = usePolicy({ MCP_COUNTRIES: 'US,ca', MCP_STOP: 'false' });

  test.each([
    ...forms(GERMAN),
    ...forms(SATELLITE),
    ...[
      '+18765550100',
      '+19005550100',
      '+15215550100',
      '+12129765010',
      '+18685550100',
      '+76005550100',
      '+97912345678',
      '+8835100012345',
    ],
    ...[
      '22395',
      '4155550100',
      '0014155550100',
      '+1415FLOWERS',
      '+44 (0)2071838750',
      ' +882161234567',
      'sip:+14155550100@evil.example',
    ],
    ...['client:mallory', 'someone@evil.example', 'whatsapp: +14155550100', 'tel:+882161234567'],
  ])('nothing reaches %s', async (to) => {
    for (const way of waysTo(to)) await refuses(way);
  });

  test.each([...forms(AMERICAN), '+16045550100', '+18005550100'])('everything reaches %s', async (to) => {
    // The curated tools and TwiML have no such forms.
    for (const way of to.startsWith('+') && !to.includes(' ') ? waysTo(to) : waysTo(to).slice(2, 12)) await allows(way);
  });

  test('no detour reaches whom the request does not show', async () => {
    for (const way of DETOURS) await refuses(way);
  });

  test('requests that call nobody are allowed', async () => {
    await allows(
      call('<Say>Hello</Say><Play>https://media.example/a.mp3</Play><Dial><Conference>Room</Conference></Dial>'),
    );
    await allows(api('api_v2010:UpdateCall', { Sid: SID('CA'), Status: 'completed' }));
    await allows(api('api_v2010:DeleteCall', { Sid: SID('CA') }));
    await allows(['twilio_phone_numbers_update_phone_number', { phoneNumberSid: SID('PN'), friendlyName: 'Desk' }]);
  });
});

describe('MCP_RECIPIENTS', () => {
  const { allows, refuses } = usePolicy({
    MCP_RECIPIENTS: '+14155550100,+4930*,+44*,whatsapp:+33612345678,sip:Alice@example.com,client:Bob,22395',
    MCP_COUNTRIES: 'DE,FR',
    MCP_TWIML_HOSTS: 'example.com',
  });

  test('reaches those that are named, and of a prefix those in the countries', async () => {
    for (const to of [AMERICAN, GERMAN]) for (const way of waysTo(to)) await allows(way);
    for (const to of ['sip:alice@example.com', 'client:Bob', '22395', 'whatsapp:+33612345678', `whatsapp:${GERMAN}`])
      await allows(api('api_v2010:CreateMessage', { To: to, From: SENDER, Body: 'Hello' }));
    await allows(call('<Dial><Sip>sip:alice@example.com</Sip><Client>Bob</Client></Dial>'));
    await allows(call('<Redirect>https://example.com/twiml</Redirect>'));
  });

  test.each([
    '+14155550101',
    '+141555501000',
    '+33612345678',
    '+4989123456',
    '+442071838750',
    'sip:alice@example.com;transport=tcp',
    'sip:alice@evil.example',
    'client:bob',
    '223951',
  ])('nothing reaches %s', async (to) => {
    for (const way of waysTo(to)) await refuses(way, /MCP_(RECIPIENTS|COUNTRIES)/);
  });

  test('no detour reaches whom the request does not show', async () => {
    for (const way of DETOURS) await refuses(way);
  });
});

describe('MCP_SENDERS', () => {
  const { allows, refuses } = usePolicy({ MCP_SENDERS: `${SENDER},${SID('MG')},${SID('VA')}` });
  const message = (sender: object) => api('api_v2010:CreateMessage', { To: AMERICAN, Body: 'Hello', ...sender });

  test('only the named senders send', async () => {
    await allows(['twilio_messaging_send_sms', { to: AMERICAN, body: 'Hello' }]);
    for (const sender of [{ From: SENDER }, { From: `whatsapp:${SENDER}` }, { MessagingServiceSid: SID('MG') }])
      await allows(message(sender));
    for (const sender of [
      { From: '+14155550199' },
      { From: 'ACME' },
      { MessagingServiceSid: `MG${'2'.repeat(32)}` },
      { From: SENDER, MessagingServiceSid: `MG${'2'.repeat(32)}` },
      {},
    ])
      await refuses(message(sender), /MCP_SENDERS/);
    await refuses(call('<Dial callerId="+14155550199">+14155550100</Dial>'), /MCP_SENDERS/);
    await refuses(call('<Sms to="+14155550100" from="+14155550199">Hello</Sms>'), /MCP_SENDERS/);
    await refuses(
      api('api_v2010:CreateCall', {
        To: AMERICAN,
        From: SENDER,
        CallerId: '+14155550199',
        Twiml: twiml('<Say>x</Say>'),
      }),
      /MCP_SENDERS/,
    );
  });

  test('a service that chooses the sender is named by its SID', async () => {
    const code = (service: string) =>
      api('verify_v2:CreateVerification', { ServiceSid: service, To: AMERICAN, Channel: 'sms' });
    await allows(code(SID('VA')));
    await refuses(code(`VA${'2'.repeat(32)}`), /MCP_SENDERS/);
    await refuses(
      api('conversations_v1:CreateConversationMessage', { ConversationSid: SID('CH'), Body: 'Hello' }),
      /MCP_SENDERS/,
    );
  });
});

describe('MCP_TWIML_HOSTS', () => {
  const { allows, refuses } = usePolicy({ MCP_TWIML_HOSTS: 'example.com' });
  const url = (Url: string) => api('api_v2010:CreateCall', { To: AMERICAN, From: SENDER, Url });

  test('TwiML comes from the named hosts only', async () => {
    await allows(url('https://example.com/twiml?a=b'));
    await allows(url('http://EXAMPLE.com/twiml'));
    const others = [
      'https://evil.example/',
      'https://example.com@evil.example/',
      'https://example.com.evil.example/',
      'https://evil.example\\@example.com/',
    ];
    for (const other of [...others, 'https://example.com:8443/', 'https://evil.example#example.com'])
      await refuses(url(other), /MCP_TWIML_HOSTS/);
    for (const way of DETOURS.slice(0, 7)) await refuses(way, /MCP_TWIML_HOSTS/);
    await refuses(call('<Gather action="https://evil.example/twiml"/>'), /MCP_TWIML_HOSTS/);
    await refuses(call('<Gather action="/relative"/>'), /MCP_TWIML_HOSTS/);
  });

  test('SIP addresses are at the named hosts only', async () => {
    const dial = (To: string) => api('api_v2010:CreateCall', { To, From: SENDER, Twiml: twiml('<Say>Hello</Say>') });
    await allows(dial('sip:alice@example.com'));
    for (const to of ['sip:alice@evil.example', 'SIP:alice@evil.example', 'sip:alice@example.com;maddr=evil.example'])
      await refuses(dial(to), /MCP_TWIML_HOSTS/);
    await refuses(call('<Dial><Sip>sip:alice@evil.example</Sip></Dial>'), /MCP_TWIML_HOSTS/);
    await refuses(call('<Refer><Sip>alice@evil.example</Sip></Refer>'), /MCP_TWIML_HOSTS/);
  });
});

describe.each([
  ['MCP_STOP', { MCP_STOP: 'true' }],
  ['MCP_READONLY', { MCP_READONLY: 'true' }],
  ['MCP_ALLOW', { MCP_ALLOW: 'Api,read' }],
])('%s', (rule, env: Record<string, string>) => {
  const { stack, refuses } = usePolicy(env);

  test('refuses everything that is not a read', async () => {
    for (const way of [...waysTo(AMERICAN), ...DETOURS]) await refuses(way, new RegExp(rule));
    await refuses(api('api_v2010:DeleteMessage', { Sid: SID('SM') }), new RegExp(rule));
    await refuses(
      api('lookups_v2:FetchPhoneNumber', { PhoneNumber: AMERICAN, Fields: 'caller_name' }),
      new RegExp(rule),
    );
    const read = { id: 'lookups_v2:FetchPhoneNumber', params: { PhoneNumber: AMERICAN } };
    expect(await callTool(stack.url, 'twilio_api_read', read)).not.toHaveProperty('isError', true);
  });
});

describe('effects that parameters raise', () => {
  const { allows, refuses } = usePolicy({ MCP_ALLOW: 'update,delete' });

  test('count as what they are raised to', async () => {
    const update = (params: object) => api('api_v2010:UpdateCall', { Sid: SID('CA'), ...params });
    await allows(update({ Status: 'completed' }));
    await refuses(update({ Twiml: twiml('<Say>Hello</Say>') }), /effect send/);
    const flow = { FriendlyName: 'Flow', Definition: {} };
    await refuses(api('studio_v2:UpdateFlow', { Sid: SID('FW'), ...flow, Status: 'published' }), /effect grant/);
    const looked = { PhoneNumber: AMERICAN, Fields: 'caller_name' };
    await refuses(api('lookups_v2:FetchPhoneNumber', looked), /effect spend/);
  });
});

describe('in another region', () => {
  const { allows, refuses } = usePolicy({ MCP_COUNTRIES: 'US', TWILIO_REGION: 'ie1' });

  test('operations are known at the hosts of the region', async () => {
    for (const way of waysTo(GERMAN)) await refuses(way, /MCP_COUNTRIES\); \S+ is in DE/);
    for (const way of waysTo(AMERICAN)) await allows(way);
  });
});

describe("the deployment's own webhooks", () => {
  const env = { MCP_COUNTRIES: 'US', WEBHOOK_BASE_URL: 'https://hooks.example', AUTH_TOKEN: SANDBOX_AUTH_TOKEN };
  const { stack, allows, refuses } = usePolicy(env);

  test('stay possible where TwiML from elsewhere is not', async () => {
    const numbers = await callTool(stack.url, 'twilio_phone_numbers_list_phone_numbers');
    const [{ sid: phoneNumberSid }] = numbers.structured.items;
    await allows(['twilio_inbox_configure_webhooks', { phoneNumberSid }]);
    const answers = (SmsUrl: string) => api('api_v2010:UpdateIncomingPhoneNumber', { Sid: SID('PN'), SmsUrl });
    await allows(answers('https://hooks.example/webhooks/twilio/sms#rc=5'));
    await refuses(answers('https://evil.example/webhooks/twilio/sms'), /MCP_TWIML_HOSTS/);
  });
});
