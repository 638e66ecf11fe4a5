import { parseArgs } from 'node:util';
import { readConfig, webhookBase } from '../src/config';
import { restoreWebhooks, setWebhooks, shownWebhooks } from '../src/domains/inbox/webhooks';
import { openStore } from '../src/store/open';
import { openTwilio } from '../src/twilio';
import { isSandboxed, notedSandbox, readEnvFile, sandboxEnvironment } from './environment';

/*
 * `npm run webhooks`: where the account's numbers send what comes in. `-- set +15551234567` points one to
 * WEBHOOK_BASE_URL (`--codes`: to the inbox that forgets after five minutes), `-- restore +15551234567` puts back what
 * was there. `--base https://…` stands in for WEBHOOK_BASE_URL. Without credentials it acts on the running sandbox.
 */

const TIME_MS = 60_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { base: { type: 'string' }, codes: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [action = 'show', wanted] = positionals;
  const env = readEnvFile();
  if (values.base) env.WEBHOOK_BASE_URL = values.base;
  if (isSandboxed(env)) {
    process.env.TWILIO_SANDBOX_URL = notedSandbox();
    await import('../sandbox/preload');
    Object.assign(env, sandboxEnvironment(env, env.WEBHOOK_BASE_URL || 'http://localhost:3000'));
  }
  const config = readConfig(env);
  const twilio = openTwilio(config, Date.now() + TIME_MS);
  const context = { twilio, config, store: openStore(config, { twilio }) };
  const numbers = await twilio.incomingPhoneNumbers.list(wanted ? { phoneNumber: wanted } : {});
  if (numbers.length === 0) throw new Error(`The account has no number ${wanted ?? ''}`);
  if (action !== 'show' && numbers.length !== 1)
    throw new Error(`Which number? npm run webhooks -- ${action} +15551234567`);
  const act = {
    show: shownWebhooks,
    restore: restoreWebhooks,
    set: (of: { sid: string }, with_: typeof context) => setWebhooks({ ...of, codes: values.codes }, with_),
  }[action];
  if (act === undefined) throw new Error('Say show, set or restore.');
  console.log(
    `This server: ${webhookBase(config) ?? 'not reachable from outside (set WEBHOOK_BASE_URL, or give --base)'}`,
  );
  for (const { sid } of numbers) {
    const { phoneNumber, smsUrl, smsApplicationSid, pointsHere, before } = await act({ sid }, context);
    const kept = before ? `; kept to be put back: ${before.smsUrl || before.smsApplicationSid || 'nothing set'}` : '';
    console.log(
      `${phoneNumber} -> ${smsApplicationSid || smsUrl || 'nothing set'}${pointsHere ? ' (here)' : ''}${kept}`,
    );
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
