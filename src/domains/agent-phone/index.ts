import * as z from 'zod';
import { ToolError } from '../../errors';
import { address, e164, integer, since, string, timeZone } from '../../params';
import { domain, reads, spends, tool, updates } from '../../tool';
import { findCode } from './otp';
import { describePool, release, takeNumber } from './pool';
import { TOKEN, waitForSms } from './wait';

const passport = (description: string) => string(description, 128);
const pass = (
  description = 'The pass that get_phone_number returned with the number; not needed if the URL has client=',
) => string(description, 64).optional();

export const agentPhone = domain({
  service: 'AgentPhone',
  summary: 'A phone number for an agent: take one, wait for a verification code, extract it, return the number.',
  instructions:
    'Call get_phone_number, wait_for_sms, extract_otp_from_sms, then release_phone_number. Keep the pass that comes with a number: without it, nothing can be read or released. Numbers come from TWILIO_PHONE_NUMBERS. Messages are kept for ' +
    'five minutes. Twilio filters many inbound one-time codes (error 30038): if that happens, request the code by phone call or email.',
  tools: [
    tool({
      name: 'twilio_agent_phone_get_phone_number',
      title: 'Get agent phone number',
      description:
        'Take a phone number that receives verification codes. The same passport gets the same number until it is released with release_phone_number. ' +
        'The first answer contains its pass, a secret for the other tools: use it within ten minutes. ' +
        'If the pool is empty and AGENT_PHONE_AUTO_PROVISION allows it, this buys a number, which costs money every month.',
      ...spends(
        { ifUnknown: 'Call again with the same passport_id: a number that was already bought is found and used.' },
        'api_v2010:ListIncomingPhoneNumber',
        'api_v2010:ListAvailablePhoneNumberLocal',
        'api_v2010:CreateIncomingPhoneNumber',
      ),
      input: () => ({
        passport_id: passport('Any name that identifies the agent or task holding the number'),
        pass: pass('The pass of an earlier answer, to get it again'),
      }),
      run: takeNumber,
      returns: ['phone_number', 'pass', 'note'],
    }),
    tool({
      name: 'twilio_agent_phone_wait_for_sms',
      title: 'Wait for SMS',
      description:
        'Wait for an SMS to a number from get_phone_number; an SMS from the last five minutes is returned immediately. Each call lasts a few seconds: on status ' +
        'pending, call again with the token and the same arguments. A timeout can mean that Twilio filtered the code (error 30038).',
      // One-time codes are credentials, so this is not a tool that clients call unasked or that readonly=true offers.
      ...updates('api_v2010:ListMessage'),
      input: () => ({
        phone_number: e164('Number that receives the SMS'),
        pass: pass(),
        timeout: integer('Milliseconds to wait in total, over all calls', 1, 600_000).default(30_000),
        from: address('Only an SMS from this sender', []).optional(),
        bodyContains: string('Only an SMS that contains this text; case-insensitive', 200).optional(),
        after: since('Only an SMS received after this time').optional(),
        ...timeZone(),
        token: z
          .string()
          .regex(TOKEN, 'must be the token of the previous call')
          .describe('Token from the previous call, if it returned status pending')
          .optional(),
      }),
      run: waitForSms,
      returns: ['id', 'from', 'to', 'body', 'received_at', 'note', 'status', 'token', 'remaining_ms'],
      untrusted: ['from', 'body'],
    }),
    tool({
      name: 'twilio_agent_phone_extract_otp_from_sms',
      title: 'Extract one-time code from SMS',
      description: 'Find the one-time code in the text of an SMS, such as one returned by wait_for_sms.',
      ...reads(),
      input: () => ({ sms_body: string('Full text of the SMS', 4096) }),
      run: ({ sms_body }) => {
        const code = findCode(sms_body);
        if (code === undefined) {
          throw new ToolError(
            'No OTP code found in SMS body. Read the text: a code of letters or words is not recognized.',
          );
        }
        return { code };
      },
      returns: ['code'],
      untrusted: ['code'],
    }),
    tool({
      name: 'twilio_agent_phone_release_phone_number',
      title: 'Return agent phone number',
      description:
        'Return a number to the pool and clear its inbox, so that another agent can take it. Give its pass or, with client= in the URL, phone_number or passport_id. The account keeps the number; to remove it from the account use twilio_phone_numbers_release_phone_number.',
      ...updates(),
      input: () => ({
        phone_number: e164('Number to return to the pool').optional(),
        passport_id: passport('Passport that holds the number').optional(),
        pass: pass(),
      }),
      run: release,
      returns: ['phone_number', 'passport_id'],
    }),
    tool({
      name: 'twilio_agent_phone_list_assignments',
      title: 'List agent phone assignments',
      description:
        'List the numbers that the client of the URL or the pass holds, with the usage of the pool, how many numbers were bought, and the timeouts and median latency (webhook to answer) of the last waits.',
      ...reads(),
      input: () => ({ pass: pass() }),
      run: ({ pass }, context) => describePool(context, pass),
      returns: ['assignments', 'pool', 'waits_last_day'],
    }),
  ],
});
