import { CODE_WEBHOOK, type Config, SMS_WEBHOOK, webhookBase } from '../../config';
import { ToolError } from '../../errors';
import type { ToolContext } from '../../tool';

type OwnNumber = Awaited<ReturnType<ReturnType<ToolContext['twilio']['incomingPhoneNumbers']>['fetch']>>;
type Context = Pick<ToolContext, 'twilio' | 'store' | 'config'>;

/** What a number pointed to before it was changed, by its SID. */
const COLLECTION = 'webhooks';
const SETTINGS = ['smsUrl', 'smsMethod', 'smsFallbackUrl', 'smsFallbackMethod', 'smsApplicationSid'] as const;
type Settings = { [K in (typeof SETTINGS)[number]]?: string };

/** Where an own number sends what comes in now, and whether what was there before is kept. */
export async function shownWebhooks({ sid }: { sid: string }, { twilio, store, config }: Context) {
  return describe(await twilio.incomingPhoneNumbers(sid).fetch(), { store, config });
}

/** Points a number to this server, keeping what was there. Codes go to the inbox that forgets after five minutes. */
export async function setWebhooks({ sid, codes }: { sid: string; codes: boolean }, context: Context) {
  const { twilio, store, config } = context;
  const base = webhookBase(config);
  if (base === undefined) {
    throw new ToolError(
      'Twilio cannot reach this server; nothing was changed. Deploy it, or set WEBHOOK_BASE_URL to its public URL.',
    );
  }
  const number = await twilio.incomingPhoneNumbers(sid).fetch();
  // Only what somebody else had set is worth keeping.
  if (!isOurs(number, config)) {
    const before = settingsOf(number);
    const kept = await store.get<Settings>(COLLECTION, sid);
    if (kept) await store.update(COLLECTION, sid, before, kept.revision);
    else await store.add(COLLECTION, sid, before);
  }
  const smsUrl = base + (codes ? CODE_WEBHOOK : SMS_WEBHOOK);
  const changed = await twilio.incomingPhoneNumbers(sid).update({ smsUrl, smsMethod: 'POST', smsApplicationSid: '' });
  return describe(changed, context);
}

/** Puts back what a number pointed to before. */
export async function restoreWebhooks({ sid }: { sid: string }, context: Context) {
  const { twilio, store, config } = context;
  const kept = await store.get<Settings>(COLLECTION, sid);
  if (kept === undefined) throw new ToolError('Nothing is kept for this number; nothing was changed.');
  const number = await twilio.incomingPhoneNumbers(sid).fetch();
  if (!isOurs(number, config)) {
    throw new ToolError('The number points elsewhere by now; nothing was changed. Read it with get_webhooks.');
  }
  const changed = await twilio.incomingPhoneNumbers(sid).update(kept.value);
  await store.remove(COLLECTION, sid, kept.revision);
  return describe(changed, context);
}

async function describe(number: OwnNumber, { store, config }: Pick<Context, 'store' | 'config'>) {
  const before = (await store.get<Settings>(COLLECTION, number.sid))?.value;
  const { sid, phoneNumber } = number;
  return { phoneNumberSid: sid, phoneNumber, ...settingsOf(number), pointsHere: isOurs(number, config), before };
}

const settingsOf = (number: OwnNumber): Settings =>
  Object.fromEntries(SETTINGS.map((name) => [name, number[name] ?? '']));

function isOurs({ smsUrl, smsApplicationSid }: OwnNumber, config: Config): boolean {
  const base = webhookBase(config);
  return base !== undefined && !smsApplicationSid && [SMS_WEBHOOK, CODE_WEBHOOK].some((path) => smsUrl === base + path);
}
