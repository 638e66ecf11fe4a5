import { SEEDS } from '../sandbox/seed';
import { ensureStoreService } from '../src/store/service';
import { SqliteStore } from '../src/store/sqlite';
import { SyncStore } from '../src/store/sync';
import { openConversation, threadId } from '../src/threads/conversation';
import { clientOf } from './support/sandbox';
import { callTool, type Json, type Stack, startStack } from './support/stack';

/*
 * The threads of a person among many: those with an own number are found by their key, all others by a search that says
 * how far it looked.
 */

const [OWN, OTHER_OWN] = SEEDS.numbers as [string, string];
const PERSON = '+14155550700';
const OUTSIDER = '+14155550701';
const stranger = (n: number) => `+1415556${String(n).padStart(4, '0')}`;
const LIST = 'twilio_inbox_list_conversations';
const THREAD = 'twilio_inbox_get_conversation_thread';

describe.each(['sqlite', 'sync'])('in the %s store', (engine) => {
  let stack: Stack;
  const pairs = [OWN, OTHER_OWN].map((own) => [own, PERSON]);
  const groups = [1, 2, 3].map((n) => [PERSON, stranger(n), OWN]);
  const meeting = [OUTSIDER, stranger(1), OWN];
  const ids = (participants: string[][]) => participants.map(threadId).sort();

  beforeAll(async () => {
    stack = await startStack({ env: { STORE: engine } });
    const store =
      engine === 'sqlite'
        ? new SqliteStore(stack.env.DATABASE_PATH!)
        : new SyncStore(clientOf(stack.sandbox) as never, ensureStoreService);
    const others = Array.from({ length: 250 }, (_, n) => [OWN, stranger(n)]);
    await Promise.all(
      [...others, ...pairs, ...groups, meeting].map((participants) => openConversation(store, participants)),
    );
    if (store instanceof SqliteStore) store.close();
  }, 60_000);
  afterAll(() => stack.close());
  beforeEach(() => stack.sandbox.faults.clear());

  const call = (name: string, args: object) => callTool(stack.url, name, args, 'services=Inbox');
  const list = async (args: object): Promise<Json> => (await call(LIST, { participant: PERSON, ...args })).structured;
  const idsOf = ({ items }: Json): string[] => items.map(({ conversationId }: Json) => conversationId);

  test('one call finds every thread of a person, those with an own number first', async () => {
    const found = await list({});
    expect(idsOf(found)).toEqual([...ids(pairs), ...ids(groups)]);
    expect([found.nextPageToken, found.searched]).toEqual([undefined, undefined]);
    expect(found.items[0].participants).toContain(PERSON);
  });

  test.each([1, 2, 3, 4])('pages of %i follow each other without a gap or a repetition', async (limit) => {
    const pages: string[][] = [];
    let pageToken: string | undefined;
    do {
      const page = await list({ limit, pageToken });
      pages.push(idsOf(page));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(pages.flat()).toEqual([...ids(pairs), ...ids(groups)]);
    expect(Math.max(...pages.map(({ length }) => length))).toBe(limit);
  });

  test('a thread is read by its participant, unless there are several', async () => {
    const only = await call(THREAD, { participant: stranger(200) });
    expect(only.structured).toMatchObject({ conversationId: threadId([OWN, stranger(200)]), messages: [] });
    const several = await call(THREAD, { participant: PERSON });
    expect([several.isError, several.text]).toEqual([true, expect.stringMatching(/several threads; nothing was read/)]);
    for (const id of ids(pairs)) expect(several.text).toContain(id);
    const group = await call(THREAD, { participant: OUTSIDER });
    expect(group.structured.conversationId).toBe(threadId(meeting));
    const nobody = await call(THREAD, { participant: '+14155550799' });
    expect(nobody).toMatchObject({ isError: true, text: 'No thread with +14155550799 found.' });
    for (const args of [{}, { participant: PERSON, conversationId: ids(pairs)[0] }]) {
      expect((await call(THREAD, args)).text).toMatch(/either `conversationId` or `participant`; nothing was read/);
    }
  });
});
