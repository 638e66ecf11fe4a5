import { domain } from '../../tool';
import { rateLimits } from './rate-limits';
import { services } from './services';
import { verifications } from './verifications';

export const verify = domain({
  service: 'Verify',
  summary: 'Verify phones and emails with codes sent by SMS, call, WhatsApp or email, and see how many are entered.',
  instructions:
    'Send a code with start_verification, ask the person for it, then check it with check_verification. A code is valid for 10 minutes ' +
    'and five checks. serviceSid defaults to TWILIO_VERIFY_SERVICE_SID; without that use list_services or create_service. To see what ' +
    'was sent and converted use list_attempts.',
  tools: [...verifications, ...services, ...rateLimits],
});
