import { checkConfig } from '../config';
import { RequestContext } from '../context';
import { headersOf } from '../http/event';
import { Response } from '../http/exchange';
import { type Execution, serverlessFunction } from '../http/function';
import { originOf } from './genuine';
import { BadPayload, type WebhookFields } from './payload';
import type { Receiver } from './receive';

/** The handler of a Twilio Function that receives webhooks: it stores first, then answers. */
export const webhookFunction = (receive: Receiver) =>
  serverlessFunction(
    (execution) => answerWebhook(execution, receive),
    () => plainTextError(500, 'Not stored'),
  );

async function answerWebhook(
  { environment, event, started, annotate }: Execution,
  receive: Receiver,
): Promise<Response> {
  const path = String(environment.PATH);
  annotate({ method: path });
  const context = new RequestContext(checkConfig(environment), { started });
  const { config } = context;
  const { request, ...parameters } = event;
  const headers = headersOf(request);
  const fields = asFields(parameters);
  if (headers === undefined || fields === undefined || (fields.AccountSid ?? config.accountSid) !== config.accountSid) {
    return plainTextError(400, 'Not a valid Twilio webhook request');
  }
  const origin = await originOf({ path, headers, fields }, config, () => context.store);
  if (origin === 'unknown') {
    return plainTextError(403, 'The signature is missing or wrong');
  }
  try {
    return await receive(fields, context, origin === 'signed');
  } catch (error) {
    if (!(error instanceof BadPayload)) throw error;
    return plainTextError(400, error.message);
  }
}

/** Twilio's parameters are strings, each given once. */
const asFields = (parameters: Record<string, unknown>): WebhookFields | undefined =>
  Object.values(parameters).every((value) => typeof value === 'string') ? (parameters as WebhookFields) : undefined;

const plainTextError = (status: number, message: string) =>
  new Response(message, { status, headers: { 'content-type': 'text/plain' } });
