/** Verified caller IDs: the person who is called enters the code at once. */
import { randomInt } from 'node:crypto';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { OperationRule } from '../types';
import { nationalFormat } from './phone';

const requestValidation: OperationRule = {
  respond(request) {
    const { PhoneNumber, FriendlyName } = request.fields as Record<string, string>;
    const friendly_name = FriendlyName ?? nationalFormat(PhoneNumber!);
    seedResource(request.state, {
      fetchOperation: 'api_v2010:FetchOutgoingCallerId',
      params: { AccountSid: request.accountSid },
      known: { sid: newSid('PN'), phone_number: PhoneNumber, friendly_name },
      at: request.now,
    });
    const validation_code = String(randomInt(100_000, 1_000_000));
    const caller = { account_sid: request.accountSid, call_sid: null, friendly_name, phone_number: PhoneNumber };
    return { status: request.operation.success.status, body: { ...caller, validation_code } };
  },
};

export const CALLER_ID_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateValidationRequest': requestValidation,
};
