import type { Context, ServerlessCallback } from '@twilio-labs/serverless-runtime-types/types';
import { type Config, isLocal, readConfig, webhookBase } from '../config';
import type { Event } from '../http/event';
import { Response } from '../http/exchange';
import { type ReplyClass, toReply } from '../http/reply';
import { faultOf, log } from '../log';
import { openStore } from '../store/open';
import { openTwilio } from '../twilio';
import { BadPayload, type Fields } from './payload';
import type { Receiver, WebhookContext } from './receive';
import { isSigned } from './signature';

type Environment = Context<Record<string, unknown>>;

/** Where the fields of a webhook stand, for that is what its signature covers. */
type Carrier = 'form' | 'query';

/** A handler for a Twilio Function that takes what Twilio tells it: stored first, answered then. Never rejects. */
export function webhookFunction(receive: Receiver, carrier: Carrier = 'form') {
  return (environment: Environment, event: Event, callback: ServerlessCallback): void => {
    const started = Date.now();
    const Reply = (globalThis as unknown as { Twilio: { Response: ReplyClass } }).Twilio.Response;
    answer(environment, event, receive, carrier, started)
      .catch(
        (error: unknown): Answered => ({
          response: refuse(500, 'Not stored'),
          outcome: 'fault',
          fault: faultOf(error),
        }),
      )
      .then(async ({ response, ...seen }) => {
        const reply = await toReply(response, Reply);
        const entry = { reference: 'webhook', method: String(environment.PATH), ...seen, ms: Date.now() - started };
        log(seen.outcome === 'fault' ? 'error' : 'info', entry, environment.LOG_LEVEL);
        callback(null, reply);
      })
      .catch(() => callback(null, new Reply().setStatusCode(500)));
  };
}

interface Answered {
  response: Response;
  outcome: string;
  fault?: string;
}

async function answer(
  environment: Environment,
  event: Event,
  receive: Receiver,
  carrier: Carrier,
  started: number,
): Promise<Answered> {
  const config = readConfig(environment);
  const { request, ...rest } = event;
  const fields = asFields(rest);
  if (fields === undefined || (fields.AccountSid ?? config.accountSid) !== config.accountSid) {
    return { response: refuse(400, 'This is not what Twilio sends'), outcome: 'refused 400' };
  }
  if (!isGenuine(request, config, String(environment.PATH), fields, carrier)) {
    return { response: refuse(403, 'The signature is missing or wrong'), outcome: 'refused 403' };
  }
  try {
    return { response: await receive(fields, contextOf(config, started)), outcome: 'ok' };
  } catch (error) {
    if (!(error instanceof BadPayload)) throw error;
    return { response: refuse(400, error.message), outcome: 'refused 400' };
  }
}

/**
 * Deployed, Twilio's gateway lets only signed requests in. Elsewhere the signature is checked here as soon as there is
 * something to check it with, and what the outside world can reach is never open.
 */
function isGenuine(request: unknown, config: Config, path: string, fields: Fields, carrier: Carrier): boolean {
  if (!isLocal(config)) return true;
  const base = webhookBase(config) ?? `http://${config.domainName}`;
  if (!config.authToken) return /^http:\/\/(localhost|127\.0\.0\.1)(:|\/|$)/.test(`${base}/`);
  const header = (request as { headers?: Record<string, unknown> } | undefined)?.headers?.['x-twilio-signature'];
  const query = new URLSearchParams(fields).toString();
  return carrier === 'form'
    ? isSigned(header, config.authToken, base + path, fields)
    : isSigned(header, config.authToken, `${base}${path}?${query}`, {});
}

function contextOf(config: Config, started: number): WebhookContext {
  const open = {
    get twilio() {
      return openTwilio(config, started + config.timeoutMs);
    },
  };
  return {
    config,
    get store() {
      return openStore(config, open);
    },
  };
}

/** Fields are strings, each there once; anything else is no form of Twilio's. */
const asFields = (given: Record<string, unknown>): Fields | undefined =>
  Object.values(given).every((value) => typeof value === 'string') ? (given as Fields) : undefined;

const refuse = (status: number, words: string) =>
  new Response(words, { status, headers: { 'content-type': 'text/plain' } });
