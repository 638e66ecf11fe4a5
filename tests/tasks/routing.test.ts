import { SEEDS } from '../../sandbox/seed';
import type { Json } from '../support/stack';
import { taskTools } from '../support/tasks';
import { webhookServer } from '../support/webhook-server';

/*
 * Whole tasks of a contact center: queues, workers, offers and their statistics.
 */

const { call, failure, sandbox } = taskTools();

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

  describe('a caller', () => {
    const BOB = '+14155550144';
    const webhooks = webhookServer();
    /** A caller for whom a worker has been reserved. */
    async function reserved() {
      const { inside, activities, workflow } = await contactCenter();
      const activitySid = named(activities, 'Available').sid;
      const bob = { friendlyName: 'Bob', attributes: { contact_uri: BOB, level: 1 } };
      await call('taskrouter_create_worker', { ...inside, activitySid, ...bob });
      const task = '<Task>{"language":"en"}</Task>';
      webhooks.answers['/voice'] = `<Response><Enqueue workflowSid="${workflow.sid}">${task}</Enqueue></Response>`;
      const phoneNumberSid = SEEDS.phoneNumberSids[0];
      await call('phone_numbers_configure_webhook', { phoneNumberSid, voiceUrl: webhooks.url('/voice') });
      const { sid: callSid } = await sandbox().receiveCall({ to: SEEDS.numbers[0]!, from: '+14155550181' });
      sandbox().advance(5000);
      const [{ sid: taskSid, ...created }] = (await call('taskrouter_list_tasks', inside)).items;
      expect(created.attributes).toMatchObject({ language: 'en', call_sid: callSid, from: '+14155550181' });
      const [{ sid: reservationSid }] = (await call('taskrouter_list_reservations', { ...inside, taskSid })).items;
      return { inside, callSid, connect: { ...inside, taskSid, reservationSid } };
    }
    const callsToBob = async () => (await call('voice_get_call_logs', { to: BOB })).items;
    const statusOf = async (callSid: string) => (await call('voice_get_call', { callSid })).status;

    test('is connected to the worker whose reservation is dequeued', async () => {
      const { callSid, connect } = await reserved();
      await call('taskrouter_connect_reservation', { ...connect, instruction: 'dequeue' });
      sandbox().advance(5000);
      const [leg] = await callsToBob();
      expect([leg, await statusOf(callSid)]).toMatchObject([
        { from: SEEDS.numbers[0], status: 'in-progress' },
        'in-progress',
      ]);
      await call('voice_hang_up_call', { callSid: leg.sid });
      expect(await statusOf(callSid)).toBe('completed');
    });

    test('meets the worker in a conference', async () => {
      const { callSid, connect } = await reserved();
      await call('taskrouter_connect_reservation', { ...connect, instruction: 'conference' });
      sandbox().advance(5000);
      const [leg] = await callsToBob();
      const conferences = await call('voice_add_ons_list_conferences', { friendlyName: connect.taskSid });
      const [{ sid: conferenceSid }] = conferences.items;
      const { items } = await call('voice_add_ons_list_participants', { conferenceSid });
      expect(items.map((participant: Json) => participant.callSid).sort()).toEqual([callSid, leg.sid].sort());
    });

    test('goes to a URL', async () => {
      const { callSid, connect } = await reserved();
      webhooks.answers['/agent'] = '<Response/>';
      const redirect = { instruction: 'redirect', callSid, url: webhooks.url('/agent') };
      await call('taskrouter_connect_reservation', { ...connect, ...redirect });
      await sandbox().webhooks.settled();
      expect([await statusOf(callSid), webhooks.requests.at(-1)!.path]).toEqual(['completed', '/agent']);
    });

    test('who hangs up while the phone of the worker rings ends that call too', async () => {
      const { callSid, connect } = await reserved();
      await call('taskrouter_connect_reservation', { ...connect, instruction: 'dequeue' });
      await call('voice_hang_up_call', { callSid });
      sandbox().advance(5000);
      const [{ status, duration }] = await callsToBob();
      expect([status, duration]).toEqual(['completed', '1']);
    });

    test('who hangs up cancels the task', async () => {
      const { callSid, connect, inside } = await reserved();
      await call('voice_hang_up_call', { callSid });
      const { taskSid } = connect;
      const canceled = { assignmentStatus: 'canceled', reason: 'hangup' };
      expect(await call('taskrouter_get_task_status', { ...inside, taskSid })).toMatchObject(canceled);
    });
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
