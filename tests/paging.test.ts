import { DOMAINS } from '../src/domains';
import { words } from '../src/params';
import { fill, propertiesOf } from './support/arguments';
import { callTool, useStack } from './support/stack';
import { VARIATIONS } from './support/variations';

/*
 * Every list pages: the token of a page leads to the next one, and no list follows a URL to another host.
 */

/** Inbox and Audit page through the server's own store; opt-outs are found in a log that is searched for them. */
const lists = [
  ...new Set(DOMAINS.filter(({ service }) => !/^(Inbox|Audit)$/.test(service)).flatMap((domain) => domain.tools)),
].filter((tool) => 'pageToken' in propertiesOf(tool) && tool.name !== 'twilio_messaging_list_opt_outs');

const stack = useStack({ lenient: true });

/** A page in both of Twilio's formats, with an item and a next page on an attacker's host. */
const PAGE = JSON.stringify({
  meta: { key: 'items', next_page_url: 'https://evil.example/v1/Things?PageSize=1&Page=7&PageToken=PAnext' },
  ...Object.fromEntries(
    ['items', 'revisions'].map((key) => [key, [{ sid: `RK${'a'.repeat(32)}`, uri: '/x.json', media_url: null }]]),
  ),
});

/** The server applies these filters itself and reads further pages; a single country has no pages. */
const OWN_FILTERS = words(
  'status bodyContains minDuration errorCode resourceSid dateCreatedBefore countryCode',
) as readonly string[];

test.each(lists.map((tool) => [tool.name, tool] as const))('%s pages on the same host', async (name, tool) => {
  const variation = VARIATIONS[name]?.[0];
  const args = { ...fill(tool, { ...variation, omit: [...(variation?.omit ?? []), ...OWN_FILTERS] }), limit: 1 };
  stack.sandbox.faults.add({ method: 'GET', status: 200, html: PAGE });
  const first = await callTool(stack.url, name, args);
  expect(first.isError ? first.text : first.structured.nextPageToken).toMatch(/^[\w-]{6}\.7\.PAnext$/);
  // A tool may send further requests for its items.
  const [firstRequest] = stack.sandbox.journal.entries;
  const { seq } = stack.sandbox.journal.last!;
  await callTool(stack.url, name, { ...args, pageToken: first.structured.nextPageToken });
  const [nextRequest] = stack.sandbox.journal.since(seq);
  expect([nextRequest!.host, nextRequest!.path]).toEqual([firstRequest!.host, firstRequest!.path]);
  expect(nextRequest!.query).toMatch(/PageToken=PAnext/);
  expect(nextRequest!.query).toMatch(/Page=7/);
});

test('a list that holds few items per page works without limit', async () => {
  const args = { conversationSid: `CH${'a'.repeat(32)}` };
  const { isError, text } = await callTool(stack.url, 'twilio_conversations_list_webhooks', args);
  expect([isError, text]).toEqual([undefined, expect.stringContaining('items')]);
});
