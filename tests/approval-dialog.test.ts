import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { APPROVER, HELLO, SEND, useApproval } from './support/approval';
import { type Json, post } from './support/stack';

/*
 * MCP_APPROVE in the dialog of the client: the protocol's multi round-trip requests, with real clients and by hand.
 */

jest.setTimeout(240_000);

type Answer = { action: 'accept' | 'decline' | 'cancel'; content?: Record<string, boolean> };

const ALLOW: Answer = { action: 'accept', content: { approve: true } };
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'hand', version: '1' },
};

/** Calls a tool as a client of the modern era that can show forms. */
async function callByHand(
  url: string,
  args: object,
  more: object = {},
  { client = 'tests', can = { elicitation: {} } as object } = {},
) {
  const meta = { ...META, 'io.modelcontextprotocol/clientCapabilities': can };
  const params = { name: SEND, arguments: args, _meta: meta, ...more };
  const headers = {
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': SEND,
  };
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
  const { body } = await post(url, message, `services=all&client=${client}`, headers);
  return body.result as Json;
}

const approving = (requestState: string, approval: Answer = ALLOW) => ({ requestState, inputResponses: { approval } });

describe('real clients', () => {
  const { stack, actions, texts } = useApproval({ MCP_APPROVER: APPROVER });

  /** A client of the modern era whose user answers so. */
  async function callWith(answer: Answer, capabilities: object = { elicitation: { form: {} } }) {
    const client = new ModernClient(
      { name: 'test', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } }, capabilities },
    );
    const questions: Json[] = [];
    if ('elicitation' in capabilities)
      client.setRequestHandler('elicitation/create', ({ params }) => {
        questions.push(params);
        return answer;
      });
    await client.connect(new ModernTransport(new URL(`${stack.url}?services=Messaging`)));
    const result: Json = await client.callTool({ name: SEND, arguments: HELLO });
    await client.close();
    return { result, questions };
  }

  test('ask their user about the exact call, who allows it', async () => {
    const { result, questions } = await callWith(ALLOW);
    expect(questions).toMatchObject([
      {
        message: `The agent without a name asks to: Send SMS, RCS or Messenger message (${SEND})\nto: "+14155550100"\nbody: "Hello"\nfrom: "+15005550006"`,
        requestedSchema: { type: 'object', required: ['approve'] },
      },
    ]);
    expect(result.structuredContent.sid).toMatch(/^SM/);
    expect(actions()).toHaveLength(1);
    expect(texts()).toEqual([]);
  });

  test.each<Answer>([{ action: 'decline' }, { action: 'cancel' }, { action: 'accept', content: { approve: false } }])(
    'their user answers %j: nothing leaves',
    async (answer) => {
      const { result, questions } = await callWith(answer);
      expect([questions.length, result.isError, result.content[0].text]).toEqual([
        1,
        true,
        expect.stringContaining('the user declined'),
      ]);
      expect(actions()).toEqual([]);
    },
  );

  test('without a dialog, in either era, leave it to the approver', async () => {
    expect((await callWith(ALLOW, {})).result.structuredContent.pending).toBe(true);
    const legacy = new LegacyClient({ name: 'test', version: '1.0.0' }, { capabilities: { elicitation: {} } });
    await legacy.connect(new LegacyTransport(new URL(`${stack.url}?services=Messaging`)));
    const result: Json = await legacy.callTool({ name: SEND, arguments: HELLO });
    expect(result.structuredContent.pending).toBe(true);
    await legacy.close();
    expect(texts()).toHaveLength(1);
    expect(actions()).toEqual([]);
  });
});

describe('an answer', () => {
  const { stack, actions, moveClock } = useApproval();
  const ask = async (args: object = HELLO, more?: object, as?: object) => callByHand(stack.url, args, more, as);
  const stateOf = async () => {
    const { resultType, requestState } = await ask();
    expect(resultType).toBe('input_required');
    return requestState as string;
  };

  test('counts once', async () => {
    const state = await stateOf();
    const first = await ask(HELLO, approving(state));
    expect(first.structuredContent.sid).toMatch(/^SM/);
    const again = await Promise.all([1, 2, 3].map(() => ask(HELLO, approving(state))));
    for (const { resultType } of again) expect(resultType).toBe('input_required');
    expect(actions()).toHaveLength(1);
  });

  test('given several times at once counts once', async () => {
    const state = await stateOf();
    await Promise.all([1, 2, 3, 4].map(() => ask(HELLO, approving(state))));
    expect(actions()).toHaveLength(1);
  });

  test('counts for its call, its client and five minutes only; otherwise it is asked again', async () => {
    const state = await stateOf();
    const [expires, id, seal] = state.split('.') as [string, string, string];
    const attempts: [object, string, object?][] = [
      [{ ...HELLO, body: 'Other' }, state],
      [{ ...HELLO, to: '+14155550101' }, state],
      [HELLO, state, { client: 'other' }],
      [HELLO, `${Number(expires) + 1}.${id}.${seal}`],
      [HELLO, `${expires}.${id}x.${seal}`],
      [HELLO, `${expires}.${id}.`],
      [HELLO, ''],
    ];
    for (const [args, given, as] of attempts) {
      const { resultType, requestState } = await ask(args, approving(given), as);
      expect([given, resultType]).toEqual([given, 'input_required']);
      expect(requestState).not.toBe(state);
    }
    moveClock(6);
    expect((await ask(HELLO, approving(state))).resultType).toBe('input_required');
    moveClock(0);
    expect(actions()).toEqual([]);
    expect((await ask(HELLO, approving(state))).structuredContent.sid).toMatch(/^SM/);
  });

  test('without a question, or of a client that cannot ask, allows nothing', async () => {
    expect((await ask(HELLO, { inputResponses: { approval: ALLOW } })).resultType).toBe('input_required');
    const state = await stateOf();
    for (const can of [{}, { elicitation: { url: {} } }]) {
      const { isError, content } = await ask(HELLO, approving(state), { can });
      expect([isError, content[0].text]).toEqual([true, expect.stringContaining('this client cannot ask its user')]);
    }
    expect(actions()).toEqual([]);
  });
});

describe('MCP_APPROVE_BY=text', () => {
  const { stack, actions, texts } = useApproval({ MCP_APPROVER: APPROVER, MCP_APPROVE_BY: 'text' });

  test('does not trust the dialog of a client', async () => {
    const { structuredContent } = await callByHand(stack.url, HELLO, approving('x'));
    expect(structuredContent.pending).toBe(true);
    expect(texts()).toHaveLength(1);
    expect(actions()).toEqual([]);
  });
});

describe('an effect that is not listed', () => {
  const { stack, actions } = useApproval({ MCP_APPROVE: 'delete' });

  test('is not asked about', async () => {
    expect((await callByHand(stack.url, HELLO)).structuredContent.sid).toMatch(/^SM/);
    expect(actions()).toHaveLength(1);
  });
});
