import { parseArgs } from 'node:util';
import { SandboxClient } from '../sandbox/client';
import { SEEDS } from '../sandbox/seed';
import { notedSandbox } from './environment';

/*
 * `npm run text -- --to +15005550006 "Your code is 123456"`: somebody outside texts a number of the running sandbox,
 * which stores the message and posts it to the number's webhook. `--from` is the sender, `--media` a URL (repeatable).
 */

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { to: { type: 'string' }, from: { type: 'string' }, media: { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const to = values.to ?? SEEDS.numbers[0]!;
  const body = positionals.join(' ');
  if (!body) throw new Error('What should it say? npm run text -- --to +15005550006 "Your code is 123456"');
  const sandbox = new SandboxClient(notedSandbox());
  const { sid, delivery } = await sandbox.receive({ to, from: values.from, body, mediaUrls: values.media });
  if (delivery === undefined) console.log(`${sid} is in the log; ${to} has no webhook.`);
  else if (delivery.status === 200) console.log(`${sid} arrived at ${to}.`);
  else
    throw new Error(`${sid} is in the log, but its webhook ${delivery.url} answered ${delivery.status || 'nothing'}.`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
