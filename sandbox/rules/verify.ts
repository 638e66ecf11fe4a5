/** Verify v2: a recipient has one pending verification, which allows five attempts and expires after ten minutes. */
import { ApiError, badRequest, notFound } from '../errors';
import type { Properties } from '../json';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { isPhoneNumber } from './phone';

/** The code of every verification without a CustomCode. */
const SANDBOX_CODE = '123456';

const EXPIRY_MS = 10 * 60_000;
const MAX_CODE_ATTEMPTS = 5;
const CHANNELS = ['sms', 'call', 'email', 'whatsapp', 'sna', 'auto', 'rcs'];

function invalidParameter(name: string, value: unknown): never {
  badRequest(60200, `Invalid parameter \`${name}\`: ${String(value)}`);
}

function pendingVerification(request: SandboxRequest, to: string): StoredResource | undefined {
  const collection = `verify.twilio.com/v2/Services/${request.target.params.ServiceSid}/Verifications`;
  for (const resource of request.state.store.list(collection)) {
    expireVerification(resource, request.now, request.state);
    if (resource.body.status === 'pending' && (resource.body.to === to || resource.id === to)) return resource;
  }
  return undefined;
}

const expireVerification: Lifecycle = ({ body, createdAt }, now) => {
  if (body.status === 'pending' && now - createdAt > EXPIRY_MS) body.status = 'expired';
};

function newAttempt(request: SandboxRequest): Properties {
  const channel = String(request.fields.Channel).toUpperCase();
  return { time: new Date(request.now).toISOString(), channel, attempt_sid: newSid('VL') };
}

const createVerification: OperationRule = {
  check(request) {
    const { To, Channel, CustomCode } = request.fields as Record<string, string | undefined>;
    if (!CHANNELS.includes(Channel!)) invalidParameter('Channel', Channel);
    if (Channel === 'email' ? !/^\S+@\S+\.\S+$/.test(To!) : !isPhoneNumber(To!)) invalidParameter('To', To);
    if (CustomCode !== undefined && !/^[A-Za-z0-9]{4,10}$/.test(CustomCode)) invalidParameter('CustomCode', CustomCode);
  },
  /** A request for a recipient with a pending verification sends its code again. */
  respond(request): SandboxResponse | undefined {
    const found = pendingVerification(request, String(request.fields.To));
    if (!found) return undefined;
    const attempts = found.body.send_code_attempts as Properties[];
    if (attempts.length >= MAX_CODE_ATTEMPTS) throw new ApiError(429, 60203, 'Max send attempts reached');
    attempts.push(newAttempt(request));
    found.body.channel = request.fields.Channel;
    return { status: 201, body: found.body };
  },
  onCreate(request, { body, internal }) {
    Object.assign(body, {
      status: 'pending',
      valid: false,
      send_code_attempts: [newAttempt(request)],
      sna: null,
      amount: request.fields.Amount ?? null,
      payee: request.fields.Payee ?? null,
    });
    internal.code = request.fields.CustomCode ?? SANDBOX_CODE;
    internal.checks = 0;
  },
};

const checkVerification: OperationRule = {
  respond(request) {
    const { To, VerificationSid, Code } = request.fields as Record<string, string | undefined>;
    if (!To && !VerificationSid) invalidParameter('To', 'either To or VerificationSid is needed');
    const found = pendingVerification(request, (VerificationSid ?? To)!);
    // The carrier confirms silent network authentication, so it has no code.
    const silent = found?.body.channel === 'sna';
    if (!silent && !/^[A-Za-z0-9]{4,10}$/.test(Code ?? '')) invalidParameter('Code', Code ?? 'missing');
    if (!found) throw notFound(request.entry.path);
    const attempts = Number(found.internal.checks) + 1;
    found.internal.checks = attempts;
    if (attempts > MAX_CODE_ATTEMPTS) throw new ApiError(429, 60202, 'Max check attempts reached');
    if (silent || Code === found.internal.code) {
      Object.assign(found.body, { status: 'approved', valid: true });
      request.state.events.emit('change', { resource: found, change: 'approved' });
    }
    const { sid, service_sid, account_sid, to, channel, status, valid, amount, payee, date_created, date_updated } =
      found.body;
    const body = {
      sid,
      service_sid,
      account_sid,
      to,
      channel,
      status,
      valid,
      amount,
      payee,
      date_created,
      date_updated,
    };
    return { status: 200, body: { ...body, sna_attempts_error_codes: [] } };
  },
};

export const VERIFY_RULES: Record<string, OperationRule> = {
  'verify_v2:CreateVerification': createVerification,
  'verify_v2:CreateVerificationCheck': checkVerification,
  'verify_v2:UpdateVerification': {
    check(request) {
      // Twilio accepts the recipient in the path instead of the SID.
      const found = pendingVerification(request, request.target.id!);
      if (found) request.target.id = found.id;
    },
    onUpdate(request, resource) {
      resource.body.valid = request.fields.Status === 'approved';
    },
  },
};

export const VERIFY_LIFECYCLES: Record<string, Lifecycle> = {
  'verify.twilio.com/v2/Services/{}/Verifications': expireVerification,
};
