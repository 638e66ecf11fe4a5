import { parseArgs } from 'node:util';
import { SandboxClient } from '../sandbox/client';
import { SEEDS } from '../sandbox/seed';
import { runningSandbox } from './local-env';

/*
 * `npm run simulate-sms -- --to +15005550006 "Your code is 123456"`: an inbound SMS for the running sandbox, which
 * stores the message and posts it to the number's webhook. `--from` is the sender, `--media` a URL (repeatable).
 */

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { to: { type: 'string' }, from: { type: 'string' }, media: { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const to = values.to ?? SEEDS.numbers[0]!;
  const body = positionals.join(' ');
  if (!body) throw new Error('The text is missing. Example: npm run simulate-sms -- --to +15005550006 "Hello"');
  const sandbox = new SandboxClient((await runningSandbox()).url);
  const { sid, delivery } = await sandbox.receive({ to, from: values.from, body, mediaUrls: values.media });
  if (delivery === undefined) console.log(`${sid} is in the log; ${to} has no webhook.`);
  else if (delivery.status === 200) console.log(`${sid} arrived at ${to}.`);
  else {
    const response = delivery.status ? `returned HTTP ${delivery.status}` : 'did not respond';
    throw new Error(`${sid} is in the log, but its webhook ${delivery.url} ${response}.`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
