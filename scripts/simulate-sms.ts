import { SandboxClient } from '../sandbox/client';
import { SEEDS } from '../sandbox/seed';
import { E164 } from '../src/formats';
import { startCommand } from './command';
import { runningSandbox } from './local-env';

/*
 * `npm run simulate-sms -- --to +15005550006 "Your code is 123456"`: an inbound SMS for the running sandbox, which
 * stores the message and posts it to the number's webhook.
 */

const SIMULATION = 'npm run simulate-sms -- --to +15005550006 "Hello"';

void startCommand({
  name: 'simulate-sms',
  summary:
    'An inbound message in the sandbox of a running npm start, which posts it to the webhook of the number. PORT chooses among several servers.',
  positionals: '"<text>"',
  options: {
    to: { type: 'string', value: '<number>', default: SEEDS.numbers[0]!, help: 'a number of the sandbox' },
    from: { type: 'string', value: '<number>', help: 'who sends it; default a fixed number' },
    media: { type: 'string', value: '<url>', multiple: true, help: 'a picture or file; the text may then be left out' },
  },
  run: async ({ to, from, media = [] }, words) => {
    const body = words.join(' ');
    if (!body && media.length === 0) throw new Error(`The text is missing. Example: ${SIMULATION}`);
    for (const number of [to, from ?? to])
      if (!E164.test(number)) throw new Error(`"${number}" is not a phone number in E.164. Example: ${SIMULATION}`);
    for (const url of media)
      if (!/^https?:\/\/\S+$/.test(url))
        throw new Error(`"${url}" is not a URL. Give the address of the file: --media https://demo.twilio.com/owl.png`);
    const { port, url } = await runningSandbox();
    console.log(`Sandbox of http://localhost:${port}: nothing is sent to anyone.`);
    const { sid, delivery } = await new SandboxClient(url).receive({ to, from, body, mediaUrls: media });
    if (delivery === undefined) console.log(`${sid} is in the log; ${to} has no webhook.`);
    else if (delivery.status === 200) console.log(`${sid} arrived at ${to}.`);
    else {
      const response = delivery.status ? `returned HTTP ${delivery.status}` : 'did not respond';
      throw new Error(`${sid} is in the log, but its webhook ${delivery.url} ${response}.`);
    }
  },
});
