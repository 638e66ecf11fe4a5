/** The small world that a fresh sandbox holds, so that the first things a newcomer reads are not empty. */
import { createHash } from 'node:crypto';
import { type Placement, place } from './place';

import { NUMBER_DEFAULTS } from './rules/phone';
import { rfc2822 } from './sample';
import type { World } from './world';

function sid(prefix: string, name: string): string {
  return prefix + createHash('md5').update(name).digest('hex');
}

/** SIDs and numbers of the seeds: the same in every sandbox. */
export const SEEDS = {
  numbers: ['+15005550006', '+12025550143', '+447700900123'],
  phoneNumberSids: ['first', 'second', 'third'].map((name) => sid('PN', name)),
  messagingServiceSid: sid('MG', 'sandbox'),
  verifyServiceSid: sid('VA', 'sandbox'),
  syncServiceSid: sid('IS', 'default'),
  workspaceSid: sid('WS', 'sandbox'),
  flowSid: sid('FW', 'sandbox'),
  addressSid: sid('AD', 'sandbox'),
  inboundMessageSid: sid('SM', 'inbound'),
  deliveredMessageSid: sid('SM', 'delivered'),
  failedMessageSid: sid('SM', 'failed'),
  completedCallSid: sid('CA', 'completed'),
  recordingSid: sid('RE', 'completed'),
  conferenceSid: sid('CF', 'in-progress'),
  endedConferenceSid: sid('CF', 'completed'),
  alertSids: [sid('NO', 'first'), sid('NO', 'second')],
};

const CUSTOMER = '+14155550182';
const MINUTE = 60_000;

interface Seed extends Omit<Placement, 'at'> {
  /** Minutes before the sandbox started; a day unless told. */
  age?: number;
}

/** Puts the seeds of a host in place when the first request for it comes, so that starting costs nothing. */
export class Seeder {
  readonly #world: World;
  readonly #done = new Set<string>();

  constructor(
    world: World,
    /** Where the seeded numbers send what comes in. */
    readonly smsUrl = '',
  ) {
    this.#world = world;
  }

  host(host: string): void {
    if (this.#done.has(host)) return;
    this.#done.add(host);
    for (const seed of SEEDED[host]?.(this.#world, this.smsUrl) ?? []) this.#put(seed);
    // What a message or a call may refer to lives at another host.
    if (host === 'api.twilio.com') this.host('messaging.twilio.com');
  }

  restart(): void {
    this.#done.clear();
  }

  #put({ age, notes, ...seed }: Seed): void {
    const at = this.#world.startedAt - (age ?? 1440) * MINUTE;
    // Seeds have lived their life: no rule moves them on.
    place(this.#world, { ...seed, at, notes: { still: true, ...notes } });
  }
}

const SEEDED: Record<string, (world: World, smsUrl: string) => Seed[]> = {
  'api.twilio.com': (world, smsUrl) => [
    {
      reads: 'api_v2010:FetchAccount',
      known: {
        sid: world.accountSid,
        friendly_name: 'Sandbox account',
        status: 'active',
        type: 'Full',
        owner_account_sid: world.accountSid,
        auth_token: null,
        uri: `/2010-04-01/Accounts/${world.accountSid}.json`,
      },
    },
    { reads: 'api_v2010:FetchBalance', known: { balance: '42.00', currency: 'USD' } },
    ...SEEDS.numbers.map((number, i) => numberSeed(number, i, smsUrl)),
    {
      reads: 'api_v2010:FetchAddress',
      known: {
        sid: SEEDS.addressSid,
        friendly_name: 'Office',
        customer_name: 'Sandbox Inc.',
        street: '1 Loopback Lane',
        city: 'San Francisco',
        region: 'CA',
        postal_code: '94105',
        iso_country: 'US',
      },
    },
    ...messages(world),
    ...calls(world),
  ],
  'messaging.twilio.com': () => [
    {
      reads: 'messaging_v1:FetchService',
      known: { sid: SEEDS.messagingServiceSid, friendly_name: 'Sandbox messaging service', usecase: 'notifications' },
    },
    {
      reads: 'messaging_v1:FetchPhoneNumber',
      params: { ServiceSid: SEEDS.messagingServiceSid },
      known: {
        sid: SEEDS.phoneNumberSids[0],
        service_sid: SEEDS.messagingServiceSid,
        phone_number: SEEDS.numbers[0],
        country_code: 'US',
        capabilities: ['SMS', 'MMS', 'Voice'],
      },
    },
  ],
  'verify.twilio.com': () => [
    {
      reads: 'verify_v2:FetchService',
      known: { sid: SEEDS.verifyServiceSid, friendly_name: 'Sandbox verification', code_length: 6 },
    },
  ],
  'sync.twilio.com': () => [
    {
      reads: 'sync_v1:FetchService',
      known: { sid: SEEDS.syncServiceSid, unique_name: 'default', friendly_name: 'Default Service' },
    },
  ],
  'taskrouter.twilio.com': () => [
    {
      reads: 'taskrouter_v1:FetchWorkspace',
      known: { sid: SEEDS.workspaceSid, friendly_name: 'Sandbox workspace', event_callback_url: null },
    },
  ],
  'studio.twilio.com': () => [
    {
      reads: 'studio_v2:FetchFlow',
      known: { sid: SEEDS.flowSid, friendly_name: 'Sandbox flow', status: 'published', revision: 1, valid: true },
    },
  ],
  'monitor.twilio.com': () => [
    alert(0, 11200, 'error', 'HTTP retrieval failure', 40),
    alert(1, 30003, 'warning', 'Unreachable destination handset', 20),
  ],
};

function numberSeed(number: string, i: number, sms_url: string): Seed {
  const british = number.startsWith('+44');
  return {
    reads: 'api_v2010:FetchIncomingPhoneNumber',
    known: {
      sid: SEEDS.phoneNumberSids[i],
      phone_number: number,
      friendly_name: number,
      capabilities: { voice: true, sms: true, mms: !british, fax: false },
      ...NUMBER_DEFAULTS,
      sms_url,
    },
    notes: { type: british ? 'mobile' : 'local' },
    age: 10_000 - i,
  };
}

function messages(world: World): Seed[] {
  const [first, second] = SEEDS.numbers as [string, string];
  const when = (age: number) => rfc2822(new Date(world.startedAt - age * MINUTE));
  const base = {
    num_segments: '1',
    num_media: '0',
    price_unit: 'USD',
    messaging_service_sid: null,
    error_code: null,
    error_message: null,
  };
  const outbound = { ...base, direction: 'outbound-api' };
  return [
    {
      reads: 'api_v2010:FetchMessage',
      known: {
        ...outbound,
        sid: SEEDS.deliveredMessageSid,
        from: first,
        to: CUSTOMER,
        body: 'Your table is ready.',
        status: 'delivered',
        price: '-0.00830',
        date_sent: when(60),
      },
      age: 60,
    },
    {
      reads: 'api_v2010:FetchMessage',
      known: {
        ...base,
        sid: SEEDS.inboundMessageSid,
        direction: 'inbound',
        from: CUSTOMER,
        to: first,
        body: 'On my way!',
        status: 'received',
        price: '-0.00830',
        date_sent: when(55),
      },
      age: 55,
    },
    {
      reads: 'api_v2010:FetchMessage',
      known: {
        ...outbound,
        sid: SEEDS.failedMessageSid,
        from: second,
        to: '+14155550199',
        body: 'Are you there?',
        status: 'undelivered',
        error_code: 30003,
        error_message: 'Unreachable destination handset',
        price: null,
        date_sent: when(20),
      },
      age: 20,
    },
  ];
}

function calls(world: World): Seed[] {
  const [first] = SEEDS.numbers as [string];
  const when = (age: number) => rfc2822(new Date(world.startedAt - age * MINUTE));
  return [
    {
      reads: 'api_v2010:FetchCall',
      known: {
        sid: SEEDS.completedCallSid,
        from: first,
        from_formatted: '(500) 555-0006',
        to: CUSTOMER,
        to_formatted: '(415) 555-0182',
        phone_number_sid: SEEDS.phoneNumberSids[0],
        direction: 'outbound-api',
        status: 'completed',
        start_time: when(32),
        end_time: when(30),
        duration: '120',
        price: '-0.02800',
        price_unit: 'USD',
        parent_call_sid: null,
        answered_by: null,
        annotation: null,
        caller_name: null,
        forwarded_from: null,
        group_sid: null,
      },
      age: 32,
    },
    {
      reads: 'api_v2010:FetchRecording',
      known: {
        sid: SEEDS.recordingSid,
        call_sid: SEEDS.completedCallSid,
        conference_sid: null,
        start_time: when(32),
        duration: '118',
        channels: 1,
        source: 'OutboundAPI',
        status: 'completed',
        price: '-0.00250',
        price_unit: 'USD',
        error_code: null,
      },
      age: 30,
    },
    ...(['in-progress', 'completed'] as const).map((status, i) => ({
      reads: 'api_v2010:FetchConference',
      known: {
        sid: i === 0 ? SEEDS.conferenceSid : SEEDS.endedConferenceSid,
        friendly_name: i === 0 ? 'Stand-up' : 'Yesterday’s stand-up',
        status,
        region: 'us1',
        reason_conference_ended: i === 0 ? null : 'last-participant-left',
        call_sid_ending_conference: i === 0 ? null : SEEDS.completedCallSid,
      },
      age: i === 0 ? 5 : 1440,
    })),
  ];
}

function alert(i: number, code: number, level: string, text: string, age: number): Seed {
  return {
    reads: 'monitor_v1:FetchAlert',
    known: {
      sid: SEEDS.alertSids[i],
      error_code: String(code),
      log_level: level,
      alert_text: text,
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      resource_sid: i === 0 ? SEEDS.completedCallSid : SEEDS.failedMessageSid,
    },
    age,
  };
}
