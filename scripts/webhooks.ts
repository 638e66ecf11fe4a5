import { parseArgs } from 'node:util';
import { webhookBase } from '../src/config';
import { RequestContext } from '../src/context';
import { getWebhooks, restoreWebhooks, setWebhooks } from '../src/threads/number-webhooks';
import { readEnvFile, runningSandbox, sandboxEnvironment, usesSandbox } from './local-env';

/*
 * `npm run webhooks` shows the inbound message webhook of each number. `-- set +15551234567` points one to
 * WEBHOOK_BASE_URL (with `--codes`, to the inbox that keeps messages for five minutes only), `-- restore +15551234567`
 * restores its previous settings. `--base https://…` replaces WEBHOOK_BASE_URL. Without credentials it uses the running
 * sandbox.
 */

const TIMEOUT_MS = 60_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { base: { type: 'string' }, codes: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [action = 'show', number] = positionals;
  const env = readEnvFile();
  if (values.base) env.WEBHOOK_BASE_URL = values.base;
  if (usesSandbox(env)) {
    const { port, url } = await runningSandbox();
    process.env.TWILIO_SANDBOX_URL = url;
    await import('../sandbox/preload');
    Object.assign(env, sandboxEnvironment(env, port, env.WEBHOOK_BASE_URL || undefined));
  }
  const context = new RequestContext(env, { timeoutMs: TIMEOUT_MS });
  const numbers = await context.twilio.incomingPhoneNumbers.list(number ? { phoneNumber: number } : {});
  if (numbers.length === 0) throw new Error(`The account has no number ${number ?? 'yet'}.`);
  if (action !== 'show' && numbers.length !== 1)
    throw new Error(`The number is missing. Example: npm run webhooks -- ${action} +15551234567`);
  const run = {
    show: (sid: string) => getWebhooks({ sid }, context),
    restore: (sid: string) => restoreWebhooks({ sid }, context),
    set: (sid: string) => setWebhooks({ sid, codes: values.codes }, context),
  }[action];
  if (run === undefined) throw new Error(`Unknown action "${action}". Use show, set or restore.`);
  const base = webhookBase(context.config);
  console.log(`This server: ${base ?? 'no public address (set WEBHOOK_BASE_URL, or add --base)'}`);
  for (const { sid } of numbers) {
    const { phoneNumber, smsUrl, smsApplicationSid, pointsHere, before } = await run(sid);
    const target = (settings: { smsUrl?: string; smsApplicationSid?: string }) =>
      settings.smsApplicationSid || settings.smsUrl || 'not set';
    const saved = before ? `; saved for restore: ${target(before)}` : '';
    console.log(`${phoneNumber} -> ${target({ smsUrl, smsApplicationSid })}${pointsHere ? ' (here)' : ''}${saved}`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
