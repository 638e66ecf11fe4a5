import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { deliverWebhook, readOverrides } from '../../sandbox/connection-overrides';
import { signConnection } from '../../src/connect/address';
import { signatureOf } from '../../src/signature';
import { Platform } from './platform';
import type { UpstreamCounts, UpstreamOrder, UpstreamSettings } from './upstream';

/*
 * A deployment under load: the platform, the stand-in for Twilio's API, Twilio's webhooks and an agent's tool calls.
 */

const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const AUTH_TOKEN = '0'.repeat(32);
const DOMAIN = 'load-1234.twil.io';
const BASE = `https://${DOMAIN}`;
const WEBHOOK_SERVICES = 'Inbox';

// biome-ignore lint/suspicious/noExplicitAny: the scenarios know its shape
type Answered = any;

/** An inbound message as Twilio reports it. */
export interface Inbound {
  sid: string;
  from: string;
  to: string;
  body: string;
}

/** A tool's answer that is an error, or the status of the platform. */
export class CallFailed extends Error {}

export interface Deployment {
  platform: Platform;
  /** Changes the upstream's settings, starts new counts and returns the old ones. */
  upstream: (settings: Partial<UpstreamSettings>) => Promise<UpstreamCounts>;
  /** Adds an inbound message to Twilio's log. */
  log: (message: Inbound) => Promise<void>;
  /** Calls a tool. @throws CallFailed */
  call: (name: string, args?: object, services?: string) => Promise<Answered>;
  /** Lists tools; the HTTP status. */
  listTools: (services: string) => Promise<number>;
  /** Points numbers to the deployment; for codes, as those of agents. */
  configure: (numbers: readonly string[], codes?: boolean) => Promise<void>;
  /** Starts a process for each message, which lists tools and receives the message. */
  warmUp: (messages: readonly Inbound[]) => Promise<void>;
  /** Receives messages as the webhook does, at once and without requests: a history. */
  fill: (messages: readonly Inbound[]) => Promise<void>;
  /** Delivers a message as Twilio does, or without its retries; the status of the last attempt. */
  deliver: (message: Inbound, options?: { once?: boolean }) => Promise<number>;
  close: () => Promise<void>;
}

/** Starts a deployment whose account owns these numbers. `pool` are those that agents can take. */
export async function startDeployment(numbers: readonly string[], pool: readonly string[] = []): Promise<Deployment> {
  const process = fork(require.resolve('./upstream.ts'), { execArgv: ['--import', 'tsx'] });
  const [{ port }] = (await once(process, 'message')) as [{ port: number }];
  // The answers come in the order of the messages.
  const waiting: ((counts: UpstreamCounts) => void)[] = [];
  process.on('message', (counts: UpstreamCounts) => waiting.shift()!(counts));
  const tell = async (order: UpstreamOrder) => {
    const counts = await new Promise<UpstreamCounts>((resolve) => {
      waiting.push(resolve);
      process.send(order);
    });
    if (counts.unknown.length > 0) throw new Error(`scripts/load/upstream.ts does not know ${counts.unknown[0]}`);
    return counts;
  };
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    ...{ ACCOUNT_SID, AUTH_TOKEN, API_KEY: `SK${'0'.repeat(32)}`, API_SECRET: 'none', LOG_LEVEL: 'silent' },
    ...{ DOMAIN_NAME: DOMAIN, SERVICE_SID: `ZS${'0'.repeat(32)}`, TWILIO_PHONE_NUMBERS: pool.join(',') },
  };
  const platform = new Platform(environment, url);
  await tell({ numbers: [...numbers, ...pool] });

  const connections = new Map<string, ReturnType<typeof signConnection>>();
  async function signedRequest(services: string, method: string, params: object) {
    if (!connections.has(services))
      connections.set(services, signConnection(BASE, { services: services.split(','), client: 'load' }, AUTH_TOKEN));
    const { url: signed, signature } = await connections.get(services)!;
    const headers = { 'content-type': 'application/json', 'content-length': '1', 'x-twilio-signature': signature };
    const query: Record<string, string | string[]> = {};
    const { searchParams } = new URL(signed);
    for (const name of searchParams.keys()) {
      const values = searchParams.getAll(name);
      query[name] = values.length > 1 ? values : values[0]!;
    }
    return { path: '/mcp', headers, parameters: { ...query, jsonrpc: '2.0', id: 1, method, params } };
  }

  async function call(name: string, args: object = {}, services = WEBHOOK_SERVICES): Promise<Answered> {
    const { status, body } = await platform.handle(
      await signedRequest(services, 'tools/call', { name, arguments: args }),
    );
    if (status !== 200) throw new CallFailed(`HTTP ${status} ${body}`);
    const { result, error } = JSON.parse(body);
    if (error) throw new CallFailed(error.message);
    if (result.isError) throw new CallFailed(result.content[0].text);
    return result.structuredContent;
  }

  const webhooks = new Map<string, string>();
  async function configure(chosen: readonly string[], codes = false): Promise<void> {
    for (const number of chosen) {
      const phoneNumberSid = `PN${number.slice(1).padStart(32, '0')}`;
      const { smsUrl } = await call('twilio_inbox_configure_webhooks', { phoneNumberSid, codes });
      webhooks.set(number, smsUrl);
    }
  }

  const fieldsOf = ({ sid, from, to, body }: Inbound) => ({
    ...{ MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, AccountSid: ACCOUNT_SID, ApiVersion: '2010-04-01' },
    ...{ SmsStatus: 'received', NumMedia: '0', NumSegments: '1', From: from, To: to, Body: body },
  });

  async function requestOf(target: string, message: Inbound, token: string) {
    const fields = fieldsOf(message);
    const signature = await signatureOf(target, AUTH_TOKEN, fields);
    const headers = {
      ...{ 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      'i-twilio-idempotency-token': token,
    };
    return { path: new URL(target).pathname, headers, parameters: fields };
  }

  async function deliverMessage(message: Inbound, { once: single = false } = {}): Promise<number> {
    const { target, overrides } = readOverrides(webhooks.get(message.to)!);
    const token = randomUUID();
    const { status } = await deliverWebhook(single ? { ...overrides, rc: 0 } : overrides, async () =>
      platform.handle(await requestOf(target, message, token)),
    );
    return status;
  }

  async function warmUp(messages: readonly Inbound[]): Promise<void> {
    for (const message of messages) {
      const { target } = readOverrides(webhooks.get(message.to)!);
      const list = await signedRequest('all', 'tools/list', {});
      await platform.warmUp(list, await requestOf(target, message, randomUUID()));
    }
  }

  return {
    platform,
    upstream: (settings) => tell({ settings }),
    log: async ({ from, to, body }) => void (await tell({ message: [from, to, body] })),
    call,
    listTools: async (services) => (await platform.handle(await signedRequest(services, 'tools/list', {}))).status,
    configure,
    warmUp,
    fill: async (messages) => void (await tell({ received: { messages: messages.map(fieldsOf), environment } })),
    deliver: deliverMessage,
    close: async () => {
      platform.close();
      process.disconnect();
      await sleep(100);
    },
  };
}
