import { CODE_WEBHOOK, type Config, isOwnWebhook, ownWebhook, SMS_WEBHOOK } from '../config';
import { ToolError } from '../errors';
import { modify } from '../store/port';
import type { ToolContext } from '../tool';
import { findMessagingService, overriddenUrls } from './number-routing';

type IncomingNumber = Awaited<ReturnType<ReturnType<ToolContext['twilio']['incomingPhoneNumbers']>['fetch']>>;
type WebhookContext = Pick<ToolContext, 'twilio' | 'store' | 'config' | 'deadline'>;

/** The settings a number had before it pointed to this server, by its SID. */
const COLLECTION = 'webhooks';
const WEBHOOK_FIELDS = ['smsUrl', 'smsMethod', 'smsFallbackUrl', 'smsFallbackMethod', 'smsApplicationSid'] as const;
type NumberWebhooks = { [K in (typeof WEBHOOK_FIELDS)[number]]?: string };

/** Where an own number sends inbound messages, and the saved previous settings. */
export async function getWebhooks({ sid }: { sid: string }, context: WebhookContext) {
  const number = await context.twilio.incomingPhoneNumbers(sid).fetch();
  const before = await context.store.get<NumberWebhooks>(COLLECTION, sid);
  return describeWebhooks(number, context, before?.value);
}

/** Points a number to this server and saves its previous settings. `codes` selects the inbox that keeps five minutes. */
export async function setWebhooks({ sid, codes }: { sid: string; codes: boolean }, context: WebhookContext) {
  const { twilio, store, config } = context;
  const smsUrl = ownWebhook(codes ? CODE_WEBHOOK : SMS_WEBHOOK, config);
  if (smsUrl === undefined) {
    throw new ToolError(
      'Twilio cannot reach this server; nothing was changed. Deploy it, or set WEBHOOK_BASE_URL to its public URL.',
    );
  }
  const number = await twilio.incomingPhoneNumbers(sid).fetch();
  // This server's own settings are not worth restoring.
  const before = pointsHere(number, config)
    ? (await store.get<NumberWebhooks>(COLLECTION, sid))?.value
    : await modify<NumberWebhooks>(store, COLLECTION, sid, () => webhooksOf(number));
  const settings = { smsUrl, smsMethod: 'POST', smsApplicationSid: '', ...fallback(number, smsUrl, config) };
  const changed = await twilio.incomingPhoneNumbers(sid).update(settings);
  return describeWebhooks(changed, context, before);
}

/** Restores the settings a number had before `setWebhooks`. `notForgotten` says that they remain saved. */
export async function restoreWebhooks({ sid }: { sid: string }, context: WebhookContext) {
  const { twilio, store, config } = context;
  const saved = await store.get<NumberWebhooks>(COLLECTION, sid);
  if (saved === undefined) throw new ToolError('No settings are saved for this number; nothing was changed.');
  const number = await twilio.incomingPhoneNumbers(sid).fetch();
  if (!pointsHere(number, config)) {
    throw new ToolError(
      'The number no longer points to this server; nothing was changed. Read it with twilio_inbox_get_webhooks.',
    );
  }
  const changed = await twilio.incomingPhoneNumbers(sid).update(saved.value);
  const notForgotten = await store.remove(COLLECTION, sid, saved.revision).then(
    () => undefined,
    () => NOT_FORGOTTEN,
  );
  return { ...(await describeWebhooks(changed, context)), notForgotten };
}

const NOT_FORGOTTEN =
  'The settings were restored, but the saved copy could not be removed. It does no harm: configure_webhooks overwrites it.';

async function describeWebhooks(number: IncomingNumber, context: WebhookContext, before?: NumberWebhooks) {
  const { sid, phoneNumber } = number;
  const { messagingService, unread } = await findMessagingService(sid, context);
  const overridden = overriddenUrls(number, messagingService)?.smsUrl;
  return {
    phoneNumberSid: sid,
    phoneNumber,
    ...webhooksOf(number),
    pointsHere: pointsHere(number, context.config) && overridden === undefined,
    overridden,
    unread,
    before,
  };
}

const webhooksOf = (number: IncomingNumber): NumberWebhooks =>
  Object.fromEntries(WEBHOOK_FIELDS.map((name) => [name, number[name] ?? '']));

const pointsHere = ({ smsUrl, smsApplicationSid }: IncomingNumber, config: Config): boolean =>
  !smsApplicationSid && isInboundWebhook(smsUrl, config);

const isInboundWebhook = (url: string | undefined, config: Config) =>
  [SMS_WEBHOOK, CODE_WEBHOOK].some((path) => isOwnWebhook(url, path, config));

/** The same webhook once more, with its own 15 s, unless the number has a fallback of its own. */
const fallback = ({ smsFallbackUrl }: IncomingNumber, smsUrl: string, config: Config) =>
  (!smsFallbackUrl || isInboundWebhook(smsFallbackUrl, config)) && {
    smsFallbackUrl: smsUrl,
    smsFallbackMethod: 'POST',
  };
