import { page, paging } from '../../paging';
import { boolean, oneOf, pathName, selector, sid, string, url } from '../../params';
import { type ToolContext, tool } from '../../tool';
import { orDefault } from '../defaults';

/* Workspaces, and what all in one of them share: the activities of workers and the channels of tasks. */

export const workspaceSid = () => selector(sid('WS', 'Has a default').optional());

/** The workspace that a call names, or the deployment's. */
export function workspace(workspaceSid: string | undefined, { twilio, config }: ToolContext) {
  const variable = 'TWILIO_TASKROUTER_WORKSPACE_SID';
  return twilio.taskrouter.v1.workspaces(
    orDefault('workspaceSid', workspaceSid, config.taskrouterWorkspaceSid, variable),
  );
}

const WORKSPACES = 'twilio_taskrouter_list_workspaces';
const WORKSPACE = [
  'sid',
  'friendlyName',
  'defaultActivitySid',
  'defaultActivityName',
  'timeoutActivitySid',
  'timeoutActivityName',
  'eventCallbackUrl',
  'eventsFilter',
  'multiTaskEnabled',
  'prioritizeQueueOrder',
] as const;

const workspaceSettings = () => ({
  eventCallbackUrl: url('Receives events').optional(),
  eventsFilter: string('Only these, such as task.created,task.canceled', 2000).optional(),
  prioritizeQueueOrder: oneOf('Task that a queue offers first', ['FIFO', 'LIFO']).optional(),
});

export const workspaces = [
  tool({
    name: WORKSPACES,
    title: 'List workspaces',
    description: 'List the workspaces of the account. Each has its own workers, queues, workflows and tasks.',
    effect: 'read',
    operations: ['taskrouter_v1:ListWorkspace'],
    input: () => ({ friendlyName: string('Only of this name', 64).optional(), ...paging(1000) }),
    run: ({ limit, pageToken, ...filters }, { twilio }) =>
      page(twilio.taskrouter.v1.workspaces, filters, { limit, pageToken }),
    returns: ['sid', 'friendlyName', 'multiTaskEnabled', 'dateCreated'],
  }),
  tool({
    name: 'twilio_taskrouter_get_workspace',
    title: 'Get workspace',
    description: 'Fetch the settings of one workspace.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchWorkspace'],
    input: () => ({ workspaceSid: workspaceSid() }),
    run: ({ workspaceSid }, context) => workspace(workspaceSid, context).fetch(),
    returns: [...WORKSPACE, 'dateCreated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_workspace',
    title: 'Create workspace',
    description: 'Create a workspace, apart from all others: most accounts need one only.',
    effect: 'create',
    checkWith: WORKSPACES,
    operations: ['taskrouter_v1:CreateWorkspace'],
    input: () => ({
      friendlyName: string('Name', 64),
      template: oneOf('FIFO also makes a queue and a workflow', ['NONE', 'FIFO']).optional(),
      ...workspaceSettings(),
    }),
    run: (settings, { twilio }) => twilio.taskrouter.v1.workspaces.create(settings),
    returns: WORKSPACE,
  }),
  tool({
    name: 'twilio_taskrouter_update_workspace',
    title: 'Update workspace',
    description: 'Change settings of a workspace: what is not given stays.',
    effect: 'update',
    operations: ['taskrouter_v1:UpdateWorkspace'],
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Name', 64).optional(),
      defaultActivitySid: sid('WA', 'Activity of new workers').optional(),
      timeoutActivitySid: sid('WA', 'Activity of a worker who lets a reservation time out').optional(),
      ...workspaceSettings(),
    }),
    run: ({ workspaceSid, ...settings }, context) => workspace(workspaceSid, context).update(settings),
    returns: WORKSPACE,
  }),
  tool({
    name: 'twilio_taskrouter_delete_workspace',
    title: 'Delete workspace',
    description: 'Delete a workspace for good, with its workers, queues, workflows and tasks.',
    effect: 'delete',
    operations: ['taskrouter_v1:DeleteWorkspace'],
    input: () => ({ workspaceSid: sid('WS', 'Workspace') }),
    run: ({ workspaceSid }, context) => workspace(workspaceSid, context).remove(),
  }),
];

const ACTIVITIES = 'twilio_taskrouter_list_activities';
const ACTIVITY = ['sid', 'friendlyName', 'available'] as const;
const activitySid = () => sid('WA', 'Activity');

export const activities = [
  tool({
    name: ACTIVITIES,
    title: 'List activities',
    description: 'List the activities that workers can be in. Who is in one: list_workers.',
    effect: 'read',
    operations: ['taskrouter_v1:ListActivity'],
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Only of this name', 64).optional(),
      available: boolean('Only those in which workers get tasks, or do not').optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, limit, pageToken, available, ...filters }, context) =>
      page(
        workspace(workspaceSid, context).activities,
        { ...filters, available: available?.toString() },
        { limit, pageToken },
      ),
    returns: ACTIVITY,
  }),
  tool({
    name: 'twilio_taskrouter_get_activity',
    title: 'Get activity',
    description: 'Fetch one activity: its name, and whether workers in it get tasks.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchActivity'],
    input: () => ({ workspaceSid: workspaceSid(), activitySid: activitySid() }),
    run: ({ workspaceSid, activitySid }, context) => workspace(workspaceSid, context).activities(activitySid).fetch(),
    returns: [...ACTIVITY, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_activity',
    title: 'Create activity',
    description: 'Create an activity for workers to be in. Its availability can never be changed.',
    effect: 'create',
    checkWith: ACTIVITIES,
    operations: ['taskrouter_v1:CreateActivity'],
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Name, such as on-call', 64),
      available: boolean('Workers in it get tasks').optional(),
    }),
    run: ({ workspaceSid, ...settings }, context) => workspace(workspaceSid, context).activities.create(settings),
    returns: ACTIVITY,
  }),
  tool({
    name: 'twilio_taskrouter_update_activity',
    title: 'Rename activity',
    description: 'Rename an activity. To put a worker into another one use update_worker.',
    effect: 'update',
    operations: ['taskrouter_v1:UpdateActivity'],
    input: () => ({ workspaceSid: workspaceSid(), activitySid: activitySid(), friendlyName: string('Name', 64) }),
    run: ({ workspaceSid, activitySid, ...settings }, context) =>
      workspace(workspaceSid, context).activities(activitySid).update(settings),
    returns: ACTIVITY,
  }),
  tool({
    name: 'twilio_taskrouter_delete_activity',
    title: 'Delete activity',
    description: 'Delete an activity for good. No worker may be in it, and no setting may name it.',
    effect: 'delete',
    operations: ['taskrouter_v1:DeleteActivity'],
    input: () => ({ workspaceSid: workspaceSid(), activitySid: activitySid() }),
    run: ({ workspaceSid, activitySid }, context) => workspace(workspaceSid, context).activities(activitySid).remove(),
  }),
];

const TASK_CHANNELS = 'twilio_taskrouter_list_task_channels';
const TASK_CHANNEL = ['sid', 'uniqueName', 'friendlyName', 'channelOptimizedRouting'] as const;
const taskChannelSid = () => pathName('SID or unique name');
const idleFirst = () => boolean('Prefer workers who are idle longest').optional();

export const taskChannels = [
  tool({
    name: TASK_CHANNELS,
    title: 'List task channels',
    description: 'List the kinds of task, such as voice or chat. How many a worker takes: list_worker_channels.',
    effect: 'read',
    operations: ['taskrouter_v1:ListTaskChannel'],
    input: () => ({ workspaceSid: workspaceSid(), ...paging(1000) }),
    run: ({ workspaceSid, ...position }, context) => page(workspace(workspaceSid, context).taskChannels, {}, position),
    returns: TASK_CHANNEL,
  }),
  tool({
    name: 'twilio_taskrouter_get_task_channel',
    title: 'Get task channel',
    description: 'Fetch one task channel by its SID or unique name.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchTaskChannel'],
    input: () => ({ workspaceSid: workspaceSid(), taskChannelSid: taskChannelSid() }),
    run: ({ workspaceSid, taskChannelSid }, context) =>
      workspace(workspaceSid, context).taskChannels(taskChannelSid).fetch(),
    returns: [...TASK_CHANNEL, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_task_channel',
    title: 'Create task channel',
    description:
      'Create a kind of task that workers take apart from others. default, voice, chat, sms and video exist.',
    effect: 'create',
    checkWith: TASK_CHANNELS,
    operations: ['taskrouter_v1:CreateTaskChannel'],
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Name', 64),
      uniqueName: pathName('Unique name, such as email'),
      channelOptimizedRouting: idleFirst(),
    }),
    run: ({ workspaceSid, ...settings }, context) => workspace(workspaceSid, context).taskChannels.create(settings),
    returns: TASK_CHANNEL,
  }),
  tool({
    name: 'twilio_taskrouter_update_task_channel',
    title: 'Update task channel',
    description: 'Rename a task channel or change how its workers are chosen. Its unique name stays.',
    effect: 'update',
    operations: ['taskrouter_v1:UpdateTaskChannel'],
    input: () => ({
      workspaceSid: workspaceSid(),
      taskChannelSid: taskChannelSid(),
      friendlyName: string('Name', 64).optional(),
      channelOptimizedRouting: idleFirst(),
    }),
    run: ({ workspaceSid, taskChannelSid, ...settings }, context) =>
      workspace(workspaceSid, context).taskChannels(taskChannelSid).update(settings),
    returns: TASK_CHANNEL,
  }),
  tool({
    name: 'twilio_taskrouter_delete_task_channel',
    title: 'Delete task channel',
    description: 'Delete a task channel for good.',
    effect: 'delete',
    operations: ['taskrouter_v1:DeleteTaskChannel'],
    input: () => ({ workspaceSid: workspaceSid(), taskChannelSid: taskChannelSid() }),
    run: ({ workspaceSid, taskChannelSid }, context) =>
      workspace(workspaceSid, context).taskChannels(taskChannelSid).remove(),
  }),
];
