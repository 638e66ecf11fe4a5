import { unlessApprover } from '../../src/webhooks/approver';
import { webhookFunction } from '../../src/webhooks/function';
import { codeReceived } from '../../src/webhooks/receive';

/** POST: stores an inbound message to an agent's number for five minutes. */
export const handler = webhookFunction(unlessApprover(codeReceived));
