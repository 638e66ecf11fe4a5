/** Calls webhooks as Twilio does: signed requests for delivery states and inbound messages. */
import { randomUUID } from 'node:crypto';
import { isLoopbackUrl } from '../src/formats';
import { signatureOf } from '../src/signature';
import { deliverWebhook, InvalidOverrides, readOverrides } from './connection-overrides';
import { rfc2822 } from './dates';
import { isJsonObject, jsonValue } from './json';
import { addAlert, RETRIEVAL_FAILURE } from './rules/alerts';
import { isUnreachable } from './rules/call-script';
import { conversationEvents, eventBefore, isConversationPart } from './rules/conversation-events';
import { conversationFor, joinConversation } from './rules/conversation-messages';
import { addMedia, MESSAGE_STEPS } from './rules/messages';
import { serviceOf } from './rules/opt-outs';
import { ACCOUNTS_PATH, ownedNumbers } from './rules/phone';
import { messagePrice } from './rules/prices';
import { relayMessage } from './rules/proxy';
import { continueExecutions, flowOf, startFlow } from './rules/studio';
import { seedResource } from './seed-resource';
import { newSid } from './sids';
import type { StoredResource } from './store';
import type { SandboxState, StateChange } from './types';

/** A request to a webhook and its outcome: one attempt of a delivery. `status` is 0 if there was no response. */
export interface WebhookDelivery {
  url: string;
  fields: Record<string, string>;
  status: number;
  /** Text of the response. */
  response?: string;
  /** Without a response: whether a connection had been made. */
  connected?: boolean;
  /** Why the delivery failed, at its last attempt. */
  error?: { code: number; message: string };
}

/** A message from outside to one of the account's phone numbers. */
export interface InboundMessage {
  to: string;
  from?: string;
  body: string;
  mediaUrls?: string[];
}

/** Who writes or calls, unless it is said. */
export const DEFAULT_FROM = '+14155550123';

/** What all attempts of a delivery have in common. */
interface Delivery extends Pick<WebhookDelivery, 'url' | 'fields'> {
  target: string;
  method: string;
  token: string;
}

const MAX_ROUNDS = 100;

/** Posts signed webhooks for what happens to messages, and simulates inbound messages. */
export class Webhooks {
  readonly deliveries: WebhookDelivery[] = [];
  /** The requests under way. */
  readonly pending = new Set<Promise<unknown>>();
  readonly #timers = new Map<() => void, NodeJS.Timeout>();

  constructor(
    readonly state: SandboxState,
    /** Key of the signatures. */
    readonly authToken: string,
  ) {
    state.events.on('change', (change) => this.#onChange(change));
    state.events.on('webhook', ({ url, fields, ...rest }) => void this.post(url, fields, undefined, rest));
  }

  /** Clears the deliveries and cancels pending ones. */
  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.deliveries.length = 0;
  }

  /**
   * Stores an inbound message and posts it to the number's webhook, if it has one.
   * @throws Error if the account does not own the number
   */
  async receive(message: InboundMessage): Promise<{ sid: string; delivery?: WebhookDelivery }> {
    const { to, from = DEFAULT_FROM, body, mediaUrls = [] } = message;
    const { state } = this;
    const number = ownedNumbers(state, state.accountSid).find(
      (owned) => owned.body.phone_number === to.replace(/^whatsapp:/, ''),
    );
    if (!number) throw new Error(`The sandbox account has no number ${to}`);
    const sid = newSid(mediaUrls.length > 0 ? 'MM' : 'SM');
    const now = state.clock.now();
    const mediaCount = String(mediaUrls.length);
    const service = serviceOf(to, state);
    const stored = seedResource(state, {
      fetchOperation: 'api_v2010:FetchMessage',
      known: {
        ...{ sid, from, to, body, direction: 'inbound', status: 'received', num_media: mediaCount },
        ...{ num_segments: '1', messaging_service_sid: service ?? null, error_code: null, error_message: null },
        ...{
          price: messagePrice({ to, direction: 'inbound', num_media: mediaCount }),
          price_unit: 'USD',
          date_sent: rfc2822(new Date(now)),
        },
      },
      at: now,
    });
    const media = mediaUrls.map((mediaUrl) => addMedia(state, stored, mediaUrl, now).body);
    const isReply = continueExecutions(state, stored, now);
    relayMessage(state, stored, now);
    const conversation = conversationFor(state, stored, now);
    if (conversation) {
      const text = await this.#editedText(conversation, stored);
      if (text !== undefined) joinConversation(state, conversation, stored, text, now);
      return { sid };
    }
    const { url, fallback } = inboundUrls(number, service, state);
    if (!url) return { sid };
    const mediaFields = media.flatMap(({ uri, content_type }, i) => [
      [`MediaUrl${i}`, `https://api.twilio.com${String(uri).replace('.json', '')}`],
      [`MediaContentType${i}`, content_type],
    ]);
    const fields = {
      ...{ ToCountry: 'US', ToState: '', SmsMessageSid: sid, NumMedia: mediaCount, SmsSid: sid },
      ...{ SmsStatus: 'received', Body: body, To: to, NumSegments: '1', MessageSid: sid },
      ...{ AccountSid: state.accountSid, From: from, ApiVersion: '2010-04-01' },
      ...(service ? { MessagingServiceSid: service } : {}),
      ...Object.fromEntries(mediaFields),
    };
    const trigger = {
      event: 'incomingMessage',
      own: to,
      contact: from,
      values: { message: fields },
      messageSid: sid,
    } as const;
    const flow = flowOf(state, url);
    if (flow && !isReply) startFlow(state, flow, trigger, now);
    if (flow) return { sid };
    const delivery = await this.post(url, fields, number.id);
    if (!fallback || !delivery.error) return { sid, delivery };
    const error = { ErrorCode: String(delivery.error.code), ErrorUrl: url };
    return { sid, delivery: await this.post(fallback, { ...fields, ...error }, number.id) };
  }

  /** The text of a message that comes into a conversation, which a webhook may change; undefined if it rejects it. */
  async #editedText(conversation: StoredResource, { body }: StoredResource): Promise<string | undefined> {
    const event = eventBefore(this.state, conversation, body);
    const { status = 0, response = '' } = event ? await this.post(event.url, event.fields) : {};
    if (status >= 400 && status < 500) return undefined;
    const answer = status >= 200 && status < 300 ? jsonValue(response) : undefined;
    return isJsonObject(answer) && typeof answer.body === 'string' ? answer.body : String(body.body);
  }

  #onChange(stateChange: StateChange): void {
    const { resource, change } = stateChange;
    if (isConversationPart(resource)) {
      for (const { url, fields } of conversationEvents(this.state, stateChange)) void this.post(url, fields);
      if (resource.kind.endsWith('/Receipts') && change === 'created') this.#scheduleSteps(resource);
      return;
    }
    const url = resource.internal.statusCallback;
    if (typeof url !== 'string' || !resource.kind.endsWith('/Messages')) return;
    if (change === 'created') this.#scheduleSteps(resource);
    else if (change !== 'updated' && change !== 'deleted') void this.post(url, statusFields(resource, change));
  }

  /** Advances a message at each step: callbacks must arrive even if nothing reads the message. */
  #scheduleSteps(resource: StoredResource): void {
    const step = () => this.state.lifecycleOf(resource.kind)?.(resource, this.state.clock.now(), this.state);
    for (const [elapsed] of MESSAGE_STEPS.slice(1)) this.later(() => step(), elapsed / this.state.options.speed + 1);
  }

  /** Does something after some milliseconds, unless it is to be done already, or the sandbox is reset or closed. */
  later(action: () => void, milliseconds: number): void {
    if (this.#timers.has(action)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(action);
      action();
    }, milliseconds);
    this.#timers.set(action, timer.unref());
  }

  /** Makes `settled` wait for a request to a webhook. */
  track(request: Promise<unknown>): void {
    this.pending.add(request);
    void request.finally(() => this.pending.delete(request));
  }

  /** Resolves when all webhooks have answered, and those that were called because of it. TwiML can redirect for ever. */
  async settled(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS && this.pending.size > 0; round++) await Promise.all(this.pending);
  }

  #reportFailure({ url, fields, response, error }: WebhookDelivery, resourceSid: string, owner?: string): void {
    const { code, message: text } = error!;
    addAlert(this.state, {
      ...{ code, text, level: 'error', at: this.state.clock.now() },
      ...{ resourceSid, serviceSid: owner ?? fields.ChatServiceSid },
      request: { url, variables: new URLSearchParams(fields).toString(), response: response ?? null },
    });
  }

  /**
   * Delivers to a URL, with the retries that its fragment asks for, and returns the last attempt. Requests loopback URLs
   * only, so that the sandbox never reaches anyone else. A failure becomes an alert about `resourceSid`, default the
   * conversation or message; TwiML has none, because calls report their own errors. `owner` is the number with the webhook.
   */
  post(
    url: string,
    fields: Record<string, string>,
    owner?: string,
    options: { method?: string; resourceSid?: string } = {},
  ): Promise<WebhookDelivery> {
    const request = this.#post(url, fields, owner, options);
    this.track(request);
    return request;
  }

  async #post(
    url: string,
    fields: Record<string, string>,
    owner: string | undefined,
    {
      method = 'POST',
      resourceSid = fields.ConversationSid ?? fields.MessageSid,
    }: { method?: string; resourceSid?: string },
  ): Promise<WebhookDelivery> {
    const delivery = await this.#deliver(url, method, fields);
    if (delivery.error && resourceSid) this.#reportFailure(delivery, resourceSid, owner);
    return delivery;
  }

  /** The last attempt, with what Twilio's alert says if it failed. */
  async #deliver(url: string, method: string, fields: Record<string, string>): Promise<WebhookDelivery> {
    const unsent: WebhookDelivery = { url, fields, status: 0 };
    try {
      const { target, overrides } = readOverrides(url);
      if (isLoopbackUrl(url)) {
        const sent = { url, target, method, fields, token: randomUUID() };
        const last = await deliverWebhook(overrides, (timeout) => this.#attempt(sent, timeout));
        const failed = last.status < 200 || last.status >= 400;
        return failed ? Object.assign(last, { error: { code: 11200, message: RETRIEVAL_FAILURE } }) : last;
      }
      if (isUnreachable(url)) unsent.error = { code: 11210, message: 'HTTP bad host name' };
    } catch (error) {
      if (!(error instanceof InvalidOverrides)) throw error;
      unsent.error = error;
    }
    this.deliveries.push(unsent);
    return unsent;
  }

  /** One request. With GET, the fields are in the signed URL. The token is the same for each attempt. */
  async #attempt({ url, target, method, fields, token }: Delivery, timeout: number): Promise<WebhookDelivery> {
    const delivery: WebhookDelivery = { url, fields, status: 0 };
    this.deliveries.push(delivery);
    const body = new URLSearchParams(fields);
    const isGet = method === 'GET';
    const requested = isGet ? `${target}${target.includes('?') ? '&' : '?'}${body}` : target;
    const signature = await signatureOf(requested, this.authToken, isGet ? {} : fields);
    try {
      const headers = { 'x-twilio-signature': signature, 'i-twilio-idempotency-token': token };
      const signal = AbortSignal.timeout(timeout);
      const response = await fetch(requested, { method, headers, body: isGet ? undefined : body, signal });
      return Object.assign(delivery, { response: await response.text(), status: response.status });
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      return Object.assign(delivery, { connected: code !== 'ECONNREFUSED' });
    }
  }
}

/**
 * Where an inbound message goes, and where if that fails: its Messaging Service decides, then a TwiML App, then the number.
 * Empty for nowhere.
 */
function inboundUrls(
  { body }: StoredResource,
  serviceSid: string | undefined,
  { store, accountSid }: SandboxState,
): { url: string; fallback: string } {
  const service = serviceSid && store.get('messaging.twilio.com/v1/Services', serviceSid)?.body;
  if (service && !service.use_inbound_webhook_on_number)
    return asUrls(service.inbound_request_url, service.fallback_url);
  const application = store.get(`${ACCOUNTS_PATH}/${accountSid}/Applications`, String(body.sms_application_sid))?.body;
  const { sms_url, sms_fallback_url } = application?.sms_url ? application : body;
  return asUrls(sms_url, sms_fallback_url);
}

const asUrls = (url: unknown, fallback: unknown) => ({ url: String(url || ''), fallback: String(fallback || '') });

function statusFields({ body }: StoredResource, status: string): Record<string, string> {
  const sid = String(body.sid);
  return {
    ...{ SmsSid: sid, SmsStatus: status, MessageStatus: status, To: String(body.to), MessageSid: sid },
    ...{ AccountSid: String(body.account_sid), From: String(body.from ?? ''), ApiVersion: '2010-04-01' },
    ...(body.error_code ? { ErrorCode: String(body.error_code) } : {}),
  };
}
