/** TaskRouter: workspaces with their defaults, tasks that reach workers, reservations, events and statistics. */
import { snake } from '../../../openapi/names';
import { targetResource, targetResources } from '../../collection';
import { badRequest } from '../../errors';
import { listResponse } from '../../lists';
import type { StoredResource } from '../../store';
import type { OperationRule, SandboxRequest, SandboxResponse } from '../../types';
import { setDefaults } from '../defaults';
import { followCallers } from './calls';
import { changeReservation } from './reservations';
import {
  isEligible,
  matches,
  occupiedBy,
  parsedJson,
  routeTask,
  routingOf,
  setActivity,
  setReservation,
  settle,
} from './routing';
import { type Change, checkExpression, checked, inWorkspace } from './shared';
import { STATISTICS } from './statistics';
import { changeTask, checkTask, createTask, deleteTask, listTasks, updateTask } from './tasks';
import {
  addDefaults,
  addEvent,
  addWorkerChannel,
  QUEUE_DEFAULTS,
  WORKFLOW_DEFAULTS,
  WORKSPACE_DEFAULTS,
  type Workspace,
  workspaceOf,
  workspacePart,
  workspaceParts,
} from './workspace';

/** Writes the name of an activity next to its SID. */
function nameActivity(workspace: Workspace, { body }: StoredResource, ...properties: string[]): void {
  for (const property of properties) {
    const activity = workspacePart(workspace, 'Activities', body[`${property}_sid`]);
    body[`${property}_name`] = activity?.body.friendly_name ?? null;
  }
}

function checkActivity(workspace: Workspace, { fields }: SandboxRequest): void {
  const sid = fields.ActivitySid;
  if (sid && !workspacePart(workspace, 'Activities', sid)) badRequest(20001, `Activity ${String(sid)} does not exist`);
}

// ---------------------------------------------------------------- queues and workflows

function checkConfiguration(workspace: Workspace, { fields }: SandboxRequest): void {
  if (fields.Configuration === undefined) return;
  const { filters, defaultFilter } = routingOf(fields.Configuration);
  if (filters.length === 0 && !defaultFilter) {
    badRequest(20001, 'Invalid Configuration: task_routing needs filters or a default_filter');
  }
  for (const { expression } of filters) checkExpression(expression);
  for (const { queue, expression } of [...filters.flatMap(({ targets }) => targets ?? []), defaultFilter ?? {}]) {
    checkExpression(expression);
    if (queue && !workspacePart(workspace, 'TaskQueues', queue)) {
      badRequest(20001, `Invalid Configuration: TaskQueue ${queue} does not exist`);
    }
  }
}

const completeQueue: Change = (workspace, request, queue) => {
  if (request.operation.operationId === 'CreateTaskQueue') setDefaults(request, queue, QUEUE_DEFAULTS);
  nameActivity(workspace, queue, 'assignment_activity', 'reservation_activity');
};

const updateWorkflow: Change = (workspace, { fields, now }, workflow) => {
  if (String(fields.ReEvaluateTasks) !== 'true') return;
  for (const task of workspaceParts(workspace, 'Tasks')) {
    const { workflow_sid, assignment_status } = task.body;
    if (workflow_sid === workflow.id && assignment_status === 'pending') routeTask(workspace, task, now);
  }
};

// ---------------------------------------------------------------- workers

const createWorker: Change = (workspace, request, worker) => {
  const { default_activity_sid } = workspace.resource.body;
  setDefaults(request, worker, { activity_sid: default_activity_sid, attributes: '{}' });
  const activity = workspacePart(workspace, 'Activities', worker.body.activity_sid);
  Object.assign(worker.body, {
    activity_name: activity?.body.friendly_name ?? null,
    available: activity?.body.available ?? false,
    date_status_changed: new Date(request.now).toISOString(),
  });
  for (const channel of workspaceParts(workspace, 'TaskChannels'))
    addWorkerChannel(workspace, worker, channel, request.now);
  addEvent(workspace, 'worker.created', { worker }, request.now);
};

const updateWorker: Change = (workspace, { fields, now }, worker) => {
  if (fields.Attributes !== undefined) addEvent(workspace, 'worker.attributes.update', { worker }, now);
  if (fields.ActivitySid) setActivity(workspace, worker, fields.ActivitySid, now);
  if (String(fields.RejectPendingReservations) !== 'true') return;
  for (const reservation of workspaceParts(workspace, 'Reservations')) {
    const { worker_sid, reservation_status } = reservation.body;
    if (worker_sid === worker.id && reservation_status === 'pending') {
      setReservation(workspace, reservation, 'rejected', now);
    }
  }
};

function checkRemovable(workspace: Workspace, request: SandboxRequest): void {
  const worker = targetResource(request);
  if (!worker) return;
  if (worker.body.available) badRequest(20001, `Cannot delete Worker ${worker.id} while its activity is available`);
  addEvent(workspace, 'worker.deleted', { worker }, request.now);
}

/** Workers by what cannot be compared with one of their properties. */
function listWorkers(request: SandboxRequest): SandboxResponse | undefined {
  const workspace = workspaceOf(request);
  if (!workspace) return undefined;
  const { TaskQueueSid, TargetWorkersExpression, Ordering, ...query } = request.query;
  const queue = workspacePart(workspace, 'TaskQueues', TaskQueueSid);
  checkExpression(TargetWorkersExpression);
  const workers = targetResources(request).filter(
    (worker) =>
      (TaskQueueSid === undefined || (queue && isEligible(queue, worker))) &&
      (!TargetWorkersExpression || matches(TargetWorkersExpression, parsedJson(worker.body.attributes))),
  );
  const changed = ({ body }: StoredResource) => Date.parse(String(body.date_status_changed));
  if (Ordering) workers.sort((a, b) => changed(a) - changed(b));
  if (/:desc$/.test(String(Ordering))) workers.reverse();
  return listResponse({ ...request, query }, workers);
}

function listQueues(request: SandboxRequest): SandboxResponse | undefined {
  const workspace = workspaceOf(request);
  const { WorkerSid, EvaluateWorkerAttributes, ...query } = request.query;
  const worker = workspace && workspacePart(workspace, 'Workers', WorkerSid);
  const attributes = EvaluateWorkerAttributes ?? worker?.body.attributes;
  if (attributes === undefined) return undefined;
  const values = parsedJson(attributes);
  const queues = targetResources(request).filter(({ body }) => matches(body.target_workers, values));
  return listResponse({ ...request, query }, queues);
}

const countChannel = (workspace: Workspace, { target }: SandboxRequest): void => {
  for (const { body } of workspaceParts(workspace, `Workers/${target.params.WorkerSid}/Channels`)) {
    const occupied = occupiedBy(workspace, body.worker_sid, body.task_channel_sid);
    const capacity = Number(body.configured_capacity);
    const free = capacity > 0 ? Math.max(0, Math.round(((capacity - occupied) / capacity) * 100)) : 0;
    Object.assign(body, { assigned_tasks: occupied, available_capacity_percentage: free });
  }
};

// ---------------------------------------------------------------- events

const EVENT_FILTERS = ['TaskSid', 'WorkerSid', 'ReservationSid', 'TaskQueueSid', 'WorkflowSid'];

/** Events of the last minutes, newest first. */
function listTaskRouterEvents(request: SandboxRequest): SandboxResponse {
  const { Minutes, ...rest } = request.query;
  const earliest = rest.StartDate ? 0 : request.now - Number(Minutes ?? 15) * 60_000;
  const wanted = EVENT_FILTERS.filter((name) => rest[name] !== undefined);
  const events = targetResources(request).filter(
    ({ internal }) => Number(internal.at) >= earliest && wanted.every((name) => internal[snake(name)] === rest[name]),
  );
  const query = Object.fromEntries(Object.entries(rest).filter(([name]) => !EVENT_FILTERS.includes(name)));
  return listResponse({ ...request, query }, events.reverse());
}

// ---------------------------------------------------------------- rules

const RULES: Record<string, OperationRule> = {
  ...STATISTICS,
  CreateWorkspace: {
    onCreate(request, resource) {
      const { fields, state, accountSid, now } = request;
      setDefaults(request, resource, WORKSPACE_DEFAULTS);
      addDefaults({ state, resource, accountSid }, fields.Template, now);
    },
  },
  UpdateWorkspace: {
    onUpdate: inWorkspace((workspace, _, resource) =>
      nameActivity(workspace, resource, 'default_activity', 'timeout_activity'),
    ),
  },
  CreateActivity: { onCreate: (request, activity) => setDefaults(request, activity, { available: false }) },
  CreateTaskChannel: {
    onCreate: inWorkspace((workspace, request, channel) => {
      setDefaults(request, channel, { channel_optimized_routing: false });
      for (const worker of workspaceParts(workspace, 'Workers'))
        addWorkerChannel(workspace, worker, channel, request.now);
    }),
  },
  CreateTaskQueue: {
    check: ({ fields }) => checkExpression(fields.TargetWorkers),
    onCreate: inWorkspace(completeQueue),
  },
  UpdateTaskQueue: {
    check: ({ fields }) => checkExpression(fields.TargetWorkers),
    onUpdate: inWorkspace(completeQueue),
  },
  ListTaskQueue: { respond: listQueues },
  CreateWorkflow: {
    check: checked(checkConfiguration),
    onCreate: (request, workflow) => setDefaults(request, workflow, WORKFLOW_DEFAULTS),
  },
  UpdateWorkflow: { check: checked(checkConfiguration), onUpdate: inWorkspace(updateWorkflow) },
  CreateWorker: { check: checked(checkActivity), onCreate: inWorkspace(createWorker) },
  UpdateWorker: { check: checked(checkActivity), onUpdate: inWorkspace(updateWorker) },
  DeleteWorker: { check: checked(checkRemovable) },
  ListWorker: { respond: listWorkers },
  FetchWorker: {},
  ListWorkerChannel: { check: checked(countChannel) },
  FetchWorkerChannel: { check: checked(countChannel) },
  UpdateWorkerChannel: {
    onUpdate: inWorkspace((workspace, request, { body }) => {
      if (request.fields.Capacity !== undefined) body.configured_capacity = Number(request.fields.Capacity);
      countChannel(workspace, request);
    }),
  },
  CreateTask: { check: checked(checkTask), onCreate: inWorkspace(createTask) },
  UpdateTask: { check: changeTask, onUpdate: inWorkspace(updateTask) },
  DeleteTask: { check: deleteTask },
  FetchTask: {},
  ListTask: { respond: listTasks },
  ListTaskReservation: {},
  FetchTaskReservation: {},
  UpdateTaskReservation: { respond: changeReservation },
  ListWorkerReservation: {},
  FetchWorkerReservation: {},
  UpdateWorkerReservation: { respond: changeReservation },
  ListEvent: { respond: listTaskRouterEvents },
  FetchEvent: {},
};

/** A rule that first brings the workspace up to date. */
function upToDate(rule: OperationRule): OperationRule {
  return {
    ...rule,
    check(request) {
      const workspace = workspaceOf(request);
      if (workspace) followCallers(workspace, request.now);
      if (workspace) settle(workspace, request.now);
      rule.check?.(request);
    },
  };
}

export const TASKROUTER_RULES: Record<string, OperationRule> = Object.fromEntries(
  Object.entries(RULES).map(([id, rule]) => [`taskrouter_v1:${id}`, upToDate(rule)]),
);
