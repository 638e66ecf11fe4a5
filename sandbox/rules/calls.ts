/** Programmable Voice: calls that ring, are answered and end; conferences. */
import type { Body } from '../answer';
import { inTarget } from '../collection';
import { Refusal } from '../errors';
import { answerList, newestFirst } from '../lists';
import { place } from '../place';
import { freshSid, rfc2822 } from '../sample';
import type { Resource } from '../store';
import type { Age, Call, Rule } from '../world';
import { ACCOUNTS, isE164, livedFor, MAGIC, momentOf, owned } from './phone';

const CALLS = `${ACCOUNTS}/{}/Calls`;

/** Steps of an outbound call, in milliseconds after it was accepted. */
const STEPS: Array<[number, string]> = [
  [0, 'queued'],
  [300, 'ringing'],
  [700, 'in-progress'],
  [2500, 'completed'],
];
const OPEN = ['queued', 'initiated', 'ringing', 'in-progress'];

const TO_ERRORS: Record<string, [number, string]> = {
  [MAGIC.invalid]: [21217, `Phone number does not appear to be valid: ${MAGIC.invalid}`],
  [MAGIC.unroutable]: [21214, `'To' phone number cannot be reached: ${MAGIC.unroutable}`],
  [MAGIC.noPermission]: [
    21215,
    `Account not authorized to call ${MAGIC.noPermission}: enable the country in the geographic permissions`,
  ],
  [MAGIC.blocked]: [13225, `Call blocked: ${MAGIC.blocked} is on the list of forbidden numbers`],
};

function refuse(code: number, message: string): never {
  throw new Refusal(400, code, message);
}

function checkCreate(call: Call): void {
  const { To, From, Url, Twiml, ApplicationSid } = call.fields as Record<string, string>;
  if (!Url && !Twiml && !ApplicationSid) {
    refuse(21205, 'Url parameter is required. For more information, see https://www.twilio.com/docs/api/twiml');
  }
  if (Url && !/^https?:\/\//.test(Url)) refuse(21205, `Url is not a valid URL: ${Url}`);
  // Twilio takes both and goes by the URL.
  if (Url && Twiml) call.entry.ignored.push('Twiml');
  if (ApplicationSid) checkApplication(call, ApplicationSid);
  if (TO_ERRORS[To!]) refuse(...TO_ERRORS[To!]!);
  if (!/^(sip|client):/.test(To!) && !isE164(To!)) refuse(21211, `Invalid 'To' Phone Number: ${To}`);
  if (From === MAGIC.invalid) refuse(21212, `Invalid From Number (caller ID): ${From}`);
  if (/^(sip|client):/.test(From!) || From === MAGIC.valid) return;
  const callerIds = call.world.store.list(`${ACCOUNTS}/${call.accountSid}/OutgoingCallerIds`);
  const verified = callerIds.some((callerId) => callerId.body.phone_number === From);
  if (!owned(call, From!) && !verified) {
    refuse(
      21210,
      `The source phone number provided, ${From}, is not yet verified for your account. You may only make calls from phone numbers that you've verified or purchased from Twilio.`,
    );
  }
}

function checkApplication(call: Call, sid: string): void {
  const application = call.world.store.get(`${ACCOUNTS}/${call.accountSid}/Applications`, sid);
  if (!application && !call.world.options.lenient) refuse(21218, `The ApplicationSid ${sid} is not valid`);
}

function created(call: Call, resource: Resource): void {
  const { To, From } = call.fields as Record<string, string>;
  Object.assign(resource.body, {
    direction: 'outbound-api',
    status: 'queued',
    to_formatted: formatted(To!),
    from_formatted: formatted(From!),
    phone_number_sid: owned(call, From!)?.id ?? null,
    parent_call_sid: null,
    start_time: null,
    end_time: null,
    duration: null,
    price: null,
    price_unit: 'USD',
    answered_by: null,
    caller_name: null,
    forwarded_from: null,
    group_sid: null,
    trunk_sid: null,
    queue_time: '0',
  });
  resource.notes.record = call.fields.Record === true;
  resource.notes.detects = call.fields.MachineDetection !== undefined;
}

export function formatted(number: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return match ? `(${match[1]}) ${match[2]}-${match[3]}` : number;
}

const age: Age = (resource, now, world) => {
  const { body, notes } = resource;
  if (notes.still || !OPEN.includes(String(body.status))) return;
  const lived = livedFor(resource, now, world);
  for (const [since, status] of STEPS) {
    const ahead = STEPS.findIndex(([, name]) => name === status) > STEPS.findIndex(([, name]) => name === body.status);
    if (lived < since || !ahead) continue;
    reach(resource, status, momentOf(resource, since, world));
    world.events.emit('change', { resource, change: status });
    if (status === 'completed' && notes.record) keepRecording(resource, momentOf(resource, since, world), world);
  }
};

/** What is known from a status on. */
function reach(resource: Resource, status: string, moment: number): void {
  const { body, notes } = resource;
  const date = rfc2822(new Date(moment));
  body.status = status;
  body.date_updated = date;
  if (status === 'in-progress') {
    body.start_time = date;
    notes.answeredAt = moment;
    if (notes.detects) body.answered_by = 'human';
  }
  if (status === 'completed') {
    body.start_time ??= date;
    body.end_time = date;
    const seconds = Math.max(1, Math.round((moment - Number(notes.answeredAt ?? moment)) / 1000));
    body.duration = String(seconds);
    body.price = (-0.014 * Math.ceil(seconds / 60)).toFixed(5);
  }
}

function keepRecording(call: Resource, at: number, world: Parameters<Age>[2]): void {
  const known: Body = {
    sid: freshSid('RE'),
    call_sid: call.id,
    conference_sid: null,
    duration: call.body.duration,
    start_time: call.body.start_time,
    status: 'completed',
    source: 'OutboundAPI',
    channels: 1,
    price: '-0.00250',
    error_code: null,
  };
  const params = { AccountSid: String(call.body.account_sid) };
  place(world, { reads: 'api_v2010:FetchRecording', params, known, at, notes: { still: true } });
}

function checkUpdate(call: Call): void {
  const found = call.world.store.get(call.target.collection, call.target.id!);
  if (!found) return;
  age(found, call.now, call.world);
  const status = String(found.body.status);
  const { Status, Url, Twiml } = call.fields;
  if (Status === 'canceled' && !['queued', 'initiated', 'ringing'].includes(status)) {
    refuse(21220, `Invalid call state: a call that is ${status} cannot be canceled`);
  }
  if (Status === 'completed' && !OPEN.includes(status))
    refuse(21220, `Invalid call state: the call is ${status} already`);
  if ((Url || Twiml) && status !== 'in-progress') refuse(21220, 'Call is not in-progress. Cannot redirect.');
}

function updated(call: Call, resource: Resource): void {
  const { Status } = call.fields;
  if (Status === 'completed') reach(resource, 'completed', call.now);
  if (Status === 'canceled') resource.body.end_time = rfc2822(new Date(call.now));
  if (Status) call.world.events.emit('change', { resource, change: String(Status) });
}

/** Deleting waits until the end, and so does recording until the call is answered. */
function checkOver(call: Call): void {
  const found = call.world.store.get(call.target.collection, call.target.id!);
  if (!found) return;
  age(found, call.now, call.world);
  if (OPEN.includes(String(found.body.status)))
    throw new Refusal(409, 20009, 'Cannot delete this resource before it is complete');
}

function checkLive(call: Call): void {
  const sid = call.target.params.CallSid!;
  const found = call.world.store.get(`${ACCOUNTS}/${call.accountSid}/Calls`, sid);
  if (!found) return;
  age(found, call.now, call.world);
  if (found.body.status !== 'in-progress') refuse(21220, 'Invalid call state: the call is not in-progress');
}

/** Conferences that have ended are listed only for those who ask for a status. */
function listConferences(call: Call) {
  const all = newestFirst(inTarget(call));
  return answerList(
    call,
    call.query.Status === undefined ? all.filter((one) => one.body.status === 'in-progress') : all,
  );
}

const newestFirstList: Rule = { answer: (call) => answerList(call, newestFirst(inTarget(call))) };

export const CALL_RULES: Record<string, Rule> = {
  'api_v2010:CreateCall': { check: checkCreate, created },
  'api_v2010:ListCall': newestFirstList,
  'api_v2010:UpdateCall': { check: checkUpdate, updated },
  'api_v2010:DeleteCall': { check: checkOver },
  'api_v2010:CreateCallRecording': { check: checkLive },
  'api_v2010:ListRecording': newestFirstList,
  'api_v2010:ListCallRecording': newestFirstList,
  'api_v2010:ListConference': { answer: listConferences },
  'api_v2010:UpdateConference': {
    updated(call, resource) {
      if (call.fields.Status === 'completed') resource.body.reason_conference_ended = 'conference-ended-via-api';
    },
  },
};

export const CALL_AGES: Record<string, Age> = { [CALLS]: age };
