import type { TwilioResponse } from '@twilio-labs/serverless-runtime-types/types';
import type { Response } from './exchange';

/** `Twilio.Response` of the runtime. */
export type ReplyClass = new () => TwilioResponse;

/** Converts a web response to the platform's. A stream is read to its end, as the platform sends one body. */
export async function toReply(response: Response, Reply: ReplyClass): Promise<TwilioResponse> {
  const reply = new Reply();
  reply.setStatusCode(response.status);
  const { body } = response;
  if (body instanceof ReadableStream) reply.setBody(await readAll(body));
  else if (body !== null) reply.setBody(body);
  for (const [name, value] of response.headers.entries()) {
    // The runtime recognizes a JSON body by exactly this spelling.
    if (name === 'content-type') reply.appendHeader('Content-Type', value);
    else if (name !== 'connection') reply.appendHeader(name, value);
  }
  return reply;
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
