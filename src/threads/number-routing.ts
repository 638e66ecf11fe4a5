import type { Twilio } from 'twilio';
import { attempt, isTwilioError } from '../errors';
import { page } from '../paging';
import { words } from '../params';
import type { ToolContext } from '../tool';

/*
 * What handles the inbound messages and calls of a phone number in place of its own URLs.
 */

const MAX_SERVICES = 100;
const SERVICES_AT_ONCE = 10;
/** Time that a group of services may need: none is started with less time left. */
const GROUP_MARGIN_MS = 1000;

interface MessagingService {
  sid: string;
  friendlyName: string;
  inboundRequestUrl: string;
  useInboundWebhookOnNumber: boolean;
}

const URLS = words('smsUrl smsFallbackUrl voiceUrl voiceFallbackUrl');
type Url = (typeof URLS)[number];

interface NumberSettings extends Partial<Record<Url, string>> {
  smsApplicationSid?: string;
  voiceApplicationSid?: string;
  trunkSid?: string;
}

/** The URLs of a number that Twilio ignores, each with what it uses instead; undefined if it ignores none. */
export function overriddenUrls(number: NumberSettings, service?: MessagingService) {
  const { smsApplicationSid, voiceApplicationSid, trunkSid } = number;
  const byService = service && !service.useInboundWebhookOnNumber;
  const sms = byService ? describeOverride(service) : smsApplicationSid && 'smsApplicationSid handles messages';
  const voice = trunkSid ? 'trunkSid handles calls' : voiceApplicationSid && 'voiceApplicationSid handles calls';
  const handlers = { smsUrl: sms, smsFallbackUrl: sms, voiceUrl: voice, voiceFallbackUrl: voice };
  const overridden = URLS.filter((url) => number[url] && handlers[url]);
  if (overridden.length === 0) return undefined;
  return Object.fromEntries(overridden.map((url) => [url, handlers[url]])) as Partial<Record<Url, string>>;
}

const describeOverride = ({ sid, inboundRequestUrl }: MessagingService): string =>
  `Messaging Service ${sid} handles messages (inboundRequestUrl: ${inboundRequestUrl || 'none'}); ` +
  'smsUrl is used once its useInboundWebhookOnNumber is true';

/** The Messaging Service that has a number in its sender pool; `unread` says why it may have been missed. */
export async function findMessagingService(
  numberSid: string,
  { twilio, deadline }: Pick<ToolContext, 'twilio' | 'deadline'>,
): Promise<{ messagingService?: MessagingService; unread?: string }> {
  const listed = await attempt(page(twilio.messaging.v1.services, { limit: MAX_SERVICES }));
  if (listed.missing !== undefined) return { unread: notSearched(listed.missing) };
  const { nextPageToken } = listed.value;
  const items = listed.value.items.filter(({ sid }) => sid);
  let unread = nextPageToken && notSearched(`The account has more than ${MAX_SERVICES}.`);
  for (let start = 0; start < items.length; start += SERVICES_AT_ONCE) {
    if (Date.now() > deadline - GROUP_MARGIN_MS) return { unread: notSearched('The time of this call is used up.') };
    const group = items.slice(start, start + SERVICES_AT_ONCE);
    const answers = await Promise.all(group.map(({ sid }) => attempt(hasNumber(twilio, sid, numberSid))));
    const holder = group[answers.findIndex(({ value }) => value)];
    if (holder) {
      const { sid, friendlyName, inboundRequestUrl, useInboundWebhookOnNumber } = holder;
      return { messagingService: { sid, friendlyName, inboundRequestUrl, useInboundWebhookOnNumber } };
    }
    const missing = answers.find((answer) => answer.missing !== undefined)?.missing;
    unread ??= missing && notSearched(missing);
  }
  return { unread };
}

const notSearched = (reason: string): string =>
  `Not all Messaging Services could be searched for this number; one may handle its messages. ${reason}`;

async function hasNumber(twilio: Twilio, serviceSid: string, numberSid: string): Promise<boolean> {
  try {
    await twilio.messaging.v1.services(serviceSid).phoneNumbers(numberSid).fetch();
    return true;
  } catch (error) {
    if (isTwilioError(error) && error.status === 404) return false;
    throw error;
  }
}
