/** Tasks and their reservations. */
import { targetResource, targetResources } from '../../collection';
import { badRequest } from '../../errors';
import { listResponse } from '../../lists';
import type { StoredResource } from '../../store';
import type { SandboxRequest, SandboxResponse } from '../../types';
import { setDefaults } from '../defaults';
import { endTask, matches, parsedJson, reservationsOf, routeTask, setReservation } from './routing';
import { type Change, checkExpression } from './shared';
import { addEvent, updatePart, type Workspace, workspaceOf, workspacePart, workspaceParts } from './workspace';

/** @throws ApiError if the task cannot be routed. */
export function checkTask(workspace: Workspace, { fields }: SandboxRequest): void {
  const workflows = workspaceParts(workspace, 'Workflows');
  const { WorkflowSid, TaskChannel, RoutingTarget, TaskQueueSid } = fields;
  if (WorkflowSid && !workspacePart(workspace, 'Workflows', WorkflowSid)) {
    badRequest(20001, `Workflow ${String(WorkflowSid)} does not exist`);
  }
  if (TaskChannel && !workspacePart(workspace, 'TaskChannels', TaskChannel)) {
    badRequest(20001, `TaskChannel ${String(TaskChannel)} does not exist`);
  }
  if (!WorkflowSid && !RoutingTarget && !TaskQueueSid && workflows.length !== 1) {
    badRequest(20001, `WorkflowSid is required: the Workspace has ${workflows.length} Workflows`);
  }
}

/** Completes a new task and puts it into a queue. */
export const createTask: Change = (workspace, request, task) => {
  const { WorkflowSid, RoutingTarget, TaskQueueSid, TaskChannel } = request.fields;
  const workflows = workspaceParts(workspace, 'Workflows');
  const chosen = workspacePart(workspace, 'Workflows', WorkflowSid ?? RoutingTarget);
  const workflow = chosen ?? (!RoutingTarget && !TaskQueueSid && workflows.length === 1 ? workflows[0] : undefined);
  setDefaults(request, task, {
    ...{
      attributes: '{}',
      priority: 0,
      timeout: 86_400,
      routing_target: null,
      ignore_capacity: Boolean(RoutingTarget),
    },
    virtual_start_time: new Date(request.now).toISOString(),
  });
  task.internal.queue = TaskQueueSid;
  const channel = workspacePart(workspace, 'TaskChannels', TaskChannel ?? 'default');
  startTask(workspace, task, { workflow, channel }, request.now);
};

/** Puts a new task, which has its attributes, into a queue. */
export function startTask(
  workspace: Workspace,
  task: StoredResource,
  { workflow, channel }: Partial<Record<'workflow' | 'channel', StoredResource>>,
  at: number,
): void {
  Object.assign(task.body, {
    ...{ age: 0, assignment_status: 'pending', addons: '{}', reason: null },
    ...{ workflow_sid: workflow?.id ?? null, workflow_friendly_name: workflow?.body.friendly_name ?? null },
    ...{ task_channel_sid: channel?.id ?? null, task_channel_unique_name: channel?.body.unique_name ?? null },
    ...{ task_queue_sid: null, task_queue_friendly_name: null, task_queue_entered_date: null },
  });
  addEvent(workspace, 'task.created', { task }, at);
  routeTask(workspace, task, at);
}

/** The statuses that a task can have before it gets a new one, and what Twilio calls the change. */
const TASK_CHANGES: Record<string, { from: string[]; verb: string; wanted: string }> = {
  canceled: { from: ['pending', 'reserved'], verb: 'cancel', wanted: 'pending or reserved' },
  wrapping: { from: ['assigned'], verb: 'wrap up', wanted: 'assigned' },
  completed: { from: ['assigned', 'wrapping'], verb: 'complete', wanted: 'assigned' },
};

/** Changes the status of a task; the generic update sets the rest. */
export function changeTask(request: SandboxRequest): void {
  const { AssignmentStatus, Reason } = request.fields as Record<string, string | undefined>;
  const workspace = workspaceOf(request);
  const task = targetResource(request);
  const change = TASK_CHANGES[AssignmentStatus ?? ''];
  if (!workspace || !task || !change) return;
  if (!change.from.includes(String(task.body.assignment_status))) {
    const place = `in workspace ${workspace.resource.id} for account ${workspace.accountSid}`;
    const reason = `it is not currently ${change.wanted}`;
    badRequest(20001, `Cannot ${change.verb} task ${task.id} ${place} because ${reason}.`);
  }
  endTask(workspace, task, AssignmentStatus!, request.now, Reason);
}

/** What an update changes beyond the properties that it sets. */
export const updateTask: Change = (workspace, { fields, now }, task) => {
  const channel = workspacePart(workspace, 'TaskChannels', fields.TaskChannel);
  if (channel) {
    const { unique_name } = channel.body;
    updatePart(task, { task_channel_sid: channel.id, task_channel_unique_name: unique_name }, now);
  }
  if (fields.Attributes !== undefined || fields.Priority !== undefined) {
    addEvent(workspace, 'task.updated', { task }, now);
  }
};

/** Takes back the offers of a task that is deleted. */
export function deleteTask(request: SandboxRequest): void {
  const workspace = workspaceOf(request);
  const task = targetResource(request);
  if (!workspace || !task) return;
  addEvent(workspace, 'task.deleted', { task }, request.now);
  for (const reservation of reservationsOf(workspace, task)) {
    if (reservation.body.reservation_status === 'pending') {
      setReservation(workspace, reservation, 'canceled', request.now);
    }
  }
}

/** Tasks in an order, and by expressions and lists of statuses, which cannot be compared with one property. */
export function listTasks(request: SandboxRequest): SandboxResponse | undefined {
  const { EvaluateTaskAttributes, Ordering, ...query } = request.query;
  checkExpression(EvaluateTaskAttributes);
  const tasks = targetResources(request).filter(
    ({ body }) => !EvaluateTaskAttributes || matches(EvaluateTaskAttributes, parsedJson(body.attributes)),
  );
  const byPriority = /^Priority/.test(String(Ordering));
  if (byPriority) tasks.sort((a, b) => Number(a.body.priority) - Number(b.body.priority));
  if (/:desc$/.test(String(Ordering))) tasks.reverse();
  const { AssignmentStatus } = query;
  const statuses = typeof AssignmentStatus === 'string' ? AssignmentStatus.split(',') : AssignmentStatus;
  return listResponse(
    { ...request, query: { ...query, ...(statuses !== undefined && { AssignmentStatus: statuses }) } },
    tasks,
  );
}
