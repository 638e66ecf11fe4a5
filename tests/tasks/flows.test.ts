import { SEEDS } from '../../sandbox/seed';
import type { Json } from '../support/stack';
import { taskTools } from '../support/tasks';

/*
 * Whole tasks of Studio: a flow is checked, started and followed.
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
