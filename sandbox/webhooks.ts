/** The other side of Twilio: it tells webhooks what became of a message, and what came in, signed as Twilio signs. */
import { createHmac } from 'node:crypto';
import { place } from './place';
import { MESSAGE_STEPS } from './rules/messages';
import { ownedNumbers } from './rules/phone';
import { freshSid, rfc2822 } from './sample';
import type { Resource } from './store';
import type { StateChange, World } from './world';

/** What was posted to a webhook, and what it answered; `status` 0 where it gave no answer. */
export interface Delivery {
  url: string;
  fields: Record<string, string>;
  status: number;
}

/** A text from somebody outside to a number of the account. */
export interface IncomingText {
  to: string;
  from?: string;
  body: string;
  mediaUrls?: string[];
}

const SOMEBODY = '+14155550123';
const LOOPBACK = /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/;

export class Webhooks {
  readonly deliveries: Delivery[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    readonly world: World,
    /** Signs what is posted. */
    readonly authToken: string,
  ) {
    world.events.on('change', (change) => this.#changed(change));
  }

  /** Forgets what was delivered, and what is still to come. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.deliveries.length = 0;
  }

  /**
   * A message comes in: it is kept in the log, and posted to the number's webhook.
   * @throws Error where the account has no such number
   */
  async receive({
    to,
    from = SOMEBODY,
    body,
    mediaUrls = [],
  }: IncomingText): Promise<{ sid: string; delivery?: Delivery }> {
    const { world } = this;
    const number = ownedNumbers(world, world.accountSid).find((one) => one.body.phone_number === to);
    if (!number) throw new Error(`The sandbox account has no number ${to}`);
    const sid = freshSid(mediaUrls.length > 0 ? 'MM' : 'SM');
    const now = Date.now();
    const known = {
      sid,
      from,
      to,
      body,
      direction: 'inbound',
      status: 'received',
      num_media: String(mediaUrls.length),
    };
    place(world, {
      reads: 'api_v2010:FetchMessage',
      known: {
        ...known,
        ...{ num_segments: '1', messaging_service_sid: null, error_code: null, error_message: null },
        ...{ price: '-0.00830', price_unit: 'USD', date_sent: rfc2822(new Date(now)) },
      },
      at: now,
    });
    const url = String(number.body.sms_url ?? '');
    if (!url) return { sid };
    const media = mediaUrls.flatMap((mediaUrl, i) => [
      [`MediaUrl${i}`, mediaUrl],
      [`MediaContentType${i}`, 'image/jpeg'],
    ]);
    const fields = {
      ...{ ToCountry: 'US', ToState: '', SmsMessageSid: sid, NumMedia: String(mediaUrls.length), SmsSid: sid },
      ...{ SmsStatus: 'received', Body: body, To: to, NumSegments: '1', MessageSid: sid },
      ...{ AccountSid: world.accountSid, From: from, ApiVersion: '2010-04-01' },
      ...Object.fromEntries(media),
    };
    return { sid, delivery: await this.#post(url, fields) };
  }

  #changed({ resource, change }: StateChange): void {
    const url = resource.notes.statusCallback;
    if (typeof url !== 'string' || !resource.kind.endsWith('/Messages')) return;
    if (change === 'created') this.#follow(resource);
    else if (change !== 'updated' && change !== 'deleted') void this.#post(url, this.#state(resource, change));
  }

  /** A message that nobody reads lives on all the same. */
  #follow(resource: Resource): void {
    for (const [lived] of MESSAGE_STEPS.slice(1)) {
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          this.world.ageOf(resource.kind)?.(resource, Date.now(), this.world);
        },
        lived / this.world.options.speed + 1,
      );
      this.#timers.add(timer.unref());
    }
  }

  #state({ body }: Resource, status: string): Record<string, string> {
    const sid = String(body.sid);
    return {
      ...{ SmsSid: sid, SmsStatus: status, MessageStatus: status, To: String(body.to), MessageSid: sid },
      ...{ AccountSid: String(body.account_sid), From: String(body.from ?? ''), ApiVersion: '2010-04-01' },
      ...(body.error_code ? { ErrorCode: String(body.error_code) } : {}),
    };
  }

  /** Only to this machine: nothing of the sandbox ever reaches anyone. */
  async #post(url: string, fields: Record<string, string>): Promise<Delivery> {
    const delivery: Delivery = { url, fields, status: 0 };
    this.deliveries.push(delivery);
    if (!LOOPBACK.test(url)) return delivery;
    const signed = Object.keys(fields)
      .sort()
      .reduce((text, name) => text + name + fields[name], url);
    const signature = createHmac('sha1', this.authToken).update(signed).digest('base64');
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'x-twilio-signature': signature },
        body: new URLSearchParams(fields),
      });
      await response.arrayBuffer();
      delivery.status = response.status;
    } catch {
      // Nobody answered: the status stays 0.
    }
    return delivery;
  }
}
