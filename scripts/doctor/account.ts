import { describeError, isTwilioError } from '../../src/errors';
import { openTwilio } from '../../src/twilio';
import { type Check, type Finding, fault, note, ok, type Setup } from './check';
import { unreachable } from './variables';

const CONSOLE_KEYS = 'https://console.twilio.com/us1/account/keys-credentials/api-keys';

/** What Twilio's refusal says, in one sentence of its own. */
const words = (error: unknown) => describeError(error, { effect: 'read' }) ?? String((error as Error).message);
const status = (error: unknown) => (isTwilioError(error) ? error.status : undefined);

const key: Check = {
  title: 'The API key',
  needsAllBefore: true,
  run: async ({ twilio, config }) => {
    try {
      await twilio().incomingPhoneNumbers.page({ pageSize: 1 });
    } catch (error) {
      if (status(error) === 403) return [note(`A restricted key: it may not list numbers. ${words(error)}`)];
      if (status(error) !== 401)
        return [fault(`Twilio cannot be asked. ${words(error)}`, 'Check the network, TWILIO_REGION and TWILIO_EDGE.')];
      return [
        fault(
          'Twilio does not accept API_KEY with API_SECRET for ACCOUNT_SID.',
          `Make a new key in this account${config.region ? `, in the region ${config.region}` : ''}: ${CONSOLE_KEYS}. A secret is shown once only, and a key belongs to one account and region.`,
        ),
      ];
    }
    return [ok('Twilio accepts it.')];
  },
};

const account: Check = {
  title: 'The account',
  needsAllBefore: true,
  run: async ({ twilio, config }) => {
    const findings: Finding[] = [];
    try {
      const { status: state, type } = await twilio().api.v2010.accounts(config.accountSid).fetch();
      if (state !== 'active')
        findings.push(
          fault(
            `The account is ${state}.`,
            'See https://console.twilio.com for the reason; a suspended account often lacks balance.',
          ),
        );
      else findings.push(ok('It is active.'));
      if (type === 'Trial') findings.push(note('A trial account: it reaches verified phones only.'));
    } catch (error) {
      findings.push(note(`This key may not read the account, which is usual. ${words(error)}`));
    }
    if (config.authToken) findings.push(await authToken(config, config.authToken));
    return findings;
  },
};

async function authToken(config: Setup['config'], token: string): Promise<Finding> {
  const byToken = openTwilio({ ...config, apiKey: config.accountSid, apiSecret: token }, Date.now() + config.timeoutMs);
  try {
    await byToken.incomingPhoneNumbers.page({ pageSize: 1 });
    return ok('AUTH_TOKEN is that of the account.');
  } catch (error) {
    if (status(error) !== 401) return note(`AUTH_TOKEN could not be checked. ${words(error)}`);
    return fault(
      'AUTH_TOKEN is not the token of ACCOUNT_SID: signatures made with it are refused.',
      'Copy the primary token of this account (and region) from https://console.twilio.com, Account Info.',
    );
  }
}

/** The settings that name a thing of the account, and how to look it up. */
const DEFAULTS: readonly {
  variable: string;
  sid: (setup: Setup) => string | undefined;
  look: (setup: Setup, sid: string) => Promise<unknown>;
  list: string;
}[] = [
  {
    variable: 'TWILIO_MESSAGING_SERVICE_SID',
    sid: ({ config }) => config.messagingServiceSid,
    look: ({ twilio }, sid) => twilio().messaging.v1.services(sid).fetch(),
    list: 'Messaging, Services',
  },
  {
    variable: 'TWILIO_VERIFY_SERVICE_SID',
    sid: ({ config }) => config.verifyServiceSid,
    look: ({ twilio }, sid) => twilio().verify.v2.services(sid).fetch(),
    list: 'Verify, Services',
  },
  {
    variable: 'TWILIO_SYNC_SERVICE_SID',
    sid: ({ config }) => config.syncServiceSid,
    look: ({ twilio }, sid) => twilio().sync.v1.services(sid).fetch(),
    list: 'Sync, Services',
  },
  {
    variable: 'TWILIO_TASKROUTER_WORKSPACE_SID',
    sid: ({ config }) => config.taskrouterWorkspaceSid,
    look: ({ twilio }, sid) => twilio().taskrouter.v1.workspaces(sid).fetch(),
    list: 'TaskRouter, Workspaces',
  },
];

const services: Check = {
  title: 'The default services',
  needsAllBefore: true,
  run: async (setup) => {
    const findings: Finding[] = [];
    for (const { variable, sid, look, list } of DEFAULTS) {
      const value = sid(setup);
      if (value === undefined) continue;
      try {
        await look(setup, value);
        findings.push(ok(`${variable} exists.`));
      } catch (error) {
        findings.push(
          status(error) === 404
            ? fault(
                `${variable} names nothing in this account.`,
                `Copy the SID from the Console, ${list}, or leave the variable empty.`,
              )
            : note(`${variable} could not be checked. ${words(error)}`),
        );
      }
    }
    const messaging = setup.config.messagingServiceSid;
    if (messaging && findings.every(({ state }) => state === 'ok')) findings.push(...(await senders(setup, messaging)));
    return findings.length > 0 ? findings : [note('None is set: tools ask for the id each time.')];
  },
};

async function senders({ twilio }: Setup, sid: string): Promise<Finding[]> {
  const service = twilio().messaging.v1.services(sid);
  const one = { pageSize: 1 };
  const pages = [service.phoneNumbers.page(one), service.alphaSenders.page(one), service.shortCodes.page(one)];
  if ((await Promise.all<{ instances: unknown[] }>(pages)).some(({ instances }) => instances.length > 0)) return [];
  return [
    fault(
      'The Messaging Service of TWILIO_MESSAGING_SERVICE_SID has no sender, so it can send nothing.',
      'Add a number to it: Console, Messaging, Services, Sender Pool; or the tool twilio_messaging_services_add_number.',
    ),
  ];
}

const numbers: Check = {
  title: 'The numbers and their webhooks',
  needsAllBefore: true,
  run: async ({ twilio, config }) => {
    const { instances } = await twilio().incomingPhoneNumbers.page({ pageSize: 100 });
    const findings: Finding[] = [];
    for (const { phoneNumber, smsUrl, voiceUrl } of instances) {
      for (const [kind, url] of Object.entries({ messages: smsUrl, calls: voiceUrl })) {
        if (!url) continue;
        const of = `The webhook of ${phoneNumber} for ${kind}`;
        const mend = `Set a public https address with configure_webhook, or in the Console, Phone Numbers, ${phoneNumber}.`;
        if (unreachable(url)) findings.push(fault(`${of} is an address that Twilio cannot reach.`, mend));
        else if (url.startsWith('http:'))
          findings.push(fault(`${of} is plain http: anyone on the way can read it.`, mend));
        else if (url.includes('://demo.twilio.com/')) findings.push(note(`${of} is Twilio's sample, never replaced.`));
      }
    }
    const own = config.phoneNumber;
    if (own) {
      const [found] = (await twilio().incomingPhoneNumbers.page({ phoneNumber: own, pageSize: 1 })).instances;
      if (!found)
        findings.push(
          fault(
            'TWILIO_PHONE_NUMBER is not a number of this account.',
            `Use one of its own${instances[0] ? `, such as ${instances[0].phoneNumber}` : '; it has none yet: buy one first'}.`,
          ),
        );
      else if (!found.capabilities.sms) findings.push(note('TWILIO_PHONE_NUMBER cannot send text messages.'));
    } else if (!config.messagingServiceSid)
      findings.push(note('No default sender: tools need `from` each time. Set TWILIO_PHONE_NUMBER.'));
    const sound = findings.every(({ state }) => state !== 'fault');
    return sound
      ? [ok(`${instances.length === 100 ? 'The first hundred' : instances.length} looked at.`), ...findings]
      : findings;
  },
};

export const accountChecks: readonly Check[] = [key, account, services, numbers];
