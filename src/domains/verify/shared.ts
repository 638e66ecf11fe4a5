import { selector, sid } from '../../params';
import type { ToolContext } from '../../tool';
import { orDefault } from '../defaults';

export const serviceSid = () => selector(sid('VA', 'Verify service; default TWILIO_VERIFY_SERVICE_SID').optional());

/** The given Verify service, or the deployment's default. Throws if there is neither. */
export const serviceOf = (given: string | undefined, { twilio, config }: ToolContext) =>
  twilio.verify.v2.services(
    orDefault(given, config.verifyServiceSid, {
      argument: 'serviceSid',
      list: 'twilio_verify_list_services',
      variable: 'TWILIO_VERIFY_SERVICE_SID',
    }),
  );
