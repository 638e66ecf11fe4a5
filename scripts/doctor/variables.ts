import { checkConfig } from '../../src/config';
import { isLoopbackUrl } from '../../src/formats';
import { explainSetting, SETTINGS } from '../../src/settings';
import { type DoctorCheck, note, ok, problem } from './check';

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
    else if (!/^[0-9a-f]{32}$/.test(env.AUTH_TOKEN))
      findings.push(
        problem('AUTH_TOKEN must be 32 hex digits.', `Copy it again. ${explainSetting(SETTINGS.AUTH_TOKEN)}`),
      );
    for (const name of ['TWILIO_STATUS_CALLBACK_URL', 'TWILIO_FALLBACK_URL']) {
      if (env[name] && isPrivateUrl(env[name]))
        findings.push(problem(`${name} is an address that Twilio cannot reach.`, 'Use a public https address.'));
    }
    return findings.some(({ state }) => state === 'problem') ? findings : [ok('All are well-formed.'), ...findings];
  },
};

/** Whether a URL is on this machine or in a private network. */
export const isPrivateUrl = (url: string): boolean =>
  isLoopbackUrl(url) ||
  /^https?:\/\/(127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|[^/]*\.local\b)/i.test(url);
