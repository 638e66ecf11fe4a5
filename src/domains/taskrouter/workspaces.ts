import { page, paging } from '../../paging';
import { boolean, chosenName, clearableUrl, oneOf, pathName, selector, sid, string, words } from '../../params';
import { creates, deletes, grants, reads, type ToolContext, tool, updates } from '../../tool';
import { orDefault } from '../defaults';

/* Workspaces, the activities of their workers and the channels of their tasks. */

const WORKSPACES = 'twilio_taskrouter_list_workspaces';

export const workspaceSid = () => selector(sid('WS', 'Default TWILIO_TASKROUTER_WORKSPACE_SID').optional());

/** The given workspace, else the configured one; throws if there is neither. */
export function workspace(workspaceSid: string | undefined, { twilio, config }: ToolContext) {
  return twilio.taskrouter.v1.workspaces(
    orDefault(workspaceSid, config.taskrouterWorkspaceSid, {
      argument: 'workspaceSid',
      list: WORKSPACES,
      variable: 'TWILIO_TASKROUTER_WORKSPACE_SID',
    }),
  );
}

const WORKSPACE = words(
  'sid friendlyName defaultActivitySid defaultActivityName timeoutActivitySid timeoutActivityName eventCallbackUrl eventsFilter multiTaskEnabled prioritizeQueueOrder',
);

const workspaceSettings = () => ({
  eventCallbackUrl: clearableUrl('Webhook for workspace events').optional(),
  eventsFilter: string(
    'Comma-separated events to send to eventCallbackUrl, such as task.created,task.canceled',
    2000,
  ).optional(),
  prioritizeQueueOrder: oneOf('Which task a queue offers first: oldest (FIFO) or newest (LIFO)', [
    'FIFO',
    'LIFO',
  ]).optional(),
});

export const workspaces = [
  tool({
    name: WORKSPACES,
    title: 'List TaskRouter workspaces',
    description: 'List the workspaces of the account. Each has its own workers, queues, workflows and tasks.',
    ...reads('taskrouter_v1:ListWorkspace'),
    input: () => ({ friendlyName: string('Only workspaces with this name', 64).optional(), ...paging(1000) }),
    run: (query, { twilio }) => page(twilio.taskrouter.v1.workspaces, query),
    returns: ['sid', 'friendlyName', 'multiTaskEnabled', 'dateCreated'],
  }),
  tool({
    name: 'twilio_taskrouter_get_workspace',
    title: 'Get TaskRouter workspace',
    description: 'Fetch one workspace with its settings.',
    ...reads('taskrouter_v1:FetchWorkspace'),
    input: () => ({ workspaceSid: workspaceSid() }),
    run: ({ workspaceSid }, context) => workspace(workspaceSid, context).fetch(),
    returns: [...WORKSPACE, 'dateCreated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_workspace',
    title: 'Create TaskRouter workspace',
    description: 'Create a workspace, isolated from all others. Most accounts need only one.',
    ...grants({ checkWith: WORKSPACES }, 'taskrouter_v1:CreateWorkspace'),
    input: () => ({
      friendlyName: string('Display name', 64),
      template: oneOf('FIFO also creates a task queue and a workflow; default NONE', ['NONE', 'FIFO']).optional(),
      ...workspaceSettings(),
    }),
    run: (settings, { twilio }) => twilio.taskrouter.v1.workspaces.create(settings),
    returns: WORKSPACE,
  }),
  tool({
    name: 'twilio_taskrouter_update_workspace',
    title: 'Update TaskRouter workspace',
    description: 'Change the settings of a workspace. Omitted settings stay as they are.',
    ...grants({ checkWith: 'twilio_taskrouter_get_workspace' }, 'taskrouter_v1:UpdateWorkspace'),
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('New display name', 64).optional(),
      defaultActivitySid: sid('WA', 'Activity given to new workers').optional(),
      timeoutActivitySid: sid('WA', 'Activity given to a worker whose reservation times out').optional(),
      ...workspaceSettings(),
    }),
    run: ({ workspaceSid, ...settings }, context) => workspace(workspaceSid, context).update(settings),
    returns: WORKSPACE,
  }),
  tool({
    name: 'twilio_taskrouter_delete_workspace',
    title: 'Delete TaskRouter workspace',
    description: 'Delete a workspace permanently, with its workers, queues, workflows and tasks.',
    ...deletes('taskrouter_v1:DeleteWorkspace'),
    input: () => ({ workspaceSid: sid('WS', 'Workspace to delete') }),
    run: ({ workspaceSid }, context) => workspace(workspaceSid, context).remove(),
  }),
];

const ACTIVITIES = 'twilio_taskrouter_list_activities';
const ACTIVITY = ['sid', 'friendlyName', 'available'] as const;
const activitySid = (description: string) => sid('WA', description);

export const activities = [
  tool({
    name: ACTIVITIES,
    title: 'List worker activities',
    description: 'List the activities that workers can be in. For the workers in one, use list_workers.',
    ...reads('taskrouter_v1:ListActivity'),
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Only activities with this name', 64).optional(),
      available: boolean('true: only activities in which workers receive tasks; false: only others').optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, available, ...filters }, context) =>
      page(workspace(workspaceSid, context).activities, { ...filters, available: available?.toString() }),
    returns: ACTIVITY,
  }),
  tool({
    name: 'twilio_taskrouter_get_activity',
    title: 'Get worker activity',
    description: 'Fetch one activity: its name and whether workers in it receive tasks.',
    ...reads('taskrouter_v1:FetchActivity'),
    input: () => ({ workspaceSid: workspaceSid(), activitySid: activitySid('Activity to fetch') }),
    run: ({ workspaceSid, activitySid }, context) => workspace(workspaceSid, context).activities(activitySid).fetch(),
    returns: [...ACTIVITY, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_activity',
    title: 'Create worker activity',
    description: 'Create an activity that workers can be in. Its availability cannot be changed later.',
    ...creates({ checkWith: ACTIVITIES }, 'taskrouter_v1:CreateActivity'),
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Display name, such as on-call', 64),
      available: boolean('Whether workers in this activity receive tasks').optional(),
    }),
    run: ({ workspaceSid, ...settings }, context) => workspace(workspaceSid, context).activities.create(settings),
    returns: ACTIVITY,
  }),
  tool({
    name: 'twilio_taskrouter_update_activity',
    title: 'Rename worker activity',
    description: 'Rename an activity. To move a worker to another activity, use update_worker.',
    ...updates('taskrouter_v1:UpdateActivity'),
    input: () => ({
      workspaceSid: workspaceSid(),
      activitySid: activitySid('Activity to rename'),
      friendlyName: string('New display name', 64),
    }),
    run: ({ workspaceSid, activitySid, ...settings }, context) =>
      workspace(workspaceSid, context).activities(activitySid).update(settings),
    returns: ACTIVITY,
  }),
  tool({
    name: 'twilio_taskrouter_delete_activity',
    title: 'Delete worker activity',
    description: 'Delete an activity permanently. It must not be in use by a worker or named in a setting.',
    ...deletes('taskrouter_v1:DeleteActivity'),
    input: () => ({ workspaceSid: workspaceSid(), activitySid: activitySid('Activity to delete') }),
    run: ({ workspaceSid, activitySid }, context) => workspace(workspaceSid, context).activities(activitySid).remove(),
  }),
];

const TASK_CHANNELS = 'twilio_taskrouter_list_task_channels';
const TASK_CHANNEL = ['sid', 'uniqueName', 'friendlyName', 'channelOptimizedRouting'] as const;
const taskChannelSid = () => pathName('Task channel, by SID (TC…) or unique name');
const idleFirst = () => boolean('Prefer the workers who have been idle longest').optional();

export const taskChannels = [
  tool({
    name: TASK_CHANNELS,
    title: 'List task channels',
    description:
      'List the task channels: the kinds of task, such as voice or chat. For the capacity of a worker, use list_worker_channels.',
    ...reads('taskrouter_v1:ListTaskChannel'),
    input: () => ({ workspaceSid: workspaceSid(), ...paging(1000) }),
    run: ({ workspaceSid, ...position }, context) => page(workspace(workspaceSid, context).taskChannels, position),
    returns: TASK_CHANNEL,
  }),
  tool({
    name: 'twilio_taskrouter_get_task_channel',
    title: 'Get task channel',
    description: 'Fetch one task channel by its SID or unique name.',
    ...reads('taskrouter_v1:FetchTaskChannel'),
    input: () => ({ workspaceSid: workspaceSid(), taskChannelSid: taskChannelSid() }),
    run: ({ workspaceSid, taskChannelSid }, context) =>
      workspace(workspaceSid, context).taskChannels(taskChannelSid).fetch(),
    returns: [...TASK_CHANNEL, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_task_channel',
    title: 'Create task channel',
    description:
      'Create a task channel: a kind of task with its own worker capacity. default, voice, chat, sms and video exist already.',
    ...creates({ checkWith: TASK_CHANNELS }, 'taskrouter_v1:CreateTaskChannel'),
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Display name', 64),
      uniqueName: chosenName('Unique name, such as email; cannot be changed later'),
      channelOptimizedRouting: idleFirst(),
    }),
    run: ({ workspaceSid, ...settings }, context) => workspace(workspaceSid, context).taskChannels.create(settings),
    returns: TASK_CHANNEL,
  }),
  tool({
    name: 'twilio_taskrouter_update_task_channel',
    title: 'Update task channel',
    description: 'Rename a task channel or change how its workers are chosen. Its unique name cannot be changed.',
    ...updates('taskrouter_v1:UpdateTaskChannel'),
    input: () => ({
      workspaceSid: workspaceSid(),
      taskChannelSid: taskChannelSid(),
      friendlyName: string('New display name', 64).optional(),
      channelOptimizedRouting: idleFirst(),
    }),
    run: ({ workspaceSid, taskChannelSid, ...settings }, context) =>
      workspace(workspaceSid, context).taskChannels(taskChannelSid).update(settings),
    returns: TASK_CHANNEL,
  }),
  tool({
    name: 'twilio_taskrouter_delete_task_channel',
    title: 'Delete task channel',
    description: 'Delete a task channel permanently.',
    ...deletes('taskrouter_v1:DeleteTaskChannel'),
    input: () => ({ workspaceSid: workspaceSid(), taskChannelSid: taskChannelSid() }),
    run: ({ workspaceSid, taskChannelSid }, context) =>
      workspace(workspaceSid, context).taskChannels(taskChannelSid).remove(),
  }),
];
