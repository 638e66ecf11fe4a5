import { SEEDS } from '../../sandbox/seed';
import { callTool, type Json, type Stack, startStack } from '../support/stack';

/*
 * Whole tasks of routing: TaskRouter, Studio, Proxy, SIP trunks, Sync and Functions, as an agent would do them.
 */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.sandbox.reset());

/** Calls a tool, which must succeed. */
async function call(tool: string, args: object = {}): Promise<Json> {
  const { isError, text, structured } = await callTool(stack.url, `twilio_${tool}`, args);
  if (isError) throw new Error(`${tool}: ${text}`);
  return structured;
}

/** Calls a tool, which must fail. */
async function failure(tool: string, args: object = {}): Promise<string> {
  const { isError, text } = await callTool(stack.url, `twilio_${tool}`, args);
  expect(isError).toBe(true);
  return text;
}

const named = (items: Json[], friendlyName: string) => items.find((item) => item.friendlyName === friendlyName);

describe('TaskRouter', () => {
  /** A workspace with two queues, a workflow by language, and Ann who speaks Spanish. */
  async function contactCenter() {
    const { sid: workspaceSid } = await call('taskrouter_create_workspace', { friendlyName: 'Support' });
    const inside = { workspaceSid };
    const activities = (await call('taskrouter_list_activities', inside)).items;
    const queue = (friendlyName: string, targetWorkers: string) =>
      call('taskrouter_create_task_queue', { ...inside, friendlyName, targetWorkers });
    const spanish = await queue('Spanish', 'languages HAS "es"');
    const everyone = await queue('Everyone', '1==1');
    const workflow = await call('taskrouter_create_workflow', {
      ...inside,
      friendlyName: 'By language',
      configuration: {
        task_routing: {
          filters: [{ expression: 'language == "es" AND level > 1', targets: [{ queue: spanish.sid }] }],
          default_filter: { queue: everyone.sid },
        },
      },
    });
    const ann = await call('taskrouter_create_worker', {
      ...inside,
      friendlyName: 'Ann',
      attributes: { languages: ['es', 'en'], contact_uri: 'client:ann' },
    });
    return { inside, activities, spanish, everyone, workflow, ann };
  }

  test('a new workspace has the default activities and channels; the template FIFO also a queue and a workflow', async () => {
    const { sid: workspaceSid, ...workspace } = await call('taskrouter_create_workspace', {
      friendlyName: 'Support',
      template: 'FIFO',
    });
    expect(workspace).toMatchObject({ defaultActivityName: 'Offline', timeoutActivityName: 'Offline' });
    const { items } = await call('taskrouter_list_activities', { workspaceSid });
    expect(items.map(({ friendlyName, available }: Json) => [friendlyName, available])).toEqual([
      ['Offline', false],
      ['Available', true],
      ['Unavailable', false],
    ]);
    const channels = await call('taskrouter_list_task_channels', { workspaceSid });
    expect(channels.items.map((channel: Json) => channel.uniqueName)).toEqual(
      expect.arrayContaining(['default', 'voice', 'chat', 'sms', 'video']),
    );
    const [workflow] = (await call('taskrouter_list_workflows', { workspaceSid })).items;
    const task = await call('taskrouter_create_task', { workspaceSid, attributes: {} });
    expect(task).toMatchObject({ workflowSid: workflow.sid, taskQueueFriendlyName: 'Sample Queue', age: 0 });
  });

  test('a task goes to the queue of its language and is accepted by the worker who was offered it', async () => {
    const { inside, activities, spanish, everyone, workflow, ann } = await contactCenter();
    expect(ann).toMatchObject({ activityName: 'Offline', available: false });
    const english = await call('taskrouter_create_task', { ...inside, attributes: { language: 'en' } });
    const task = await call('taskrouter_create_task', { ...inside, attributes: { language: 'es', level: 2 } });
    expect(english).toMatchObject({ taskQueueSid: everyone.sid, assignmentStatus: 'pending' });
    expect(task).toMatchObject({ taskQueueFriendlyName: 'Spanish', workflowFriendlyName: 'By language' });
    expect((await call('taskrouter_list_reservations', { ...inside, taskSid: task.sid })).items).toEqual([]);

    await call('taskrouter_update_task', {
      ...inside,
      taskSid: english.sid,
      assignmentStatus: 'canceled',
      reason: 'left',
    });
    const available = named(activities, 'Available').sid;
    const updated = await call('taskrouter_update_worker', { ...inside, workerSid: ann.sid, activitySid: available });
    expect(updated).toMatchObject({ activityName: 'Available', available: true });
    const { items } = await call('taskrouter_list_reservations', { ...inside, workerSid: ann.sid });
    expect(items).toMatchObject([{ taskSid: task.sid, workerName: 'Ann', reservationStatus: 'pending' }]);
    const owner = { ...inside, workerSid: ann.sid, reservationSid: items[0].sid };
    const accepted = await call('taskrouter_update_reservation', { ...owner, reservationStatus: 'accepted' });
    expect(accepted).toMatchObject({ reservationStatus: 'accepted' });
    const status = await call('taskrouter_get_task_status', { ...inside, taskSid: task.sid });
    expect(status).toMatchObject({
      assignmentStatus: 'assigned',
      taskQueueSid: spanish.sid,
      workflowSid: workflow.sid,
    });

    const channels = (await call('taskrouter_list_worker_channels', { ...inside, workerSid: ann.sid })).items;
    const ofTask = channels.find((channel: Json) => channel.taskChannelUniqueName === 'default');
    expect(ofTask).toMatchObject({ assignedTasks: 1, availableCapacityPercentage: 0 });
    const again = await failure('taskrouter_update_reservation', { ...owner, reservationStatus: 'rejected' });
    expect(again).toContain('from accepted to rejected');
    await call('taskrouter_update_reservation', { ...owner, reservationStatus: 'wrapping' });
    await call('taskrouter_update_task', {
      ...inside,
      taskSid: task.sid,
      assignmentStatus: 'completed',
      reason: 'done',
    });

    const events = (await call('taskrouter_list_events', { ...inside, taskSid: task.sid })).items;
    expect(events.map((event: Json) => event.eventType).reverse()).toEqual([
      ...['task.created', 'task-queue.entered', 'reservation.created', 'reservation.accepted'],
      ...['reservation.wrapup', 'task.wrapup', 'task.completed', 'reservation.completed'],
    ]);
    expect(await call('taskrouter_get_cumulative_statistics', inside)).toMatchObject({
      ...{ tasksCreated: 2, tasksCompleted: 1, tasksCanceled: 1, reservationsCreated: 1, reservationsAccepted: 1 },
    });
  });

  test('statistics count the tasks and workers of each queue', async () => {
    const { inside, activities, spanish, ann } = await contactCenter();
    for (const language of ['es', 'es', 'en']) {
      await call('taskrouter_create_task', { ...inside, attributes: { language, level: 2 }, priority: 5 });
    }
    const available = named(activities, 'Available').sid;
    await call('taskrouter_update_worker', { ...inside, workerSid: ann.sid, activitySid: available });
    const now = await call('taskrouter_get_real_time_statistics', { ...inside, taskQueueSid: spanish.sid });
    expect(now).toMatchObject({
      ...{ totalTasks: 2, totalEligibleWorkers: 1, totalAvailableWorkers: 1, tasksByPriority: { 5: 2 } },
      tasksByStatus: { pending: 1, reserved: 1, assigned: 0, wrapping: 0 },
    });
    expect(named(now.activityStatistics, 'Available')).toMatchObject({ workers: 1 });
    const { items } = await call('taskrouter_list_queue_statistics', inside);

    expect(items.map(({ realtime, cumulative }: Json) => [realtime.totalTasks, cumulative.tasksEntered])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect(await call('taskrouter_get_worker_statistics', { ...inside, workerSid: ann.sid })).toMatchObject({
      cumulative: { reservationsCreated: 1, reservationsAccepted: 0 },
    });
  });

  test('an offer that nobody accepts times out: the worker goes offline and the task waits', async () => {
    const { inside, activities, ann } = await contactCenter();
    const { sid: taskSid } = await call('taskrouter_create_task', { ...inside, attributes: {}, timeout: 600 });
    const available = named(activities, 'Available').sid;
    await call('taskrouter_update_worker', { ...inside, workerSid: ann.sid, activitySid: available });
    const start = Date.now();
    const later = (seconds: number) => jest.spyOn(Date, 'now').mockReturnValue(start + seconds * 1000);
    try {
      const reservations = async () => (await call('taskrouter_list_reservations', { ...inside, taskSid })).items;
      expect(await reservations()).toMatchObject([{ reservationStatus: 'pending' }]);
      later(121);
      expect(await reservations()).toMatchObject([{ reservationStatus: 'timeout' }]);
      const { items } = await call('taskrouter_list_workers', { ...inside, available: false });
      expect(items).toMatchObject([{ friendlyName: 'Ann', activityName: 'Offline' }]);
      const task = await call('taskrouter_get_task_status', { ...inside, taskSid });
      expect(task.assignmentStatus).toBe('pending');
      expect(task.age).toBeGreaterThanOrEqual(120);
      later(601);
      expect(await call('taskrouter_get_task_status', { ...inside, taskSid })).toMatchObject({
        ...{ assignmentStatus: 'canceled', reason: 'Task TTL Exceeded' },
      });
      later(1000);
      expect(await failure('taskrouter_get_task_status', { ...inside, taskSid })).toContain('20404');
    } finally {
      jest.restoreAllMocks();
    }
  });

  test('a rejected task is offered to the next worker, who takes it with a call', async () => {
    const { inside, activities, ann } = await contactCenter();
    const activitySid = named(activities, 'Available').sid;
    const bob = await call('taskrouter_create_worker', {
      ...inside,
      activitySid,
      friendlyName: 'Bob',
      attributes: { contact_uri: 'client:bob' },
    });
    await call('taskrouter_update_worker', { ...inside, workerSid: ann.sid, activitySid });
    const { sid: taskSid } = await call('taskrouter_create_task', { ...inside, attributes: {}, taskChannel: 'voice' });
    const reservations = async () => (await call('taskrouter_list_reservations', { ...inside, taskSid })).items;
    const [first] = await reservations();
    expect(first.workerSid).toBe(bob.sid);
    const change = { ...inside, taskSid, reservationSid: first.sid };
    await call('taskrouter_update_reservation', { ...change, reservationStatus: 'rejected' });
    const [, second] = await reservations();
    expect(second).toMatchObject({ workerSid: ann.sid, reservationStatus: 'pending' });
    const connect = { ...inside, taskSid, reservationSid: second.sid, instruction: 'dequeue' };
    expect(await call('taskrouter_connect_reservation', connect)).toMatchObject({ reservationStatus: 'accepted' });
  });

  test('what cannot work is refused: a bad expression, an unknown queue, no workflow, completing an unassigned task', async () => {
    const { inside, workflow } = await contactCenter();
    const queue = { ...inside, friendlyName: 'Q', targetWorkers: 'languages HAS' };
    expect(await failure('taskrouter_create_task_queue', queue)).toContain('a value is missing');
    const unknown = `WQ${'0'.repeat(32)}`;
    const configuration = { task_routing: { default_filter: { queue: unknown } } };
    const broken = { ...inside, friendlyName: 'W', configuration };
    expect(await failure('taskrouter_create_workflow', broken)).toContain(`${unknown} does not exist`);
    const { sid: taskSid } = await call('taskrouter_create_task', { ...inside, attributes: {} });
    const complete = { ...inside, taskSid, assignmentStatus: 'completed' };
    expect(await failure('taskrouter_update_task', complete)).toContain('not currently assigned');
    await call('taskrouter_delete_workflow', { ...inside, workflowSid: workflow.sid });
    expect(await failure('taskrouter_create_task', { ...inside, attributes: {} })).toContain('WorkflowSid is required');
  });
});

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
    await stack.sandbox.receive({ from: to, to: from!, body: 'Yes' });
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
    await stack.sandbox.receive({ from: to, to: from!, body: 'maybe' });
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
