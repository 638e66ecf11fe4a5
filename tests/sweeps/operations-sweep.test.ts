import { buildOperationTable } from '../../openapi/catalogue';
import { snake } from '../../openapi/names';
import type { Operation } from '../../src/operations/catalogue';
import { effectOf } from '../../src/operations/effect-of';
import { answering, answersOf, spec } from '../support/answers';
import { paramsOf } from '../support/operation-params';
import { callTool, type Json, type Stack, startStack } from '../support/stack';

/*
 * Every operation of the catalogue, called through the tools on twilio-run, against the sandbox.
 */

const { operations } = buildOperationTable(spec);
const all = Object.values(operations);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true, env: { MCP_API_DENY: 'none', LOG_LEVEL: 'silent' } });
});
afterAll(() => stack.close());

/** A read that costs money goes through write. */
const call = (operation: Operation, params: Record<string, unknown>) =>
  operation.method === 'GET' && effectOf(operation, params).effect === 'read'
    ? callTool(stack.url, 'twilio_api_read', { id: operation.id, params }, 'services=Api')
    : callTool(stack.url, 'twilio_api_write', { id: operation.id, params, confirm: true }, 'services=Api');

/** Operations that reject sample parameters, and why. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  'insights_v3:FetchQueryResults': 'needs a page token from an earlier response',
};

test('every operation is accepted with all its parameters', async () => {
  const rejected: Record<string, string> = {};
  for (const operation of all) {
    const before = stack.sandbox.journal.last?.seq;
    const answer = await call(
      operation,
      paramsOf(operation, () => true),
    );
    const last = stack.sandbox.journal.last;
    if (last?.seq === before) rejected[operation.id] = answer.text.slice(0, 300);
    else if (last!.violations.length > 0) rejected[operation.id] = last!.violations.join('; ');
    else if (!operation.id.endsWith(`:${last!.operationId}`) && operation.body !== 'multipart')
      rejected[operation.id] = `was routed to ${last!.operationId}`;
  }
  expect(Object.keys(rejected)).toEqual(Object.keys(UNREACHABLE));
  expect(Object.keys(rejected).length / all.length).toBeLessThan(0.005);
});

test('every documented answer is shown, with its own fields', async () => {
  const { faults } = stack.sandbox;
  const wrong: string[] = [];
  for (const operation of all) {
    const source = spec.operation(operation.id);
    for (const [label, body] of source ? answersOf(source) : []) {
      if (!/^example|^every field null$/.test(label)) continue;
      faults.clear();
      faults.add(answering(source!, body));
      const { isError, text, structured } = await call(
        operation,
        paramsOf(operation, ({ required }) => required === true),
      );
      const [shown, documented] = operation.items
        ? [structured?.items, (body as Json)[operation.items]]
        : [structured?.result, body];
      const unknown = [shown ?? []].flat().flatMap((one: object, i: number) => {
        const known = [documented].flat()[i];
        return Object.keys(one).filter((name) => !Object.hasOwn(known, name));
      });
      if (isError || unknown.length > 0) wrong.push(`${operation.id}, ${label}: ${unknown} ${text.slice(0, 200)}`);
    }
  }
  faults.clear();
  expect(wrong.filter((line) => !(line.split(',')[0]! in UNREACHABLE))).toEqual([]);
});

describe('every list', () => {
  const RULED = 'a rule of the sandbox lists what it knows of, without the sample resources';
  /** Lists without a second page, and why. */
  const ONE_PAGE: Readonly<Record<string, string>> = {
    'api_v2010:ListAvailablePhoneNumberCountry': 'returns all countries, without a link to a page',
    'conversations_v1:ListConversationMessageReceipt': RULED,
    'conversations_v1:ListServiceConversationMessageReceipt': RULED,
    'conversations_v1:ListServiceUserConversation': RULED,
    'conversations_v1:ListUser': RULED,
    'conversations_v1:ListUserConversation': RULED,
    'insights_v3:FetchQueryResults': 'needs a page token from an earlier response',
    'memory_v1:ListProfileIdentifiers': 'has no page parameter',
    'messaging_v1:ListBrandVetting': 'has no page parameter',
    'taskrouter_v1:ListEvent': RULED,
    'verify_v2:ListVerificationAttempt': RULED,
    'voice_v1:ListDialingPermissionsHrsPrefixes': RULED,
  };
  /** Parameters for lists that exclude the sample resources by default. */
  const FILTERS: Readonly<Record<string, object>> = {
    'api_v2010:ListAvailablePhoneNumberMobile': { CountryCode: 'GB' },
    'api_v2010:ListAvailablePhoneNumberNational': { CountryCode: 'GB' },
    'api_v2010:ListAvailablePhoneNumberSharedCost': { CountryCode: 'AU' },
    'api_v2010:ListAvailablePhoneNumberVoip': { CountryCode: 'IE' },
    'api_v2010:ListConference': { Status: 'completed' },
  };
  const lists = all.filter((operation) => operation.items);

  test('returns its second page for the parameters in nextPage', async () => {
    const { store } = stack.sandbox.state;
    const list = store.list.bind(store);
    // Adds three resources with the fields of the request to any collection.
    let fields: Record<string, unknown> = {};
    const sampleResources = (collection: string) =>
      [1, 2, 3].map((index) => ({
        kind: collection,
        collection,
        id: `XX${String(index).repeat(32)}`,
        body: { ...fields, index },
        createdAt: Date.now(),
        updatedAt: Date.now(),
        internal: {},
      }));
    store.list = (collection) => [...sampleResources(collection), ...list(collection)];
    const unpaged: Record<string, string> = {};
    for (const operation of lists) {
      const size = operation.parameters.find(({ name }) => /^(page_?)?size$/i.test(name));
      const params = {
        ...paramsOf(operation, ({ required }) => required === true),
        ...(size && { [size.name]: 1 }),
        ...FILTERS[operation.id],
      };
      const type = snake(operation.path.split('/').at(-1)!.replace('.json', '')).replace('_', '-');
      fields = {
        type,
        status: 'completed',
        ...Object.fromEntries(Object.entries(params).map(([name, value]) => [snake(name), value])),
      };
      const first = await call(operation, params);
      const second = await call(operation, { ...params, ...first.structured?.nextPage });
      const pages = [first, second].map(({ text, structured }) => structured?.items ?? text);
      if (
        first.structured?.nextPage === undefined ||
        pages.some((items) => items.length !== 1) ||
        typeof pages[1] === 'string'
      )
        unpaged[operation.id] = JSON.stringify(pages).slice(0, 300);
    }
    store.list = list;
    expect(Object.keys(unpaged)).toEqual(Object.keys(ONE_PAGE));
  });
});
