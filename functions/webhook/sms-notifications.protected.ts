import { webhookFunction } from '../../src/webhooks/function';
import { notifications } from '../../src/webhooks/receive';

/** GET ?phoneNumber=%2B15551234567: returns messages that a number received, each of them once. */
export const handler = webhookFunction(notifications);
