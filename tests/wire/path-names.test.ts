import { law, TOOLS } from '../laws/law';
import { fill } from '../support/arguments';
import { ask, callTool, requestsOf, type Stack, startStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * Twilio's client inserts names into paths as they are, so `pathName` encodes them, and nothing may encode them again.
 */

const NAME = 'Ada Lovelace/50% ü';
const ENCODED = encodeURIComponent(NAME);

/** Every argument that becomes a path segment, with the calls that use it. */
const PATH_NAMES = TOOLS.flatMap((tool) =>
  Object.entries(tool.input()).flatMap(([name, schema]) => {
    if (schema.safeParse(NAME).data !== ENCODED) return [];
    const uses = (VARIATIONS[tool.name] ?? [{}]).filter(({ omit }) => !omit?.includes(name));
    return uses.map(({ before, ...variation }) => ({
      tool,
      name,
      before,
      args: { ...fill(tool, variation), [name]: NAME },
    }));
  }),
);

let stack: Stack;
const misread: string[] = [];

beforeAll(async () => {
  stack = await startStack({ lenient: true, env: WIRE_ENVIRONMENT });
  for (const { tool, name, args, before } of PATH_NAMES) {
    const { answer, requests } = await requestsOf(stack, tool.name, args, before);
    const isRead = requests.some(({ path }) =>
      path
        .replace(/\.json$/, '')
        .split('/')
        .includes(ENCODED),
    );
    const elsewhere = JSON.stringify(requests.map(({ fields, queryFields }) => [fields, queryFields]));
    if (!isRead) misread.push(`${tool.name}.${name}: no path has the name (${answer.text.slice(0, 120)})`);
    if (elsewhere.includes(ENCODED)) misread.push(`${tool.name}.${name}: a query or body has the encoded name`);
  }
}, 120_000);
afterAll(() => stack.close());

law(
  'a name with spaces, slashes and % selects a resource: its path segment is encoded once',
  'pass a `pathName` to the client as it is; a name that goes into a query or a body is a `chosenName`.',
  () => misread,
);

test('names are path segments of many tools', () => {
  expect(PATH_NAMES.length).toBeGreaterThan(100);
});

test.each(['', '.', '..', ' ', 'two\nlines', '\ud800', ';', '..;', '..;a=b', 'nul\0', '\u202egpj'])(
  'the name %j is refused',
  async (key) => {
    const { text } = await callTool(stack.url, 'twilio_sync_get_map_item', { mapSidOrName: 'people', key });
    expect(text).toMatch(/nothing was done\. key: must/);
  },
);

test('a map item and a chat user with any key can be created, read and deleted', async () => {
  const item = { mapSidOrName: 'Board members/2026', key: 'ada lovelace/1' };
  stack.sandbox.reset();
  const call = (name: string, args: object) => ask(stack.url, name, args);
  await call('twilio_sync_create_map', { uniqueName: item.mapSidOrName });
  expect(await call('twilio_sync_create_map_item', { ...item, data: { born: 1815 } })).toMatchObject({ key: item.key });
  expect(await call('twilio_sync_get_map_item', item)).toMatchObject({ key: item.key, data: { born: 1815 } });
  await call('twilio_sync_delete_map_item', item);
  const { sid } = await call('twilio_conversations_create_user', { identity: item.key });
  expect(await call('twilio_conversations_get_user', { userSid: item.key })).toMatchObject({ sid, identity: item.key });
});

test('the tools for any operation encode names too', async () => {
  const params = { ServiceSid: 'default', MapSid: 'people', Key: NAME };
  const { requests } = await requestsOf(stack, 'twilio_api_read', { id: 'sync_v1:FetchSyncMapItem', params });
  expect(requests[0]).toMatchObject({ params: { Key: NAME }, path: expect.stringMatching(new RegExp(`/${ENCODED}$`)) });
});
