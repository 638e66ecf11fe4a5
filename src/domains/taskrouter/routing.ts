import { page, paging } from '../../paging';
import { boolean, integer, jsonObject, oneOf, sid, string, url } from '../../params';
import { tool } from '../../tool';
import { workspace, workspaceSid } from './workspaces';

/* How a task finds its worker: a workflow puts it into a queue, a queue offers it to workers. */

const QUEUES = 'twilio_taskrouter_list_task_queues';
const QUEUE = ['sid', 'friendlyName', 'targetWorkers', 'taskOrder', 'maxReservedWorkers'] as const;
const taskQueueSid = () => sid('WQ', 'Task queue');
const queueSettings = () => ({
  targetWorkers: string('Workers who take its tasks, such as languages HAS "es"; 1==1 is all', 4000).optional(),
  maxReservedWorkers: integer('Workers whom one task is offered to at once', 1, 50).optional(),
  taskOrder: oneOf('Task offered first', ['FIFO', 'LIFO']).optional(),
});

export const taskQueues = [
  tool({
    name: QUEUES,
    title: 'List task queues',
    description: 'List the queues, all or those that a worker serves. How full they are: list_queue_statistics.',
    effect: 'read',
    operations: ['taskrouter_v1:ListTaskQueue'],
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Only of this name', 64).optional(),
      workerSid: sid('WK', 'Only those of this worker').optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, limit, pageToken, ...filters }, context) =>
      page(workspace(workspaceSid, context).taskQueues, filters, { limit, pageToken }),
    returns: QUEUE,
  }),
  tool({
    name: 'twilio_taskrouter_get_task_queue',
    title: 'Get task queue',
    description: 'Fetch the settings of one queue. What waits in it: list_tasks.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchTaskQueue'],
    input: () => ({ workspaceSid: workspaceSid(), taskQueueSid: taskQueueSid() }),
    run: ({ workspaceSid, taskQueueSid }, context) => workspace(workspaceSid, context).taskQueues(taskQueueSid).fetch(),
    returns: [...QUEUE, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_task_queue',
    title: 'Create task queue',
    description: 'Create a queue. No task reaches it until a workflow names it: update_workflow.',
    effect: 'create',
    checkWith: QUEUES,
    operations: ['taskrouter_v1:CreateTaskQueue'],
    input: () => ({ workspaceSid: workspaceSid(), friendlyName: string('Unique name', 64), ...queueSettings() }),
    run: ({ workspaceSid, ...settings }, context) => workspace(workspaceSid, context).taskQueues.create(settings),
    returns: QUEUE,
  }),
  tool({
    name: 'twilio_taskrouter_update_task_queue',
    title: 'Update task queue',
    description: 'Change settings of a queue: what is not given stays.',
    effect: 'update',
    operations: ['taskrouter_v1:UpdateTaskQueue'],
    input: () => ({
      workspaceSid: workspaceSid(),
      taskQueueSid: taskQueueSid(),
      friendlyName: string('Unique name', 64).optional(),
      ...queueSettings(),
    }),
    run: ({ workspaceSid, taskQueueSid, ...settings }, context) =>
      workspace(workspaceSid, context).taskQueues(taskQueueSid).update(settings),
    returns: QUEUE,
  }),
  tool({
    name: 'twilio_taskrouter_delete_task_queue',
    title: 'Delete task queue',
    description: 'Delete a queue for good. No workflow may name it.',
    effect: 'delete',
    operations: ['taskrouter_v1:DeleteTaskQueue'],
    input: () => ({ workspaceSid: workspaceSid(), taskQueueSid: taskQueueSid() }),
    run: ({ workspaceSid, taskQueueSid }, context) =>
      workspace(workspaceSid, context).taskQueues(taskQueueSid).remove(),
  }),
];

const WORKFLOWS = 'twilio_taskrouter_list_workflows';
const WORKFLOW = ['sid', 'friendlyName', 'assignmentCallbackUrl', 'taskReservationTimeout'] as const;
const workflowSid = () => sid('WW', 'Workflow');
/** The form of a workflow's rules. */
const RULES =
  '{"task_routing":{"filters":[{"expression":"type==\'x\'","targets":[{"queue":"WQ…"}]}],"default_filter":{"queue":"WQ…"}}}';
const workflowSettings = () => ({
  assignmentCallbackUrl: url('Called when a worker is reserved').optional(),
  fallbackAssignmentCallbackUrl: url('Called where that fails').optional(),
  taskReservationTimeout: integer('Seconds to accept in, default 120', 1, 86400).optional(),
});

export const workflows = [
  tool({
    name: WORKFLOWS,
    title: 'List workflows',
    description: 'List the workflows, which put tasks into queues. The rules of one: get_workflow.',
    effect: 'read',
    operations: ['taskrouter_v1:ListWorkflow'],
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Only of this name', 64).optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, limit, pageToken, ...filters }, context) =>
      page(workspace(workspaceSid, context).workflows, filters, { limit, pageToken }),
    returns: WORKFLOW,
  }),
  tool({
    name: 'twilio_taskrouter_get_workflow',
    title: 'Get workflow',
    description: 'Fetch one workflow with its rules.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchWorkflow'],
    input: () => ({ workspaceSid: workspaceSid(), workflowSid: workflowSid() }),
    run: ({ workspaceSid, workflowSid }, context) => workspace(workspaceSid, context).workflows(workflowSid).fetch(),
    returns: [...WORKFLOW, 'configuration', 'fallbackAssignmentCallbackUrl', 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_workflow',
    title: 'Create workflow',
    description: 'Create a workflow. Its queues have to exist: list_task_queues.',
    effect: 'create',
    checkWith: WORKFLOWS,
    operations: ['taskrouter_v1:CreateWorkflow'],
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Unique name', 64),
      configuration: jsonObject(RULES),
      ...workflowSettings(),
    }),
    run: ({ workspaceSid, configuration, ...settings }, context) =>
      workspace(workspaceSid, context).workflows.create({ ...settings, configuration: JSON.stringify(configuration) }),
    returns: [...WORKFLOW, 'configuration'],
  }),
  tool({
    name: 'twilio_taskrouter_update_workflow',
    title: 'Update workflow',
    description: 'Change settings of a workflow, or replace its rules, all of them.',
    effect: 'update',
    operations: ['taskrouter_v1:UpdateWorkflow'],
    input: () => ({
      workspaceSid: workspaceSid(),
      workflowSid: workflowSid(),
      friendlyName: string('Unique name', 64).optional(),
      configuration: jsonObject('New rules: read the old first').optional(),
      ...workflowSettings(),
      reEvaluateTasks: boolean('Also for tasks that wait').optional(),
    }),
    run: ({ workspaceSid, workflowSid, configuration, reEvaluateTasks, ...settings }, context) =>
      workspace(workspaceSid, context)
        .workflows(workflowSid)
        .update({
          ...settings,
          configuration: configuration && JSON.stringify(configuration),
          reEvaluateTasks: reEvaluateTasks?.toString(),
        }),
    returns: [...WORKFLOW, 'configuration'],
  }),
  tool({
    name: 'twilio_taskrouter_delete_workflow',
    title: 'Delete workflow',
    description: 'Delete a workflow for good. Tasks that it still routes have to be ended first: list_tasks.',
    effect: 'delete',
    operations: ['taskrouter_v1:DeleteWorkflow'],
    input: () => ({ workspaceSid: workspaceSid(), workflowSid: workflowSid() }),
    run: ({ workspaceSid, workflowSid }, context) => workspace(workspaceSid, context).workflows(workflowSid).remove(),
  }),
];
