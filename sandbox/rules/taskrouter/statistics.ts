/** TaskRouter's statistics: counts of what is there now, and of the events of a period. */
import { isoSeconds } from '../../dates';
import type { Properties } from '../../json';
import { pageResponse } from '../../lists';
import type { StoredResource } from '../../store';
import type { OperationRule, SandboxRequest } from '../../types';
import { isEligible, WORKFLOW_TIMEOUT } from './routing';
import { type Workspace, workspaceOf, workspacePart, workspaceParts } from './workspace';

/** Default period of cumulative statistics. */
const DEFAULT_MINUTES = 15;

/** Properties of tasks and events that limit statistics to a queue, a workflow or a worker. */
type Scope = Record<string, unknown>;

const inScope = (values: Properties, scope: Scope): boolean =>
  Object.entries(scope).every(([name, value]) => value === undefined || values[name] === value);

// ---------------------------------------------------------------- now

/** How many of the workers are in each activity. */
function activityStatistics(workspace: Workspace, workers: StoredResource[]) {
  return workspaceParts(workspace, 'Activities').map(({ id, body }) => ({
    sid: id,
    friendly_name: body.friendly_name,
    workers: workers.filter((worker) => worker.body.activity_sid === id).length,
  }));
}

const OPEN_TASKS = ['pending', 'reserved', 'assigned', 'wrapping'];

function taskCounts(workspace: Workspace, scope: Scope, channel: unknown): Properties {
  const open = workspaceParts(workspace, 'Tasks').filter(
    ({ body }) =>
      OPEN_TASKS.includes(String(body.assignment_status)) && inScope(body, scope) && onChannel(body, channel),
  );
  const count = (property: string, value: unknown) => open.filter(({ body }) => body[property] === value).length;
  const waiting = open.filter(({ body }) => ['pending', 'reserved'].includes(String(body.assignment_status)));
  const longest = waiting.sort((a, b) => a.createdAt - b.createdAt)[0];
  const priorities = [...new Set(open.map(({ body }) => body.priority))];
  return {
    total_tasks: open.length,
    tasks_by_status: Object.fromEntries(OPEN_TASKS.map((status) => [status, count('assignment_status', status)])),
    tasks_by_priority: Object.fromEntries(
      priorities.map((priority) => [String(priority), count('priority', priority)]),
    ),
    longest_task_waiting_age: longest ? longest.body.age : 0,
    longest_task_waiting_sid: longest?.id ?? null,
  };
}

function onChannel(body: Properties, channel: unknown): boolean {
  return channel === undefined || body.task_channel_unique_name === channel || body.task_channel_sid === channel;
}

function queueNow(workspace: Workspace, queue: StoredResource | undefined, channel: unknown): Properties {
  const eligible = workspaceParts(workspace, 'Workers').filter((worker) => queue && isEligible(queue, worker));
  const counts = taskCounts(workspace, { task_queue_sid: queue?.id ?? '' }, channel);
  return {
    ...counts,
    longest_relative_task_age_in_queue: counts.longest_task_waiting_age,
    longest_relative_task_sid_in_queue: counts.longest_task_waiting_sid,
    activity_statistics: activityStatistics(workspace, eligible),
    total_eligible_workers: eligible.length,
    total_available_workers: eligible.filter(({ body }) => body.available).length,
  };
}

function workersNow(workspace: Workspace, workers = workspaceParts(workspace, 'Workers')): Properties {
  return { activity_statistics: activityStatistics(workspace, workers), total_workers: workers.length };
}

// ---------------------------------------------------------------- over a period

interface Period {
  from: number;
  to: number;
}

/** The period that a request asks for, in milliseconds since 1970. */
function periodOf({ query, now }: SandboxRequest): Period {
  const { Minutes, StartDate, EndDate } = query as Record<string, string | undefined>;
  const to = EndDate ? Date.parse(EndDate) : now;
  if (StartDate) return { from: Date.parse(StartDate), to };
  return { from: to - Number(Minutes ?? DEFAULT_MINUTES) * 60_000, to };
}

function eventsIn(workspace: Workspace, { from, to }: Period, scope: Scope): StoredResource[] {
  return workspaceParts(workspace, 'Events').filter(
    ({ internal }) => Number(internal.at) >= from && Number(internal.at) <= to && inScope(internal, scope),
  );
}

/** Average, minimum, maximum and sum of durations in seconds. */
function durations(seconds: number[]) {
  const total = seconds.reduce((sum, each) => sum + each, 0);
  const avg = seconds.length > 0 ? Math.round(total / seconds.length) : 0;
  return {
    avg,
    min: Math.min(...seconds, Number.MAX_SAFE_INTEGER) % Number.MAX_SAFE_INTEGER,
    max: Math.max(0, ...seconds),
    total,
  };
}

const COUNTED = {
  reservations_created: 'reservation.created',
  reservations_accepted: 'reservation.accepted',
  reservations_rejected: 'reservation.rejected',
  reservations_timed_out: 'reservation.timeout',
  reservations_canceled: 'reservation.canceled',
  reservations_rescinded: 'reservation.rescinded',
};
const COUNTED_TASKS = {
  tasks_created: 'task.created',
  tasks_entered: 'task-queue.entered',
  tasks_moved: 'task-queue.moved',
  tasks_completed: 'task.completed',
  tasks_canceled: 'task.canceled',
  tasks_deleted: 'task.deleted',
};

/** What statistics of a queue, a workflow or a workspace lack. */
const NOT_COUNTED = {
  queue: ['tasks_created', 'tasks_timed_out_in_workflow'],
  workflow: ['tasks_created', 'wait_duration_in_queue_until_accepted'],
  workspace: ['tasks_entered', 'wait_duration_in_queue_until_accepted'],
};

function countEvents(events: StoredResource[], counted: Record<string, string>): Properties {
  const count = (type: string) => events.filter(({ body }) => body.event_type === type).length;
  return Object.fromEntries(Object.entries(counted).map(([name, type]) => [name, count(type)]));
}

function tasksOver(workspace: Workspace, request: SandboxRequest, scope: Scope): Properties {
  const period = periodOf(request);
  const { TaskChannel, SplitByWaitTime } = request.query;
  const channel = workspacePart(workspace, 'TaskChannels', TaskChannel)?.body.unique_name;
  const events = eventsIn(workspace, period, { ...scope, channel });
  const waits = (type: string) =>
    events.filter(({ body }) => body.event_type === type).map(({ internal }) => Number(internal.waited));
  const accepted = waits('reservation.accepted');
  const canceled = waits('task.canceled');
  const split = (matches: (waited: number) => boolean) => ({
    tasks_canceled: canceled.filter(matches).length,
    reservations_accepted: accepted.filter(matches).length,
  });
  const thresholds = String(SplitByWaitTime ?? '')
    .split(',')
    .filter(Boolean);
  const timedOut = events.filter(({ internal }) => internal.reason === WORKFLOW_TIMEOUT);
  const all: Properties = {
    start_time: isoSeconds(new Date(period.from)),
    end_time: isoSeconds(new Date(period.to)),
    ...countEvents(events, { ...COUNTED, ...COUNTED_TASKS }),
    tasks_timed_out_in_workflow: timedOut.length,
    avg_task_acceptance_time: durations(accepted).avg,
    wait_duration_until_accepted: durations(accepted),
    wait_duration_until_canceled: durations(canceled),
    wait_duration_in_queue_until_accepted: durations(accepted),
    split_by_wait_time: Object.fromEntries(
      thresholds.map((each) => [
        each.trim(),
        { above: split((waited) => waited > Number(each)), below: split((waited) => waited <= Number(each)) },
      ]),
    ),
  };
  const about = scope.task_queue_sid ? 'queue' : scope.workflow_sid ? 'workflow' : 'workspace';
  return Object.fromEntries(Object.entries(all).filter(([name]) => !NOT_COUNTED[about].includes(name)));
}

/** The times that workers spent in each activity, in whole seconds. */
function activityDurations(workspace: Workspace, { from, to }: Period, workers: StoredResource[]) {
  const spans: { activity: unknown; seconds: number }[] = [];
  for (const worker of workers) {
    const moves = workspaceParts(workspace, 'Events')
      .filter(
        ({ body, internal }) =>
          internal.worker_sid === worker.id && /^worker\.(created|activity)/.test(String(body.event_type)),
      )
      .map(({ body, internal }) => ({
        at: Number(internal.at),
        activity: (body.event_data as Properties).worker_activity_sid,
      }));
    for (const [i, { at, activity }] of moves.entries()) {
      const start = Math.max(at, from);
      const end = Math.min(moves[i + 1]?.at ?? to, to);
      if (end > start) spans.push({ activity, seconds: Math.round((end - start) / 1000) });
    }
  }
  return workspaceParts(workspace, 'Activities').map(({ id, body }) => ({
    sid: id,
    friendly_name: body.friendly_name,
    ...durations(spans.filter(({ activity }) => activity === id).map(({ seconds }) => seconds)),
  }));
}

function workersOver(workspace: Workspace, request: SandboxRequest, workers: StoredResource[]): Properties {
  const period = periodOf(request);
  const { length, 0: only } = workers;
  const scope = request.target.params.WorkerSid && length === 1 ? { worker_sid: only!.id } : {};
  return {
    start_time: isoSeconds(new Date(period.from)),
    end_time: isoSeconds(new Date(period.to)),
    ...countEvents(eventsIn(workspace, period, scope), COUNTED),
    activity_durations: activityDurations(workspace, period, workers),
  };
}

// ---------------------------------------------------------------- responses

type Figures = (workspace: Workspace, request: SandboxRequest) => Properties;

/** Only the properties that the operation describes. */
function described(request: SandboxRequest, figures: Properties): Properties {
  const schema = request.document.resolve(request.operation.success.schema);
  return Object.fromEntries(Object.keys(schema?.properties ?? {}).map((name) => [name, figures[name] ?? null]));
}

/** Answers with figures, and with the SIDs of what they are about. */
function figures(compute: Figures): OperationRule {
  return {
    respond(request) {
      const workspace = workspaceOf(request);
      if (!workspace) return undefined;
      const { TaskQueueSid, WorkflowSid, WorkerSid } = request.target.params;
      const about = { task_queue_sid: TaskQueueSid, workflow_sid: WorkflowSid, worker_sid: WorkerSid };
      const url = `https://taskrouter.twilio.com${request.target.path}`;
      const ids = { account_sid: request.accountSid, workspace_sid: workspace.resource.id, url, ...about };
      return { status: 200, body: described(request, { ...ids, ...compute(workspace, request) }) };
    },
  };
}

const queueOf = (workspace: Workspace, { target }: SandboxRequest) =>
  workspacePart(workspace, 'TaskQueues', target.params.TaskQueueSid);
const workflowScope = ({ target }: SandboxRequest): Scope => ({ workflow_sid: target.params.WorkflowSid });
const queueScope = ({ target }: SandboxRequest): Scope => ({ task_queue_sid: target.params.TaskQueueSid });
const workersAsked = (workspace: Workspace, { target }: SandboxRequest) =>
  workspaceParts(workspace, 'Workers').filter(({ id }) => id === (target.params.WorkerSid ?? id));

const workspaceNow: Figures = (workspace, { query }) => ({
  ...taskCounts(workspace, {}, query.TaskChannel),
  ...workersNow(workspace),
});
const workflowNow: Figures = (workspace, request) =>
  taskCounts(workspace, workflowScope(request), request.query.TaskChannel);
const queueNowOf: Figures = (workspace, request) =>
  queueNow(workspace, queueOf(workspace, request), request.query.TaskChannel);
const workersOverOf: Figures = (workspace, request) =>
  workersOver(workspace, request, workersAsked(workspace, request));
const over =
  (scope: (request: SandboxRequest) => Scope): Figures =>
  (workspace, request) =>
    tasksOver(workspace, request, scope(request));
const both = (realtime: Figures, cumulative: Figures): OperationRule =>
  figures((workspace, request) => ({
    realtime: realtime(workspace, request),
    cumulative: cumulative(workspace, request),
  }));

/** By `operationId`. */
export const STATISTICS: Record<string, OperationRule> = {
  FetchWorkspaceStatistics: both(
    workspaceNow,
    over(() => ({})),
  ),
  FetchWorkspaceRealTimeStatistics: figures(workspaceNow),
  FetchWorkspaceCumulativeStatistics: figures(over(() => ({}))),
  FetchWorkflowStatistics: both(workflowNow, over(workflowScope)),
  FetchWorkflowRealTimeStatistics: figures(workflowNow),
  FetchWorkflowCumulativeStatistics: figures(over(workflowScope)),
  FetchTaskQueueStatistics: both(queueNowOf, over(queueScope)),
  FetchTaskQueueRealTimeStatistics: figures(queueNowOf),
  FetchTaskQueueCumulativeStatistics: figures(over(queueScope)),
  FetchWorkerStatistics: both((workspace) => workersNow(workspace), workersOverOf),
  FetchWorkersRealTimeStatistics: figures((workspace) => workersNow(workspace)),
  FetchWorkersCumulativeStatistics: figures(workersOverOf),
  FetchWorkerInstanceStatistics: figures((workspace, request) => ({ cumulative: workersOverOf(workspace, request) })),
  ListTaskQueuesStatistics: {
    respond(request) {
      const workspace = workspaceOf(request);
      if (!workspace) return undefined;
      const queues = workspaceParts(workspace, 'TaskQueues').filter(
        ({ body }) => body.friendly_name === (request.query.FriendlyName ?? body.friendly_name),
      );
      return pageResponse(request, queues, (queue) => ({
        account_sid: request.accountSid,
        workspace_sid: workspace.resource.id,
        task_queue_sid: queue.id,
        realtime: queueNow(workspace, queue, request.query.TaskChannel),
        cumulative: tasksOver(workspace, request, { task_queue_sid: queue.id }),
      }));
    },
  },
};
