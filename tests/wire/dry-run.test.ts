import { readFileSync } from 'node:fs';
import { buildOperationTable } from '../../openapi/catalogue';
import { effectOf } from '../../src/operations/effect-of';
import { TOOLS } from '../laws/law';
import { fill } from '../support/arguments';
import { paramsOf } from '../support/operation-params';
import { callTool, useStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * The dry run of everything that changes something: no request that does so leaves, the store stays as it is, and the
 * answer shows what would have been sent.
 */

jest.setTimeout(240_000);

const stack = useStack({ lenient: true, env: { ...WIRE_ENVIRONMENT, MCP_API_DENY: 'none' } });
const DRY = 'services=all&client=tests&dryrun=true';
const storeFile = () => readFileSync(stack.env.DATABASE_PATH!).toString('base64');

/** The dry run of a call, and what it changed all the same. */
async function dryRunOf(name: string, args: object) {
  const [{ seq }, stored] = [stack.sandbox.journal, storeFile()];
  const answer = await callTool(stack.url, name, args, DRY);
  const leaving = stack.sandbox.journal
    .since(seq)
    .filter(({ method, queryFields }) => method !== 'GET' || queryFields.Fields);
  return {
    ...answer,
    changed: leaving.map(({ method, path }) => `${method} ${path}`),
    isStoreChanged: storeFile() !== stored,
  };
}

/** Tools that may change only the server's own store, or nothing at all. */
const STORING =
  /^twilio_(inbox_(create_conversation|import_history)|agent_phone_(get_phone_number|wait_for_sms|release_phone_number))$/;

const { operations } = buildOperationTable();

test.each(TOOLS.filter(({ effect }) => effect !== 'read').map((tool) => [tool.name, tool] as const))(
  '%s',
  async (name, tool) => {
    for (const variation of VARIATIONS[name] ?? [{}]) {
      for (const [before, args] of variation.before ?? []) await callTool(stack.url, before, args);
      const { text, structured, changed, isStoreChanged } = await dryRunOf(name, fill(tool, variation));
      expect([text, changed, isStoreChanged]).toEqual([text, [], false]);
      const planned = (structured?.requests ?? []).map(({ operation }: { operation: string }) => operation);
      expect([text, planned.length > 0]).toEqual([text, !STORING.test(name)]);
      if (tool.operations.length > 0) expect(tool.operations).toEqual(expect.arrayContaining(planned));
    }
  },
);

test('every operation that the generic tool writes', async () => {
  const wrong: unknown[] = [];
  for (const operation of Object.values(operations)) {
    const params = paramsOf(operation, () => true);
    const { effect } = effectOf(operation, params);
    if (effect === 'read') continue;
    const { structured, text, changed } = await dryRunOf('twilio_api_write', { id: operation.id, params });
    const [request] = structured?.requests ?? [];
    if (changed.length > 0 || request?.operation !== operation.id || request.effect !== effect)
      wrong.push([operation.id, changed, text.slice(0, 300)]);
  }
  expect(wrong).toEqual([]);
});
