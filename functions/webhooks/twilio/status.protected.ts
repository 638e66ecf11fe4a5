import { unlessApprover } from '../../../src/webhooks/approver';
import { webhookFunction } from '../../../src/webhooks/function';
import { stateChanged } from '../../../src/webhooks/receive';

/** POST: the delivery status of a message. Set as its `statusCallback`. */
export const handler = webhookFunction(unlessApprover(stateChanged));
