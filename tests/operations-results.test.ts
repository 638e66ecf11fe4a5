import { useOperationTools } from './support/operations';

/*
 * The results of the API tools: which fields they keep, and how a cut list continues.
 */

const { stack, read, write, sent } = useOperationTools();
const MESSAGE = { To: '+14155550100', From: '+15005550006', Body: 'Hello' };

test('accepts fields in either case', async () => {
  const { structured } = await read('api_v2010:ListMessage', {}, { fields: ['errorCode', 'date_created'] });
  expect(structured.items).toContainEqual({ error_code: 30003, date_created: expect.any(String) });
});

test('refuses unknown fields, with the closest name and before anything is sent', async () => {
  const { isError, text } = await read('api_v2010:ListMessage', {}, { fields: ['status', 'eror_code'] });
  expect([isError, text]).toEqual([true, expect.stringMatching(/eror_code is unknown: did you mean error_code\?/)]);
  expect(text).toMatch(/ListMessage returns body, num_segments/);
  expect(sent()).toEqual([]);
});

test('compares fields with the response if the API describes none', async () => {
  stack().sandbox.faults.add({ status: 200, body: JSON.stringify({ wait_seconds: 3, calls: 1 }), times: 2 });
  const undescribed = ['insights_v3:FetchQueryResults', { pageToken: 'x' }] as const;
  expect((await read(...undescribed, { fields: ['waitSeconds'] })).structured.result).toEqual({ wait_seconds: 3 });
  expect((await read(...undescribed, { fields: ['wait_secons'] })).text).toMatch(/did you mean wait_seconds/);
});

test('a list that is cut for size continues exactly there', async () => {
  const text = 'x'.repeat(1500);
  for (let n = 0; n < 60; n++) await write('api_v2010:CreateMessage', { ...MESSAGE, Body: text }, { confirm: true });
  const { structured, text: result } = await read('api_v2010:ListMessage', { PageSize: 60 });
  expect(result.length).toBeLessThan(40_000);
  expect(structured.truncated).toMatch(/Only \d+ of 60 items fit\. Add nextPage to params/);
  const seen = structured.items.map(({ sid }: { sid: string }) => sid);
  // What is sent meanwhile moves the rest of the page.
  await write('api_v2010:CreateMessage', MESSAGE, { confirm: true });
  let { nextPage } = structured;
  while (nextPage) {
    const { structured: next } = await read('api_v2010:ListMessage', { PageSize: 60, ...nextPage });
    seen.push(...next.items.map(({ sid }: { sid: string }) => sid));
    nextPage = next.nextPage;
  }
  const { structured: all } = await read('api_v2010:ListMessage', { PageSize: 1000 }, { fields: ['sid'] });
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.sort()).toEqual(
    all.items
      .map(({ sid }: { sid: string }) => sid)
      .slice(1)
      .sort(),
  );
  const elsewhere = { PageSize: 60, To: MESSAGE.To, ...structured.nextPage };
  expect((await read('api_v2010:ListMessage', elsewhere)).text).toMatch(/^ContinueAfter belongs to a page with other/);
});
