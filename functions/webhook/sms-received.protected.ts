import { webhookFunction } from '../../src/webhooks/function';
import { codeReceived } from '../../src/webhooks/receive';

/** POST: an inbound message of an agent's number, kept for five minutes. */
export const handler = webhookFunction(codeReceived);
