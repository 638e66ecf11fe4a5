import type { ReservationListInstance } from 'twilio/lib/rest/taskrouter/v1/workspace/task/reservation';
import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import {
  address,
  boolean,
  exactlyOne,
  integer,
  jsonObject,
  oneOf,
  selector,
  sid,
  someOf,
  string,
  url,
  words,
} from '../../params';
import { creates, deletes, reads, sends, type ToolContext, tool, updates } from '../../tool';
import { workspace, workspaceSid } from './workspaces';

/* Tasks, and the reservations that offer them to workers. */

const LIST = 'twilio_taskrouter_list_tasks';
const TASK = words(
  'sid assignmentStatus priority age taskQueueSid taskQueueFriendlyName workflowSid workflowFriendlyName taskChannelUniqueName',
);
const taskSid = (description: string) => sid('WT', description);
const routingSettings = () => ({
  priority: integer('Tasks with a higher priority are offered first', 0, 2147483647).optional(),
  taskChannel: string('Task channel, by SID (TC…) or unique name such as voice', 320).optional(),
});

export const tasks = [
  tool({
    name: LIST,
    title: 'List tasks',
    description:
      'List tasks, oldest first by default. Completed and canceled tasks disappear within minutes; for those, use list_events.',
    ...reads('taskrouter_v1:ListTask'),
    input: () => ({
      workspaceSid: workspaceSid(),
      assignmentStatus: someOf(
        'Only tasks with one of these statuses',
        words('pending reserved assigned wrapping completed canceled'),
      ).optional(),
      taskQueueSid: sid('WQ', 'Only tasks in this queue').optional(),
      workflowSid: sid('WW', 'Only tasks of this workflow').optional(),
      priority: integer('Only tasks with exactly this priority', 0, 2147483647).optional(),
      evaluateTaskAttributes: string('Only tasks matching an expression, such as type == "call"', 4000).optional(),
      ordering: oneOf(
        'Sort order; default DateCreated:asc',
        words('DateCreated:asc DateCreated:desc Priority:asc Priority:desc'),
      ).optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, ...query }, context) => page(workspace(workspaceSid, context).tasks, query),
    returns: [...TASK, 'attributes'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_taskrouter_get_task_status',
    title: 'Get task status',
    description:
      'Fetch one task with its status, queue and attributes. For the workers it was offered to, use list_reservations.',
    ...reads('taskrouter_v1:FetchTask'),
    input: () => ({ workspaceSid: workspaceSid(), taskSid: taskSid('Task to fetch') }),
    run: ({ workspaceSid, taskSid }, context) => workspace(workspaceSid, context).tasks(taskSid).fetch(),
    returns: [
      ...TASK,
      ...words('attributes reason addons timeout routingTarget taskQueueEnteredDate dateCreated dateUpdated'),
    ],
    untrusted: ['attributes', 'reason', 'addons'],
  }),
  tool({
    name: 'twilio_taskrouter_create_task',
    title: 'Create task',
    description:
      'Create a task. A workflow routes it to a worker according to its attributes. Check progress with get_task_status.',
    ...creates({ checkWith: LIST }, 'taskrouter_v1:CreateTask'),
    input: () => ({
      workspaceSid: workspaceSid(),
      attributes: jsonObject('Data that workflows route by, such as {"type": "call", "language": "es"}'),
      workflowSid: sid('WW', 'Workflow that routes the task; required if the workspace has several').optional(),
      timeout: integer(
        'Seconds the task may wait for assignment before it is canceled; default 86400',
        1,
        1209600,
      ).optional(),
      ...routingSettings(),
      routingTarget: sid('WK|WQ|WW', 'Worker, queue or workflow to route to directly').optional(),
      ignoreCapacity: boolean(
        'Assign even if the worker in routingTarget is busy or unavailable; default true',
      ).optional(),
    }),
    run: ({ workspaceSid, attributes, ignoreCapacity, ...settings }, context) =>
      workspace(workspaceSid, context).tasks.create({
        ...settings,
        attributes: JSON.stringify(attributes),
        ignoreCapacity: ignoreCapacity?.toString(),
      }),
    returns: TASK,
  }),
  tool({
    name: 'twilio_taskrouter_update_task',
    title: 'Update task',
    description:
      'Cancel a waiting task, or wrap up or complete an assigned one. Replacing its attributes takes a separate call.',
    ...updates('taskrouter_v1:UpdateTask'),
    input: () => ({
      workspaceSid: workspaceSid(),
      taskSid: taskSid('Task to change'),
      assignmentStatus: oneOf('New status of the task', ['canceled', 'wrapping', 'completed']).optional(),
      reason: string('Why the task is canceled or completed', 4000).optional(),
      attributes: jsonObject('New attributes; they replace all old ones, so read those first').optional(),
      ...routingSettings(),
    }),
    run: ({ workspaceSid, taskSid, attributes, ...settings }, context) => {
      if (attributes && settings.assignmentStatus) {
        throw new ToolError(
          'Twilio does not accept assignmentStatus and attributes in one call; nothing was changed. Send the attributes first.',
        );
      }
      return workspace(workspaceSid, context)
        .tasks(taskSid)
        .update({ ...settings, attributes: attributes && JSON.stringify(attributes) });
    },
    returns: TASK,
  }),
  tool({
    name: 'twilio_taskrouter_delete_task',
    title: 'Delete task',
    description: 'Delete a task permanently, whatever its status. To cancel or complete it, use update_task.',
    ...deletes('taskrouter_v1:DeleteTask'),
    input: () => ({ workspaceSid: workspaceSid(), taskSid: taskSid('Task to delete') }),
    run: ({ workspaceSid, taskSid }, context) => workspace(workspaceSid, context).tasks(taskSid).remove(),
  }),
];

const RESERVATIONS = 'twilio_taskrouter_list_reservations';
const RESERVATION = words('sid reservationStatus taskSid workerSid workerName dateCreated dateUpdated');
const reservationSid = (description: string) => sid('WR', description);
const reservationOwner = () => ({
  workspaceSid: workspaceSid(),
  taskSid: selector(sid('WT', 'Task that is offered; alternative to workerSid').optional()),
  workerSid: selector(sid('WK', 'Worker it is offered to; alternative to taskSid').optional()),
});
interface ReservationOwner {
  workspaceSid?: string;
  taskSid?: string;
  workerSid?: string;
}

/** The reservations of a task or of a worker. Both lists accept the same arguments and return the same fields. */
function reservationsOf({ workspaceSid, taskSid, workerSid }: ReservationOwner, context: ToolContext) {
  if (!exactlyOne(taskSid, workerSid))
    throw new ToolError('Pass exactly one of taskSid and workerSid; nothing was done.');
  const { tasks, workers } = workspace(workspaceSid, context);
  return taskSid === undefined
    ? (workers(workerSid!).reservations as unknown as ReservationListInstance)
    : tasks(taskSid).reservations;
}

export const reservations = [
  tool({
    name: RESERVATIONS,
    title: 'List reservations',
    description:
      'List the reservations of a task or of a worker: each offer, and whether the worker accepted it. Pass taskSid or workerSid.',
    ...reads('taskrouter_v1:ListWorkerReservation', 'taskrouter_v1:ListTaskReservation'),
    input: () => ({
      ...reservationOwner(),
      reservationStatus: oneOf(
        'Only reservations with this status',
        words('pending accepted rejected timeout canceled rescinded wrapping completed'),
      ).optional(),
      ...paging(1000),
    }),
    run: ({ reservationStatus, limit, pageToken, ...owner }, context) =>
      page(reservationsOf(owner, context), { reservationStatus, limit, pageToken }),
    returns: RESERVATION,
  }),
  tool({
    name: 'twilio_taskrouter_get_reservation',
    title: 'Get reservation',
    description: 'Fetch one reservation. Pass the taskSid or the workerSid it belongs to.',
    ...reads('taskrouter_v1:FetchWorkerReservation', 'taskrouter_v1:FetchTaskReservation'),
    input: () => ({ ...reservationOwner(), reservationSid: reservationSid('Reservation to fetch') }),
    run: ({ reservationSid, ...owner }, context) => reservationsOf(owner, context)(reservationSid).fetch(),
    returns: RESERVATION,
  }),
  tool({
    name: 'twilio_taskrouter_update_reservation',
    title: 'Update reservation',
    description:
      'Accept or reject a reservation on behalf of a worker, or wrap up or complete an accepted one. Pass its taskSid or workerSid.',
    ...updates('taskrouter_v1:UpdateWorkerReservation', 'taskrouter_v1:UpdateTaskReservation'),
    input: () => ({
      ...reservationOwner(),
      reservationSid: reservationSid('Reservation to change'),
      reservationStatus: oneOf('New status of the reservation', ['accepted', 'rejected', 'wrapping', 'completed']),
      workerActivitySid: sid('WA', 'Activity of the worker after a rejection').optional(),
    }),
    run: ({ reservationSid, reservationStatus, workerActivitySid, ...owner }, context) =>
      reservationsOf(owner, context)(reservationSid).update({ reservationStatus, workerActivitySid }),
    returns: RESERVATION,
  }),
  tool({
    name: 'twilio_taskrouter_connect_reservation',
    title: 'Connect reservation',
    description:
      'Accept a pending reservation of a queued call: dequeue calls the worker and bridges the caller, conference uses a conference, redirect sends the caller to url.',
    ...sends(
      { checkWith: RESERVATIONS },
      'taskrouter_v1:UpdateWorkerReservation',
      'taskrouter_v1:UpdateTaskReservation',
    ),
    input: () => ({
      ...reservationOwner(),
      reservationSid: reservationSid('Reservation to accept'),
      instruction: oneOf('How to connect the call', ['dequeue', 'conference', 'redirect']),
      to: address('Address of the worker; default from its attributes').optional(),
      from: address('Caller ID for the worker').optional(),
      callSid: sid('CA', 'Queued call; for redirect').optional(),
      url: url('TwiML for the caller; for redirect').optional(),
    }),
    run: ({ reservationSid, instruction, to, from, callSid, url, ...owner }, context) => {
      const redirects = instruction === 'redirect';
      if (redirects ? !callSid || !url || to || from : callSid || url)
        throw new ToolError('redirect takes callSid and url, the others take to and from; nothing was done.');
      return reservationsOf(
        owner,
        context,
      )(reservationSid).update({
        instruction,
        ...(instruction === 'dequeue' ? { dequeueTo: to, dequeueFrom: from } : { to, from }),
        ...(redirects && { redirectCallSid: callSid, redirectUrl: url, redirectAccept: true }),
      });
    },
    returns: RESERVATION,
  }),
];
