import * as z from 'zod';
import { ToolError } from '../../errors';
import { address, dateTime, e164, integer, string } from '../../params';
import { domain, tool } from '../../tool';
import { findCode } from './otp';
import { assignments, numberFor, poolOf, release } from './pool';
import { boughtNumbers } from './purchase';
import { timeouts, waitForSms } from './wait';

const LIST = 'twilio_agent_phone_list_assignments';

export const agentPhone = domain({
  service: 'AgentPhone',
  summary: 'A number of its own for an agent: take one, wait for a verification code, read it, give it back.',
  instructions:
    'get_phone_number, then wait_for_sms, then extract_otp_from_sms, at last release_phone_number. Numbers come from TWILIO_PHONE_NUMBERS. ' +
    'Messages are kept five minutes. Twilio filters many one-time codes on their way in (error 30038): then ask for a call or an e-mail.',
  tools: [
    tool({
      name: 'twilio_agent_phone_get_phone_number',
      title: 'Get a phone number',
      description:
        'Take a number that receives codes: the same passport gets the same one until release_phone_number. ' +
        'Where the pool is empty it may buy one, if AGENT_PHONE_AUTO_PROVISION allows; that costs money each month.',
      effect: 'spend',
      checkWith: LIST,
      operations: [
        'api_v2010:ListIncomingPhoneNumber',
        'api_v2010:ListAvailablePhoneNumberLocal',
        'api_v2010:CreateIncomingPhoneNumber',
      ],
      input: () => ({ passport_id: string('Whose number it is: any name of the agent or task', 128) }),
      run: async ({ passport_id }, context) => ({ phone_number: await numberFor(passport_id, context) }),
      returns: ['phone_number'],
    }),
    tool({
      name: 'twilio_agent_phone_wait_for_sms',
      title: 'Wait for SMS',
      description:
        'Wait for a message to a number; one of the last five minutes is answered at once. A call lasts a few seconds: on status pending call again with ' +
        'the token and the same arguments. Time-outs can mean that Twilio filtered the code (30038).',
      effect: 'read',
      operations: ['api_v2010:ListMessage'],
      input: () => ({
        phone_number: e164('Number that receives'),
        timeout: integer('Milliseconds of the whole wait', 1, 600_000).default(30_000),
        from: address('Only from this sender').optional(),
        bodyContains: string('Only with these words, in any case', 200).optional(),
        after: dateTime('Only received after this instant').optional(),
        token: z
          .string()
          .regex(/^\d{13}\.\d{13}$/, 'must be the token of the call before')
          .describe('token of the call before, which was pending')
          .optional(),
      }),
      run: waitForSms,
      returns: ['id', 'from', 'to', 'body', 'received_at', 'status', 'token', 'remaining_ms'],
      untrusted: ['body'],
    }),
    tool({
      name: 'twilio_agent_phone_extract_otp_from_sms',
      title: 'Extract code from SMS',
      description: 'Find the one-time code in the text of a message, such as wait_for_sms gave.',
      effect: 'read',
      operations: [],
      input: () => ({ sms_body: string('Text of the message', 4096) }),
      run: ({ sms_body }) => {
        const code = findCode(sms_body);
        if (code === undefined) throw new ToolError('No OTP code found in SMS body');
        return { code };
      },
      returns: ['code'],
      untrusted: ['code'],
    }),
    tool({
      name: 'twilio_agent_phone_release_phone_number',
      title: 'Release phone number',
      description:
        'Give a number back to the pool and clear its inbox, so that another agent may take it. It stays in the account, where twilio_phone_numbers_release_phone_number would end it.',
      effect: 'update',
      operations: [],
      input: () => ({ phone_number: e164('Number to give back') }),
      run: ({ phone_number }, { store }) => release(phone_number, store),
      returns: ['phone_number', 'passport_id'],
    }),
    tool({
      name: LIST,
      title: 'List assignments',
      description:
        'Tell who holds which number, how much of the pool is used, how many numbers were bought, and how many waits of the last day timed out.',
      effect: 'read',
      operations: [],
      input: () => ({}),
      run: async (_, context) => {
        const { store, config } = context;
        const [pool, held, bought, timeouts_last_day] = await Promise.all([
          poolOf(context),
          assignments(store),
          boughtNumbers(store),
          timeouts(store),
        ]);
        const taken = new Set(held.map(({ phone_number }) => phone_number));
        return {
          assignments: held,
          pool: {
            size: pool.length,
            assigned: held.length,
            free: pool.filter((number) => !taken.has(number)).length,
            bought: bought.length,
            may_buy: config.autoProvision ? Math.max(0, config.maxBoughtNumbers - bought.length) : 0,
          },
          timeouts_last_day,
        };
      },
      returns: ['assignments', 'pool', 'timeouts_last_day'],
    }),
  ],
});
