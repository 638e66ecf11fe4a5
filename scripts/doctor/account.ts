import { CODE_WEBHOOK, SMS_WEBHOOK } from '../../src/config';
import { describeError, isTwilioError } from '../../src/errors';
import { findStoreService } from '../../src/store/service';
import { openAsOwner } from '../account';
import { earlierMaps } from '../earlier-store';
import { type DoctorCheck, type DoctorContext, type Finding, note, ok, problem } from './check';
import { isPrivateUrl } from './variables';

const API_KEYS_URL = 'https://console.twilio.com/us1/account/keys-credentials/api-keys';

/** Twilio's error in one sentence. */
const errorSentence = (error: unknown) => describeError(error, { effect: 'read' }) ?? String((error as Error).message);
const statusOf = (error: unknown) => (isTwilioError(error) ? error.status : undefined);

/** Whether Twilio accepts the API key. */
export const apiKeyCheck: DoctorCheck = {
  title: 'API key',
  skipAfterProblem: true,
  run: async ({ twilio, config, file }) => {
    try {
      await twilio().incomingPhoneNumbers.page({ pageSize: 1 });
    } catch (error) {
      if (statusOf(error) === 403)
        return [note(`A restricted key without permission to list phone numbers. ${errorSentence(error)}`)];
      if (statusOf(error) !== 401)
        return [
          problem(
            `The request to Twilio failed. ${errorSentence(error)}`,
            `Check the network, and TWILIO_REGION and TWILIO_EDGE in ${file}.`,
          ),
        ];
      return [
        problem(
          'Twilio rejects API_KEY with API_SECRET for ACCOUNT_SID.',
          `Create a key in this account${config.region ? `, in the region ${config.region}` : ''}: ${API_KEYS_URL}. Then set API_KEY and API_SECRET in ${file}. The secret is shown only once, and a key belongs to one account and region.`,
        ),
      ];
    }
    return [ok('Twilio accepts it.')];
  },
};

/** Whether the account is active, and the auth token its own. */
export const accountCheck: DoctorCheck = {
  title: 'Account',
  skipAfterProblem: true,
  run: async ({ twilio, config, file }) => {
    const findings: Finding[] = [];
    try {
      const { status, type } = await twilio().api.v2010.accounts(config.accountSid).fetch();
      if (status !== 'active')
        findings.push(
          problem(
            `The account is ${status}.`,
            'See https://console.twilio.com for the reason; an account is often suspended because its balance is used up.',
          ),
        );
      else findings.push(ok('It is active.'));
      if (type === 'Trial') findings.push(note('A trial account: it can only message and call verified numbers.'));
    } catch (error) {
      findings.push(note(`The API key cannot read the account, which is normal. ${errorSentence(error)}`));
    }
    if (config.authToken) findings.push(await checkAuthToken(config, file));
    return findings;
  },
};

async function checkAuthToken(config: DoctorContext['config'], file: string): Promise<Finding> {
  try {
    await openAsOwner(config).incomingPhoneNumbers.page({ pageSize: 1 });
    return ok('AUTH_TOKEN belongs to the account.');
  } catch (error) {
    if (statusOf(error) !== 401) return note(`AUTH_TOKEN could not be checked. ${errorSentence(error)}`);
    return problem(
      'AUTH_TOKEN is not the token of ACCOUNT_SID: signatures made with it are rejected.',
      `In ${file}, set AUTH_TOKEN to the primary token of this account (and region): https://console.twilio.com, Account Info.`,
    );
  }
}

/** The settings that name a resource of the account. */
const RESOURCE_SETTINGS: readonly {
  variable: string;
  sid: (context: DoctorContext) => string | undefined;
  lookup: (context: DoctorContext, sid: string) => Promise<unknown>;
  /** Where the Console lists these resources. */
  consolePage: string;
}[] = [
  {
    variable: 'TWILIO_MESSAGING_SERVICE_SID',
    sid: ({ config }) => config.messagingServiceSid,
    lookup: ({ twilio }, sid) => twilio().messaging.v1.services(sid).fetch(),
    consolePage: 'Messaging, Services',
  },
  {
    variable: 'TWILIO_VERIFY_SERVICE_SID',
    sid: ({ config }) => config.verifyServiceSid,
    lookup: ({ twilio }, sid) => twilio().verify.v2.services(sid).fetch(),
    consolePage: 'Verify, Services',
  },
  {
    variable: 'TWILIO_SYNC_SERVICE_SID',
    sid: ({ config }) => config.syncServiceSid,
    lookup: ({ twilio }, sid) => twilio().sync.v1.services(sid).fetch(),
    consolePage: 'Sync, Services',
  },
  {
    variable: 'TWILIO_TASKROUTER_WORKSPACE_SID',
    sid: ({ config }) => config.taskrouterWorkspaceSid,
    lookup: ({ twilio }, sid) => twilio().taskrouter.v1.workspaces(sid).fetch(),
    consolePage: 'TaskRouter, Workspaces',
  },
];

const servicesCheck: DoctorCheck = {
  title: 'Default services',
  skipAfterProblem: true,
  run: async (context) => {
    const findings: Finding[] = [];
    for (const { variable, sid, lookup, consolePage } of RESOURCE_SETTINGS) {
      const value = sid(context);
      if (value === undefined) continue;
      try {
        await lookup(context, value);
        findings.push(ok(`${variable} exists.`));
      } catch (error) {
        findings.push(
          statusOf(error) === 404
            ? problem(
                `${variable} does not exist in this account.`,
                `In ${context.file}, set ${variable} to a SID from the Console, ${consolePage}, or leave it empty.`,
              )
            : note(`${variable} could not be checked. ${errorSentence(error)}`),
        );
      }
    }
    const { messagingServiceSid } = context.config;
    if (messagingServiceSid && findings.every(({ state }) => state === 'ok'))
      findings.push(...(await checkSenders(context, messagingServiceSid)));
    return findings.length > 0 ? findings : [note('None is set, so tools require these SIDs as arguments.')];
  },
};

async function checkSenders({ twilio }: DoctorContext, sid: string): Promise<Finding[]> {
  const service = twilio().messaging.v1.services(sid);
  const one = { pageSize: 1 };
  const pages = [service.phoneNumbers.page(one), service.alphaSenders.page(one), service.shortCodes.page(one)];
  if ((await Promise.all<{ instances: unknown[] }>(pages)).some(({ instances }) => instances.length > 0)) return [];
  return [
    problem(
      'The Messaging Service of TWILIO_MESSAGING_SERVICE_SID has no sender, so it cannot send.',
      'Add a number to it: Console, Messaging, Services, Sender Pool; or the tool twilio_messaging_services_add_number.',
    ),
  ];
}

const numbersCheck: DoctorCheck = {
  title: 'Phone numbers and their webhooks',
  skipAfterProblem: true,
  run: async ({ twilio, config, file }) => {
    const { instances } = await twilio().incomingPhoneNumbers.page({ pageSize: 100 });
    const findings: Finding[] = [];
    for (const { phoneNumber, smsUrl, voiceUrl } of instances) {
      for (const [kind, url] of Object.entries({ messages: smsUrl, calls: voiceUrl })) {
        if (!url) continue;
        const webhook = `The webhook of ${phoneNumber} for ${kind}`;
        const fix = `Set a public https address with twilio_phone_numbers_configure_webhook, or in the Console, Phone Numbers, ${phoneNumber}.`;
        if (isPrivateUrl(url)) findings.push(problem(`${webhook} is an address that Twilio cannot reach.`, fix));
        else if (url.startsWith('http:'))
          findings.push(problem(`${webhook} is plain http: its requests can be read on the way.`, fix));
        else if ([SMS_WEBHOOK, CODE_WEBHOOK].some((path) => url.endsWith(path)))
          findings.push(note(`${webhook} is not repeated if it fails. Set it again: npm run webhooks.`));
        else if (url.includes('://demo.twilio.com/')) findings.push(note(`${webhook} is still Twilio's sample.`));
      }
    }
    const own = config.phoneNumber;
    if (own) {
      const [found] = (await twilio().incomingPhoneNumbers.page({ phoneNumber: own, pageSize: 1 })).instances;
      if (!found)
        findings.push(
          problem(
            'TWILIO_PHONE_NUMBER is not a number of this account.',
            instances[0]
              ? `In ${file}, set TWILIO_PHONE_NUMBER to one of its numbers, such as ${instances[0].phoneNumber}.`
              : `Buy a number first, as the account has none, or leave TWILIO_PHONE_NUMBER empty in ${file}.`,
          ),
        );
      else if (!found.capabilities.sms) findings.push(note('TWILIO_PHONE_NUMBER cannot send text messages.'));
    } else if (!config.messagingServiceSid)
      findings.push(note('No default sender, so tools require `from`. To make it optional, set TWILIO_PHONE_NUMBER.'));
    return findings.some(({ state }) => state === 'problem')
      ? findings
      : [ok(`Numbers checked: ${instances.length === 100 ? 'the first 100' : instances.length}.`), ...findings];
  },
};

const storeCheck: DoctorCheck = {
  title: 'Store',
  skipAfterProblem: true,
  run: async ({ config }) => {
    try {
      const sid = await findStoreService(openAsOwner(config));
      const earlier = await earlierMaps(openAsOwner(config), config.syncServiceSid ?? 'default');
      return [
        sid
          ? ok('The Sync service of the server exists.')
          : note('It has no Sync service yet: npm run deploy creates it.'),
        ...(earlier.length > 0
          ? [note('An earlier version kept threads elsewhere: npm run move-store takes them over.')]
          : []),
      ];
    } catch (error) {
      return [note(`It could not be checked. ${errorSentence(error)}`)];
    }
  },
};

export const accountChecks: readonly DoctorCheck[] = [
  apiKeyCheck,
  accountCheck,
  servicesCheck,
  numbersCheck,
  storeCheck,
];
