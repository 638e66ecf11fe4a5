/** Programmable Messaging: who may send what to whom, and how a message travels. */
import type { Body } from '../answer';
import { inTarget } from '../collection';
import { Refusal } from '../errors';
import { answerList, newestFirst } from '../lists';
import { freshSid, rfc2822 } from '../sample';
import type { Resource } from '../store';
import type { Age, Call, Rule, World } from '../world';
import { ACCOUNTS, isE164, livedFor, MAGIC, momentOf, owned } from './phone';

const MESSAGES = `${ACCOUNTS}/{}/Messages`;

/** Steps of an outbound message, in milliseconds after it was accepted. */
export const MESSAGE_STEPS: Array<[number, string]> = [
  [0, 'queued'],
  [300, 'sending'],
  [600, 'sent'],
  [900, 'delivered'],
];
const PRICE = { segment: 0.0083, media: 0.022 };

const FROM_ERRORS: Record<string, [number, string]> = {
  [MAGIC.invalid]: [21212, `Invalid From Number (caller ID): ${MAGIC.invalid}`],
  [MAGIC.notOwned]: [
    21606,
    `The 'From' phone number provided (${MAGIC.notOwned}) is not a valid message-capable Twilio phone number for this destination/account.`,
  ],
  [MAGIC.queueFull]: [21611, `This 'From' number has exceeded the maximum number of queued messages`],
};
const TO_ERRORS: Record<string, [number, string]> = {
  [MAGIC.invalid]: [21211, `Invalid 'To' Phone Number: ${MAGIC.invalid}`],
  [MAGIC.unroutable]: [
    21612,
    `Message cannot be sent with the current combination of 'To' (${MAGIC.unroutable}) and 'From' parameters`,
  ],
  [MAGIC.noPermission]: [
    21408,
    `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${MAGIC.noPermission}`,
  ],
  [MAGIC.blocked]: [21610, 'Attempt to send to unsubscribed recipient'],
  [MAGIC.notMobile]: [21614, `'To' number: ${MAGIC.notMobile}, is not a valid mobile number`],
};

function refuse(code: number, message: string): never {
  throw new Refusal(400, code, message);
}

function checkSend(call: Call): void {
  const { To, From, MessagingServiceSid, Body, MediaUrl, ContentSid } = call.fields as Record<string, string>;
  if (!To) refuse(21604, "A 'To' phone number is required.");
  if (!From && !MessagingServiceSid) refuse(21603, "A 'From' phone number is required.");
  const media = (call.fields.MediaUrl as string[] | undefined) ?? [];
  if (!Body && !MediaUrl && !ContentSid) refuse(21619, 'A text message body or media urls must be specified.');
  if (Body && Body.length > 1600) refuse(21617, 'The concatenated message body exceeds the 1600 character limit');
  if (media.length > 10 || media.some((url) => !/^https?:\/\//.test(url))) refuse(21620, 'Invalid media URL(s)');
  const [to, channel] = bare(To);
  if (channel === 'sms' && !isE164(to)) refuse(21211, `Invalid 'To' Phone Number: ${to}`);
  if (TO_ERRORS[to]) refuse(...TO_ERRORS[to]);
  if (MessagingServiceSid) checkService(call, MessagingServiceSid);
  if (From) checkFrom(call, From, channel);
  checkSchedule(call);
}

/** Number or address without its channel, and the channel. */
function bare(address: string): [string, string] {
  const match = /^(whatsapp|messenger|rcs|client):(.*)$/.exec(address);
  return match ? [match[2]!, match[1]!] : [address, 'sms'];
}

function checkFrom(call: Call, From: string, toChannel: string): void {
  const [from, channel] = bare(From);
  if (FROM_ERRORS[from]) refuse(...FROM_ERRORS[from]);
  if (channel !== toChannel) {
    refuse(
      21612,
      `Message cannot be sent with the current combination of 'To' (${call.fields.To}) and 'From' (${From}) parameters`,
    );
  }
  // Channel senders are approved outside this API, so that any is believed.
  if (channel !== 'sms' || from === MAGIC.valid) return;
  if (!from.startsWith('+')) {
    const shortCode = /^\d{3,8}$/.test(from);
    const alphanumeric = /^(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}$/.test(from);
    if (!shortCode && !alphanumeric) refuse(21212, `Invalid From Number (caller ID): ${from}`);
    return;
  }
  if (!isE164(from)) refuse(21212, `Invalid From Number (caller ID): ${from}`);
  const number = owned(call, from);
  if ((number?.body.capabilities as Body | undefined)?.sms === false || !number) {
    refuse(
      21606,
      `The 'From' phone number provided (${from}) is not a valid message-capable Twilio phone number for this destination/account.`,
    );
  }
}

function checkService(call: Call, sid: string): void {
  const service = call.world.store.get('messaging.twilio.com/v1/Services', sid);
  if (!service && !call.world.options.lenient) {
    refuse(21701, `The Messaging Service does not exist`);
  }
}

function checkSchedule(call: Call): void {
  const { SendAt, ScheduleType, MessagingServiceSid } = call.fields;
  if (!SendAt && !ScheduleType) return;
  if (!MessagingServiceSid) refuse(35118, 'MessagingServiceSid is required to schedule a message');
  if (!SendAt) refuse(35111, 'SendAt is required to schedule a message');
  if (!ScheduleType) refuse(35112, 'ScheduleType is required to schedule a message');
  const ahead = new Date(String(SendAt)).getTime() - call.now;
  if (ahead < 300_000 || ahead > 35 * 86_400_000) {
    refuse(35114, 'SendAt time must be between 300 seconds and 35 days (3024000 seconds) in the future, inclusive');
  }
}

const GSM = /^[A-Za-z0-9@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ !"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[~\]|€ÆæßÉ]*$/;

/** Segments of a text: 160 characters, or 70 when one is outside GSM-7; 153 and 67 when it takes several. */
export function segmentsOf(text: string): number {
  const gsm = GSM.test(text);
  const length = gsm ? text.length + (text.match(/[\^{}\\[~\]|€]/g)?.length ?? 0) : text.length;
  if (length <= (gsm ? 160 : 70)) return 1;
  return Math.ceil(length / (gsm ? 153 : 67));
}

function created(call: Call, resource: Resource): void {
  const media = (call.fields.MediaUrl as string[] | undefined) ?? [];
  if (media.length > 0 || call.fields.SendAsMms === true) rename(call, resource);
  const { body } = resource;
  const scheduled = call.fields.SendAt !== undefined;
  const service = body.messaging_service_sid !== null;
  Object.assign(body, {
    body: call.fields.Body ?? '',
    direction: 'outbound-api',
    status: scheduled ? 'scheduled' : service && !call.fields.From ? 'accepted' : 'queued',
    num_media: String(media.length),
    num_segments: service && !call.fields.From ? '0' : String(segmentsOf(String(call.fields.Body ?? ''))),
    price: null,
    price_unit: 'USD',
    error_code: null,
    error_message: null,
    date_sent: null,
    from: call.fields.From ?? null,
    subresource_uris: { media: String(body.uri).replace('.json', '/Media.json') },
  });
  resource.notes.media = media;
  resource.notes.scheduledFor = call.fields.SendAt;
  resource.notes.statusCallback = call.fields.StatusCallback;
  for (const url of media) addMedia(call, resource, url);
}

/** A message with media has a SID of its own kind. */
function rename(call: Call, resource: Resource): void {
  call.world.store.remove(resource.collection, resource.id);
  const sid = freshSid('MM');
  resource.body.uri = String(resource.body.uri).replace(resource.id, sid);
  resource.id = sid;
  resource.body.sid = sid;
  call.world.store.put(resource);
}

function addMedia(call: Call, message: Resource, url: string): void {
  const sid = freshSid('ME');
  const collection = `${message.collection}/${message.id}/Media`;
  const date = rfc2822(new Date(call.now));
  call.world.store.put({
    kind: `${MESSAGES}/{}/Media`,
    collection,
    id: sid,
    body: {
      sid,
      account_sid: call.accountSid,
      parent_sid: message.id,
      content_type: /\.png$/i.test(url) ? 'image/png' : /\.gif$/i.test(url) ? 'image/gif' : 'image/jpeg',
      date_created: date,
      date_updated: date,
      uri: String(message.body.uri).replace('.json', `/Media/${sid}.json`),
    },
    createdAt: call.now,
    updatedAt: call.now,
    notes: {},
  });
}

const age: Age = (resource, now, world) => {
  const { body, notes } = resource;
  if (String(body.direction).startsWith('inbound') || notes.still) return;
  const before = body.status;
  if (body.status === 'scheduled') {
    const due = new Date(String(notes.scheduledFor)).getTime();
    if (now < due) return;
    resource.createdAt = due;
  }
  if (!['scheduled', 'accepted', 'queued', 'sending', 'sent'].includes(String(body.status))) return;
  const lived = livedFor(resource, now, world);
  const [since, status] = MESSAGE_STEPS.findLast(([from]) => lived >= from) ?? MESSAGE_STEPS[0]!;
  const waiting = status === 'queued' && body.status === 'accepted';
  if (waiting || status === before) return;
  body.status = status;
  if (since > 0) arrive(resource, momentOf(resource, since, world), senders(resource, world));
  world.events.emit('change', { resource, change: String(status) });
};

/** The numbers of the message's service, else those of the account. */
function senders(resource: Resource, world: World): Resource[] {
  const pool = world.store.list(`messaging.twilio.com/v1/Services/${resource.body.messaging_service_sid}/PhoneNumbers`);
  return pool.length > 0 ? pool : world.store.list(resource.collection.replace(/Messages$/, 'IncomingPhoneNumbers'));
}

/** On the way the message gets what is only known then: its sender, its date, its price. */
function arrive(resource: Resource, moment: number, numbers: Resource[]): void {
  const { body } = resource;
  body.from ??= numbers[0]?.body.phone_number ?? MAGIC.valid;
  if (body.num_segments === '0') body.num_segments = String(segmentsOf(String(body.body ?? '')));
  body.date_updated = rfc2822(new Date(moment));
  if (body.status === 'sending') return;
  body.date_sent ??= rfc2822(new Date(moment));
  const price = Number(body.num_media) > 0 ? PRICE.media : PRICE.segment * Number(body.num_segments);
  if (body.status === 'delivered') body.price = `-${price.toFixed(5)}`;
}

function checkUpdate(call: Call): void {
  const message = call.world.store.get(call.target.collection, call.target.id!);
  if (!message) return;
  age(message, call.now, call.world);
  const { Status, Body } = call.fields;
  if (Status === 'canceled' && message.body.status !== 'scheduled') {
    throw new Refusal(409, 30409, 'This message cannot be canceled');
  }
  if (Body !== undefined && Body !== '') refuse(30400, 'Body must be empty: it can be taken away, not changed');
  if (
    Body === '' &&
    !['delivered', 'undelivered', 'failed', 'received', 'canceled', 'sent', 'read'].includes(
      String(message.body.status),
    )
  ) {
    throw new Refusal(409, 20009, 'Cannot redact a message before it is complete');
  }
}

const send: Rule = { check: checkSend, created };

export const MESSAGE_RULES: Record<string, Rule> = {
  'api_v2010:CreateMessage': send,
  'api_v2010:ListMessage': { answer: (call) => answerList(call, newestFirst(inTarget(call))) },
  'api_v2010:UpdateMessage': {
    check: checkUpdate,
    updated(call, resource) {
      if (call.fields.Body === '') resource.body.body = '';
    },
  },
};

export const MESSAGE_AGES: Record<string, Age> = { [MESSAGES]: age };
