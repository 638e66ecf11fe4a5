/** The parts of a TaskRouter workspace, what it starts with, and its events. */
import { isoSeconds } from '../../dates';
import type { Properties } from '../../json';
import { seedResource } from '../../seed-resource';
import { fixedSid, newSid } from '../../sids';
import type { StoredResource } from '../../store';
import type { SandboxRequest, SandboxState } from '../../types';

const KIND = 'taskrouter.twilio.com/v1/Workspaces/{}';

/** A workspace, and the account that it belongs to. */
export interface Workspace {
  state: SandboxState;
  resource: StoredResource;
  accountSid: string;
}

type Part =
  | 'Activities'
  | 'Events'
  | 'Reservations'
  | 'TaskChannels'
  | 'TaskQueues'
  | 'Tasks'
  | 'Workers'
  | 'Workflows'
  | `Workers/${string}/Channels`;

/** The workspace that a request is about; undefined if it does not exist. */
export function workspaceOf({ state, target, accountSid }: SandboxRequest): Workspace | undefined {
  const collection = /^.*?\/v1\/Workspaces/.exec(target.collection)![0];
  const sid = target.params.WorkspaceSid ?? target.params.Sid;
  const resource = sid === undefined ? undefined : state.store.get(collection, sid);
  return resource && { state, resource, accountSid };
}

const pathOf = ({ resource }: Workspace, part: Part): string => `${resource.collection}/${resource.id}/${part}`;

/** The parts of one kind, such as all workers, oldest first. */
export function workspaceParts(workspace: Workspace, part: Part): StoredResource[] {
  return workspace.state.store.list(pathOf(workspace, part));
}

/** One part, by its SID or name. */
export function workspacePart(workspace: Workspace, part: Part, id: unknown): StoredResource | undefined {
  return typeof id === 'string' ? workspace.state.store.get(pathOf(workspace, part), id) : undefined;
}

/** Removes a part with everything below it. */
export function removePart(workspace: Workspace, { collection, id }: StoredResource): void {
  workspace.state.store.remove(collection, id);
}

/** Sets properties, and the date of the update in milliseconds since 1970. */
export function updatePart(resource: StoredResource, changes: Properties, at: number): void {
  Object.assign(resource.body, changes, { date_updated: isoSeconds(new Date(at)) });
  resource.updatedAt = at;
}

interface NewPart {
  /** `operationId` of the operation that reads it. */
  fetch: string;
  prefix: string;
  known: Properties;
  at: number;
  params?: Record<string, string>;
}

/** Adds a part that no request describes. */
function addPart(
  { state, resource, accountSid }: Workspace,
  { fetch, prefix, known, at, params }: NewPart,
): StoredResource {
  const WorkspaceSid = resource.id;
  return seedResource(state, {
    fetchOperation: `taskrouter_v1:${fetch}`,
    params: { AccountSid: accountSid, WorkspaceSid, ...params },
    known: { sid: newSid(prefix), workspace_sid: WorkspaceSid, ...known },
    at,
  });
}

/** Adds a reservation, which both its task and its worker show. */
export function addReservation(
  { state, resource: { collection, id }, accountSid }: Workspace,
  task: StoredResource,
  worker: StoredResource,
  at: number,
): StoredResource {
  const sid = newSid('WR');
  const root = `https://taskrouter.twilio.com/v1/Workspaces/${id}`;
  const date = isoSeconds(new Date(at));
  const links = { task: `${root}/Tasks/${task.id}`, worker: `${root}/Workers/${worker.id}`, workspace: root };
  const body: Properties = {
    sid,
    account_sid: accountSid,
    workspace_sid: id,
    task_sid: task.id,
    worker_sid: worker.id,
    worker_name: worker.body.friendly_name,
    reservation_status: 'pending',
    date_created: date,
    date_updated: date,
    url: `${links.task}/Reservations/${sid}`,
    links,
  };
  return state.store.add({
    kind: `${KIND}/Reservations`,
    collection: `${collection}/${id}/Reservations`,
    id: sid,
    body,
    at,
  });
}

// ---------------------------------------------------------------- what a workspace starts with

const DEFAULT_ACTIVITIES = { Offline: false, Available: true, Unavailable: false };
const DEFAULT_CHANNELS = { default: 'Default', voice: 'Voice', chat: 'Programmable Chat', sms: 'SMS', video: 'Video' };

export const WORKSPACE_DEFAULTS = {
  multi_task_enabled: true,
  prioritize_queue_order: 'FIFO',
  events_filter: null,
  event_callback_url: null,
};

/**
 * Adds the default activities and task channels and, with the template FIFO, a queue for all tasks and its workflow.
 * Their SIDs follow from the workspace's.
 */
export function addDefaults(workspace: Workspace, template: unknown, at: number): void {
  const { body, id } = workspace.resource;
  const add = (fetch: string, prefix: string, known: Properties) => {
    const sid = fixedSid(prefix, `${id}/${String(known.unique_name ?? known.friendly_name)}`);
    return addPart(workspace, { fetch, prefix, known: { sid, ...known }, at }).id;
  };
  for (const [friendly_name, available] of Object.entries(DEFAULT_ACTIVITIES)) {
    const sid = add('FetchActivity', 'WA', { friendly_name, available });
    if (friendly_name !== 'Offline') continue;
    Object.assign(body, { default_activity_sid: sid, default_activity_name: friendly_name });
    Object.assign(body, { timeout_activity_sid: sid, timeout_activity_name: friendly_name });
  }
  for (const [unique_name, friendly_name] of Object.entries(DEFAULT_CHANNELS)) {
    add('FetchTaskChannel', 'TC', { unique_name, friendly_name, channel_optimized_routing: false });
  }
  if (template !== 'FIFO') return;
  const queue = add('FetchTaskQueue', 'WQ', { friendly_name: 'Sample Queue', ...QUEUE_DEFAULTS });
  const configuration = JSON.stringify({ task_routing: { default_filter: { queue } } });
  add('FetchWorkflow', 'WW', { friendly_name: 'Default Fifo Workflow', configuration, ...WORKFLOW_DEFAULTS });
}

export const QUEUE_DEFAULTS = {
  target_workers: '1==1',
  max_reserved_workers: 1,
  task_order: 'FIFO',
  assignment_activity_sid: null,
  assignment_activity_name: null,
  reservation_activity_sid: null,
  reservation_activity_name: null,
};

export const WORKFLOW_DEFAULTS = {
  task_reservation_timeout: 120,
  document_content_type: 'application/json',
  assignment_callback_url: null,
  fallback_assignment_callback_url: null,
};

/** Adds the capacity of a worker for one task channel. */
export function addWorkerChannel(workspace: Workspace, worker: StoredResource, channel: StoredResource, at: number) {
  addPart(workspace, {
    fetch: 'FetchWorkerChannel',
    prefix: 'WC',
    params: { WorkerSid: worker.id },
    known: {
      worker_sid: worker.id,
      task_channel_sid: channel.id,
      task_channel_unique_name: channel.body.unique_name,
      configured_capacity: 1,
      available: true,
      assigned_tasks: 0,
      available_capacity_percentage: 100,
    },
    at,
  });
}

// ---------------------------------------------------------------- events

/** What an event is about; the first of them is its resource. */
interface Subject {
  reservation?: StoredResource;
  task?: StoredResource;
  worker?: StoredResource;
}

/** The SIDs that events are filtered by. */
function sidsOf({ reservation, task, worker }: Subject): Properties {
  const { task_sid, worker_sid } = reservation?.body ?? {};
  return {
    reservation_sid: reservation?.id,
    task_sid: task?.id ?? task_sid,
    worker_sid: worker?.id ?? worker_sid,
    task_queue_sid: task?.body.task_queue_sid ?? undefined,
    workflow_sid: task?.body.workflow_sid ?? undefined,
  };
}

function eventData(workspace: Workspace, { reservation, task, worker }: Subject): Properties {
  const data: Properties = {
    workspace_sid: workspace.resource.id,
    workspace_name: workspace.resource.body.friendly_name,
  };
  if (reservation) Object.assign(data, { reservation_sid: reservation.id });
  if (task) {
    const { attributes, assignment_status, priority, age, task_queue_friendly_name, workflow_friendly_name } =
      task.body;
    Object.assign(data, {
      ...{ task_sid: task.id, task_attributes: attributes, task_assignment_status: assignment_status },
      ...{ task_priority: priority, task_age: age, task_channel_unique_name: task.body.task_channel_unique_name },
      ...{ task_queue_sid: task.body.task_queue_sid, task_queue_name: task_queue_friendly_name },
      ...{ workflow_sid: task.body.workflow_sid, workflow_name: workflow_friendly_name },
    });
  }
  if (worker) {
    const { friendly_name, attributes, activity_sid, activity_name } = worker.body;
    Object.assign(data, { worker_sid: worker.id, worker_name: friendly_name, worker_attributes: attributes });
    Object.assign(data, { worker_activity_sid: activity_sid, worker_activity_name: activity_name });
  }
  return data;
}

/** Adds an event. `waited` is how long the task waited until then, in seconds. */
export function addEvent(workspace: Workspace, type: string, subject: Subject, at: number, waited?: number): void {
  const resourceType = (['reservation', 'task', 'worker'] as const).find((each) => subject[each])!;
  const { id, body } = subject[resourceType]!;
  const root = `https://taskrouter.twilio.com/v1/Workspaces/${workspace.resource.id}`;
  const event = addPart(workspace, {
    fetch: 'FetchEvent',
    prefix: 'EV',
    known: {
      event_type: type,
      event_date: new Date(at).toISOString(),
      event_date_ms: at,
      description: `${type}: ${id}`,
      resource_type: resourceType,
      resource_sid: id,
      resource_url: body.url,
      actor_type: 'workspace',
      actor_sid: workspace.resource.id,
      actor_url: root,
      event_data: eventData(workspace, subject),
      source: 'twilio',
      source_ip_address: null,
    },
    at,
  });
  const { task_channel_unique_name: channel, reason } = subject.task?.body ?? {};
  Object.assign(event.internal, sidsOf(subject), { at, waited, channel, ...(type === 'task.canceled' && { reason }) });
}
