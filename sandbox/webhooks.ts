/** Calls webhooks as Twilio does: signed requests for delivery states and inbound messages. */
import { isLoopbackUrl } from '../src/formats';
import { signatureOf } from '../src/signature';
import { rfc2822 } from './dates';
import { isJsonObject, jsonValue } from './json';
import { addAlert, RETRIEVAL_FAILURE } from './rules/alerts';
import { conversationEvents, eventBefore, isConversationPart } from './rules/conversation-events';
import { conversationFor, joinConversation } from './rules/conversation-messages';
import { addMedia, MESSAGE_STEPS } from './rules/messages';
import { serviceOf } from './rules/opt-outs';
import { ACCOUNTS_PATH, ownedNumbers } from './rules/phone';
import { relayMessage } from './rules/proxy';
import { continueExecutions, flowOf, startFlow } from './rules/studio';
import { seedResource } from './seed-resource';
import { newSid } from './sids';
import type { StoredResource } from './store';
import type { SandboxState, StateChange } from './types';

/** A request to a webhook and its outcome. `status` is 0 if there was no response. */
export interface WebhookDelivery {
  url: string;
  fields: Record<string, string>;
  status: number;
  /** Text of the response. */
  response?: string;
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

/** Posts signed webhooks for what happens to messages, and simulates inbound messages. */
export class Webhooks {
  readonly deliveries: WebhookDelivery[] = [];
  /** The requests under way. */
  readonly pending = new Set<Promise<WebhookDelivery>>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    readonly state: SandboxState,
    /** Key of the signatures. */
    readonly authToken: string,
  ) {
    state.events.on('change', (change) => this.#onChange(change));
  }

  /** Clears the deliveries and cancels pending ones. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
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
        ...{ price: '-0.00830', price_unit: 'USD', date_sent: rfc2822(new Date(now)) },
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
    const url = inboundUrl(number, service, state);
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
    return { sid, delivery: await this.post(url, fields, number.id) };
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
    for (const [elapsed] of MESSAGE_STEPS.slice(1)) {
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          this.state.lifecycleOf(resource.kind)?.(resource, this.state.clock.now(), this.state);
        },
        elapsed / this.state.options.speed + 1,
      );
      this.#timers.add(timer.unref());
    }
  }

  #reportFailure({ url, fields, response }: WebhookDelivery, owner?: string): void {
    // Calls report their own errors.
    const resourceSid = fields.ConversationSid ?? fields.MessageSid;
    if (resourceSid === undefined) return;
    addAlert(this.state, {
      ...{ code: 11200, text: RETRIEVAL_FAILURE, level: 'error', at: this.state.clock.now() },
      ...{ resourceSid, serviceSid: owner ?? fields.ChatServiceSid },
      request: { url, variables: new URLSearchParams(fields).toString(), response: response ?? null },
    });
  }

  /** Posts to loopback URLs only, so that the sandbox never reaches anyone else. `owner` is the number with the webhook. */
  post(url: string, fields: Record<string, string>, owner?: string): Promise<WebhookDelivery> {
    const request = this.#post(url, fields, owner).finally(() => this.pending.delete(request));
    this.pending.add(request);
    return request;
  }

  async #post(url: string, fields: Record<string, string>, owner?: string): Promise<WebhookDelivery> {
    const delivery: WebhookDelivery = { url, fields, status: 0 };
    this.deliveries.push(delivery);
    if (!isLoopbackUrl(url)) return delivery;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'x-twilio-signature': await signatureOf(url, this.authToken, fields) },
        body: new URLSearchParams(fields),
      });
      delivery.response = await response.text();
      delivery.status = response.status;
    } catch {
      // No response: the status stays 0.
    }
    if (delivery.status < 200 || delivery.status >= 400) this.#reportFailure(delivery, owner);
    return delivery;
  }
}

/** Where an inbound message goes: its Messaging Service decides, then a TwiML App, then the number. Empty for nowhere. */
function inboundUrl(
  { body }: StoredResource,
  serviceSid: string | undefined,
  { store, accountSid }: SandboxState,
): string {
  const service = serviceSid && store.get('messaging.twilio.com/v1/Services', serviceSid)?.body;
  if (service && !service.use_inbound_webhook_on_number) return String(service.inbound_request_url ?? '');
  const application = store.get(`${ACCOUNTS_PATH}/${accountSid}/Applications`, String(body.sms_application_sid));
  return String(application?.body.sms_url || body.sms_url || '');
}

function statusFields({ body }: StoredResource, status: string): Record<string, string> {
  const sid = String(body.sid);
  return {
    ...{ SmsSid: sid, SmsStatus: status, MessageStatus: status, To: String(body.to), MessageSid: sid },
    ...{ AccountSid: String(body.account_sid), From: String(body.from ?? ''), ApiVersion: '2010-04-01' },
    ...(body.error_code ? { ErrorCode: String(body.error_code) } : {}),
  };
}
