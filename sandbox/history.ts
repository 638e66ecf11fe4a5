/**
 * The past of the sandbox's account: 60 days of messages, calls, recordings, errors and changes, relative to its start
 * and otherwise the same each time.
 */
import { DAY_MS, MINUTE_MS, rfc2822 } from './dates';
import { BRITISH, CUSTOMERS, LOST, OFFERS, type Person, RETURNING, TALKS } from './history-talks';
import type { Properties } from './json';
import { seededRandom } from './random';
import { alertProperties, RETRIEVAL_FAILURE } from './rules/alerts';
import { FAILURES } from './rules/delivery';
import { nationalFormat } from './rules/phone';
import { callPrice, messagePrice, recordingPrice } from './rules/prices';
import type { ResourceSeed } from './seed-resource';
import { fixedSid } from './sids';

const DAYS = 60;
/** Twilio keeps alerts for 30 days. */
const ALERT_DAYS = 30;
/** Until then the British number was used; British customers have been on WhatsApp since. */
const WHATSAPP_DAY = 35;
const OFFER_DAYS = [45, 24, 10];

/** Messages that did not arrive: days ago, recipient, error. */
const PAST_FAILURES: [day: number, to: string, code: number][] = [
  [1, '+14155550131', 30003],
  [2, '+12125550132', 30005],
  [4, '+16175550133', 30006],
  [5, '+14155550131', 30003],
  [8, 'whatsapp:+447700900112', 63016],
  [9, '+13105550106', 30007],
  [14, '+12125550132', 30005],
  [16, 'whatsapp:+447700900111', 63016],
  [22, '+16175550133', 30006],
  [27, '+17735550110', 30008],
  [33, '+14155550131', 30003],
  [48, '+16175550107', 30007],
];
/** Days on which the webhook for inbound messages did not answer. */
const WEBHOOK_FAILURE_DAYS = [1, 12];
const BROKEN_WEBHOOK = 'https://hooks.example.com/sms';

/** The account whose past it is. */
interface Account {
  accountSid: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Two American numbers and a British one. */
  numbers: readonly string[];
  phoneNumberSids: readonly string[];
  messagingServiceSid: string;
  /** Webhook of the numbers. */
  smsUrl: string;
}

/** The resources that the account got in its past, by host. */
export function historyOf(account: Account): Record<string, ResourceSeed[]> {
  return new Historian(account).write();
}

/** When an account with a past was opened. */
export const openedAt = (startedAt: number): number => midnight(startedAt) - (DAYS + 1) * DAY_MS;

const midnight = (time: number): number => Math.floor(time / DAY_MS) * DAY_MS;

interface PastMessage {
  from: string;
  to: string;
  body: string;
  at: number;
  picture?: boolean;
  code?: number;
  service?: string;
}

interface PastCall {
  person: Person;
  inbound: boolean;
  at: number;
  seconds: number;
  status?: 'completed' | 'busy' | 'no-answer';
  answeredBy?: 'human' | 'machine_start';
  recorded?: boolean;
}

class Historian {
  readonly #random = seededRandom(60);
  readonly #hosts: Record<'api.twilio.com' | 'monitor.twilio.com', ResourceSeed[]> = {
    'api.twilio.com': [],
    'monitor.twilio.com': [],
  };
  #count = 0;

  constructor(readonly account: Account) {}

  write(): Record<string, ResourceSeed[]> {
    for (let day = DAYS; day >= 1; day--) {
      for (let talk = 0; talk < 2; talk++) this.#talk(day);
      if (OFFER_DAYS.includes(day)) this.#offer(day);
      for (const [failedOn, to, code] of PAST_FAILURES) if (failedOn === day) this.#failure(day, to, code);
      this.#calls(day);
    }
    this.#changes();
    return this.#hosts;
  }

  // ---------------------------------------------------------------- messages

  #talk(day: number): void {
    const british = this.#random() < 0.15;
    const someone = this.#pick(british ? BRITISH : CUSTOMERS);
    const turns = this.#pick(TALKS);
    const [ours, theirs] = this.#addresses(someone, day);
    let at = this.#timeOn(day);
    for (const { from, after, text, picture } of turns) {
      at += after * MINUTE_MS;
      const body = text.replace('{name}', someone.name);
      const [sender, recipient] = from === 'us' ? [ours, theirs] : [theirs, ours];
      this.#message({ from: sender, to: recipient, body, at, picture });
    }
  }

  /** The account's address and the person's, on the channel that they used on that day. */
  #addresses({ number }: Person, day: number): [ours: string, theirs: string] {
    const [first, second, british] = this.account.numbers as [string, string, string];
    if (!number.startsWith('+44')) return [Number(number.at(-1)) % 2 === 0 ? first : second, number];
    return day > WHATSAPP_DAY ? [british, number] : [`whatsapp:${second}`, `whatsapp:${number}`];
  }

  /** An offer to everybody through the messaging service, and what it leads to. */
  #offer(day: number): void {
    const nth = OFFER_DAYS.indexOf(day);
    const [from] = this.account.numbers as [string];
    const at = midnight(this.account.startedAt) - day * DAY_MS + 9 * 60 * MINUTE_MS;
    const refused = [undefined, RETURNING, LOST][nth];
    for (const [i, someone] of [...CUSTOMERS, RETURNING, LOST].entries()) {
      const code = someone === refused ? 21610 : undefined;
      const service = this.account.messagingServiceSid;
      this.#message({ from, to: someone.number, body: OFFERS[nth]!, at: at + i * 1000, code, service });
    }
    const stops = [RETURNING, LOST][nth];
    if (stops) this.#message({ from: stops.number, to: from, body: 'STOP', at: at + 20 * MINUTE_MS });
    if (nth === 1) this.#message({ from: RETURNING.number, to: from, body: 'START', at: at + DAY_MS });
  }

  #failure(day: number, to: string, code: number): void {
    const [first, second] = this.account.numbers as [string, string];
    const from = to.startsWith('whatsapp:') ? `whatsapp:${second}` : first;
    this.#message({
      from,
      to,
      body: 'Your bike has been ready for a week. Shall we store it?',
      at: this.#timeOn(day),
      code,
    });
  }

  #message({ from, to, body, at, picture = false, code, ...message }: PastMessage): void {
    const { numbers, messagingServiceSid } = this.account;
    const inbound = !numbers.includes(from.replace('whatsapp:', ''));
    // The first number belongs to the messaging service.
    const service = inbound && to === numbers[0] ? messagingServiceSid : message.service;
    const sid = this.#sid(picture ? 'MM' : 'SM');
    const sent = code !== 21610;
    const status = inbound ? 'received' : code === undefined ? 'delivered' : sent ? 'undelivered' : 'failed';
    const direction = inbound ? 'inbound' : 'outbound-api';
    const num_media = picture ? '1' : '0';
    this.#add('api_v2010:FetchMessage', at, {
      ...{ sid, from, to, body, status, direction, api_version: '2010-04-01' },
      ...{ num_segments: '1', num_media, messaging_service_sid: service ?? null },
      ...{ error_code: code ?? null, error_message: code === undefined ? null : FAILURES[code] },
      ...{ price: code === undefined ? messagePrice({ to, direction, num_media }) : null, price_unit: 'USD' },
      ...{ date_created: rfc2822(new Date(at)), date_updated: rfc2822(new Date(at + 2000)) },
      ...{ date_sent: sent ? rfc2822(new Date(at + 1000)) : null },
    });
    if (picture) {
      const known = { sid: this.#sid('ME'), parent_sid: sid, content_type: 'image/jpeg' };
      this.#add('api_v2010:FetchMedia', at, known, { MessageSid: sid });
    }
    if (code !== undefined) this.#alert(code, code === 21610 ? 'error' : 'warning', sid, at + 2000);
    const day = Math.ceil((midnight(this.account.startedAt) - at) / DAY_MS);
    if (inbound && WEBHOOK_FAILURE_DAYS.includes(day)) this.#alert(11200, 'error', sid, at + 15_000, BROKEN_WEBHOOK);
  }

  // ---------------------------------------------------------------- calls

  #calls(day: number): void {
    const someone = this.#pick(CUSTOMERS);
    const at = this.#timeOn(day);
    // Every day has one call; some were long, some were not answered, some reached a machine.
    if (day % 7 === 3) this.#call({ person: someone, inbound: false, at, seconds: 0, status: 'no-answer' });
    else if (day % 11 === 5) this.#call({ person: someone, inbound: false, at, seconds: 0, status: 'busy' });
    else if (day % 9 === 4) {
      this.#call({ person: someone, inbound: false, at, seconds: 31, answeredBy: 'machine_start' });
    } else {
      const long = day % 6 === 1;
      const seconds = Math.round((long ? 620 : 40) + this.#random() * (long ? 500 : 300));
      const inbound = day % 2 === 1;
      const answeredBy = inbound ? undefined : 'human';
      this.#call({ person: someone, inbound, at, seconds, answeredBy, recorded: day % 4 === 0 });
    }
  }

  #call({ person, inbound, at, seconds, status = 'completed', answeredBy, recorded }: PastCall): void {
    const { numbers, phoneNumberSids } = this.account;
    const [ours] = numbers as [string];
    const [from, to] = inbound ? [person.number, ours] : [ours, person.number];
    const sid = this.#sid('CA');
    const direction = inbound ? 'inbound' : 'outbound-api';
    const start = rfc2822(new Date(at));
    const end = rfc2822(new Date(at + seconds * 1000));
    this.#add('api_v2010:FetchCall', at, {
      ...{ sid, from, to, direction, status, from_formatted: nationalFormat(from), to_formatted: nationalFormat(to) },
      ...{ phone_number_sid: phoneNumberSids[0], start_time: start, end_time: end, duration: String(seconds) },
      ...{ price: seconds > 0 ? callPrice({ to, direction }, seconds) : null, price_unit: 'USD' },
      ...{ answered_by: answeredBy ?? null, parent_call_sid: null, annotation: null, caller_name: null },
      ...{ forwarded_from: null, group_sid: null, trunk_sid: null, queue_time: '0', api_version: '2010-04-01' },
      ...{ date_created: start, date_updated: end },
    });
    if (!recorded) return;
    this.#add('api_v2010:FetchRecording', at + seconds * 1000, {
      ...{ sid: this.#sid('RE'), call_sid: sid, conference_sid: null, start_time: start, duration: String(seconds) },
      ...{ channels: 1, source: inbound ? 'RecordVerb' : 'OutboundAPI', status: 'completed', error_code: null },
      ...{ price: recordingPrice('recording', seconds), price_unit: 'USD', api_version: '2010-04-01' },
    });
  }

  // ---------------------------------------------------------------- errors and changes

  #alert(code: number, level: 'error' | 'warning', resourceSid: string, at: number, url?: string): void {
    if (this.account.startedAt - at > ALERT_DAYS * DAY_MS) return;
    const request = url ? { url, variables: null, response: '<html>502 Bad Gateway</html>' } : undefined;
    const text = FAILURES[code] ?? RETRIEVAL_FAILURE;
    const failure = { sid: this.#sid('NO'), code, level, text, resourceSid, request, at };
    this.#add('monitor_v1:FetchAlert', at, alertProperties(failure));
  }

  /** The audit trail. */
  #changes(): void {
    const { accountSid, phoneNumberSids, smsUrl } = this.account;
    const [first, second] = phoneNumberSids as [string, string];
    const change = (previous: string | null, updated: string | null) => ({ previous, updated });
    for (const sid of phoneNumberSids) this.#change(DAYS + 1, 'phone-number.created', sid, {});
    const named = { friendly_name: change('My first Twilio account', 'Sandbox account') };
    this.#change(56, 'account.updated', accountSid, named);
    this.#change(29, 'phone-number.updated', first, { sms_url: change(BROKEN_WEBHOOK, smsUrl || null) });
    this.#change(15, 'message.deleted', fixedSid('SM', 'deleted'), null);
    this.#change(6, 'recording.deleted', fixedSid('RE', 'deleted'), null);
    this.#change(3, 'phone-number.updated', second, { voice_url: change('https://hooks.example.com/voice', null) });
  }

  #change(day: number, eventType: string, resourceSid: string, data: Properties | null): void {
    const at = this.#timeOn(day);
    this.#add('monitor_v1:FetchEvent', at, {
      ...{ sid: this.#sid('AE'), event_type: eventType, event_date: new Date(at).toISOString(), event_data: data },
      ...{ resource_type: eventType.split('.')[0], resource_sid: resourceSid, description: null },
      ...{ actor_sid: fixedSid('US', 'owner'), actor_type: 'user', source: 'web', source_ip_address: '203.0.113.7' },
    });
  }

  // ---------------------------------------------------------------- helpers

  #add(fetchOperation: string, at: number, known: Properties, params?: Record<string, string>): void {
    const host = fetchOperation.startsWith('monitor') ? 'monitor.twilio.com' : 'api.twilio.com';
    // What is over does not change any more.
    this.#hosts[host].push({ fetchOperation, params, known, at, internal: { final: true } });
  }

  #sid(prefix: string): string {
    this.#count += 1;
    return fixedSid(prefix, `history ${this.#count}`);
  }

  /** A time between 8:00 and 18:00 UTC, in milliseconds since 1970. */
  #timeOn(day: number): number {
    const second = Math.floor((8 + this.#random() * 10) * 3600);
    return midnight(this.account.startedAt) - day * DAY_MS + second * 1000;
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)]!;
  }
}
