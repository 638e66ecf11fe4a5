import { page, paging } from '../../paging';
import { boolean, integer, jsonObject, pathName, sid, string } from '../../params';
import { tool } from '../../tool';
import { workspace, workspaceSid } from './workspaces';

/* Workers, and how many tasks of each channel one takes. */

const LIST = 'twilio_taskrouter_list_workers';
const WORKER = ['sid', 'friendlyName', 'activitySid', 'activityName', 'available', 'attributes'] as const;
const workerSid = () => sid('WK', 'Worker');

const CHANNEL = [
  'sid',
  'taskChannelUniqueName',
  'taskChannelSid',
  'available',
  'configuredCapacity',
  'availableCapacityPercentage',
  'assignedTasks',
] as const;
const workerChannel = () => ({
  workspaceSid: workspaceSid(),
  workerSid: workerSid(),
  workerChannelSid: pathName('SID, or unique name of the task channel'),
});

export const workers = [
  tool({
    name: LIST,
    title: 'List workers',
    description: 'List workers with their activity and skills: who is available, or who may take the tasks of a queue.',
    effect: 'read',
    operations: ['taskrouter_v1:ListWorker'],
    input: () => ({
      workspaceSid: workspaceSid(),
      available: boolean('Gets tasks now, or does not').optional(),
      activityName: string('Only in this activity', 64).optional(),
      friendlyName: string('Only of this name', 64).optional(),
      taskQueueSid: sid('WQ', 'Only those of this queue').optional(),
      targetWorkersExpression: string('Only matching, such as languages HAS "es"', 4000).optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, limit, pageToken, available, ...filters }, context) =>
      page(
        workspace(workspaceSid, context).workers,
        { ...filters, available: available?.toString() },
        { limit, pageToken },
      ),
    returns: WORKER,
  }),
  tool({
    name: 'twilio_taskrouter_get_worker',
    title: 'Get worker',
    description: 'Fetch one worker: activity, since when, and skills. What it works on: list_reservations.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchWorker'],
    input: () => ({ workspaceSid: workspaceSid(), workerSid: workerSid() }),
    run: ({ workspaceSid, workerSid }, context) => workspace(workspaceSid, context).workers(workerSid).fetch(),
    returns: [...WORKER, 'dateStatusChanged', 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_worker',
    title: 'Create worker',
    description: 'Create a worker. The attributes decide which queues it serves.',
    effect: 'create',
    checkWith: LIST,
    operations: ['taskrouter_v1:CreateWorker'],
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Unique name', 64),
      attributes: jsonObject('Skills and contact, as {"languages": ["es"], "contact_uri": "client:ann"}').optional(),
      activitySid: sid('WA', 'Activity; default that of the workspace').optional(),
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
      'Put a worker into another activity, rename it or replace its attributes. How many tasks it takes: update_worker_channel.',
    effect: 'update',
    operations: ['taskrouter_v1:UpdateWorker'],
    input: () => ({
      workspaceSid: workspaceSid(),
      workerSid: workerSid(),
      activitySid: sid('WA', 'Activity').optional(),
      attributes: jsonObject('Replace all attributes: read them first').optional(),
      friendlyName: string('Unique name', 64).optional(),
      rejectPendingReservations: boolean('Reject what is offered; only into an unavailable activity').optional(),
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
    description: 'Delete a worker for good. It must be in an unavailable activity: update_worker.',
    effect: 'delete',
    operations: ['taskrouter_v1:DeleteWorker'],
    input: () => ({ workspaceSid: workspaceSid(), workerSid: workerSid() }),
    run: ({ workspaceSid, workerSid }, context) => workspace(workspaceSid, context).workers(workerSid).remove(),
  }),
  tool({
    name: 'twilio_taskrouter_list_worker_channels',
    title: 'List channels of a worker',
    description: 'List how many tasks of each channel a worker takes at once and has now.',
    effect: 'read',
    operations: ['taskrouter_v1:ListWorkerChannel'],
    input: () => ({ workspaceSid: workspaceSid(), workerSid: workerSid(), ...paging(1000) }),
    run: ({ workspaceSid, workerSid, ...position }, context) =>
      page(workspace(workspaceSid, context).workers(workerSid).workerChannels, {}, position),
    returns: CHANNEL,
  }),
  tool({
    name: 'twilio_taskrouter_get_worker_channel',
    title: 'Get channel of a worker',
    description: 'Fetch how many tasks of one channel a worker takes at once and has now.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchWorkerChannel'],
    input: workerChannel,
    run: ({ workspaceSid, workerSid, workerChannelSid }, context) =>
      workspace(workspaceSid, context).workers(workerSid).workerChannels(workerChannelSid).fetch(),
    returns: [...CHANNEL, 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_update_worker_channel',
    title: 'Update channel of a worker',
    description: 'Set how many tasks of one channel a worker takes at once, or whether any.',
    effect: 'update',
    operations: ['taskrouter_v1:UpdateWorkerChannel'],
    input: () => ({
      ...workerChannel(),
      capacity: integer('Tasks at once', 0, 50).optional(),
      available: boolean('Takes tasks of this channel').optional(),
    }),
    run: ({ workspaceSid, workerSid, workerChannelSid, ...settings }, context) =>
      workspace(workspaceSid, context).workers(workerSid).workerChannels(workerChannelSid).update(settings),
    returns: CHANNEL,
  }),
];
