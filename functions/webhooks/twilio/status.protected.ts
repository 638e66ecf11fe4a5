import { webhookFunction } from '../../../src/webhooks/function';
import { stateChanged } from '../../../src/webhooks/receive';

/** POST: the delivery state of a message. Set as `statusCallback` of what is sent. */
export const handler = webhookFunction(stateChanged);
