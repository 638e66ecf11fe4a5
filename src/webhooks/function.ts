import { timingSafeEqual } from 'node:crypto';
import { type Config, isLocal, webhookBase } from '../config';
import { RequestContext } from '../context';
import { isLoopbackUrl } from '../formats';
import { Response } from '../http/exchange';
import { type Execution, serverlessFunction } from '../http/function';
import { signatureOf } from '../signature';
import { BadPayload, type WebhookFields } from './payload';
import type { Receiver } from './receive';

/** Where the signed parameters are: form or query. */
type Carrier = 'form' | 'query';

/** The handler of a Twilio Function that receives webhooks: it stores first, then answers. */
export const webhookFunction = (receive: Receiver, carrier: Carrier = 'form') =>
  serverlessFunction(
    (execution) => answerWebhook(execution, receive, carrier),
    () => plainTextError(500, 'Not stored'),
  );

async function answerWebhook(
  { environment, event, started, annotate }: Execution,
  receive: Receiver,
  carrier: Carrier,
): Promise<Response> {
  const path = String(environment.PATH);
  annotate({ method: path });
  const context = new RequestContext(environment, { started });
  const { config } = context;
  const { request, ...parameters } = event;
  const fields = asFields(parameters);
  if (fields === undefined || (fields.AccountSid ?? config.accountSid) !== config.accountSid) {
    return plainTextError(400, 'Not a valid Twilio webhook request');
  }
  if (!(await isGenuine(request, config, path, fields, carrier))) {
    return plainTextError(403, 'The signature is missing or wrong');
  }
  try {
    return await receive(fields, context);
  } catch (error) {
    if (!(error instanceof BadPayload)) throw error;
    return plainTextError(400, error.message);
  }
}

/**
 * Deployed, Twilio's gateway admits only signed requests. A local server checks the signature if it has an auth token, and
 * accepts unsigned requests only if it is not reachable from outside.
 */
async function isGenuine(
  request: unknown,
  config: Config,
  path: string,
  fields: WebhookFields,
  carrier: Carrier,
): Promise<boolean> {
  if (!isLocal(config)) return true;
  const base = webhookBase(config) ?? `http://${config.domainName}`;
  if (!config.authToken) return base.startsWith('http:') && isLoopbackUrl(base);
  const header = (request as { headers?: Record<string, unknown> } | undefined)?.headers?.['x-twilio-signature'];
  const expected =
    carrier === 'form'
      ? await signatureOf(base + path, config.authToken, fields)
      : await signatureOf(`${base}${path}?${new URLSearchParams(fields)}`, config.authToken);
  return typeof header === 'string' && isEqual(header, expected);
}

/** Compares in constant time. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Twilio's parameters are strings, each given once. */
const asFields = (parameters: Record<string, unknown>): WebhookFields | undefined =>
  Object.values(parameters).every((value) => typeof value === 'string') ? (parameters as WebhookFields) : undefined;

const plainTextError = (status: number, message: string) =>
  new Response(message, { status, headers: { 'content-type': 'text/plain' } });
