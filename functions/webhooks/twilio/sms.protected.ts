import { unlessApprover } from '../../../src/webhooks/approver';
import { webhookFunction } from '../../../src/webhooks/function';
import { messageReceived } from '../../../src/webhooks/receive';

/** POST: an inbound message. Set as `smsUrl` of a number, with `smsMethod` POST. */
export const handler = webhookFunction(unlessApprover(messageReceived));
