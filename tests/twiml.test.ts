import { twiml as builders } from 'twilio';
import { SEEDS } from '../sandbox/seed';
import { twimlFileProblem } from '../src/twiml';
import { callTool, type Json, useStack } from './support/stack';

/*
 * TwiML is checked before a call. Twilio would accept any text, call, and hang up with an error or stay silent.
 */

const stack = useStack();

const response = (content: string) => `<Response>${content}</Response>`;
const makeCall = (args: object) => callTool(stack.url, 'twilio_voice_make_call', { to: '+14155550100', ...args });

describe('a call is refused before it is made, and the error says what to write, for', () => {
  test.each([
    ['Your order is ready.', /^must be XML, such as <Response>.*; for plain text use say\.$/],
    [response('<Speak>Hi</Speak>'), /^must be TwiML: <Speak> is unknown: <Response> may contain .*, Say, /],
    [response('<say>Hi</say>'), /<say> is unknown \(did you mean <Say>\?\)\.$/],
    [response('<Say>Fish & chips</Say>'), /^must be well-formed XML: .*column 23.*Text has &amp; for &/],
    [response('<Say>Hi'), /^must be well-formed XML: Missing end tag for element Say/],
    [response('<Say>a&nbsp;b</Say>'), /^must be well-formed XML: Named entity isn't defined/],
    ['<Say>Hi</Say>', /^must have the root <Response>, not <Say>\.$/],
    [response('Hi'), /^must be TwiML: <Response> contains text: put it in <Say>\.$/],
    [response('<Gather numDigits="1">Press 1</Gather>'), /<Gather> contains text: put it in <Say>/],
    [response('<Connect>Bob</Connect>'), /<Connect> contains text\.$/],
    [response('<Number>+14155550101</Number>'), /<Number> belongs in <Dial>, not in <Response>/],
    [response('<Gather><Dial/></Gather>'), /<Dial> belongs in <Response>, not in <Gather>/],
    [response('<Dial callerID="+14155550101"/>'), /<Dial> has no attribute callerID \(did you mean callerId\?\)\.$/],
    [response('<Say speed="2">Hi</Say>'), /<Say> has no attribute speed, only language, loop, voice\.$/],
    [response('<Message>Hi</Message>'), /^must be TwiML: <Message> is for messages, and this is for calls\.$/],
    [response('<Hangup after="2"/>'), /<Hangup> has no attribute after, nor any other\.$/],
    [response('<Speak/><Tts/><Talk/><Voice/>'), /<Speak> .*; <Tts> .*; <Talk> [^;]*\.$/],
  ])('%s', async (twiml, expected) => {
    const { isError, text } = await makeCall({ twiml });
    const [, problem = ''] = /^Invalid arguments for \S+; nothing was done\. twiml: (.*)$/.exec(text) ?? [];
    expect([isError, problem]).toEqual([true, expect.stringMatching(expected)]);
    expect(stack.sandbox.journal.entries).toEqual([]);

    const api = { id: 'api_v2010:CreateCall', params: { To: '+14155550100', From: SEEDS.numbers[0], Twiml: twiml } };
    const written = await callTool(stack.url, 'twilio_api_write', { ...api, confirm: true });
    expect(written.text).toContain(`nothing was sent. Twiml ${problem.replace(/(; for plain text use say)?\.$/, '')}`);
    expect(stack.sandbox.journal.entries).toEqual([]);
  });
});

test('TwiML is refused above the length that Twilio accepts, also if it is made of text', async () => {
  const twiml = response(`<Say>${'x'.repeat(4000)}</Say>`);
  expect((await makeCall({ twiml })).text).toMatch(/twiml: must have at most 4000 characters/);
  expect((await makeCall({ say: '&'.repeat(3000) })).text).toMatch(/say: must be shorter/);
  const params = { To: '+14155550100', From: SEEDS.numbers[0], Twiml: twiml };
  const written = await callTool(stack.url, 'twilio_api_write', { id: 'api_v2010:CreateCall', params, confirm: true });
  expect(written.text).toContain('Twiml must have at most 4000 characters: serve longer TwiML from a URL');
  expect(stack.sandbox.journal.entries).toEqual([]);
});

describe('a call accepts', () => {
  test.each([
    '<Response/>',
    '\n<?xml version="1.0" encoding="UTF-8"?>\n<!-- hello -->\n<Response>\n  <Pause length="2"/>\n</Response>\n',
    response('<Say language="de-DE">Fisch &amp; <break time="1s"/><lang xml:lang="en-US">chips</lang></Say>'),
    response('<Say><![CDATA[a < b & c]]></Say>'),
    response(
      '<Dial record="record-from-answer"><Number sendDigits="1">+14155550101</Number><Sip>sip:a@b.c</Sip></Dial>',
    ),
    response('<Gather><Say>1 or 2?</Say></Gather><Hangup/>'),
    response('<Connect><ConversationRelay url="wss://a.b" deepgramSmartFormat="true" eotThreshold="0.7"/></Connect>'),
    response('<Start><Transcription enableProviderData="true"><Config name="a" value="b"/></Transcription></Start>'),
  ])('%s', async (twiml) => {
    expect((await makeCall({ twiml })).isError).toBeUndefined();
    expect(stack.sandbox.journal.last!.fields.Twiml).toBe(twiml.trim());
  });
});

test.each([
  ['calls', builders.VoiceResponse, 50],
  ['messages', builders.MessagingResponse, 4],
] as const)('everything that the builder of the twilio package nests is accepted for %s', (_, Builder, count) => {
  const tried = new Set<string>();
  const tryChildren = (path: readonly string[]) => {
    // A document is built from scratch for each path, since a builder only adds.
    const root: Json = new Builder();
    const parent = path.reduce((element, method) => element[method]({}, 'x'), root);
    const { prototype, name } = Object.getPrototypeOf(parent).constructor;
    if (path.length > 0) expect([path, twimlFileProblem(root.toString())]).toEqual([path, undefined]);
    if (tried.has(name)) return;
    tried.add(name);
    const methods = Object.getOwnPropertyNames(prototype).filter((each) => !/^(constructor|comment.*)$/.test(each));
    for (const method of methods) tryChildren([...path, method]);
  };
  tryChildren([]);
  expect(tried.size).toBeGreaterThan(count);
});

describe('an uploaded file', () => {
  const upload = (content: string) =>
    callTool(stack.url, 'twilio_serverless_upload_asset_version', {
      serviceSid: `ZS${'a'.repeat(32)}`,
      assetSid: `ZH${'a'.repeat(32)}`,
      path: '/answer.xml',
      visibility: 'public',
      contentType: 'text/xml',
      content,
    });

  test.each([
    [response('<Say>Fish & chips</Say>'), /^content: must be well-formed XML: .* Nothing was uploaded\.$/],
    [response('<Speak>Hi</Speak>'), /^content: must be TwiML: <Speak> is unknown/],
    [response('<Message>Hi</Message><Say>Hi</Say>'), /<Say> is for calls, and this is for messages/],
    [response('<Message><Image>x</Image></Message>'), /<Image> is unknown: <Message> may contain Body, Media/],
  ])('is refused if it is TwiML with mistakes: %s', async (content, expected) => {
    const { isError, text } = await upload(content);
    expect([isError, text]).toEqual([true, expect.stringMatching(expected)]);
    expect(stack.sandbox.journal.entries).toEqual([]);
  });

  test.each([
    response('<Play>https://example.com/1.mp3</Play>'),
    response('<Message><Body>Hi</Body><Media>https://example.com/1.png</Media></Message><Redirect>/next</Redirect>'),
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'Fish & chips',
  ])('is accepted: %s', async (content) => {
    stack.sandbox.options.lenient = true;
    expect((await upload(content)).isError).toBeUndefined();
  });
});

describe('say', () => {
  test('is sent as TwiML, in a language and a voice', async () => {
    await makeCall({ say: 'Fish & <chips>', language: 'de-DE', voice: 'Polly.Vicki-Neural' });
    expect(stack.sandbox.journal.last!.fields.Twiml).toBe(
      response('<Say language="de-DE" voice="Polly.Vicki-Neural">Fish &amp; &lt;chips&gt;</Say>'),
    );
    await makeCall({ say: 'Hi' });
    expect(stack.sandbox.journal.last!.fields.Twiml).toBe(response('<Say>Hi</Say>'));
  });

  test('speaks in a live call', async () => {
    stack.sandbox.options.lenient = true;
    await callTool(stack.url, 'twilio_voice_redirect_call', { callSid: `CA${'a'.repeat(32)}`, say: 'Goodbye' });
    expect(stack.sandbox.journal.last!.fields.Twiml).toBe(response('<Say>Goodbye</Say>'));
  });

  test.each([
    [{ say: 'Hi', twiml: '<Response/>' }, /^Pass exactly one of say, twiml, url and applicationSid\. No call was made/],
    [{ twiml: '<Response/>', voice: 'alice' }, /^language and voice go with say/],
    [{ say: 'a\u0000b' }, /say: must have no control characters/],
    [{ say: 'Hi', language: '"/><Play>' }, /language: must be a language, such as de-DE/],
    [{ text: 'Hi' }, /Unknown argument: text\. Did you mean say for text\? Expected: /],
    [{ twinml: '<Response/>' }, /Did you mean twiml for twinml\?/],
  ])('is refused in %j', async (args, expected) => {
    const { isError, text } = await makeCall(args);
    expect([isError, text]).toEqual([true, expect.stringMatching(expected)]);
    expect(stack.sandbox.journal.entries).toEqual([]);
  });
});
