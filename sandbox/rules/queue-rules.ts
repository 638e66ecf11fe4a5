/** The requests that make queues, and take calls out of them. */
import { badRequest } from '../errors';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest } from '../types';
import { redirectCall } from './call-progress';
import { fetching } from './call-script';
import { setDefaults } from './defaults';
import { liveOf } from './live-calls';
import { ACCOUNTS_PATH } from './phone';
import { DEFAULT_MAX_SIZE, findQueue, membersOf } from './queues';

/** `Front` is the call that has waited longest. */
function resolveFront({ target, accountSid, state }: SandboxRequest): void {
  if (target.id !== 'Front') return;
  const queue = findQueue(accountSid, target.params.QueueSid!, state);
  const [first] = queue ? membersOf(state, queue) : [];
  if (first) target.id = first.id;
}

function takeOut({ state, now, fields, accountSid }: SandboxRequest, member: StoredResource): void {
  const call = state.store.get(`${ACCOUNTS_PATH}/${accountSid}/Calls`, member.id);
  if (!call || !liveOf(call)) badRequest(21220, 'Invalid call state: the call has ended');
  const { Url, Method } = fields as Record<string, string>;
  redirectCall(call!, fetching({ url: Url!, method: Method }), now, state);
}

export const QUEUE_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateQueue': {
    onCreate: (request, queue) => setDefaults(request, queue, { max_size: DEFAULT_MAX_SIZE }),
  },
  'api_v2010:FetchMember': { check: resolveFront },
  'api_v2010:UpdateMember': { check: resolveFront, onUpdate: takeOut },
};
