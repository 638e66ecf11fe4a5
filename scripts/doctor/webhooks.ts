import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN } from '../../sandbox/credentials';
import { CODE_WEBHOOK, SMS_WEBHOOK, STATUS_WEBHOOK } from '../../src/config';
import { connectionUrl } from '../../src/connect/address';
import { SIGNATURE_HEADER } from '../../src/connect/client';
import { isLoopbackUrl } from '../../src/formats';
import { signatureOf } from '../../src/signature';
import { type DoctorCheck, type DoctorContext, type Finding, note, ok, problem } from './check';

/*
 * Posts to the webhooks as Twilio does, signed and through their public address, but without a message: the receiver
 * refuses it only after it has checked the signature, and stores nothing.
 */

/** What a receiver says about a genuine request without a message. */
const GENUINE = /^Message(Sid|Status) is not /;

export const webhooksCheck: DoctorCheck = {
  title: 'Webhooks, through their public address',
  skipAfterProblem: true,
  run: async (context) => {
    const base = baseOf(context);
    if (base === undefined)
      return [note('Skipped: add --url with the address of a deployment; for a tunnel, set WEBHOOK_BASE_URL.')];
    const authToken = context.sandboxed ? SANDBOX_AUTH_TOKEN : context.env.AUTH_TOKEN;
    if (!authToken) return [note('Skipped: without AUTH_TOKEN, their requests cannot be signed.')];
    for (const path of [SMS_WEBHOOK, STATUS_WEBHOOK, CODE_WEBHOOK]) {
      const failure = await checkWebhook(base, path, authToken, context);
      if (failure) return [failure];
    }
    const unsigned = await postTo(`${base}${SMS_WEBHOOK}`, {}, {});
    if (!isLoopbackUrl(base) && GENUINE.test(unsigned.text))
      return [
        problem(
          `The webhooks at ${base} accept unsigned requests: anyone can send messages to them.`,
          `In ${context.file}, set AUTH_TOKEN, and start the server again.`,
        ),
      ];
    return [ok(`Signed requests arrive at ${base}.`)];
  },
};

/** The public address of the webhooks. The sandbox only calls this machine. */
function baseOf({ url, config, sandboxed }: DoctorContext): string | undefined {
  if (config.webhookBaseUrl && !sandboxed) return config.webhookBaseUrl;
  try {
    return url && new URL(connectionUrl(url, { services: [], readonly: false })).origin;
  } catch {
    return undefined;
  }
}

/** A problem with one webhook; `undefined` if it accepts what Twilio sends. */
async function checkWebhook(
  base: string,
  path: string,
  authToken: string,
  { file, config, sandboxed }: DoctorContext,
): Promise<Finding | undefined> {
  const url = base + path;
  const fields = { AccountSid: sandboxed ? SANDBOX_ACCOUNT_SID : config.accountSid };
  const { status, text } = await postTo(url, fields, { [SIGNATURE_HEADER]: await signatureOf(url, authToken, fields) });
  if (GENUINE.test(text)) return undefined;
  if (status === 0)
    return problem(
      `No response from ${url} (${text}).`,
      `In ${file}, set WEBHOOK_BASE_URL to the address of a running tunnel to the server, or of a deployment.`,
    );
  if (text.includes('from this machine only'))
    return problem(
      `The server behind ${base} does not expect this address.`,
      `Start the server again: WEBHOOK_BASE_URL in ${file} is read when it starts.`,
    );
  if (status === 404)
    return problem(
      `There is no webhook at ${url} (HTTP 404).`,
      `Compare WEBHOOK_BASE_URL in ${file} with the domain that npm run deploy printed.`,
    );
  if (text.startsWith('Not a valid Twilio webhook'))
    return problem(`The server at ${base} uses a different account.`, `Use the ACCOUNT_SID of that server in ${file}.`);
  return problem(
    `The webhook ${url} rejects Twilio's signature (HTTP ${status}).`,
    `AUTH_TOKEN in ${file} must be the primary token of the account, and WEBHOOK_BASE_URL the exact address that Twilio requests.`,
  );
}

/** The response to a form; without one, the status is 0 and the text the reason. */
async function postTo(url: string, fields: Record<string, string>, headers: Record<string, string>) {
  try {
    const body = new URLSearchParams(fields);
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(15_000) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return { status: 0, text: code ?? (error as Error).name };
  }
}
