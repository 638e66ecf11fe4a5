import { SEEDS } from '../../sandbox/seed';
import type { Json } from '../support/stack';
import { taskTools } from '../support/tasks';

/*
 * Whole tasks of Studio: a flow is checked, started by a request, a text or a call, and followed.
 */

const { call, failure, sandbox } = taskTools();

describe('Studio', () => {
  const [from] = SEEDS.numbers;
  const to = '+14155550177';
  const widget = (name: string, type: string, transitions: object[], properties: object = {}) => ({
    ...{ name, type, transitions, properties },
  });
  const question = {
    description: 'Asks for an appointment',
    initial_state: 'Trigger',
    states: [
      widget('Trigger', 'trigger', [{ event: 'incomingRequest', next: 'ask' }]),
      widget(
        'ask',
        'send-and-wait-for-reply',
        [
          { event: 'incomingMessage', next: 'answer' },
          { event: 'timeout', next: 'late' },
          { event: 'deliveryFailure' },
        ],
        { body: 'Hi {{flow.data.name}}, see you tomorrow? YES or NO', timeout: '600' },
      ),
      widget('answer', 'split-based-on', [
        { event: 'noMatch', next: 'keep' },
        {
          event: 'match',
          next: 'thank',
          conditions: [{ arguments: ['{{widgets.ask.inbound.Body}}'], type: 'matches_any_of', value: 'yes,y' }],
        },
      ]),
      widget('keep', 'set-variables', [{ event: 'next' }], {
        variables: [{ key: 'reply', value: '{{widgets.ask.inbound.Body | upcase}}' }],
      }),
      widget('thank', 'send-message', [{ event: 'sent' }, { event: 'failed' }], {
        body: 'See you, {{flow.data.name}}.',
      }),
      widget('late', 'make-http-request', [{ event: 'success' }, { event: 'failed' }], { url: 'https://example.com' }),
    ],
  };
  const flow = { friendlyName: 'Question', status: 'published', definition: question };
  const start = async () => {
    const { sid: flowSid } = await call('studio_create_flow', flow);
    const execution = await call('studio_trigger_flow', { flowSid, to, from, parameters: { name: 'Ann' } });
    return { flowSid, execution, of: { flowSid, executionSid: execution.sid } };
  };
  const path = ({ steps }: Json) => steps.map((step: Json) => [step.transitionedFrom, step.name, step.transitionedTo]);
  const texts = async () => {
    const { items } = await call('messaging_get_message_logs', { to });
    return items.map((message: Json) => message.body);
  };

  test('a flow asks a question by text, gets the answer and thanks', async () => {
    expect(await call('studio_validate_flow', flow)).toEqual({ valid: true });
    const { flowSid, execution, of } = await start();
    expect(execution).toMatchObject({ status: 'active', contactChannelAddress: to });
    expect(await failure('studio_trigger_flow', { flowSid, to, from })).toContain('is already active for this contact');
    const asked = await call('studio_get_execution_status', { ...of, includeSteps: true });
    expect(path(asked)).toEqual([['Trigger', 'incomingRequest', 'ask']]);
    expect(await texts()).toEqual(['Hi Ann, see you tomorrow? YES or NO']);
    await sandbox().receive({ from: to, to: from!, body: 'Yes' });
    expect(await texts()).toEqual(['See you, Ann.', 'Hi Ann, see you tomorrow? YES or NO']);
    const ended = await call('studio_get_execution_status', { ...of, includeSteps: true });
    expect(ended.status).toBe('ended');
    expect(path(ended).reverse()).toEqual([
      ['Trigger', 'incomingRequest', 'ask'],
      ['ask', 'incomingMessage', 'answer'],
      ['answer', 'match', 'thank'],
      ['thank', 'sent', 'Ended'],
    ]);
    const { context } = await call('studio_get_execution_context', of);
    expect(context).toMatchObject({
      contact: { channel: { address: to } },
      flow: { channel: { address: from }, data: { name: 'Ann' } },
      widgets: { ask: { inbound: { Body: 'Yes', From: to } }, thank: { outbound: { Body: 'See you, Ann.' } } },
    });
    const [last] = ended.steps;
    const first = ended.steps.at(-1);
    expect((await call('studio_get_step_context', { ...of, stepSid: first.sid })).context.widgets).toEqual({});
    expect((await call('studio_get_step_context', { ...of, stepSid: last.sid })).context.widgets).toHaveProperty(
      'thank',
    );
    expect((await call('studio_list_executions', { flowSid, status: 'ended' })).items).toHaveLength(1);
  });

  test('another answer takes the other branch; no answer times out', async () => {
    const { flowSid, of } = await start();
    await sandbox().receive({ from: to, to: from!, body: 'maybe' });
    const { context } = await call('studio_get_execution_context', of);
    expect(context.flow.variables).toEqual({ reply: 'MAYBE' });
    const { sid: executionSid } = await call('studio_trigger_flow', { flowSid, to, from });
    const late = Date.now() + 601_000;
    jest.spyOn(Date, 'now').mockReturnValue(late);
    try {
      const ended = await call('studio_get_execution_status', { flowSid, executionSid, includeSteps: true });
      expect(ended.status).toBe('ended');
      expect(path(ended).slice(0, 2)).toEqual([
        ['late', 'failed', 'Ended'],
        ['ask', 'timeout', 'late'],
      ]);
    } finally {
      jest.restoreAllMocks();
    }
  });

  test('one reply answers one question', async () => {
    const [trigger] = question.states;
    const ask = (name: string, next?: string) =>
      widget(name, 'send-and-wait-for-reply', [{ event: 'incomingMessage', next }], { body: `${name}?` });
    const definition = { ...question, states: [trigger, ask('ask', 'again'), ask('again')] };
    const { sid: flowSid } = await call('studio_create_flow', { ...flow, definition });
    await call('studio_trigger_flow', { flowSid, to, from });
    const statusAfter = async (body: string) => {
      await sandbox().receive({ from: to, to: from!, body });
      return (await call('studio_list_executions', { flowSid })).items[0].status;
    };
    expect([await statusAfter('One'), await statusAfter('Two')]).toEqual(['active', 'ended']);
    expect(await texts()).toEqual(['again?', 'ask?']);
  });

  test('revisions are kept, and an execution runs the published one', async () => {
    const { sid: flowSid } = await call('studio_create_flow', flow);
    const invalid = { ...question, initial_state: 'Start' };
    const draft = await call('studio_update_flow', {
      flowSid,
      status: 'draft',
      definition: invalid,
      commitMessage: 'wip',
    });
    expect(draft).toMatchObject({ revision: 2, valid: false });
    const { items } = await call('studio_list_flow_revisions', { flowSid });
    expect(items.map(({ revision, status }: Json) => [revision, status])).toEqual([
      [2, 'draft'],
      [1, 'published'],
    ]);
    const live = await call('studio_get_flow_revision', { flowSid, revision: 'LatestPublished' });
    expect(live).toMatchObject({ revision: 1, definition: { initial_state: 'Trigger' } });
    await call('studio_trigger_flow', { flowSid, to, from });
    expect(await texts()).toEqual(['Hi , see you tomorrow? YES or NO']);
  });

  describe('a number whose webhook is a flow', () => {
    const phoneNumberSid = SEEDS.phoneNumberSids[0];
    const states = (trigger: object) => [
      widget('Trigger', 'trigger', [trigger]),
      ...question.states.slice(1).map((state) => ({ ...state, properties: { ...state.properties } })),
    ];
    const createFlow = (trigger: object, more: object[] = []) =>
      call('studio_create_flow', { ...flow, definition: { ...question, states: [...states(trigger), ...more] } });
    const executions = async (flowSid: string) => (await call('studio_list_executions', { flowSid })).items;

    test('starts an execution with a text, and the reply continues it', async () => {
      const { sid: flowSid, webhookUrl } = await createFlow({ event: 'incomingMessage', next: 'ask' });
      await call('phone_numbers_configure_webhook', { phoneNumberSid, smsUrl: webhookUrl });
      const { delivery } = await sandbox().receive({ from: to, to: from!, body: 'Hello' });
      expect(delivery).toBeUndefined();
      expect(await texts()).toEqual(['Hi , see you tomorrow? YES or NO']);
      const [execution] = await executions(flowSid);
      expect(execution).toMatchObject({ status: 'active', contactChannelAddress: to });
      const of = { flowSid, executionSid: execution.sid };
      const { context } = await call('studio_get_execution_context', of);
      expect(context.trigger.message).toMatchObject({ Body: 'Hello', From: to, To: from });
      await sandbox().receive({ from: to, to: from!, body: 'Yes' });
      expect(await texts()).toEqual(['See you, .', 'Hi , see you tomorrow? YES or NO']);
      expect(await executions(flowSid)).toEqual([expect.objectContaining({ sid: execution.sid, status: 'ended' })]);
      await sandbox().receive({ from: to, to: from!, body: 'Hello again' });
      expect(await executions(flowSid)).toHaveLength(2);
    });

    test('runs it as well if the flow is the webhook of its Messaging Service or TwiML App', async () => {
      const { sid: flowSid, webhookUrl } = await createFlow({ event: 'incomingMessage', next: 'thank' });
      const serviceSid = SEEDS.messagingServiceSid;
      const service = { serviceSid, inboundRequestUrl: webhookUrl, useInboundWebhookOnNumber: false };
      await call('messaging_services_update_messaging_service', service);
      await sandbox().receive({ from: to, to: from!, body: 'Hello' });
      await call('messaging_services_update_messaging_service', { serviceSid, useInboundWebhookOnNumber: true });
      await sandbox().receive({ from: to, to: from!, body: 'Nobody reads this' });
      const app = await call('applications_create_application', { friendlyName: 'App', smsUrl: webhookUrl });
      await call('phone_numbers_update_phone_number', { phoneNumberSid, smsApplicationSid: app.sid });
      await sandbox().receive({ from: to, to: from!, body: 'Hello' });
      expect(await executions(flowSid)).toHaveLength(2);
    });

    test('answers a call with it, connects it, and sends a text once the caller has hung up', async () => {
      const menu = [
        widget('menu', 'gather-input-on-call', [{ event: 'timeout', next: 'connect' }], {
          say: 'Press 1.',
          timeout: 4,
        }),
        widget(
          'connect',
          'connect-call-to',
          [
            { event: 'callCompleted', next: 'bye' },
            { event: 'hangup', next: 'thank' },
          ],
          { ...{ noun: 'number', to: '+14155550161', caller_id: '{{contact.channel.address}}' } },
        ),
        widget('bye', 'say-play', [{ event: 'audioComplete' }], { say: 'Goodbye.' }),
      ];
      const { sid: flowSid, webhookUrl } = await createFlow({ event: 'incomingCall', next: 'menu' }, menu);
      await call('phone_numbers_configure_webhook', { phoneNumberSid, voiceUrl: webhookUrl });
      const { sid: callSid } = await sandbox().receiveCall({ from: to, to: from! });
      sandbox().advance(10_000);
      const { items } = await call('voice_get_call_logs', { parentCallSid: callSid });
      expect(items).toEqual([expect.objectContaining({ to: '+14155550161', from: to, status: 'in-progress' })]);
      await call('voice_hang_up_call', { callSid });
      const [{ sid: executionSid }] = await executions(flowSid);
      const ended = await call('studio_get_execution_status', { flowSid, executionSid, includeSteps: true });
      expect(path(ended).reverse()).toEqual([
        ['Trigger', 'incomingCall', 'menu'],
        ['menu', 'timeout', 'connect'],
        ['connect', 'hangup', 'thank'],
        ['thank', 'sent', 'Ended'],
      ]);
      expect(await texts()).toEqual(['See you, .']);
      const { sid: second } = await sandbox().receiveCall({ from: to, to: from! });
      sandbox().advance(300_000);
      expect(await call('voice_get_call', { callSid: second })).toMatchObject({ status: 'completed' });
      const [other] = await executions(flowSid);
      const full = await call('studio_get_execution_status', { flowSid, executionSid: other.sid, includeSteps: true });
      expect(path(full)[0]).toEqual(['bye', 'audioComplete', 'Ended']);
    });
  });

  test.each([
    [{ states: [] }, '#/states', 'must have at least one state'],
    [{ ...question, initial_state: 'Start' }, '#/initial_state', 'no state is named "Start"'],
    [
      { initial_state: 'A', states: [widget('A', 'trigger', [{ event: 'incomingRequest', next: 'B' }])] },
      '#/states/0/transitions/0/next',
      'no state is named "B"',
    ],
    [
      { initial_state: 'A', states: [widget('A', 'send-fax', [])] },
      '#/states/0/type',
      'unknown widget type "send-fax"',
    ],
  ])('an invalid definition is refused: %#', async (definition, path, message) => {
    const reason = JSON.stringify({ message, property_path: path });
    expect(await failure('studio_validate_flow', { ...flow, definition })).toContain(reason);
    expect(await failure('studio_create_flow', { ...flow, definition })).toContain(reason);
  });
});
