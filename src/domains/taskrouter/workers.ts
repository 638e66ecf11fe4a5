import { page, paging } from '../../paging';
import { boolean, integer, jsonObject, oneOf, pathName, sid, string, words } from '../../params';
import { creates, deletes, reads, tool, updates } from '../../tool';
import { workspace, workspaceSid } from './workspaces';

/* Workers, and their capacity per task channel. */

const LIST = 'twilio_taskrouter_list_workers';
const WORKER = ['sid', 'friendlyName', 'activitySid', 'activityName', 'available', 'attributes'] as const;
const workerSid = (description: string) => sid('WK', description);

const CHANNEL = words(
  'sid taskChannelUniqueName taskChannelSid available configuredCapacity availableCapacityPercentage assignedTasks',
);
const workerChannel = () => ({
  workspaceSid: workspaceSid(),
  workerSid: workerSid('Worker with the channel'),
  workerChannelSid: pathName('Worker channel SID (WC…), or unique name of its task channel'),
});

export const workers = [
  tool({
    name: LIST,
    title: 'List workers',
    description:
      'List workers with their activity and skills, for example those available now or those eligible for a queue.',
    ...reads('taskrouter_v1:ListWorker'),
    input: () => ({
      workspaceSid: workspaceSid(),
      available: boolean('true: only workers who can receive tasks now; false: only others').optional(),
      activityName: string('Only workers in this activity, by name', 64).optional(),
      friendlyName: string('Only the worker with this name', 64).optional(),
      taskQueueSid: sid('WQ', 'Only workers eligible for this queue').optional(),
      targetWorkersExpression: string(
        'Only workers matching an expression, such as languages HAS "es"',
        4000,
      ).optional(),
      ordering: oneOf('Sort order by time of the last activity change', [
        'DateStatusChanged:asc',
        'DateStatusChanged:desc',
      ]).optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, available, ...filters }, context) =>
      page(workspace(workspaceSid, context).workers, { ...filters, available: available?.toString() }),
    returns: WORKER,
  }),
  tool({
    name: 'twilio_taskrouter_get_worker',
    title: 'Get worker',
    description:
      'Fetch one worker: its activity, the time of the last activity change, and its skills. For its current tasks, use list_reservations.',
    ...reads('taskrouter_v1:FetchWorker'),
    input: () => ({ workspaceSid: workspaceSid(), workerSid: workerSid('Worker to fetch') }),
    run: ({ workspaceSid, workerSid }, context) => workspace(workspaceSid, context).workers(workerSid).fetch(),
    returns: [...WORKER, 'dateStatusChanged', 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_worker',
    title: 'Create worker',
    description: 'Create a worker. Its attributes decide which queues it is eligible for.',
    ...creates({ checkWith: LIST }, 'taskrouter_v1:CreateWorker'),
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Unique name of the worker', 64),
      attributes: jsonObject(
        'Skills and contact, such as {"languages": ["es"], "contact_uri": "client:ann"}',
      ).optional(),
      activitySid: sid('WA', 'Initial activity; default defaultActivitySid of the workspace').optional(),
    }),
    run: ({ workspaceSid, attributes, ...settings }, context) =>
      workspace(workspaceSid, context).workers.create({
        ...settings,
        attributes: attributes && JSON.stringify(attributes),
      }),
    returns: WORKER,
  }),
  tool({
    name: 'twilio_taskrouter_update_worker',
    title: 'Update worker',
    description:
      'Move a worker to another activity, rename it or replace its attributes. To change its capacity, use update_worker_channel.',
    ...updates('taskrouter_v1:UpdateWorker'),
    input: () => ({
      workspaceSid: workspaceSid(),
      workerSid: workerSid('Worker to change'),
      activitySid: sid('WA', 'New activity').optional(),
      attributes: jsonObject('New attributes; they replace all old ones, so read those first').optional(),
      friendlyName: string('New unique name', 64).optional(),
      rejectPendingReservations: boolean('Reject pending reservations; only with an unavailable activity').optional(),
    }),
    run: ({ workspaceSid, workerSid, attributes, ...settings }, context) =>
      workspace(workspaceSid, context)
        .workers(workerSid)
        .update({ ...settings, attributes: attributes && JSON.stringify(attributes) }),
    returns: WORKER,
  }),
  tool({
    name: 'twilio_taskrouter_delete_worker',
    title: 'Delete worker',
    description: 'Delete a worker permanently. Move it to an unavailable activity first with update_worker.',
    ...deletes('taskrouter_v1:DeleteWorker'),
    input: () => ({ workspaceSid: workspaceSid(), workerSid: workerSid('Worker to delete') }),
    run: ({ workspaceSid, workerSid }, context) => workspace(workspaceSid, context).workers(workerSid).remove(),
  }),
  tool({
    name: 'twilio_taskrouter_list_worker_channels',
    title: 'List worker channels',
    description: 'List the capacity of a worker per task channel, with the number of tasks assigned now.',
    ...reads('taskrouter_v1:ListWorkerChannel'),
    input: () => ({
      workspaceSid: workspaceSid(),
      workerSid: workerSid('Worker whose channels to list'),
      ...paging(1000),
    }),
    run: ({ workspaceSid, workerSid, ...position }, context) =>
      page(workspace(workspaceSid, context).workers(workerSid).workerChannels, position),
    returns: CHANNEL,
  }),
  tool({
    name: 'twilio_taskrouter_get_worker_channel',
    title: 'Get worker channel',
    description: 'Fetch the capacity of a worker for one task channel, with the number of tasks assigned now.',
    ...reads('taskrouter_v1:FetchWorkerChannel'),
    input: workerChannel,
    run: ({ workspaceSid, workerSid, workerChannelSid }, context) =>
      workspace(workspaceSid, context).workers(workerSid).workerChannels(workerChannelSid).fetch(),
    returns: [...CHANNEL, 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_update_worker_channel',
    title: 'Update worker channel',
    description: 'Set how many tasks of one channel a worker handles at once, or stop new tasks of that channel.',
    ...updates('taskrouter_v1:UpdateWorkerChannel'),
    input: () => ({
      ...workerChannel(),
      capacity: integer('Maximum concurrent tasks; 0 stops new reservations', 0, 50).optional(),
      available: boolean('false stops new tasks of this channel').optional(),
    }),
    run: ({ workspaceSid, workerSid, workerChannelSid, ...settings }, context) =>
      workspace(workspaceSid, context).workers(workerSid).workerChannels(workerChannelSid).update(settings),
    returns: CHANNEL,
  }),
];
