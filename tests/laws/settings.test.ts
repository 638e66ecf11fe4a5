import { readFileSync } from 'node:fs';
import { checkConfig } from '../../src/config';
import { settings } from '../../src/settings';
import { law } from './law';
import { relativePath, sourceFiles } from './sources';

/*
 * Rules for every setting.
 */

/** Environment variables that are not settings of a deployment, and where they are set or documented. */
const NOT_SETTINGS: Readonly<Record<string, string>> = {
  PATH: 'set by the platform for a Function',
  KEY: 'an example in a description',
  PORT: 'README, Troubleshooting',
  CHROMIUM: 'scripts/screenshot.ts',
  HTTP_PROXY: 'a variable of the twilio package',
  TWILIO_CA_BUNDLE: 'a variable of the twilio package',
  TWILIO_SANDBOX_PORT: 'sandbox/README.md',
  TWILIO_SANDBOX_URL: 'sandbox/README.md',
  MEMORY_LOG: 'set by the benchmark for its own preload',
};

/** Names read from an environment or a Function's context: `env.X`, `env["X"]`, `const { X } = process.env`. */
const variablesIn = (text: string): string[] => [
  ...[...text.matchAll(/\b(?:env|environment|context)\b[^.[\n]{0,40}?(?:\.|\[['"])([A-Z][A-Z\d_]{2,})\b/g)].map(
    ([, name]) => name!,
  ),
  ...[...text.matchAll(/\{([^{}]*)\} = [^;\n]*\b(?:env|environment|context)\b/g)].flatMap(
    ([, names]) => names!.match(/\b[A-Z][A-Z\d_]{2,}\b/g) ?? [],
  ),
];

law(
  'every environment variable that the code reads is a setting',
  'add it to SETTINGS in src/settings.ts with a help text, and run `npm run generate`.',
  () => {
    const known = new Set([...settings().map(({ variable }) => variable), ...Object.keys(NOT_SETTINGS)]);
    return sourceFiles('src', 'functions', 'scripts', 'sandbox', 'openapi').flatMap((file) =>
      variablesIn(readFileSync(file, 'utf8'))
        .filter((variable) => !known.has(variable))
        .map((variable) => `${variable} in ${relativePath(file)}`),
    );
  },
);

law('a setting has a help text and a unique key', 'write help in sentences; choose another key.', () =>
  settings()
    .filter(
      ({ key, help }, _, all) => !/^\S.{10,400}\.$/.test(help) || all.filter((other) => other.key === key).length > 1,
    )
    .map(({ variable }) => variable),
);

law('the help of a setting names its default', 'end the help with "Default …."', () =>
  settings()
    .filter(({ schema, help }) => {
      const { success, data } = schema.safeParse(undefined);
      return success && data !== undefined && !/\bDefault\b/.test(help);
    })
    .map(({ variable }) => variable),
);

test('reports missing and malformed settings without their values and uses the defaults', () => {
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

describe('the public address of the webhooks', () => {
  const problems = (WEBHOOK_BASE_URL: string) =>
    checkConfig({ WEBHOOK_BASE_URL }).problems.filter(({ variable }) => variable === 'WEBHOOK_BASE_URL');

  test.each(['https://hooks.example.com', 'http://localhost:3000', 'http://127.0.0.1:3000/'])('may be %s', (url) => {
    expect(problems(url)).toEqual([]);
  });

  test.each([
    'http://hooks.example.com',
    'http://localhost.example.com',
    'http://192.168.0.9:3000',
    'hooks.example.com',
  ])('must not be %s', (url) => expect(problems(url)).toHaveLength(1));
});
