import { readFileSync } from 'node:fs';
import { checkConfig } from '../../src/config';
import { settings } from '../../src/settings';
import { law } from './law';
import { relativePath, sourceFiles } from './sources';

/*
 * What holds for every setting.
 */

/** Variables of the shell or the platform that are no settings of a deployment, and where they are documented. */
const NOT_SETTINGS: Readonly<Record<string, string>> = {
  PATH: 'set by the platform for a Function',
  PORT: 'README, Troubleshooting',
  CHROMIUM: 'scripts/screenshot.ts',
  TWILIO_SANDBOX_PORT: 'sandbox/README.md',
  TWILIO_SANDBOX_URL: 'sandbox/README.md',
  MEMORY_LOG: 'set by the benchmark for its own preload',
};

law(
  'every variable that is read is a setting with an explanation',
  'add it to SETTINGS in src/settings.ts, with help for whoever sets it, and run `npm run generate`.',
  () => {
    const known = new Set([...settings().map(({ variable }) => variable), ...Object.keys(NOT_SETTINGS)]);
    return sourceFiles('src', 'functions', 'scripts', 'sandbox', 'openapi').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\b(?:env|environment)(?:\.|\['?)([A-Z][A-Z_]{2,})\b/g)]
        .map(([, variable]) => variable!)
        .filter((variable) => !known.has(variable))
        .map((variable) => `${variable} in ${relativePath(file)}`),
    );
  },
);

law('a setting explains itself, and its key is its own', 'write help in sentences; choose another key.', () =>
  settings()
    .filter(
      ({ key, help }, _, all) => !/^\S.{10,400}\.$/.test(help) || all.filter((other) => other.key === key).length > 1,
    )
    .map(({ variable }) => variable),
);

law('a default is named in the help of its setting', 'end the help with "Default …."', () =>
  settings()
    .filter(({ schema, help }) => {
      const { success, data } = schema.safeParse(undefined);
      return success && data !== undefined && !/\bDefault\b/.test(help);
    })
    .map(({ variable }) => variable),
);

test('a malformed setting is reported without its value and keeps its default', () => {
  const { config, problems } = checkConfig({ TWILIO_TIMEOUT: '5', API_SECRET: '', LOG_LEVEL: 'loud' });
  expect(config).toMatchObject({ timeoutMs: 8000, logLevel: 'info', phoneNumbers: [], enableMms: true });
  expect(problems).toEqual([
    { variable: 'ACCOUNT_SID', problem: 'is missing' },
    { variable: 'API_KEY', problem: 'is missing' },
    { variable: 'API_SECRET', problem: 'is missing' },
    { variable: 'TWILIO_TIMEOUT', problem: 'must be milliseconds from 1000 to 9000' },
    { variable: 'LOG_LEVEL', problem: 'must be debug, info, warn, error or silent' },
  ]);
});
