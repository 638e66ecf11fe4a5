import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfig } from '../../src/config';
import { type Check, type Finding, fault, note, ok } from './check';

/** What people write in the place of a variable. */
const MISNAMED: Readonly<Record<string, string>> = {
  TWILIO_ACCOUNT_SID: 'ACCOUNT_SID',
  TWILIO_API_KEY: 'API_KEY',
  TWILIO_API_KEY_SID: 'API_KEY',
  TWILIO_API_SECRET: 'API_SECRET',
  TWILIO_API_KEY_SECRET: 'API_SECRET',
  TWILIO_AUTH_TOKEN: 'AUTH_TOKEN',
  TWILIO_FROM_NUMBER: 'TWILIO_PHONE_NUMBER',
};

export const variables: Check = {
  title: 'The variables of .env',
  run: ({ env }) => {
    const findings: Finding[] = checkConfig(env).problems.map(({ variable, problem: said }) =>
      fault(`${variable} ${said}.`, `Set ${variable}. ${meaningOf(variable)}`),
    );
    for (const [wrong, right] of Object.entries(MISNAMED)) {
      if (env[wrong] && !env[right]) findings.push(fault(`${wrong} is never read.`, `Rename it to ${right}.`));
    }
    if (!env.AUTH_TOKEN) findings.push(note('AUTH_TOKEN is not set: it is needed to deploy and to sign URLs.'));
    else if (!/^[0-9a-f]{32}$/.test(env.AUTH_TOKEN))
      findings.push(fault('AUTH_TOKEN must be 32 hex digits.', `Copy it again. ${meaningOf('AUTH_TOKEN')}`));
    for (const name of ['TWILIO_STATUS_CALLBACK_URL', 'TWILIO_FALLBACK_URL']) {
      if (env[name] && unreachable(env[name]))
        findings.push(fault(`${name} is an address that Twilio cannot reach.`, 'Use a public https address.'));
    }
    return findings.some(({ state }) => state === 'fault') ? findings : [ok('All are well-formed.'), ...findings];
  },
};

/** An address of this machine or of a private network. */
export const unreachable = (url: string): boolean =>
  /^https?:\/\/(localhost|127\.|0\.0\.0\.0|\[::1\]|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|[^/]*\.local\b)/i.test(
    url,
  );

/** What `.env.example` says of a variable. */
function meaningOf(variable: string): string {
  const lines = readFileSync(join(__dirname, '../../.env.example'), 'utf8').split('\n');
  const words: string[] = [];
  for (let line = lines.indexOf(`${variable}=`) - 1; lines[line]?.startsWith('# '); line--) {
    words.unshift(lines[line]!.slice(2));
  }
  return words.join(' ');
}
