import * as z from 'zod';
import { EFFECTS } from './effect';
import { E164, sidPattern } from './formats';
import { listSetting, phoneNumber, type Setting } from './setting-forms';

/** Which actions a person approves, and how that person is asked. */
export const APPROVAL_SETTINGS = {
  MCP_APPROVE: {
    key: 'approve',
    schema: listSetting(
      (item) => item !== 'read' && EFFECTS.some((effect) => effect === item),
      'must be effects such as send,spend,grant,delete',
    ).optional(),
    help: 'Effects that a person approves first, separated by commas, such as send,spend,grant,delete: the user of a client that can show a dialog (MCP elicitation), otherwise MCP_APPROVER. Default: none.',
    role: 'policy',
  },
  MCP_APPROVE_BY: {
    key: 'approveBy',
    schema: z.enum(['any', 'text'], 'must be any or text').default('any'),
    help: 'text: only MCP_APPROVER approves, as a client could answer its own dialog. Default any.',
  },
  MCP_APPROVER: {
    key: 'approver',
    schema: phoneNumber.optional(),
    help: 'Mobile number that approves by text message, and can stop agents with STOP AGENT. Tools neither reach it nor show its messages. Replies must arrive at this server: docs/policy.md. Default: none.',
  },
  MCP_APPROVER_FROM: {
    key: 'approverFrom',
    schema: z
      .string()
      .refine((value) => E164.test(value) || sidPattern('MG').test(value), 'must be a phone number in E.164 or MG…')
      .optional(),
    help: 'Sender of these text messages: a number of the account or a Messaging Service (MG…). Default: TWILIO_MESSAGING_SERVICE_SID, else TWILIO_PHONE_NUMBER.',
  },
} as const satisfies Record<string, Setting>;
