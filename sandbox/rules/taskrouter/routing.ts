/** How tasks move: through the filters of their workflow into a queue, and from there to a worker. */
import { isJsonObject, jsonValue, type Properties } from '../../json';
import type { StoredResource } from '../../store';
import { matchesExpression } from './expressions';
import {
  addEvent,
  addReservation,
  removePart,
  updatePart,
  type Workspace,
  workspacePart,
  workspaceParts,
} from './workspace';

/** Completed and canceled tasks are deleted after this time. */
const RETENTION_MS = 5 * 60_000;

/** The reason of a task that passed all steps of its workflow. */
export const WORKFLOW_TIMEOUT = 'Task canceled on Workflow timeout';

/** One step of a filter of a workflow: https://www.twilio.com/docs/taskrouter/workflow-configuration */
interface RoutingTarget {
  queue?: string;
  /** Which of the queue's workers; keys start with `task.` or `worker.` */
  expression?: string;
  skip_if?: string;
  priority?: number | string;
  /** Seconds until the next step; without it the task stays. */
  timeout?: number | string;
}

interface RoutingFilter {
  expression?: string;
  targets?: RoutingTarget[];
}

/** The filters of a workflow's configuration. */
export function routingOf(text: unknown): { filters: RoutingFilter[]; defaultFilter?: RoutingTarget } {
  const configuration = parsedJson(text);
  const routing = isJsonObject(configuration.task_routing) ? configuration.task_routing : {};
  const filters = Array.isArray(routing.filters) ? (routing.filters as RoutingFilter[]) : [];
  return { filters, defaultFilter: routing.default_filter as RoutingTarget | undefined };
}

/** The object that JSON text holds; an empty one for any other text. */
export function parsedJson(text: unknown): Properties {
  const value = jsonValue(text);
  return isJsonObject(value) ? value : {};
}

/** False for an expression that cannot be read. */
export function matches(expression: unknown, values: Properties): boolean {
  try {
    return matchesExpression(String(expression), values);
  } catch {
    return false;
  }
}

/** Whether the attributes of a worker fit the expression of a queue. */
export const isEligible = (queue: StoredResource, worker: StoredResource): boolean =>
  matches(queue.body.target_workers, parsedJson(worker.body.attributes));

const secondsBetween = (from: number, to: number): number => Math.max(0, Math.floor((to - from) / 1000));

// ---------------------------------------------------------------- into a queue

/** Puts a new task into a queue, or starts its workflow again. */
export function routeTask(workspace: Workspace, task: StoredResource, at: number): void {
  const { routing_target } = task.body;
  const directQueue = workspacePart(workspace, 'TaskQueues', routing_target ?? task.internal.queue);
  const workflow = workspacePart(workspace, 'Workflows', task.body.workflow_sid);
  if (directQueue) enterQueue(workspace, task, { queue: directQueue.id }, at);
  if (directQueue || workspacePart(workspace, 'Workers', routing_target) || !workflow) return;
  const { filters, defaultFilter } = routingOf(workflow.body.configuration);
  const attributes = parsedJson(task.body.attributes);
  const filter = filters.find(({ expression }) => matches(expression ?? '1==1', attributes));
  const steps = [...(filter?.targets ?? []), ...(defaultFilter ? [defaultFilter] : [])];
  Object.assign(task.internal, { steps });
  nextRoutingStep(workspace, task, at);
}

/** Moves a task to the next step of its filter; without one the task is canceled. */
function nextRoutingStep(workspace: Workspace, task: StoredResource, at: number): void {
  const steps = task.internal.steps as RoutingTarget[];
  let step = steps.shift();
  while (step?.skip_if && matches(step.skip_if, stepValues(workspace, task, step))) step = steps.shift();
  if (step) enterQueue(workspace, task, step, at);
  else endTask(workspace, task, 'canceled', at, WORKFLOW_TIMEOUT);
}

function stepValues(workspace: Workspace, task: StoredResource, { queue }: RoutingTarget): Properties {
  const found = workspacePart(workspace, 'TaskQueues', queue);
  const available = workspaceParts(workspace, 'Workers').filter(
    (worker) => found && isEligible(found, worker) && worker.body.available,
  );
  return { task: parsedJson(task.body.attributes), workers: { available: available.length } };
}

function enterQueue(workspace: Workspace, task: StoredResource, step: RoutingTarget, at: number): void {
  const queue = workspacePart(workspace, 'TaskQueues', step.queue);
  const moved = Boolean(task.body.task_queue_sid);
  if (step.priority !== undefined) task.body.priority = Number(step.priority);
  Object.assign(task.body, {
    task_queue_sid: queue?.id ?? null,
    task_queue_friendly_name: queue?.body.friendly_name ?? null,
    task_queue_entered_date: new Date(at).toISOString(),
  });
  Object.assign(task.internal, { step, enteredAt: at });
  addEvent(workspace, moved ? 'task-queue.moved' : 'task-queue.entered', { task }, at);
}

// ---------------------------------------------------------------- to a worker

const isOpen = ({ body }: StoredResource): boolean => body.reservation_status === 'pending';
const OCCUPYING = ['pending', 'accepted', 'wrapping'];

/** The reservations of a task, oldest first. */
export const reservationsOf = (workspace: Workspace, task: StoredResource): StoredResource[] =>
  workspaceParts(workspace, 'Reservations').filter(({ body }) => body.task_sid === task.id);

/** The tasks that occupy a worker on a task channel. */
export function occupiedBy(workspace: Workspace, workerSid: unknown, channelSid: unknown): number {
  return workspaceParts(workspace, 'Reservations').filter(
    ({ body }) =>
      body.worker_sid === workerSid &&
      OCCUPYING.includes(String(body.reservation_status)) &&
      workspacePart(workspace, 'Tasks', body.task_sid)?.body.task_channel_sid === channelSid,
  ).length;
}

function hasCapacity(workspace: Workspace, worker: StoredResource, channelSid: unknown): boolean {
  const channels = workspaceParts(workspace, `Workers/${worker.id}/Channels`);
  const channel = channels.find(({ body }) => body.task_channel_sid === channelSid);
  const capacity = Number(channel?.body.configured_capacity ?? 1);
  return channel?.body.available !== false && occupiedBy(workspace, worker.id, channelSid) < capacity;
}

/** The workers that a task can be offered to: those who rejected it least, and of them the longest idle, first. */
function candidates(workspace: Workspace, task: StoredResource): StoredResource[] {
  const workers = workspaceParts(workspace, 'Workers');
  const direct = workspacePart(workspace, 'Workers', task.body.routing_target);
  if (direct && task.body.ignore_capacity) return [direct];
  const queue = workspacePart(workspace, 'TaskQueues', task.body.task_queue_sid);
  const { expression } = (task.internal.step ?? {}) as RoutingTarget;
  const attributes = parsedJson(task.body.attributes);
  const offers = reservationsOf(workspace, task);
  const refusals = (worker: StoredResource) => offers.filter(({ body }) => body.worker_sid === worker.id).length;
  const idleSince = (worker: StoredResource) => Date.parse(String(worker.body.date_status_changed));
  return (direct ? [direct] : workers)
    .filter((worker) => {
      const worked = { task: attributes, worker: parsedJson(worker.body.attributes) };
      const wanted = direct || (queue && isEligible(queue, worker) && (!expression || matches(expression, worked)));
      return wanted && worker.body.available && hasCapacity(workspace, worker, task.body.task_channel_sid);
    })
    .filter((worker) => !offers.some((offer) => isOpen(offer) && offer.body.worker_sid === worker.id))
    .sort((a, b) => refusals(a) - refusals(b) || idleSince(a) - idleSince(b));
}

/** Offers waiting tasks to available workers: by priority, then in the order of the queue. */
function offerTasks(workspace: Workspace, at: number): void {
  const newestFirst = (task: StoredResource) =>
    workspacePart(workspace, 'TaskQueues', task.body.task_queue_sid)?.body.task_order === 'LIFO';
  const waiting = workspaceParts(workspace, 'Tasks').filter(({ body }) =>
    ['pending', 'reserved'].includes(String(body.assignment_status)),
  );
  waiting.sort(
    (a, b) =>
      Number(b.body.priority) - Number(a.body.priority) ||
      (newestFirst(a) && newestFirst(b) ? b.createdAt - a.createdAt : a.createdAt - b.createdAt),
  );
  for (const task of waiting) {
    const queue = workspacePart(workspace, 'TaskQueues', task.body.task_queue_sid);
    const wanted = Number(queue?.body.max_reserved_workers ?? 1);
    const open = reservationsOf(workspace, task).filter(isOpen).length;
    for (const worker of candidates(workspace, task).slice(0, Math.max(0, wanted - open))) {
      const reservation = addReservation(workspace, task, worker, at);
      updatePart(task, { assignment_status: 'reserved' }, at);
      addEvent(workspace, 'reservation.created', { reservation, task, worker }, at);
    }
  }
}

// ---------------------------------------------------------------- changes of state

/** Event types by the status of a reservation. */
const RESERVATION_EVENTS: Record<string, string> = { wrapping: 'reservation.wrapup' };

/** Sets the status of a reservation, and what follows for its task. */
export function setReservation(
  workspace: Workspace,
  reservation: StoredResource,
  reservation_status: string,
  at: number,
): void {
  updatePart(reservation, { reservation_status }, at);
  const task = workspacePart(workspace, 'Tasks', reservation.body.task_sid);
  const worker = workspacePart(workspace, 'Workers', reservation.body.worker_sid);
  const type = RESERVATION_EVENTS[reservation_status] ?? `reservation.${reservation_status}`;
  const waited = reservation_status === 'accepted' && task ? secondsBetween(task.createdAt, at) : undefined;
  addEvent(workspace, type, { reservation, task, worker }, at, waited);
  if (!task) return;
  const others = reservationsOf(workspace, task).filter((other) => other !== reservation && isOpen(other));
  switch (reservation_status) {
    case 'accepted':
      updatePart(task, { assignment_status: 'assigned' }, at);
      for (const other of others) setReservation(workspace, other, 'rescinded', at);
      break;
    case 'rejected':
    case 'timeout':
      if (others.length === 0) updatePart(task, { assignment_status: 'pending' }, at);
      break;
    case 'wrapping':
    case 'completed':
      if (task.body.assignment_status !== reservation_status) endTask(workspace, task, reservation_status, at);
  }
}

/** Wraps up, completes or cancels a task, with the reservations that are not over. */
export function endTask(workspace: Workspace, task: StoredResource, status: string, at: number, reason?: string): void {
  updatePart(task, { assignment_status: status, ...(reason && { reason }) }, at);
  const waited = status === 'canceled' ? secondsBetween(task.createdAt, at) : undefined;
  addEvent(workspace, status === 'wrapping' ? 'task.wrapup' : `task.${status}`, { task }, at, waited);
  if (status !== 'wrapping') task.internal.endedAt = at;
  for (const reservation of reservationsOf(workspace, task)) {
    const current = String(reservation.body.reservation_status);
    if (OCCUPYING.includes(current) && current !== status) setReservation(workspace, reservation, status, at);
  }
}

/** Moves a worker to an activity. */
export function setActivity(workspace: Workspace, worker: StoredResource, activitySid: unknown, at: number): void {
  const activity = workspacePart(workspace, 'Activities', activitySid);
  if (!activity) return;
  const { friendly_name, available } = activity.body;
  const date_status_changed = new Date(at).toISOString();
  updatePart(worker, { activity_sid: activity.id, activity_name: friendly_name, available, date_status_changed }, at);
  addEvent(workspace, 'worker.activity.update', { worker }, at);
}

interface Timer {
  at: number;
  run(): void;
}

/** What happens next by itself: a reservation or a task that times out, or the end of an ended task. */
function nextTimer(workspace: Workspace): Timer | undefined {
  const timers: Timer[] = [];
  for (const task of workspaceParts(workspace, 'Tasks')) {
    const { assignment_status, timeout } = task.body;
    const { endedAt, enteredAt, step } = task.internal as {
      endedAt?: number;
      enteredAt?: number;
      step?: RoutingTarget;
    };
    if (endedAt !== undefined) timers.push({ at: endedAt + RETENTION_MS, run: () => removeTask(workspace, task) });
    if (!['pending', 'reserved'].includes(String(assignment_status))) continue;
    const expires = task.createdAt + Number(timeout ?? 86_400) * 1000;
    timers.push({ at: expires, run: () => endTask(workspace, task, 'canceled', expires, 'Task TTL Exceeded') });
    const moves = Number(enteredAt) + Number(step?.timeout) * 1000;
    if (assignment_status === 'pending' && step?.timeout !== undefined) {
      timers.push({ at: moves, run: () => nextRoutingStep(workspace, task, moves) });
    }
  }
  for (const reservation of workspaceParts(workspace, 'Reservations').filter(isOpen)) {
    const workflow = workspacePart(
      workspace,
      'Workflows',
      workspacePart(workspace, 'Tasks', reservation.body.task_sid)?.body.workflow_sid,
    );
    const expires = reservation.createdAt + Number(workflow?.body.task_reservation_timeout ?? 120) * 1000;
    timers.push({ at: expires, run: () => expireReservation(workspace, reservation, expires) });
  }
  return timers.sort((a, b) => a.at - b.at)[0];
}

function expireReservation(workspace: Workspace, reservation: StoredResource, at: number): void {
  setReservation(workspace, reservation, 'timeout', at);
  const worker = workspacePart(workspace, 'Workers', reservation.body.worker_sid);
  if (worker) setActivity(workspace, worker, workspace.resource.body.timeout_activity_sid, at);
}

/** Removes a task and its reservations. */
function removeTask(workspace: Workspace, task: StoredResource): void {
  for (const reservation of reservationsOf(workspace, task)) removePart(workspace, reservation);
  removePart(workspace, task);
}

/** More steps than any real workspace takes between two requests. */
const MAX_STEPS = 1000;

/** Brings a workspace up to date: offers what the last request left waiting, then what timed out since. */
export function settle(workspace: Workspace, now: number): void {
  const { internal } = workspace.resource;
  offerTasks(workspace, Number(internal.settledAt ?? now));
  for (let step = 0; step < MAX_STEPS; step++) {
    const timer = nextTimer(workspace);
    if (!timer || timer.at > now) break;
    timer.run();
    offerTasks(workspace, timer.at);
  }
  for (const task of workspaceParts(workspace, 'Tasks')) {
    if (task.internal.endedAt === undefined) task.body.age = secondsBetween(task.createdAt, now);
  }
  internal.settledAt = now;
}
