/** The resources of a fresh sandbox, so that a newcomer's first requests return something. */
import { MINUTE_MS, rfc2822 } from './dates';
import { historyOf, openedAt } from './history';
import { alertProperties, RETRIEVAL_FAILURE } from './rules/alerts';
import { addRoles, DEFAULT_CONVERSATION_SERVICE } from './rules/conversations';
import { FAILURES } from './rules/delivery';
import { NUMBER_DEFAULTS } from './rules/phone';
import { callPrice, messagePrice, recordingPrice } from './rules/prices';
import { addRevision, webhookUrl } from './rules/studio';
import { addDefaults, WORKSPACE_DEFAULTS } from './rules/taskrouter/workspace';
import { trusthubSeeds } from './rules/trusthub';
import { type ResourceSeed, seedResource } from './seed-resource';
import { endedConference, liveConference, operatorSeeds } from './seed-voice';
import { fixedSid } from './sids';
import type { SandboxState } from './types';

/** SIDs and phone numbers of the seeded resources, the same in every sandbox. */
export const SEEDS = {
  numbers: ['+15005550006', '+12025550143', '+447700900123'],
  phoneNumberSids: ['first', 'second', 'third'].map((name) => fixedSid('PN', name)),
  messagingServiceSid: fixedSid('MG', 'sandbox'),
  verifyServiceSid: fixedSid('VA', 'sandbox'),
  syncServiceSid: fixedSid('IS', 'default'),
  workspaceSid: fixedSid('WS', 'sandbox'),
  flowSid: fixedSid('FW', 'sandbox'),
  addressSid: fixedSid('AD', 'sandbox'),
  inboundMessageSid: fixedSid('SM', 'inbound'),
  deliveredMessageSid: fixedSid('SM', 'delivered'),
  failedMessageSid: fixedSid('SM', 'failed'),
  completedCallSid: fixedSid('CA', 'completed'),
  recordingSid: fixedSid('RE', 'completed'),
  conferenceSid: fixedSid('CF', 'in-progress'),
  endedConferenceSid: fixedSid('CF', 'completed'),
  alertSids: [fixedSid('NO', 'first'), fixedSid('NO', 'second')],
};

const CUSTOMER = '+14155550182';
/** Hosts whose resources refer to phone numbers of the account. */
const NEEDS_NUMBERS = ['proxy.twilio.com', 'studio.twilio.com', 'trunking.twilio.com'];

interface DatedSeed extends Omit<ResourceSeed, 'at'> {
  /** Minutes from the creation to the start of the sandbox; default one day. */
  minutesAgo?: number;
}

/** Seeds the resources of a host at its first request, so that the sandbox starts fast. */
export class Seeder {
  readonly #state: SandboxState;
  readonly seededHosts = new Set<string>();

  constructor(
    state: SandboxState,
    /** Webhook of the seeded phone numbers. */
    readonly smsUrl = '',
    /** Whether the account has a past. */
    readonly hasHistory = false,
  ) {
    this.#state = state;
  }

  /** Returns whether the host had no seeds yet. */
  seedHost(host: string): boolean {
    if (this.seededHosts.has(host)) return false;
    this.seededHosts.add(host);
    for (const seed of SEEDS_BY_HOST[host]?.(this.#state, this.smsUrl) ?? []) this.#add(seed);
    if (this.hasHistory) for (const seed of this.#history()[host] ?? []) seedResource(this.#state, seed);
    if (NEEDS_NUMBERS.includes(host)) this.seedHost('api.twilio.com');
    // Messages refer to messaging services, which live at another host.
    if (host === 'api.twilio.com') this.seedHost('messaging.twilio.com');
    // Trust Hub refers to addresses, and brands refer to its profiles.
    if (host === 'trusthub.twilio.com') this.seedHost('api.twilio.com');
    if (host === 'messaging.twilio.com') this.seedHost('trusthub.twilio.com');
    if (host === 'taskrouter.twilio.com') this.#addWorkspaceDefaults();
    if (host === 'studio.twilio.com') this.#addFlowRevision();
    return true;
  }

  reset(): void {
    this.seededHosts.clear();
  }

  #history() {
    const { accountSid, startedAt } = this.#state;
    const { numbers, phoneNumberSids, messagingServiceSid } = SEEDS;
    return historyOf({ accountSid, startedAt, numbers, phoneNumberSids, messagingServiceSid, smsUrl: this.smsUrl });
  }

  #addWorkspaceDefaults(): void {
    const { store, accountSid } = this.#state;
    const resource = store.get('taskrouter.twilio.com/v1/Workspaces', SEEDS.workspaceSid)!;
    addDefaults({ state: this.#state, resource, accountSid }, 'FIFO', resource.createdAt);
  }

  #addFlowRevision(): void {
    const flow = this.#state.store.get('studio.twilio.com/v2/Flows', SEEDS.flowSid)!;
    addRevision(this.#state, flow, flow.createdAt);
  }

  #add({ minutesAgo = 1440, internal, ...seed }: DatedSeed): void {
    const { startedAt } = this.#state;
    // The numbers and services of an account with a past are as old as the account.
    const isOld = this.hasHistory && minutesAgo >= 1440 && !/(Conference|Call)$/.test(seed.fetchOperation);
    const at = isOld ? openedAt(startedAt) : Math.round(startedAt - minutesAgo * MINUTE_MS);
    // Seeded messages and calls keep the status they are seeded with.
    seedResource(this.#state, { ...seed, at, internal: { final: true, ...internal } });
  }
}

/** Sends one message and ends. */
const FLOW_DEFINITION = {
  description: 'Sandbox flow',
  initial_state: 'Trigger',
  flags: { allow_concurrent_calls: true },
  states: [
    {
      name: 'Trigger',
      type: 'trigger',
      transitions: [
        { event: 'incomingMessage', next: 'thank' },
        { event: 'incomingCall' },
        { event: 'incomingRequest', next: 'thank' },
      ],
      properties: {},
    },
    {
      name: 'thank',
      type: 'send-message',
      transitions: [{ event: 'sent' }, { event: 'failed' }],
      properties: { body: 'Thank you. We will be in touch.' },
    },
  ],
};

const SEEDS_BY_HOST: Record<string, (state: SandboxState, smsUrl: string) => DatedSeed[]> = {
  'api.twilio.com': (state, smsUrl) => [
    {
      fetchOperation: 'api_v2010:FetchAccount',
      known: {
        sid: state.accountSid,
        friendly_name: 'Sandbox account',
        status: 'active',
        type: 'Full',
        owner_account_sid: state.accountSid,
        auth_token: null,
        uri: `/2010-04-01/Accounts/${state.accountSid}.json`,
      },
    },
    { fetchOperation: 'api_v2010:FetchBalance', known: { balance: '42.00', currency: 'USD' } },
    ...SEEDS.numbers.map((number, i) => numberSeed(number, i, smsUrl)),
    {
      fetchOperation: 'api_v2010:FetchAddress',
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
    ...messageSeeds(state),
    ...callSeeds(state),
  ],
  'messaging.twilio.com': () => [
    {
      fetchOperation: 'messaging_v1:FetchService',
      known: {
        sid: SEEDS.messagingServiceSid,
        friendly_name: 'Sandbox messaging service',
        usecase: 'notifications',
        use_inbound_webhook_on_number: true,
      },
    },
    {
      fetchOperation: 'messaging_v1:FetchPhoneNumber',
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
  'conversations.twilio.com': (state) => {
    addRoles(state, DEFAULT_CONVERSATION_SERVICE, state.startedAt);
    const known = { sid: DEFAULT_CONVERSATION_SERVICE, friendly_name: 'Default Conversations Service' };
    const settings = {
      ...{ default_chat_service_sid: DEFAULT_CONVERSATION_SERVICE, default_messaging_service_sid: null },
      ...{ default_inactive_timer: null, default_closed_timer: null },
    };
    return [
      { fetchOperation: 'conversations_v1:FetchService', known },
      { fetchOperation: 'conversations_v1:FetchConfiguration', known: settings },
    ];
  },
  'trusthub.twilio.com': trusthubSeeds,
  'verify.twilio.com': () => [
    {
      fetchOperation: 'verify_v2:FetchService',
      known: { sid: SEEDS.verifyServiceSid, friendly_name: 'Sandbox verification', code_length: 6 },
    },
  ],
  'sync.twilio.com': () => [
    {
      fetchOperation: 'sync_v1:FetchService',
      known: { sid: SEEDS.syncServiceSid, unique_name: 'default', friendly_name: 'Default Service' },
    },
  ],
  'taskrouter.twilio.com': () => [
    {
      fetchOperation: 'taskrouter_v1:FetchWorkspace',
      known: { sid: SEEDS.workspaceSid, friendly_name: 'Sandbox workspace', ...WORKSPACE_DEFAULTS },
    },
  ],
  'studio.twilio.com': ({ accountSid }) => [
    {
      fetchOperation: 'studio_v2:FetchFlow',
      known: {
        ...{ sid: SEEDS.flowSid, friendly_name: 'Sandbox flow', status: 'published', definition: FLOW_DEFINITION },
        ...{ revision: 1, valid: true, errors: [], warnings: [], commit_message: null, author_sid: null },
        webhook_url: webhookUrl(accountSid, SEEDS.flowSid),
      },
    },
  ],
  'intelligence.twilio.com': operatorSeeds,
  'monitor.twilio.com': (state) => [
    alertSeed(state, 0, 11200, 'error', SEEDS.completedCallSid, 40),
    alertSeed(state, 1, 30003, 'warning', SEEDS.failedMessageSid, 20),
  ],
};

function numberSeed(number: string, i: number, sms_url: string): DatedSeed {
  const british = number.startsWith('+44');
  return {
    fetchOperation: 'api_v2010:FetchIncomingPhoneNumber',
    known: {
      sid: SEEDS.phoneNumberSids[i],
      phone_number: number,
      friendly_name: number,
      capabilities: { voice: true, sms: true, mms: !british, fax: false },
      ...NUMBER_DEFAULTS,
      sms_url,
    },
    internal: { type: british ? 'mobile' : 'local' },
    minutesAgo: 10_000 - i,
  };
}

function messageSeeds(state: SandboxState): DatedSeed[] {
  const [first, second] = SEEDS.numbers as [string, string];
  const when = (minutesAgo: number) => rfc2822(new Date(state.startedAt - minutesAgo * MINUTE_MS));
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
      fetchOperation: 'api_v2010:FetchMessage',
      known: {
        ...outbound,
        sid: SEEDS.deliveredMessageSid,
        from: first,
        to: CUSTOMER,
        body: 'Your table is ready.',
        status: 'delivered',
        price: messagePrice({ to: CUSTOMER }),
        date_sent: when(60),
      },
      minutesAgo: 60,
    },
    {
      fetchOperation: 'api_v2010:FetchMessage',
      known: {
        ...base,
        sid: SEEDS.inboundMessageSid,
        direction: 'inbound',
        from: CUSTOMER,
        to: first,
        body: 'On my way!',
        status: 'received',
        price: messagePrice({ to: first, direction: 'inbound' }),
        date_sent: when(55),
      },
      minutesAgo: 55,
    },
    {
      fetchOperation: 'api_v2010:FetchMessage',
      known: {
        ...outbound,
        sid: SEEDS.failedMessageSid,
        from: second,
        to: '+14155550199',
        body: 'Are you there?',
        status: 'undelivered',
        error_code: 30003,
        error_message: FAILURES[30003],
        price: null,
        date_sent: when(20),
      },
      minutesAgo: 20,
    },
  ];
}

function callSeeds(state: SandboxState): DatedSeed[] {
  const [first] = SEEDS.numbers as [string];
  const caller = { from: first, phoneNumberSid: SEEDS.phoneNumberSids[0]!, startedAt: state.startedAt };
  const when = (minutesAgo: number) => rfc2822(new Date(state.startedAt - minutesAgo * MINUTE_MS));
  return [
    {
      fetchOperation: 'api_v2010:FetchCall',
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
        price: callPrice({ to: CUSTOMER }, 120),
        price_unit: 'USD',
        parent_call_sid: null,
        answered_by: null,
        annotation: null,
        caller_name: null,
        forwarded_from: null,
        group_sid: null,
      },
      minutesAgo: 32,
    },
    {
      fetchOperation: 'api_v2010:FetchRecording',
      known: {
        sid: SEEDS.recordingSid,
        call_sid: SEEDS.completedCallSid,
        conference_sid: null,
        start_time: when(32),
        duration: '118',
        channels: 1,
        source: 'OutboundAPI',
        status: 'completed',
        price: recordingPrice('recording', 118),
        price_unit: 'USD',
        error_code: null,
      },
      minutesAgo: 30,
    },
    ...liveConference({ sid: SEEDS.conferenceSid, name: 'Stand-up', ...caller }),
    ...endedConference({ sid: SEEDS.endedConferenceSid, name: 'Yesterday’s stand-up', ...caller }),
  ];
}

function alertSeed(
  { startedAt }: SandboxState,
  i: number,
  code: number,
  level: 'error' | 'warning',
  resourceSid: string,
  minutesAgo: number,
): DatedSeed {
  const at = startedAt - minutesAgo * MINUTE_MS;
  const failure = { sid: SEEDS.alertSids[i]!, code, level, text: FAILURES[code] ?? RETRIEVAL_FAILURE, resourceSid, at };
  return { fetchOperation: 'monitor_v1:FetchAlert', known: alertProperties(failure), minutesAgo };
}
