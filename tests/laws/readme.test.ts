import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGrant } from '../../src/access/grant';
import { law } from './law';

/*
 * What the README promises, compared with the code and its tests.
 */

const root = join(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const section = (title: string) => readme.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!;

/** The parameters that a URL takes, as the refusal of any other one names them. */
function urlParameters(): string[] {
  try {
    readGrant(new Map([['nonsense', ['1']]]));
  } catch (error) {
    return /the URL takes (.*?)\./.exec((error as Error).message)![1]!.split(/, | and /);
  }
  throw new Error('a URL takes every parameter');
}

law('the README lists every URL parameter and no other', 'correct the table under Connect.', () => {
  const listed = [...section('Connect').matchAll(/^\| `(\w+)=/gm)].map(([, name]) => name!);
  const taken = urlParameters();
  return [
    ...taken.filter((name) => !listed.includes(name)).map((name) => `${name}: is not listed`),
    ...listed.filter((name) => !taken.includes(name)).map((name) => `${name}: is refused`),
  ];
});

/** The sentences of the README about security, by their first words, and the tests that hold them: file and name. */
const HELD: Readonly<Record<string, readonly (readonly [file: string, test: string])[]>> = {
  Approval: [['laws/tools', 'an effect sets all four hints']],
  'A policy': [
    ['policy', 'nothing reaches %s'],
    ['policy', 'no detour reaches whom the request does not show'],
    ['policy', 'refuses everything that is not a read'],
    ['policy-offer', 'nothing else is listed'],
  ],
  'A restricted API key': [
    ['security-claims', 'the tools of a deployment have the rights of its API key and no others'],
  ],
  'Other MCP servers': [['endpoint', 'only reading tools by readonly=true']],
  'Read only': [['endpoint', 'only reading tools by readonly=true']],
  'What the signature protects': [
    ['access', 'nothing in a body lifts a limit of the URL'],
    ['access', 'a URL without one is refused with advice'],
  ],
  'A URL with its signature is a password': [
    ['access', 'revokes a client by its name'],
    ['access', 'lets a URL expire'],
  ],
  'Access tokens': [
    ['access-tokens', 'a %s finds nothing, with a valid token too'],
    ['access-tokens', 'whatever is changed in a token or its place'],
    ['access-tokens', 'gets exactly what it says, in either header'],
    ['access-tokens', 'learns why it no longer works'],
    ['cold-start', 'without a valid access token, nothing of the server is loaded'],
  ],
  'The deployment itself is out of reach': [
    ['own-things', 'is out of reach for every operation of the API'],
    ['own-things', 'can be read, but neither changed nor deleted'],
  ],
  Locally: [
    ['reach', 'serves this machine, %s'],
    ['reach', 'with a public address requires signatures, %s'],
    ['reach', 'and without an auth token nothing is served'],
    ['reach', 'as the Twilio CLI starts it, serves this machine'],
  ],
  Webhooks: [
    ['webhooks-deployed', 'a body that the signature does not cover is refused'],
    ['webhooks-deployed', 'until the deployment has seen a signature'],
  ],
  'What people write': [['laws/tools', 'returned fields that outsiders write are marked untrusted']],
  'What is stored': [
    ['audit', 'no entry has contents or numbers'],
    ['endpoint', 'has a line per request, without message bodies and phone numbers'],
    ['access', 'sees in the log who made a request'],
    ['own-things', 'the default Sync service has nothing of what the server remembers'],
  ],
};

law(
  'every promise of the README about security has a test',
  'write the test and name it in HELD, or take the promise back.',
  () => {
    const promises = [...section('Security').matchAll(/^- \*\*(.+?)\.?\*\*/gm)].map(([, words]) => words!);
    const lost = Object.entries(HELD).flatMap(([promise, tests]) =>
      tests
        .filter(([file, name]) => !readFileSync(join(root, 'tests', `${file}.test.ts`), 'utf8').includes(name))
        .map(([file, name]) => `${promise}: tests/${file}.test.ts has no "${name}"`),
    );
    return [
      ...promises.filter((promise) => !HELD[promise]?.length).map((promise) => `${promise}: names no test`),
      ...Object.keys(HELD)
        .filter((promise) => !promises.includes(promise))
        .map((promise) => `${promise}: is not promised`),
      ...lost,
    ];
  },
);
