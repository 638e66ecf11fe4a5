/** Verify v2: one pending verification per recipient, five tries, ten minutes. */
import type { Body } from '../answer';
import { notFound, Refusal } from '../errors';
import { freshSid } from '../sample';
import type { Resource } from '../store';
import type { Age, Answer, Call, Rule } from '../world';
import { isE164 } from './phone';

/** The code that every verification without a CustomCode is approved with. */
export const SANDBOX_CODE = '123456';

const LIFE = 10 * 60_000;
const TRIES = 5;
const CHANNELS = ['sms', 'call', 'email', 'whatsapp', 'sna', 'auto', 'rcs'];
const KIND = 'verify.twilio.com/v2/Services/{}/Verifications';

function invalid(name: string, value: unknown): never {
  throw new Refusal(400, 60200, `Invalid parameter \`${name}\`: ${String(value)}`);
}

function pending(call: Call, to: string): Resource | undefined {
  const collection = `verify.twilio.com/v2/Services/${call.target.params.ServiceSid}/Verifications`;
  for (const resource of call.world.store.list(collection)) {
    age(resource, call.now, call.world);
    if (resource.body.status === 'pending' && (resource.body.to === to || resource.id === to)) return resource;
  }
  return undefined;
}

const age: Age = (resource, now) => {
  if (resource.body.status === 'pending' && now - resource.createdAt > LIFE) resource.body.status = 'expired';
};

function attempt(call: Call): Body {
  const channel = String(call.fields.Channel).toUpperCase();
  return { time: new Date(call.now).toISOString(), channel, attempt_sid: freshSid('VL') };
}

const send: Rule = {
  check(call) {
    const { To, Channel, CustomCode } = call.fields as Record<string, string | undefined>;
    if (!CHANNELS.includes(Channel!)) invalid('Channel', Channel);
    if (Channel === 'email' ? !/^\S+@\S+\.\S+$/.test(To!) : !isE164(To!)) invalid('To', To);
    if (CustomCode !== undefined && !/^[A-Za-z0-9]{4,10}$/.test(CustomCode)) invalid('CustomCode', CustomCode);
  },
  /** A second request for the same recipient goes on with the verification there is. */
  answer(call): Answer | undefined {
    const found = pending(call, String(call.fields.To));
    if (!found) return undefined;
    const attempts = found.body.send_code_attempts as Body[];
    if (attempts.length >= TRIES) throw new Refusal(429, 60203, 'Max send attempts reached');
    attempts.push(attempt(call));
    found.body.channel = call.fields.Channel;
    return { status: 201, body: found.body };
  },
  created(call, resource) {
    Object.assign(resource.body, {
      status: 'pending',
      valid: false,
      send_code_attempts: [attempt(call)],
      sna: null,
      amount: call.fields.Amount ?? null,
      payee: call.fields.Payee ?? null,
    });
    resource.notes.code = call.fields.CustomCode ?? SANDBOX_CODE;
    resource.notes.checks = 0;
  },
};

const check: Rule = {
  answer(call) {
    const { To, VerificationSid, Code } = call.fields as Record<string, string | undefined>;
    if (!To && !VerificationSid) invalid('To', 'either To or VerificationSid is needed');
    const found = pending(call, (VerificationSid ?? To)!);
    // The network itself answers a silent verification, so there is no code to give.
    const silent = found?.body.channel === 'sna';
    if (!silent && !/^[A-Za-z0-9]{4,10}$/.test(Code ?? '')) invalid('Code', Code ?? 'missing');
    if (!found) throw notFound(call.entry.path);
    const tries = Number(found.notes.checks) + 1;
    found.notes.checks = tries;
    if (tries > TRIES) throw new Refusal(429, 60202, 'Max check attempts reached');
    if (silent || Code === found.notes.code) {
      Object.assign(found.body, { status: 'approved', valid: true });
      call.world.events.emit('change', { resource: found, change: 'approved' });
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

export const VERIFY_RULES: Record<string, Rule> = {
  'verify_v2:CreateVerification': send,
  'verify_v2:CreateVerificationCheck': check,
  'verify_v2:UpdateVerification': {
    check(call) {
      // The recipient may stand in the path instead of the SID.
      const found = pending(call, call.target.id!);
      if (found) call.target.id = found.id;
    },
    updated(call, resource) {
      resource.body.valid = call.fields.Status === 'approved';
    },
  },
};

export const VERIFY_AGES: Record<string, Age> = { [KIND]: age };
