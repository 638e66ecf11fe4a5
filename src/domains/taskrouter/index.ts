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
    'workspaceSid defaults to TWILIO_TASKROUTER_WORKSPACE_SID; without it take one from list_workspaces. A workflow puts a task into a ' +
    'queue by its attributes, the queue offers it to workers whose attributes match, and the offer is a reservation. Where a task is ' +
    'stuck, look at get_task_status, then at the workers of its queue.',
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
