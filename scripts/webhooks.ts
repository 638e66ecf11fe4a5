import { checkConfig, ownWebhook, SMS_WEBHOOK } from '../src/config';
import { RequestContext } from '../src/context';
import { E164 } from '../src/formats';
import { getWebhooks, restoreWebhooks, setWebhooks } from '../src/threads/number-webhooks';
import { announce } from './account';
import { ENV_OPTION, startCommand } from './command';
import { enterSandbox, readEnvFile, usesSandbox } from './local-env';

/*
 * `npm run webhooks` shows the inbound message webhook of each number. `-- set +15551234567` points one to
 * WEBHOOK_BASE_URL (with `--codes`, to the inbox that keeps messages for five minutes only), `-- restore +15551234567`
 * restores its previous settings. Without credentials it uses the running sandbox.
 */

const TIMEOUT_MS = 60_000;
const WEBHOOK_ACTIONS = { show: getWebhooks, set: setWebhooks, restore: restoreWebhooks };
const isAction = (name: string): name is keyof typeof WEBHOOK_ACTIONS => Object.hasOwn(WEBHOOK_ACTIONS, name);

/** What the action will do, for the announcement. */
const describeAction = (action: keyof typeof WEBHOOK_ACTIONS, number?: string) =>
  ({
    show: 'Shows the webhooks of its numbers.',
    set: `Changes the webhook of ${number}.`,
    restore: `Restores the webhook of ${number}.`,
  })[action];

void startCommand({
  name: 'webhooks',
  summary:
    'Shows where inbound messages of the numbers go, points a number to this server, or restores what was set before.',
  positionals: '[show [<number>] | set <number> | restore <number>]',
  options: {
    base: { type: 'string', value: '<url>', help: 'the public address of the server, in place of WEBHOOK_BASE_URL' },
    codes: { type: 'boolean', help: 'with set: messages are kept for five minutes only, for one-time codes' },
    ...ENV_OPTION,
  },
  run: async ({ base, codes = false, env: file }, [action = 'show', number, ...more]) => {
    if (!isAction(action)) throw new Error(`Unknown action "${action}". Use show, set or restore.`);
    if (more.length > 0) throw new Error(`Unexpected argument "${more[0]}": one number at a time.`);
    if (number !== undefined ? !E164.test(number) : action !== 'show')
      throw new Error(
        `${number === undefined ? 'The number is missing' : `"${number}" is not a phone number in E.164`}. Example: npm run webhooks -- ${action} +15551234567`,
      );
    const env = readEnvFile(file);
    if (base) env.WEBHOOK_BASE_URL = base;
    console.log(await announce(env, describeAction(action, number)));
    if (usesSandbox(env)) await enterSandbox(env);
    const context = new RequestContext(checkConfig(env), { timeoutMs: TIMEOUT_MS, ungated: true });
    const numbers = await context.twilio.incomingPhoneNumbers.list(number ? { phoneNumber: number } : {});
    if (numbers.length === 0) throw new Error(`The account has no number ${number ?? 'yet'}.`);
    const here = ownWebhook(SMS_WEBHOOK, context.config);
    console.log(`This server: ${here ?? 'no public address (set WEBHOOK_BASE_URL, or add --base)'}`);
    for (const { sid } of numbers) {
      const { phoneNumber, smsUrl, smsApplicationSid, pointsHere, before } = await WEBHOOK_ACTIONS[action](
        { sid, codes },
        context,
      );
      const target = (settings: { smsUrl?: string; smsApplicationSid?: string }) =>
        settings.smsApplicationSid || settings.smsUrl || 'not set';
      const saved = before ? `; saved for restore: ${target(before)}` : '';
      console.log(`${phoneNumber} -> ${target({ smsUrl, smsApplicationSid })}${pointsHere ? ' (here)' : ''}${saved}`);
    }
  },
});
