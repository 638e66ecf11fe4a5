import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { integer, sid, string, timeRange, words } from '../../params';
import { reads, type ToolContext, tool } from '../../tool';
import { workspace, workspaceSid } from './workspaces';

/* The events and the statistics of a workspace. */

const period = () => ({
  minutes: integer('Minutes back from now, instead of startDate and endDate; default 15', 1, 43200).optional(),
  ...timeRange({
    from: ['startDate', 'Start of the period, up to 30 days ago'],
    until: ['endDate', 'End of the period'],
  }),
});
interface Period {
  minutes?: number;
  startDate?: Date;
  endDate?: Date;
}

/** Returns the period; throws if it has both minutes and dates, as Twilio accepts only one of them. */
function checkedPeriod<P extends Period>(period: P): P {
  if (period.minutes !== undefined && (period.startDate ?? period.endDate)) {
    throw new ToolError('Pass either minutes, or startDate and endDate. Nothing was read.');
  }
  return period;
}

const taskChannel = () => string('Only this task channel, by SID (TC…) or unique name', 320).optional();
const cumulativeFilters = () => ({
  taskChannel: taskChannel(),
  splitByWaitTime: string('Wait times in seconds to split the counts at, such as 5,30', 200).optional(),
});

/** The scope of statistics: a queue, a workflow or, without either, the workspace. */
const scope = () => ({
  workspaceSid: workspaceSid(),
  taskQueueSid: sid('WQ', 'Only this queue').optional(),
  workflowSid: sid('WW', 'Only this workflow').optional(),
});
interface Scope {
  workspaceSid?: string;
  taskQueueSid?: string;
  workflowSid?: string;
}

function resolveScope({ workspaceSid, taskQueueSid, workflowSid }: Scope, context: ToolContext) {
  if (taskQueueSid && workflowSid)
    throw new ToolError('Pass one of taskQueueSid and workflowSid, or neither. Nothing was read.');
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
    title: 'List TaskRouter events',
    description: 'List the events of tasks, workers and reservations. For all data of one, use get_event.',
    ...reads('taskrouter_v1:ListEvent'),
    input: () => ({
      workspaceSid: workspaceSid(),
      eventType: string('Only events of this type, such as task.created', 128).optional(),
      taskSid: sid('WT', 'Only events of this task').optional(),
      workerSid: sid('WK', 'Only events of this worker').optional(),
      reservationSid: sid('WR', 'Only events of this reservation').optional(),
      taskQueueSid: sid('WQ', 'Only events of this queue').optional(),
      workflowSid: sid('WW', 'Only events of this workflow').optional(),
      ...period(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, ...filters }, context) =>
      page(workspace(workspaceSid, context).events, checkedPeriod(filters)),
    returns: EVENT,
  }),
  tool({
    name: 'twilio_taskrouter_get_event',
    title: 'Get TaskRouter event',
    description: 'Fetch one event with all its data, such as the attributes of the task at that time.',
    ...reads('taskrouter_v1:FetchEvent'),
    input: () => ({ workspaceSid: workspaceSid(), eventSid: sid('EV', 'Event to fetch') }),
    run: ({ workspaceSid, eventSid }, context) => workspace(workspaceSid, context).events(eventSid).fetch(),
    returns: [...EVENT, 'eventData', 'actorType', 'source'],
    untrusted: ['eventData'],
  }),
];

export const statistics = [
  tool({
    name: 'twilio_taskrouter_get_statistics',
    title: 'Get TaskRouter statistics',
    description:
      'Fetch task and worker statistics of a workspace, queue or workflow: now (realtime) and over a period (cumulative). If you need only one of them, get_real_time_statistics and get_cumulative_statistics are faster.',
    ...reads(
      'taskrouter_v1:FetchTaskQueueStatistics',
      'taskrouter_v1:FetchWorkflowStatistics',
      'taskrouter_v1:FetchWorkspaceStatistics',
    ),
    input: () => ({ ...scope(), ...period(), ...cumulativeFilters() }),
    run: ({ workspaceSid, taskQueueSid, workflowSid, ...filters }, context) => {
      const { queue, workflow, whole } = resolveScope({ workspaceSid, taskQueueSid, workflowSid }, context);
      const options = checkedPeriod(filters);
      if (queue) return queue.statistics().fetch(options);
      if (workflow) return workflow.statistics().fetch(options);
      return whole.statistics().fetch(options);
    },
    returns: ['realtime', 'cumulative'],
  }),
  tool({
    name: 'twilio_taskrouter_get_real_time_statistics',
    title: 'Get real-time TaskRouter statistics',
    description:
      'Count the waiting tasks and available workers of a workspace, queue or workflow now. For the tasks themselves, use list_tasks.',
    ...reads(
      'taskrouter_v1:FetchTaskQueueRealTimeStatistics',
      'taskrouter_v1:FetchWorkflowRealTimeStatistics',
      'taskrouter_v1:FetchWorkspaceRealTimeStatistics',
    ),
    input: () => ({ ...scope(), taskChannel: taskChannel() }),
    run: ({ taskChannel, ...scope }, context) => {
      const { queue, workflow, whole } = resolveScope(scope, context);
      if (queue) return queue.realTimeStatistics().fetch({ taskChannel });
      if (workflow) return workflow.realTimeStatistics().fetch({ taskChannel });
      return whole.realTimeStatistics().fetch({ taskChannel });
    },
    returns: words(
      'totalTasks tasksByStatus tasksByPriority longestTaskWaitingAge longestTaskWaitingSid activityStatistics totalWorkers totalEligibleWorkers totalAvailableWorkers',
    ),
  }),
  tool({
    name: 'twilio_taskrouter_get_cumulative_statistics',
    title: 'Get cumulative TaskRouter statistics',
    description: 'Count the tasks and reservations of a workspace, queue or workflow over a period, with wait times.',
    ...reads(
      'taskrouter_v1:FetchTaskQueueCumulativeStatistics',
      'taskrouter_v1:FetchWorkflowCumulativeStatistics',
      'taskrouter_v1:FetchWorkspaceCumulativeStatistics',
    ),
    input: () => ({ ...scope(), ...period(), ...cumulativeFilters() }),
    run: ({ workspaceSid, taskQueueSid, workflowSid, ...filters }, context) => {
      const { queue, workflow, whole } = resolveScope({ workspaceSid, taskQueueSid, workflowSid }, context);
      const options = checkedPeriod(filters);
      if (queue) return queue.cumulativeStatistics().fetch(options);
      if (workflow) return workflow.cumulativeStatistics().fetch(options);
      return whole.cumulativeStatistics().fetch(options);
    },
    returns: words(
      'startTime endTime tasksCreated tasksEntered tasksCompleted tasksCanceled tasksDeleted tasksMoved tasksTimedOutInWorkflow reservationsCreated reservationsAccepted reservationsRejected reservationsTimedOut reservationsCanceled reservationsRescinded avgTaskAcceptanceTime waitDurationUntilAccepted waitDurationUntilCanceled splitByWaitTime',
    ),
  }),
  tool({
    name: 'twilio_taskrouter_list_queue_statistics',
    title: 'List task queue statistics',
    description: 'List the statistics of every queue, now and over a period. For a single queue, use get_statistics.',
    ...reads('taskrouter_v1:ListTaskQueuesStatistics'),
    input: () => ({ workspaceSid: workspaceSid(), ...period(), ...paging(1000) }),
    run: ({ workspaceSid, ...filters }, context) =>
      page(workspace(workspaceSid, context).taskQueues.statistics, checkedPeriod(filters)),
    returns: ['taskQueueSid', 'realtime', 'cumulative'],
  }),
  tool({
    name: 'twilio_taskrouter_get_worker_statistics',
    title: 'Get worker statistics',
    description:
      'Fetch the time that one worker or all workers spent in each activity, and the outcomes of their reservations.',
    ...reads('taskrouter_v1:FetchWorkerStatistics', 'taskrouter_v1:FetchWorkerInstanceStatistics'),
    input: () => ({
      workspaceSid: workspaceSid(),
      workerSid: sid('WK', 'Only this worker').optional(),
      ...period(),
      taskChannel: taskChannel(),
    }),
    run: ({ workspaceSid, workerSid, ...filters }, context) => {
      const { workers } = workspace(workspaceSid, context);
      const options = checkedPeriod(filters);
      return workerSid === undefined
        ? workers.statistics().fetch(options)
        : workers(workerSid).statistics().fetch(options);
    },
    returns: ['realtime', 'cumulative'],
  }),
];
