/** Programmable Messaging: validation of sends, and how messages progress. */
import { segmentsOf } from '../../src/segments';
import { targetResource } from '../collection';
import { rfc2822 } from '../dates';
import { ApiError, badRequest } from '../errors';
import type { Properties } from '../json';
import { elapsedTime, timeAfter } from '../lifecycle';
import { listNewestFirst } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxState } from '../types';
import { addAlert } from './alerts';
import { renderContent } from './content';
import { callingCountry } from './countries';
import { deliveryFailure, FAILURES, UNSUBSCRIBED } from './delivery';
import { checkMessagePermission } from './message-permissions';
import { hasOptedOut } from './opt-outs';
import { ACCOUNTS_PATH, isPhoneNumber, MAGIC_NUMBERS, ownedNumber } from './phone';
import { messagePrice } from './prices';

const MESSAGES = `${ACCOUNTS_PATH}/{}/Messages`;

/** Statuses of an outbound message by the milliseconds after its creation. */
export const MESSAGE_STEPS: Array<[number, string]> = [
  [0, 'queued'],
  [300, 'sending'],
  [600, 'sent'],
  [900, 'delivered'],
];

const MESSAGE_FROM_ERRORS: Record<string, [number, string]> = {
  [MAGIC_NUMBERS.invalid]: [21212, `Invalid From Number (caller ID): ${MAGIC_NUMBERS.invalid}`],
  [MAGIC_NUMBERS.notOwned]: [
    21606,
    `The 'From' phone number provided (${MAGIC_NUMBERS.notOwned}) is not a valid message-capable Twilio phone number for this destination/account.`,
  ],
  [MAGIC_NUMBERS.queueFull]: [21611, `This 'From' number has exceeded the maximum number of queued messages`],
};
const MESSAGE_TO_ERRORS: Record<string, [number, string]> = {
  [MAGIC_NUMBERS.invalid]: [21211, `Invalid 'To' Phone Number: ${MAGIC_NUMBERS.invalid}`],
  [MAGIC_NUMBERS.unroutable]: [
    21612,
    `Message cannot be sent with the current combination of 'To' (${MAGIC_NUMBERS.unroutable}) and 'From' parameters`,
  ],
  [MAGIC_NUMBERS.noPermission]: [
    21408,
    `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${MAGIC_NUMBERS.noPermission}`,
  ],
  [MAGIC_NUMBERS.blocked]: [UNSUBSCRIBED, 'Attempt to send to unsubscribed recipient'],
  [MAGIC_NUMBERS.notMobile]: [21614, `'To' number: ${MAGIC_NUMBERS.notMobile}, is not a valid mobile number`],
};

function checkNewMessage(request: SandboxRequest): void {
  const { To, From, MessagingServiceSid, Body, MediaUrl, ContentSid } = request.fields as Record<string, string>;
  if (!To) badRequest(21604, "A 'To' phone number is required.");
  if (!From && !MessagingServiceSid) badRequest(21603, "A 'From' phone number is required.");
  const media = (request.fields.MediaUrl as string[] | undefined) ?? [];
  if (!Body && !MediaUrl && !ContentSid) badRequest(21619, 'A text message body or media urls must be specified.');
  if (Body && Body.length > 1600) badRequest(21617, 'The concatenated message body exceeds the 1600 character limit');
  if (media.length > 10 || media.some((url) => !/^https?:\/\//.test(url))) badRequest(21620, 'Invalid media URL(s)');
  const [to, channel] = splitAddress(To);
  if (channel === 'sms' && !isPhoneNumber(to)) badRequest(21211, `Invalid 'To' Phone Number: ${to}`);
  if (MESSAGE_TO_ERRORS[to]) badRequest(...MESSAGE_TO_ERRORS[to]);
  if (channel === 'sms') checkMessagePermission(request, to);
  if (MessagingServiceSid) checkService(request, MessagingServiceSid);
  if (From) checkFrom(request, From, to, channel);
  const known = !ContentSid || request.state.options.lenient || renderedContent(request);
  if (!known) badRequest(21655, 'The ContentSid is Invalid');
  if (From && hasOptedOut(To, From, request.accountSid, request.state)) {
    badRequest(UNSUBSCRIBED, 'Attempt to send to unsubscribed recipient');
  }
  checkSchedule(request);
}

const renderedContent = ({ fields, state, now }: SandboxRequest) =>
  fields.ContentSid ? renderContent(state, String(fields.ContentSid), fields.ContentVariables, now) : undefined;

/** Splits `whatsapp:+14155550100` into the address and the channel. */
function splitAddress(address: string): [string, string] {
  const match = /^(whatsapp|messenger|rcs|client):(.*)$/.exec(address);
  return match ? [match[2]!, match[1]!] : [address, 'sms'];
}

function checkFrom(request: SandboxRequest, From: string, to: string, toChannel: string): void {
  const [from, channel] = splitAddress(From);
  if (MESSAGE_FROM_ERRORS[from]) badRequest(...MESSAGE_FROM_ERRORS[from]);
  const mismatch = `Message cannot be sent with the current combination of 'To' (${request.fields.To}) and 'From' (${From}) parameters`;
  if (channel !== toChannel) badRequest(21612, mismatch);
  // Channel senders are approved outside this API, so the sandbox accepts any.
  if (channel !== 'sms' || from === MAGIC_NUMBERS.valid) return;
  if (!from.startsWith('+')) {
    const shortCode = /^\d{3,8}$/.test(from);
    const alphanumeric = /^(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}$/.test(from);
    if (!shortCode && !alphanumeric) badRequest(21212, `Invalid From Number (caller ID): ${from}`);
    // The US and Canada accept no alphanumeric senders: https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id
    const refused = ['US', 'CA', 'PR'].includes(String(callingCountry(to)?.iso));
    if (alphanumeric && !shortCode && refused) badRequest(21612, mismatch);
    return;
  }
  if (!isPhoneNumber(from)) badRequest(21212, `Invalid From Number (caller ID): ${from}`);
  const number = ownedNumber(request, from);
  if ((number?.body.capabilities as Properties | undefined)?.sms === false || !number) {
    badRequest(
      21606,
      `The 'From' phone number provided (${from}) is not a valid message-capable Twilio phone number for this destination/account.`,
    );
  }
}

function checkService(request: SandboxRequest, sid: string): void {
  const service = request.state.store.get('messaging.twilio.com/v1/Services', sid);
  if (!service && !request.state.options.lenient) {
    badRequest(21701, `The Messaging Service does not exist`);
  }
}

function checkSchedule(request: SandboxRequest): void {
  const { SendAt, ScheduleType, MessagingServiceSid } = request.fields;
  if (!SendAt && !ScheduleType) return;
  if (!MessagingServiceSid) badRequest(35118, 'MessagingServiceSid is required to schedule a message');
  if (!SendAt) badRequest(35111, 'SendAt is required to schedule a message');
  if (!ScheduleType) badRequest(35112, 'ScheduleType is required to schedule a message');
  const ahead = new Date(String(SendAt)).getTime() - request.now;
  if (ahead < 300_000 || ahead > 35 * 86_400_000) {
    badRequest(35114, 'SendAt time must be between 300 seconds and 35 days (3024000 seconds) in the future, inclusive');
  }
}

function completeMessage(request: SandboxRequest, message: StoredResource): void {
  const content = renderedContent(request);
  const media = (request.fields.MediaUrl as string[] | undefined) ?? content?.media ?? [];
  if (media.length > 0 || request.fields.SendAsMms === true) assignMmsSid(message, request.state);
  const { body, internal } = message;
  const { From, SendAt, StatusCallback } = request.fields;
  const text = String(content?.text ?? request.fields.Body ?? '');
  const serviceSelectsSender = body.messaging_service_sid !== null && !From;
  Object.assign(body, {
    body: text,
    direction: 'outbound-api',
    status: SendAt !== undefined ? 'scheduled' : serviceSelectsSender ? 'accepted' : 'queued',
    num_media: String(media.length),
    num_segments: serviceSelectsSender ? '0' : String(segmentsOf(text).segments),
    price: null,
    price_unit: 'USD',
    error_code: null,
    error_message: null,
    date_sent: null,
    from: From ?? null,
    subresource_uris: { media: String(body.uri).replace('.json', '/Media.json') },
  });
  internal.scheduledFor = SendAt;
  internal.statusCallback = StatusCallback;
  internal.failure = deliveryFailure(message, content, request.state, request.now);
  for (const url of media) addMedia(request.state, message, url, request.now);
}

interface NewMessage {
  accountSid: string;
  from: string;
  to: string;
  body: string;
  content?: ReturnType<typeof renderContent>;
  /** Files that are sent along. */
  files?: StoredResource[];
}

/** Sends a message for another product, such as a conversation. */
export function createOutbound(state: SandboxState, given: NewMessage, now: number): StoredResource {
  const { accountSid, content, files = [], ...message } = given;
  const sid = newSid(files.length > 0 ? 'MM' : 'SM');
  const stored = seedResource(state, {
    fetchOperation: 'api_v2010:FetchMessage',
    params: { AccountSid: accountSid },
    known: {
      ...{ ...message, sid, direction: 'outbound-api', status: 'queued', messaging_service_sid: null, date_sent: null },
      ...{ num_media: String(files.length), num_segments: String(segmentsOf(message.body).segments) },
      ...{ price: null, price_unit: 'USD' },
      ...{ error_code: null, error_message: null, api_version: '2010-04-01' },
    },
    at: now,
  });
  stored.body.subresource_uris = { media: String(stored.body.uri).replace('.json', '/Media.json') };
  for (const file of files) addMedia(state, stored, file, now);
  const optedOut = hasOptedOut(message.to, message.from, accountSid, state);
  if (optedOut) failMessage(stored, 'failed', UNSUBSCRIBED, now, state);
  else stored.internal.failure = deliveryFailure(stored, content, state, now);
  return stored;
}

/** SIDs of messages with media begin with MM. */
function assignMmsSid(message: StoredResource, { store }: SandboxState): void {
  store.remove(message.collection, message.id);
  const sid = newSid('MM');
  message.body.uri = String(message.body.uri).replace(message.id, sid);
  message.id = sid;
  message.body.sid = sid;
  store.put(message);
}

/** The type of a file by the end of its URL, which the sandbox does not download. */
const typeOfUrl = (url: string): string =>
  /\.png$/i.test(url) ? 'image/png' : /\.gif$/i.test(url) ? 'image/gif' : 'image/jpeg';

/** Stores one of a message's media: the file at a URL, or one of another product. */
export function addMedia(
  { store }: SandboxState,
  message: StoredResource,
  file: string | StoredResource,
  now: number,
): StoredResource {
  const sid = newSid('ME');
  const date = rfc2822(new Date(now));
  const fromUrl = typeof file === 'string';
  return store.add({
    kind: `${MESSAGES}/{}/Media`,
    collection: `${message.collection}/${message.id}/Media`,
    id: sid,
    body: {
      sid,
      account_sid: message.body.account_sid,
      parent_sid: message.id,
      content_type: fromUrl ? typeOfUrl(file) : file.body.content_type,
      date_created: date,
      date_updated: date,
      uri: String(message.body.uri).replace('.json', `/Media/${sid}.json`),
    },
    at: now,
    internal: fromUrl ? {} : { content: file.internal.content },
  });
}

/** What may change by itself. It is asked first, since it settles most of a log of thousands. */
const UNDER_WAY = new Set<unknown>(['scheduled', 'accepted', 'queued', 'sending', 'sent']);

const advanceMessage: Lifecycle = (message, now, state) => {
  const { body, internal } = message;
  if (!UNDER_WAY.has(body.status) || String(body.direction).startsWith('inbound') || internal.final) return;
  if (body.status === 'scheduled') {
    const due = new Date(String(internal.scheduledFor)).getTime();
    if (now < due) return;
    message.createdAt = due;
  }
  const elapsed = elapsedTime(message, now, state);
  const [after, status] = MESSAGE_STEPS.findLast(([from]) => elapsed >= from) ?? MESSAGE_STEPS[0]!;
  if (status === body.status || (status === 'queued' && body.status === 'accepted')) return;
  const { messaging_service_sid: service, to, account_sid } = body;
  if (body.status === 'accepted' && hasOptedOut(String(to), String(service), String(account_sid), state)) {
    failMessage(message, 'failed', UNSUBSCRIBED, now, state);
    return;
  }
  const failure = status === 'delivered' ? (internal.failure as number | undefined) : undefined;
  const time = timeAfter(message, after, state);
  body.status = failure === undefined ? status : 'undelivered';
  if (after > 0) completeSend(message, time, state);
  if (failure !== undefined) return failMessage(message, 'undelivered', failure, time, state);
  state.events.emit('change', { resource: message, change: status });
};

/** Ends a message with an error, which the Debugger shows too. `time` is in milliseconds since 1970. */
function failMessage(message: StoredResource, status: string, code: number, time: number, state: SandboxState): void {
  const text = FAILURES[code]!;
  const date_updated = rfc2822(new Date(time));
  Object.assign(message.body, { status, error_code: code, error_message: text, date_updated });
  const level = code < 40_000 ? 'warning' : 'error';
  addAlert(state, { code, text, level, resourceSid: message.id, at: time });
  state.events.emit('change', { resource: message, change: status });
}

/** Sets what is known once Twilio sends the message: sender, dates, price. `time` is in milliseconds since 1970. */
function completeSend(message: StoredResource, time: number, state: SandboxState): void {
  const { body } = message;
  body.from ??= senderPool(message, state)[0]?.body.phone_number ?? MAGIC_NUMBERS.valid;
  if (body.num_segments === '0') body.num_segments = String(segmentsOf(String(body.body ?? '')).segments);
  body.date_updated = rfc2822(new Date(time));
  if (body.status === 'sending') return;
  body.date_sent ??= rfc2822(new Date(time));
  if (body.status === 'delivered') body.price = messagePrice(body);
}

/** The phone numbers of the message's service, or if it has none, of the account. */
function senderPool(message: StoredResource, { store }: SandboxState): StoredResource[] {
  const pool = store.list(`messaging.twilio.com/v1/Services/${message.body.messaging_service_sid}/PhoneNumbers`);
  return pool.length > 0 ? pool : store.list(message.collection.replace(/Messages$/, 'IncomingPhoneNumbers'));
}

const SENT_OR_ENDED = ['delivered', 'undelivered', 'failed', 'received', 'canceled', 'sent', 'read'];

function checkMessageUpdate(request: SandboxRequest): void {
  const message = targetResource(request);
  if (!message) return;
  const { Status, Body } = request.fields;
  if (Status === 'canceled' && message.body.status !== 'scheduled') {
    throw new ApiError(409, 30409, 'This message cannot be canceled');
  }
  if (Body !== undefined && Body !== '')
    badRequest(30400, 'Body must be empty: a message can be redacted, not changed');
  if (Body === '' && !SENT_OR_ENDED.includes(String(message.body.status))) {
    throw new ApiError(409, 20009, 'Cannot redact a message before it is complete');
  }
}

export const MESSAGE_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateMessage': { check: checkNewMessage, onCreate: completeMessage },
  'api_v2010:ListMessage': { respond: listNewestFirst },
  'api_v2010:UpdateMessage': {
    check: checkMessageUpdate,
    onUpdate(request, message) {
      if (request.fields.Body === '') message.body.body = '';
    },
  },
};

export const MESSAGE_LIFECYCLES: Record<string, Lifecycle> = { [MESSAGES]: advanceMessage };
