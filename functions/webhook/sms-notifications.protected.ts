import { webhookFunction } from '../../src/webhooks/function';
import { notifications } from '../../src/webhooks/receive';

/** GET ?phoneNumber=%2B15551234567: what came in, each message once. */
export const handler = webhookFunction(notifications, 'query');
