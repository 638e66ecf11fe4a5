import { closestNames } from '../../src/closest-names';
import { checkConfig } from '../../src/config';
import { isLoopbackUrl } from '../../src/formats';
import { explainSetting, SETTINGS, settings } from '../../src/settings';
import { type DoctorCheck, type DoctorContext, type Finding, note, ok, problem } from './check';

/** Names that other Twilio tools use for the same variables. */
const MISNAMED: Readonly<Record<string, string>> = {
  TWILIO_API_KEY_SID: 'API_KEY',
  TWILIO_API_KEY_SECRET: 'API_SECRET',
  TWILIO_FROM_NUMBER: 'TWILIO_PHONE_NUMBER',
};

/** Variables of earlier servers for the same tasks that this one does not need. */
const UNUSED: Readonly<Record<string, string>> = {
  WEBHOOK_PORT: 'webhooks and /mcp share one port, which PORT=3001 npm start sets',
  ENABLE_AI_CONTEXT: 'twilio_inbox_get_conversation_thread adds the context with includeContext',
};

/** A note for each variable that has no effect here: it is of another server, or may be a misspelt setting. */
function unreadVariables(names: readonly string[]): Finding[] {
  const known = settings().flatMap(({ variable, alias }) => (alias ? [variable, alias] : [variable]));
  return names
    .filter((name) => !known.includes(name) && !(name in MISNAMED))
    .flatMap((name) => {
      if (name in UNUSED) return note(`${name} is not used: ${UNUSED[name]}.`);
      const [closest] = closestNames(name, known, 1);
      return closest === undefined ? [] : note(`${name} is not a setting. Is it ${closest}?`);
    });
}

/** The variables under a wrong name, with the right one. */
const misnamed = (env: DoctorContext['env']) =>
  Object.entries(MISNAMED).filter(([wrong, right]) => env[wrong] && !env[right]);

/** Notes and problems about which account the variables select. */
function accountVariables({ env, file, sandboxed }: DoctorContext): Finding[] {
  const findings = settings().flatMap(({ variable, alias }) =>
    alias && env[alias] && env[alias] !== env[variable]
      ? [note(`${alias} differs from ${variable} and is not read: ${variable} is used.`)]
      : [],
  );
  for (const [wrong, right] of misnamed(env))
    findings.push(problem(`${wrong} is never read.`, `In ${file}, rename ${wrong} to ${right}.`));
  if (sandboxed)
    findings.push(
      note('There are no credentials, so npm start serves the sandbox. To try things, this is all you need.'),
      note('For your own account, copy .env.example to .env and set ACCOUNT_SID, API_KEY, API_SECRET and AUTH_TOKEN.'),
    );
  else if (!env.AUTH_TOKEN) findings.push(note('AUTH_TOKEN is not set: it is required to deploy and to sign URLs.'));
  return findings;
}

export const variablesCheck: DoctorCheck = {
  title: 'Variables',
  run: (context) => {
    const { env, file, sandboxed } = context;
    const findings = checkConfig(env)
      // The sandbox has credentials of its own.
      .problems.filter(({ variable }) => !sandboxed || env[variable])
      .filter(({ variable }) => !misnamed(env).some(([, right]) => right === variable))
      .map(({ variable, problem: fault }) =>
        problem(`${variable} ${fault}.`, `In ${file}, set ${variable}. ${explainSetting(SETTINGS[variable])}`),
      );
    findings.push(...accountVariables(context));
    for (const name of ['TWILIO_STATUS_CALLBACK_URL', 'TWILIO_FALLBACK_URL']) {
      const url = env[name] ?? '';
      const fix = `In ${file}, set ${name} to a public https address.`;
      if (isPrivateUrl(url)) findings.push(problem(`${name} is an address that Twilio cannot reach.`, fix));
      else if (url.startsWith('http:'))
        findings.push(problem(`${name} is plain http: its requests can be read on the way.`, fix));
    }
    findings.push(...unreadVariables(Object.keys(env)));
    return findings.some(({ state }) => state === 'problem') ? findings : [ok('All are well-formed.'), ...findings];
  },
};

/** Whether a URL is on this machine or in a private network. */
export const isPrivateUrl = (url: string): boolean =>
  isLoopbackUrl(url) ||
  /^https?:\/\/(127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|[^/]*\.local\b)/i.test(url);
