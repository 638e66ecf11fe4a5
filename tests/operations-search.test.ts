import tasks from './data/search-tasks.json';
import heldOut from './data/search-tasks-held-out.json';
import { callTool, type Stack, startStack } from './support/stack';

/*
 * The search on labelled tasks as agents phrase them. The authors of the keywords and sample queries knew the first set,
 * so it shows regressions only. The second set, by authors who did not know the search, shows how well it generalizes:
 * never tune on it.
 */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { LOG_LEVEL: 'silent', MCP_API_DENY: 'none' } });
});
afterAll(() => stack.close());

const search = async (query: string, args: object = {}): Promise<{ id: string; required?: string[] }[]> =>
  (await callTool(stack.url, 'twilio_api_search', { query, ...args }, 'services=Api')).structured.operations;

test('the tasks are distinct and cover enough products', () => {
  expect(tasks.length).toBeGreaterThanOrEqual(300);
  expect(new Set(tasks.map(({ product }) => product)).size).toBeGreaterThanOrEqual(40);
  expect(new Set(tasks.map(({ task }) => task)).size).toBe(tasks.length);
});

test.each([
  ['tuned on', tasks],
  ['held out', heldOut],
])('finds the right operation for tasks %s', async (label, chosen) => {
  const misses: string[] = [];
  let first = 0;
  let five = 0;
  for (const { task, ids } of chosen) {
    const found = (await search(task, { limit: 5 })).map(({ id }) => id);
    const rank = found.findIndex((id) => ids.includes(id));
    if (rank === 0) first++;
    if (rank >= 0) five++;
    if (rank !== 0)
      misses.push(`${rank < 0 ? 'missed' : `${rank + 1}.`} ${task}: ${ids.join(' or ')}, found ${found[0]}`);
  }
  const share = (count: number) => count / chosen.length;
  const percent = (count: number) => `${(share(count) * 100).toFixed(1)} %`;
  if (share(first) >= 0.84 && share(five) >= 0.97) return;
  throw new Error(
    `${chosen.length} tasks ${label}: first ${percent(first)} (at least 84 %), among five ${percent(five)} (at least 97 %)\n${misses.join('\n')}`,
  );
});

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
