import { closestNames } from '../../src/closest-names';
import { checkConfig } from '../../src/config';
import { isLoopbackUrl } from '../../src/formats';
import { explainSetting, SETTINGS } from '../../src/settings';
import { type DoctorCheck, type Finding, note, ok, problem } from './check';

/** Names that other Twilio tools use for the same variables. */
const MISNAMED: Readonly<Record<string, string>> = {
  TWILIO_ACCOUNT_SID: 'ACCOUNT_SID',
  TWILIO_API_KEY: 'API_KEY',
  TWILIO_API_KEY_SID: 'API_KEY',
  TWILIO_API_SECRET: 'API_SECRET',
  TWILIO_API_KEY_SECRET: 'API_SECRET',
  TWILIO_AUTH_TOKEN: 'AUTH_TOKEN',
  TWILIO_FROM_NUMBER: 'TWILIO_PHONE_NUMBER',
};

/** Variables of earlier servers for the same tasks that this one does not need. */
const UNUSED: Readonly<Record<string, string>> = {
  WEBHOOK_PORT: 'webhooks and /mcp share one port, which PORT=3001 npm start sets',
  ENABLE_AI_CONTEXT: 'twilio_inbox_get_conversation_thread adds the context with includeContext',
};

/** A note for each variable that has no effect here: it is of another server, or may be a misspelt setting. */
function unreadVariables(names: readonly string[]): Finding[] {
  const known = Object.keys(SETTINGS);
  return names
    .filter((name) => !known.includes(name) && !(name in MISNAMED))
    .flatMap((name) => {
      if (name in UNUSED) return note(`${name} is not used: ${UNUSED[name]}.`);
      const [closest] = closestNames(name, known, 1);
      return closest === undefined ? [] : note(`${name} is not a setting. Is it ${closest}?`);
    });
}

export const variablesCheck: DoctorCheck = {
  title: 'Variables in .env',
  run: ({ env }) => {
    const findings = checkConfig(env).problems.map(({ variable, problem: fault }) =>
      problem(`${variable} ${fault}.`, `Set ${variable}. ${explainSetting(SETTINGS[variable])}`),
    );
    for (const [wrong, right] of Object.entries(MISNAMED)) {
      if (env[wrong] && !env[right]) findings.push(problem(`${wrong} is never read.`, `Rename it to ${right}.`));
    }
    if (!env.AUTH_TOKEN) findings.push(note('AUTH_TOKEN is not set: it is required to deploy and to sign URLs.'));
    for (const name of ['TWILIO_STATUS_CALLBACK_URL', 'TWILIO_FALLBACK_URL']) {
      const url = env[name] ?? '';
      if (isPrivateUrl(url))
        findings.push(problem(`${name} is an address that Twilio cannot reach.`, 'Use a public https address.'));
      else if (url.startsWith('http:'))
        findings.push(problem(`${name} is plain http: its requests can be read on the way.`, 'Use an https address.'));
    }
    findings.push(...unreadVariables(Object.keys(env)));
    return findings.some(({ state }) => state === 'problem') ? findings : [ok('All are well-formed.'), ...findings];
  },
};

/** Whether a URL is on this machine or in a private network. */
export const isPrivateUrl = (url: string): boolean =>
  isLoopbackUrl(url) ||
  /^https?:\/\/(127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|[^/]*\.local\b)/i.test(url);
