import { UNAVAILABLE } from '../openapi/catalogue/knowledge/unavailable';
import informal from './data/informal-tasks.json';
import informalHeldOut from './data/informal-tasks-held-out.json';
import tasks from './data/search-tasks.json';
import heldOut from './data/search-tasks-held-out.json';
import unavailable from './data/unavailable.json';
import { callTool, type Json, type Stack, startStack } from './support/stack';

/*
 * The search on labelled tasks as agents phrase them. The authors of the keywords and sample queries knew the first set,
 * so it shows regressions only. The second set, by authors who did not know the search, shows how well it generalizes:
 * never tune on it. The tasks in other languages that are held out are every eighth of the second set, translated when
 * the translations were finished.
 */

let stack: Stack;
/** With the products denied that are denied by default. */
let defaults: Stack;
beforeAll(async () => {
  defaults = await startStack({ env: { LOG_LEVEL: 'silent' } });
  stack = await startStack({ env: { LOG_LEVEL: 'silent', MCP_API_DENY: 'none' } });
});
afterAll(() => Promise.all([stack.close(), defaults.close()]));

const search = async (query: string, args: object = {}): Promise<{ id: string; required?: string[] }[]> =>
  (await callTool(stack.url, 'twilio_api_search', { query, ...args }, 'services=Api')).structured.operations;

const answers = new Map<string, Promise<Json>>();
/** The whole answer to a task, which several tests read. */
function answerTo(query: string): Promise<Json> {
  let answer = answers.get(query);
  if (answer === undefined) {
    answer = callTool(stack.url, 'twilio_api_search', { query }, 'services=Api').then(({ structured }) => structured);
    answers.set(query, answer);
  }
  return answer;
}

test('the tasks are distinct and cover enough products', () => {
  expect(tasks.length).toBeGreaterThanOrEqual(300);
  expect(new Set(tasks.map(({ product }) => product)).size).toBeGreaterThanOrEqual(40);
  expect(new Set(tasks.map(({ task }) => task)).size).toBe(tasks.length);
});

test.each([
  ['tuned on', tasks, 0.84, 0.97],
  ['held out', heldOut, 0.84, 0.97],
  ['in informal English and other languages, tuned on', informal, 0.75, 0.9],
  ['in other languages, held out', informalHeldOut, 0.4, 0.7],
])('finds the right operation for tasks %s', async (label, chosen, minFirst, minFive) => {
  const misses: string[] = [];
  let first = 0;
  let five = 0;
  for (const { task, ids } of chosen) {
    const found = (await answerTo(task)).operations.slice(0, 5).map(({ id }: Json) => id);
    const rank = found.findIndex((id: string) => ids.includes(id));
    if (rank === 0) first++;
    if (rank >= 0) five++;
    if (rank !== 0)
      misses.push(`${rank < 0 ? 'missed' : `${rank + 1}.`} ${task}: ${ids.join(' or ')}, found ${found[0]}`);
  }
  const share = (count: number) => count / chosen.length;
  const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
  if (share(first) >= minFirst && share(five) >= minFive) return;
  throw new Error(
    `${chosen.length} tasks ${label}: first ${percent(share(first))} (at least ${percent(minFirst)}), among five ${percent(share(five))} (at least ${percent(minFive)})\n${misses.join('\n')}`,
  );
});

describe('a weak match', () => {
  test('says so if the index lacks most of the words', async () => {
    for (const query of ['order pizza', 'remove the stain from my shirt', 'koop een telefoonnummer in Amsterdam'])
      expect(await answerTo(query)).toMatchObject({ note: expect.stringMatching(/^Weak match: .* plain English/) });
    expect(await answerTo('send a text')).not.toHaveProperty('note');
  });

  test('is rare among clear tasks', async () => {
    const found = await Promise.all([...tasks, ...heldOut].map(({ task }) => answerTo(task)));
    expect(found.filter(({ note }) => /^Weak match/.test(note)).length / found.length).toBeLessThan(0.03);
  });

  test('never begins with a deletion, and no foreign or unavailable task does by mistake', async () => {
    const queries = [
      ...['wipe the disk', 'remove the stain from my shirt', 'delete the branch from git', 'cancel my hotel booking'],
      ...['radera kontot', 'verwijder alle berichten', 'usuń moje konto', '删除这个', 'drop the plumber a quick note'],
      ...['delete the calendar entry', 'delete phone tree', 'delete the campaign link'],
    ];
    for (const query of queries) expect([query, (await answerTo(query)).operations[0]?.method]).not.toContain('DELETE');
    for (const { task, ids } of [...informalHeldOut, ...informal.filter(({ language }) => language !== 'informal')]) {
      const [first] = (await answerTo(task)).operations;
      if (first?.method === 'DELETE') expect({ task, ids }).toMatchObject({ ids: expect.arrayContaining([first.id]) });
    }
  });
});

describe('what no operation does', () => {
  const searchDenied = async (query: string) =>
    (await callTool(defaults.url, 'twilio_api_search', { query }, 'services=Api')).structured.operations;

  test.each(unavailable)('is said first: $query', async ({ query, unavailable: name }) => {
    const [first] = await searchDenied(query);
    expect(first).toEqual({
      unavailable: expect.stringContaining(name),
      why: expect.stringMatching(/\.$/),
      instead: expect.stringMatching(/\.$/),
    });
  });

  test('has a query here for each entry', () => {
    const untried = UNAVAILABLE.filter(
      (entry) => !unavailable.some((each) => entry.unavailable.includes(each.unavailable)),
    );
    expect(untried.map((entry) => entry.unavailable)).toEqual([]);
  });

  test('is not claimed of a task that an operation does', async () => {
    const claimed: string[] = [];
    for (const { task } of [...tasks, ...heldOut, ...informal, ...informalHeldOut])
      if ((await answerTo(task)).operations[0]?.id === undefined) claimed.push(task);
    // It is an OAuth token, which has the same name.
    expect(claimed).toEqual(['swap client id and secret for an access token']);
  });

  test.each([
    ...[
      'does Twilio support RCS',
      'search numbers by location',
      'track phone calls by campaign',
      'how many segments did it have',
    ],
    ...['delete all data of a sync map', 'stop people from calling us', 'forward texts of this number to my webhook'],
    ...[
      'send an email code to verify a user',
      'find a profile by email',
      'text my invoice to a customer',
      'OAuth token',
    ],
    ...[
      'segment customers by country',
      'transfer a live call',
      'port numbers in from another carrier',
      'click to call',
    ],
    ...['take a payment method from a caller', 'create a push factor access token', 'download voicemail recordings'],
  ])('is not claimed of %s', async (query) => {
    expect((await searchDenied(query))[0]).not.toHaveProperty('unavailable');
  });

  test('depends on what the deployment denies', async () => {
    expect((await search('rotate an API key'))[0]).toHaveProperty('id');
  });
});

test.each(['access token for a video room', 'apagar uma gravação', 'comprar un número de teléfono en Madrid'])(
  'does not blame what the deployment denies for %s',
  async (query) => {
    const { structured } = await callTool(defaults.url, 'twilio_api_search', { query }, 'services=Api');
    expect(structured.note ?? '').not.toMatch(/denies/);
  },
);

test('limits the search to a product, by key or title', async () => {
  for (const product of ['verify', 'Verify']) {
    const found = await search('create a service', { product });
    expect(found[0]!.id).toBe('verify_v2:CreateService');
    expect(found.every(({ id }) => id.startsWith('verify_v2:'))).toBe(true);
  }
});

test('lists the known products if the product is unknown', async () => {
  const { isError, text } = await callTool(
    stack.url,
    'twilio_api_search',
    { query: 'x', product: 'nope' },
    'services=Api',
  );
  expect([isError, text]).toEqual([
    true,
    expect.stringMatching(/^Unknown product "nope"\. Products: .*verify, lookup/),
  ]);
});

test('returns required parameters and lifecycle notices', async () => {
  expect(await search('send a text', { limit: 1 })).toEqual([
    { id: 'api_v2010:CreateMessage', method: 'POST', summary: 'Send a message', required: ['To'] },
  ]);
  expect((await search('proxy sessions', { limit: 1 }))[0]).toMatchObject({ status: 'closed to new customers' });
});

test('suggests rephrasing if nothing matches', async () => {
  const { structured } = await callTool(stack.url, 'twilio_api_search', { query: 'qqqqqq' }, 'services=Api');
  expect(structured).toEqual({ operations: [], note: expect.stringMatching(/^No match\. Rephrase in English/) });
});

test.each(['constructor', '__proto__', 'a', '???', 'zzzzzz'])('returns a list for the query %j', async (query) => {
  expect(Array.isArray(await search(query))).toBe(true);
});
