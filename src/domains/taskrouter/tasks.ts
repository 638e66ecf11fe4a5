import type { ReservationListInstance } from 'twilio/lib/rest/taskrouter/v1/workspace/task/reservation';
import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { boolean, exactlyOne, integer, jsonObject, oneOf, sid, someOf, string } from '../../params';
import { type ToolContext, tool } from '../../tool';
import { workspace, workspaceSid } from './workspaces';

/* Tasks, and the reservations by which workers get them. */

const LIST = 'twilio_taskrouter_list_tasks';
const TASK = [
  'sid',
  'assignmentStatus',
  'priority',
  'age',
  'taskQueueSid',
  'taskQueueFriendlyName',
  'workflowSid',
  'workflowFriendlyName',
  'taskChannelUniqueName',
] as const;
const taskSid = () => sid('WT', 'Task');
const placing = () => ({
  priority: integer('Higher goes first', 0, 2147483647).optional(),
  taskChannel: string('Task channel, SID or unique name', 320).optional(),
});

export const tasks = [
  tool({
    name: LIST,
    title: 'List tasks',
    description: 'List tasks, oldest first unless told otherwise. Ended ones are gone within minutes: list_events.',
    effect: 'read',
    operations: ['taskrouter_v1:ListTask'],
    input: () => ({
      workspaceSid: workspaceSid(),
      assignmentStatus: someOf('Only in these states', [
        'pending',
        'reserved',
        'assigned',
        'wrapping',
        'completed',
        'canceled',
      ]).optional(),
      taskQueueSid: sid('WQ', 'Only in this queue').optional(),
      workflowSid: sid('WW', 'Only of this workflow').optional(),
      priority: integer('Only of this priority', 0, 2147483647).optional(),
      evaluateTaskAttributes: string('Only matching, such as type == "call"', 4000).optional(),
      ordering: oneOf('Order', ['DateCreated:asc', 'DateCreated:desc', 'Priority:asc', 'Priority:desc']).optional(),
      ...paging(1000),
    }),
    run: ({ workspaceSid, limit, pageToken, ...filters }, context) =>
      page(workspace(workspaceSid, context).tasks, filters, { limit, pageToken }),
    returns: [...TASK, 'attributes'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_taskrouter_get_task_status',
    title: 'Get task',
    description: 'Fetch one task: its state, queue and attributes. Who has it: list_reservations.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchTask'],
    input: () => ({ workspaceSid: workspaceSid(), taskSid: taskSid() }),
    run: ({ workspaceSid, taskSid }, context) => workspace(workspaceSid, context).tasks(taskSid).fetch(),
    returns: [
      ...TASK,
      'attributes',
      'reason',
      'addons',
      'timeout',
      'routingTarget',
      'taskQueueEnteredDate',
      'dateCreated',
      'dateUpdated',
    ],
    untrusted: ['attributes', 'reason', 'addons'],
  }),
  tool({
    name: 'twilio_taskrouter_create_task',
    title: 'Create task',
    description:
      'Create a task, which a workflow routes to a worker by its attributes. Follow it with get_task_status.',
    effect: 'create',
    checkWith: LIST,
    operations: ['taskrouter_v1:CreateTask'],
    input: () => ({
      workspaceSid: workspaceSid(),
      attributes: jsonObject('What the task is, as {"type": "call", "language": "es"}'),
      workflowSid: sid('WW', 'Workflow; needed where there are several').optional(),
      timeout: integer('Seconds to be taken in, default 86400', 1, 1209600).optional(),
      ...placing(),
      routingTarget: sid('WK|WQ|WW', 'Worker, queue or workflow to route it to').optional(),
      ignoreCapacity: boolean('Even if that worker is busy or away').optional(),
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
      'Cancel a waiting task, wrap up or complete an assigned one; or replace its attributes, in a call of its own.',
    effect: 'update',
    operations: ['taskrouter_v1:UpdateTask'],
    input: () => ({
      workspaceSid: workspaceSid(),
      taskSid: taskSid(),
      assignmentStatus: oneOf('New state', ['canceled', 'wrapping', 'completed']).optional(),
      reason: string('Why it is canceled or completed', 4000).optional(),
      attributes: jsonObject('Replace all attributes: read them first').optional(),
      ...placing(),
    }),
    run: ({ workspaceSid, taskSid, attributes, ...settings }, context) => {
      if (attributes && settings.assignmentStatus) {
        throw new ToolError(
          'Twilio takes assignmentStatus and attributes in two calls, one each; nothing was changed. Send the attributes first.',
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
    description: 'Delete a task for good, whatever its state. To cancel or complete it use update_task.',
    effect: 'delete',
    operations: ['taskrouter_v1:DeleteTask'],
    input: () => ({ workspaceSid: workspaceSid(), taskSid: taskSid() }),
    run: ({ workspaceSid, taskSid }, context) => workspace(workspaceSid, context).tasks(taskSid).remove(),
  }),
];

const RESERVATIONS = 'twilio_taskrouter_list_reservations';
const RESERVATION = [
  'sid',
  'reservationStatus',
  'taskSid',
  'workerSid',
  'workerName',
  'dateCreated',
  'dateUpdated',
] as const;
const reservationSid = () => sid('WR', 'Reservation');
const holder = () => ({
  workspaceSid: workspaceSid(),
  taskSid: sid('WT', 'Task; or workerSid').optional(),
  workerSid: sid('WK', 'Worker; or taskSid').optional(),
});
interface Holder {
  workspaceSid?: string;
  taskSid?: string;
  workerSid?: string;
}

/** The reservations of a task or of a worker: what one list takes and gives, the other does. */
function reservationsOf({ workspaceSid, taskSid, workerSid }: Holder, context: ToolContext) {
  if (!exactlyOne(taskSid, workerSid))
    throw new ToolError('Give exactly one of taskSid and workerSid; nothing was done.');
  const { tasks, workers } = workspace(workspaceSid, context);
  return taskSid === undefined
    ? (workers(workerSid!).reservations as unknown as ReservationListInstance)
    : tasks(taskSid).reservations;
}

export const reservations = [
  tool({
    name: RESERVATIONS,
    title: 'List reservations',
    description: 'List to whom a task was offered and who took it, or what a worker was offered and took.',
    effect: 'read',
    operations: ['taskrouter_v1:ListWorkerReservation', 'taskrouter_v1:ListTaskReservation'],
    input: () => ({
      ...holder(),
      reservationStatus: oneOf('Only in this state', [
        'pending',
        'accepted',
        'rejected',
        'timeout',
        'canceled',
        'rescinded',
        'wrapping',
        'completed',
      ]).optional(),
      ...paging(1000),
    }),
    run: ({ reservationStatus, limit, pageToken, ...holder }, context) =>
      page(reservationsOf(holder, context), { reservationStatus }, { limit, pageToken }),
    returns: RESERVATION,
  }),
  tool({
    name: 'twilio_taskrouter_get_reservation',
    title: 'Get reservation',
    description: 'Fetch one reservation, of a task or of a worker.',
    effect: 'read',
    operations: ['taskrouter_v1:FetchWorkerReservation', 'taskrouter_v1:FetchTaskReservation'],
    input: () => ({ ...holder(), reservationSid: reservationSid() }),
    run: ({ reservationSid, ...holder }, context) => reservationsOf(holder, context)(reservationSid).fetch(),
    returns: RESERVATION,
  }),
  tool({
    name: 'twilio_taskrouter_update_reservation',
    title: 'Answer reservation',
    description: 'Accept or reject a task in the place of a worker, or wrap up or complete one that it accepted.',
    effect: 'update',
    operations: ['taskrouter_v1:UpdateWorkerReservation', 'taskrouter_v1:UpdateTaskReservation'],
    input: () => ({
      ...holder(),
      reservationSid: reservationSid(),
      reservationStatus: oneOf('New state', ['accepted', 'rejected', 'wrapping', 'completed']),
      workerActivitySid: sid('WA', 'Activity of the worker after rejecting').optional(),
    }),
    run: ({ reservationSid, reservationStatus, workerActivitySid, ...holder }, context) =>
      reservationsOf(holder, context)(reservationSid).update({ reservationStatus, workerActivitySid }),
    returns: RESERVATION,
  }),
];
