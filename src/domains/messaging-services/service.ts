import { selector, sid } from '../../params';
import type { ToolContext } from '../../tool';
import { orDefault } from '../defaults';

export const serviceSid = () =>
  selector(sid('MG', 'Messaging Service; default TWILIO_MESSAGING_SERVICE_SID').optional());

/** The client of the given service, else of the default one. Throws a `ToolError` if there is neither. */
export const serviceOf = (given: string | undefined, { twilio, config }: ToolContext) =>
  twilio.messaging.v1.services(
    orDefault('serviceSid', given, config.messagingServiceSid, 'TWILIO_MESSAGING_SERVICE_SID'),
  );
