import { DOMAINS } from '../src/domains';
import { fill, propertiesOf } from './support/arguments';
import { callTool, type Stack, startStack } from './support/stack';
import { VARIATIONS } from './support/variations';

/*
 * Every list goes on: the token of a page leads to the next, and no list follows a URL to another host.
 */

/** Inbox pages through the server's own store. */
const lists = [
  ...new Set(DOMAINS.filter(({ service }) => service !== 'Inbox').flatMap((domain) => domain.tools)),
].filter((tool) => 'pageToken' in propertiesOf(tool));

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true });
});
afterAll(() => stack.close());

/** A page in both of Twilio's styles, with an item and a next page, which an attacker has put elsewhere. */
const PAGE = JSON.stringify({
  meta: { key: 'items', next_page_url: 'https://evil.example/v1/Things?PageSize=1&Page=7&PageToken=PAnext' },
  ...Object.fromEntries(
    ['items', 'revisions'].map((key) => [key, [{ sid: `RK${'a'.repeat(32)}`, uri: '/x.json', media_url: null }]]),
  ),
});

/** A filter of our own looks for its items on further pages; a single country is no list. */
const OWN_FILTERS = ['status', 'errorCode', 'resourceSid', 'countryCode'];

test.each(lists.map((tool) => [tool.name, tool] as const))('%s', async (name, tool) => {
  stack.sandbox.reset();
  stack.sandbox.options.lenient = true;
  const variation = VARIATIONS[name]?.[0];
  const args = { ...fill(tool, { ...variation, omit: [...(variation?.omit ?? []), ...OWN_FILTERS] }), limit: 1 };
  stack.sandbox.faults.add({ method: 'GET', status: 200, html: PAGE });
  const first = await callTool(stack.url, name, args);
  expect(first.isError ? first.text : first.structured.nextPageToken).toBe('7.PAnext');
  // A tool may fetch more for its items afterwards.
  const [asked] = stack.sandbox.journal.entries;
  const { seq } = stack.sandbox.journal.last!;
  await callTool(stack.url, name, { ...args, pageToken: first.structured.nextPageToken });
  const [next] = stack.sandbox.journal.since(seq);
  expect([next!.host, next!.path]).toEqual([asked!.host, asked!.path]);
  expect(next!.query).toMatch(/PageToken=PAnext/);
  expect(next!.query).toMatch(/Page=7/);
});
