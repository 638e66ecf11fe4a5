import { page, paging } from '../../paging';
import { boolean, clearableUrl, integer, jsonObject, oneOf, sid, string } from '../../params';
import { creates, deletes, grants, reads, tool, updates } from '../../tool';
import { workspace, workspaceSid } from './workspaces';

/* Routing: a workflow puts a task into a queue, and the queue offers it to workers. */

const QUEUES = 'twilio_taskrouter_list_task_queues';
const QUEUE = ['sid', 'friendlyName', 'targetWorkers', 'taskOrder', 'maxReservedWorkers'] as const;
const taskQueueSid = (description: string) => sid('WQ', description);
const queueSettings = () => ({
  targetWorkers: string(
    'Expression that selects eligible workers, such as languages HAS "es"; default 1==1 (all) for a new queue',
    4000,
  ).optional(),
  maxReservedWorkers: integer('Workers a task is offered to at once; default 1 for a new queue', 1, 50).optional(),
  taskOrder: oneOf('Which task is offered first: oldest (FIFO) or newest (LIFO)', ['FIFO', 'LIFO']).optional(),
});

export const taskQueues = [
  tool({
    name: QUEUES,
    title: 'List task queues',
    description:
      'List all task queues, or those that a worker is eligible for. For the number of waiting tasks, use list_queue_statistics.',
    ...reads('taskrouter_v1:ListTaskQueue'),
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Only the queue with this name', 64).optional(),
      workerSid: sid('WK', 'Only queues that this worker is eligible for').optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, ...query }, context) => page(workspace(workspaceSid, context).taskQueues, query),
    returns: QUEUE,
  }),
  tool({
    name: 'twilio_taskrouter_get_task_queue',
    title: 'Get task queue',
    description: 'Fetch one task queue with its settings. For the tasks in it, use list_tasks.',
    ...reads('taskrouter_v1:FetchTaskQueue'),
    input: () => ({ workspaceSid: workspaceSid(), taskQueueSid: taskQueueSid('Queue to fetch') }),
    run: ({ workspaceSid, taskQueueSid }, context) => workspace(workspaceSid, context).taskQueues(taskQueueSid).fetch(),
    returns: [...QUEUE, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_task_queue',
    title: 'Create task queue',
    description: 'Create a task queue. It receives no tasks until a workflow routes to it: update_workflow.',
    ...creates({ checkWith: QUEUES }, 'taskrouter_v1:CreateTaskQueue'),
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Unique name of the queue', 64),
      ...queueSettings(),
    }),
    run: ({ workspaceSid, ...settings }, context) => workspace(workspaceSid, context).taskQueues.create(settings),
    returns: QUEUE,
  }),
  tool({
    name: 'twilio_taskrouter_update_task_queue',
    title: 'Update task queue',
    description: 'Change the settings of a task queue. Omitted settings stay as they are.',
    ...updates('taskrouter_v1:UpdateTaskQueue'),
    input: () => ({
      workspaceSid: workspaceSid(),
      taskQueueSid: taskQueueSid('Queue to change'),
      friendlyName: string('New unique name', 64).optional(),
      ...queueSettings(),
    }),
    run: ({ workspaceSid, taskQueueSid, ...settings }, context) =>
      workspace(workspaceSid, context).taskQueues(taskQueueSid).update(settings),
    returns: QUEUE,
  }),
  tool({
    name: 'twilio_taskrouter_delete_task_queue',
    title: 'Delete task queue',
    description: 'Delete a task queue permanently. Remove it from all workflows first.',
    ...deletes('taskrouter_v1:DeleteTaskQueue'),
    input: () => ({ workspaceSid: workspaceSid(), taskQueueSid: taskQueueSid('Queue to delete') }),
    run: ({ workspaceSid, taskQueueSid }, context) =>
      workspace(workspaceSid, context).taskQueues(taskQueueSid).remove(),
  }),
];

const WORKFLOWS = 'twilio_taskrouter_list_workflows';
const WORKFLOW = ['sid', 'friendlyName', 'assignmentCallbackUrl', 'taskReservationTimeout'] as const;
const workflowSid = (description: string) => sid('WW', description);
/** The JSON form of the rules of a workflow. */
const RULES =
  'Routing rules: {"task_routing":{"filters":[{"expression":"type==\'x\'","targets":[{"queue":"WQ…"}]}],"default_filter":{"queue":"WQ…"}}}';
const workflowSettings = () => ({
  assignmentCallbackUrl: clearableUrl('Webhook called when a task is reserved for a worker').optional(),
  fallbackAssignmentCallbackUrl: clearableUrl('Webhook called if assignmentCallbackUrl fails').optional(),
  taskReservationTimeout: integer(
    'Seconds a worker has to accept a reservation; default 120 for a new workflow',
    1,
    86400,
  ).optional(),
});

export const workflows = [
  tool({
    name: WORKFLOWS,
    title: 'List workflows',
    description: 'List the workflows, which put tasks into queues. For the rules of one, use get_workflow.',
    ...reads('taskrouter_v1:ListWorkflow'),
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Only the workflow with this name', 64).optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, ...query }, context) => page(workspace(workspaceSid, context).workflows, query),
    returns: WORKFLOW,
  }),
  tool({
    name: 'twilio_taskrouter_get_workflow',
    title: 'Get workflow',
    description: 'Fetch one workflow with its routing rules.',
    ...reads('taskrouter_v1:FetchWorkflow'),
    input: () => ({ workspaceSid: workspaceSid(), workflowSid: workflowSid('Workflow to fetch') }),
    run: ({ workspaceSid, workflowSid }, context) => workspace(workspaceSid, context).workflows(workflowSid).fetch(),
    returns: [...WORKFLOW, 'configuration', 'fallbackAssignmentCallbackUrl', 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_taskrouter_create_workflow',
    title: 'Create workflow',
    description: 'Create a workflow. Its queues must exist already: list_task_queues.',
    ...grants({ checkWith: WORKFLOWS }, 'taskrouter_v1:CreateWorkflow'),
    input: () => ({
      workspaceSid: workspaceSid(),
      friendlyName: string('Unique name of the workflow', 64),
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
    description: 'Change the settings of a workflow, or replace all its routing rules.',
    ...grants({ checkWith: 'twilio_taskrouter_get_workflow' }, 'taskrouter_v1:UpdateWorkflow'),
    input: () => ({
      workspaceSid: workspaceSid(),
      workflowSid: workflowSid('Workflow to change'),
      friendlyName: string('New unique name', 64).optional(),
      configuration: jsonObject('New routing rules; they replace all old ones, so read those first').optional(),
      ...workflowSettings(),
      reEvaluateTasks: boolean('Apply the workflow again to waiting tasks; default false').optional(),
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
    description: 'Delete a workflow permanently. First end the tasks that it still routes (list_tasks).',
    ...deletes('taskrouter_v1:DeleteWorkflow'),
    input: () => ({ workspaceSid: workspaceSid(), workflowSid: workflowSid('Workflow to delete') }),
    run: ({ workspaceSid, workflowSid }, context) => workspace(workspaceSid, context).workflows(workflowSid).remove(),
  }),
];
