import { twiml as builders } from 'twilio';
import { SEEDS } from '../sandbox/seed';
import { twimlProblem } from '../src/twiml';
import { callTool, type Json, type Stack, startStack } from './support/stack';

/*
 * TwiML is checked before a call. Twilio would accept any text, call, and hang up with an error or stay silent.
 */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.sandbox.reset());

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

test('everything that the builder of the twilio package nests is accepted', () => {
  const checked = new Set<string>();
  const tryChildren = (path: readonly string[]) => {
    // A document is built anew for each path, since a builder only adds.
    const root: Json = new builders.VoiceResponse();
    const parent = path.reduce((element, method) => element[method]({}, 'x'), root);
    const builder = Object.getPrototypeOf(parent).constructor;
    if (path.length > 0) expect([path, twimlProblem(root.toString())]).toEqual([path, undefined]);
    if (checked.has(builder.name)) return;
    checked.add(builder.name);
    const methods = Object.getOwnPropertyNames(builder.prototype);
    for (const method of methods.filter((name) => !/^(constructor|comment.*)$/.test(name)))
      tryChildren([...path, method]);
  };
  tryChildren([]);
  expect(checked.size).toBeGreaterThan(50);
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
    [{ say: '&'.repeat(3000) }, /say: must be shorter/],
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
