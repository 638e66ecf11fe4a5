import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { dateTime, integer, sid, string } from '../../params';
import { type ToolContext, tool } from '../../tool';
import { workspace, workspaceSid } from './workspaces';

/* What happened in a workspace: its events one by one, and its figures. */

const period = () => ({
  minutes: integer('Back from now, default 15; or dates', 1, 43200).optional(),
  startDate: dateTime('From, up to 30 days ago').optional(),
  endDate: dateTime('Until').optional(),
});
interface Period {
  minutes?: number;
  startDate?: Date;
  endDate?: Date;
}

/** Twilio takes either the minutes or the dates. */
function within<P extends Period>(period: P): P {
  if (period.minutes !== undefined && (period.startDate ?? period.endDate)) {
    throw new ToolError('Give either minutes, or startDate and endDate.');
  }
  return period;
}

const taskChannel = () => string('Only this channel, SID or unique name', 320).optional();
const counting = () => ({
  taskChannel: taskChannel(),
  splitByWaitTime: string('Seconds of waiting to count by, such as 5,30', 200).optional(),
});

/** What figures are about: a queue, a workflow or, without either, the workspace. */
const part = () => ({
  workspaceSid: workspaceSid(),
  taskQueueSid: sid('WQ', 'Only this queue').optional(),
  workflowSid: sid('WW', 'Only this workflow').optional(),
});
interface Part {
  workspaceSid?: string;
  taskQueueSid?: string;
  workflowSid?: string;
}

function partOf({ workspaceSid, taskQueueSid, workflowSid }: Part, context: ToolContext) {
  if (taskQueueSid && workflowSid) throw new ToolError('Give one of taskQueueSid and workflowSid, or neither.');
  const whole = workspace(workspaceSid, context);
  return {
    queue: taskQueueSid === undefined ? undefined : whole.taskQueues(taskQueueSid),
    workflow: workflowSid === undefined ? undefined : whole.workflows(workflowSid),
    whole,
  };
}

const EVENT = ['sid', 'eventType', 'eventDate', 'description', 'resourceType', 'resourceSid', 'actorSid'] as const;

export const events = [
  tool({
    name: 'twilio_taskrouter_list_events',
    title: 'List events',
    description: 'List what happened to tasks, workers and reservations. For details of one use get_event.',
    effect: 'read',
    operations: ['taskrouter_v1:ListEvent'],
    input: () => ({
      workspaceSid: workspaceSid(),
      eventType: string('Only of this type, such as task.created', 128).optional(),
      taskSid: sid('WT', 'Only of this task').optional(),
      workerSid: sid('WK', 'Only of this worker').optional(),
      reservationSid: sid('WR', 'Only of this reservation').optional(),
      taskQueueSid: sid('WQ', 'Only of this queue').optional(),
      workflowSid: sid('WW', 'Only of this workflow').optional(),
      ...period(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, limit, pageToken, ...filters }, context) =>
      page(workspace(workspaceSid, context).events, within(filters), { limit, pageToken }),
    returns: EVENT,
  }),
  tool({
    name: 'twilio_taskrouter_get_event',
    title: 'Get event',
    description: 'Fetch one event with all its data, such as the attributes of the task at that time.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchEvent'],
    input: () => ({ workspaceSid: workspaceSid(), eventSid: sid('EV', 'Event') }),
    run: ({ workspaceSid, eventSid }, context) => workspace(workspaceSid, context).events(eventSid).fetch(),
    returns: [...EVENT, 'eventData', 'actorType', 'source'],
    untrusted: ['eventData'],
  }),
];

export const statistics = [
  tool({
    name: 'twilio_taskrouter_get_statistics',
    title: 'Get statistics',
    description:
      'Count tasks and workers of a workspace, queue or workflow: now (realtime) and over a time (cumulative). Faster, one half: get_real_time_statistics, get_cumulative_statistics.',
    effect: 'read',
    operations: [
      'taskrouter_v1:FetchTaskQueueStatistics',
      'taskrouter_v1:FetchWorkflowStatistics',
      'taskrouter_v1:FetchWorkspaceStatistics',
    ],
    input: () => ({ ...part(), ...period(), ...counting() }),
    run: ({ workspaceSid, taskQueueSid, workflowSid, ...filters }, context) => {
      const { queue, workflow, whole } = partOf({ workspaceSid, taskQueueSid, workflowSid }, context);
      const wanted = within(filters);
      if (queue) return queue.statistics().fetch(wanted);
      if (workflow) return workflow.statistics().fetch(wanted);
      return whole.statistics().fetch(wanted);
    },
    returns: ['realtime', 'cumulative'],
  }),
  tool({
    name: 'twilio_taskrouter_get_real_time_statistics',
    title: 'Get real-time statistics',
    description: 'Count what waits and who is there now, of a workspace, queue or workflow. Tasks at all: list_tasks.',
    effect: 'read',
    operations: [
      'taskrouter_v1:FetchTaskQueueRealTimeStatistics',
      'taskrouter_v1:FetchWorkflowRealTimeStatistics',
      'taskrouter_v1:FetchWorkspaceRealTimeStatistics',
    ],
    input: () => ({ ...part(), taskChannel: taskChannel() }),
    run: ({ taskChannel, ...of }, context) => {
      const { queue, workflow, whole } = partOf(of, context);
      if (queue) return queue.realTimeStatistics().fetch({ taskChannel });
      if (workflow) return workflow.realTimeStatistics().fetch({ taskChannel });
      return whole.realTimeStatistics().fetch({ taskChannel });
    },
    returns: [
      'totalTasks',
      'tasksByStatus',
      'tasksByPriority',
      'longestTaskWaitingAge',
      'longestTaskWaitingSid',
      'activityStatistics',
      'totalWorkers',
      'totalEligibleWorkers',
      'totalAvailableWorkers',
    ],
  }),
  tool({
    name: 'twilio_taskrouter_get_cumulative_statistics',
    title: 'Get cumulative statistics',
    description:
      'Count tasks and reservations over a time, and how long they waited, of a workspace, queue or workflow.',
    effect: 'read',
    operations: [
      'taskrouter_v1:FetchTaskQueueCumulativeStatistics',
      'taskrouter_v1:FetchWorkflowCumulativeStatistics',
      'taskrouter_v1:FetchWorkspaceCumulativeStatistics',
    ],
    input: () => ({ ...part(), ...period(), ...counting() }),
    run: ({ workspaceSid, taskQueueSid, workflowSid, ...filters }, context) => {
      const { queue, workflow, whole } = partOf({ workspaceSid, taskQueueSid, workflowSid }, context);
      const wanted = within(filters);
      if (queue) return queue.cumulativeStatistics().fetch(wanted);
      if (workflow) return workflow.cumulativeStatistics().fetch(wanted);
      return whole.cumulativeStatistics().fetch(wanted);
    },
    returns: [
      'startTime',
      'endTime',
      'tasksCreated',
      'tasksEntered',
      'tasksCompleted',
      'tasksCanceled',
      'tasksDeleted',
      'tasksMoved',
      'tasksTimedOutInWorkflow',
      'reservationsCreated',
      'reservationsAccepted',
      'reservationsRejected',
      'reservationsTimedOut',
      'reservationsCanceled',
      'reservationsRescinded',
      'avgTaskAcceptanceTime',
      'waitDurationUntilAccepted',
      'waitDurationUntilCanceled',
      'splitByWaitTime',
    ],
  }),
  tool({
    name: 'twilio_taskrouter_list_queue_statistics',
    title: 'List statistics of queues',
    description: 'Compare the queues: figures of each, now and over a time. For one of them use get_statistics.',
    effect: 'read',
    operations: ['taskrouter_v1:ListTaskQueuesStatistics'],
    input: () => ({
      workspaceSid: workspaceSid(),
      ...period(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, limit, pageToken, ...filters }, context) =>
      page(workspace(workspaceSid, context).taskQueues.statistics, within(filters), { limit, pageToken }),
    returns: ['taskQueueSid', 'realtime', 'cumulative'],
  }),
  tool({
    name: 'twilio_taskrouter_get_worker_statistics',
    title: 'Get statistics of workers',
    description: 'Sum up how long workers were in each activity and what they did with reservations: one, or all.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchWorkerStatistics', 'taskrouter_v1:FetchWorkerInstanceStatistics'],
    input: () => ({
      workspaceSid: workspaceSid(),
      workerSid: sid('WK', 'Only this worker').optional(),
      ...period(),
      taskChannel: taskChannel(),
    }),
    run: ({ workspaceSid, workerSid, ...filters }, context) => {
      const { workers } = workspace(workspaceSid, context);
      const wanted = within(filters);
      return workerSid === undefined
        ? workers.statistics().fetch(wanted)
        : workers(workerSid).statistics().fetch(wanted);
    },
    returns: ['realtime', 'cumulative'],
  }),
];
