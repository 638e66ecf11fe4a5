import { domain } from '../../tool';
import { taskQueues, workflows } from './routing';
import { events, statistics } from './statistics';
import { reservations, tasks } from './tasks';
import { workers } from './workers';
import { activities, taskChannels, workspaces } from './workspaces';

export const taskrouter = domain({
  service: 'TaskRouter',
  summary: 'Route tasks to workers: tasks, reservations, workers, queues, workflows and their statistics.',
  instructions:
    'workspaceSid defaults to TWILIO_TASKROUTER_WORKSPACE_SID; if that is not set, take one from list_workspaces. A workflow puts a task into a ' +
    'queue according to its attributes, the queue offers it to workers whose attributes match, and each offer is a reservation. If a task is ' +
    'stuck, check get_task_status, then the workers of its queue with list_workers.',
  tools: [
    ...tasks,
    ...reservations,
    ...workers,
    ...taskQueues,
    ...workflows,
    ...activities,
    ...taskChannels,
    ...workspaces,
    ...events,
    ...statistics,
  ],
});
