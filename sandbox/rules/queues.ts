/** Queues of waiting calls. */
import type { Lifecycle, OperationRule } from '../types';
import { setDefaults } from './defaults';
import { ACCOUNTS_PATH } from './phone';

/** Counts the calls in a queue, and how long they have waited on average, in seconds. */
const countCalls: Lifecycle = ({ body, collection, id }, now, { store }) => {
  const waits = store
    .list(`${collection}/${id}/Members`)
    .map((member) => Math.max(0, now - Date.parse(String(member.body.date_enqueued))) / 1000);
  const total = waits.reduce((sum, seconds) => sum + seconds, 0);
  body.current_size = waits.length;
  body.average_wait_time = waits.length > 0 ? Math.round(total / waits.length) : 0;
};

export const QUEUE_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateQueue': { onCreate: (request, queue) => setDefaults(request, queue, { max_size: 1000 }) },
};

export const QUEUE_LIFECYCLES: Record<string, Lifecycle> = { [`${ACCOUNTS_PATH}/{}/Queues`]: countCalls };
