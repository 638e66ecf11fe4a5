import type { SpecOperation } from '../../openapi/spec';
import type { InjectedFault } from '../../sandbox/faults';
import type { Tool } from '../../src/tool';
import { TOOLS } from '../laws/law';
import { answering, answersOf, FULLEST, spec } from '../support/answers';
import { fill, type Variation } from '../support/arguments';
import { callTool, useStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * Every tool with every answer that Twilio documents for its operations, and with answers in which fields are null, missing,
 * empty or of another type. No tool fails, and none invents a date.
 */

const stack = useStack({ lenient: true, env: WIRE_ENVIRONMENT });

/** Tools that rightly refuse an example. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  twilio_inbox_restore_webhooks: /^The number no longer points to this server/,
};

const ISO_TIME = /"(\w+)":"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g;
const MINUTE = 60_000;

type Replayed = readonly [string, Tool, (readonly [SpecOperation, ReturnType<typeof answersOf>])[], string[]];

const replayed: Replayed[] = TOOLS.flatMap((tool) => {
  const operations = tool.operations.flatMap((id) => spec.operation(id) ?? []);
  const answers = operations.map((operation) => [operation, answersOf(operation)] as const);
  const labels = [...new Set(answers.flatMap(([, each]) => [...each.keys()]))];
  return labels.length > 0 ? [[tool.name, tool, answers, labels]] : [];
});

/** Calls the tool while the sandbox gives the labelled answers. */
async function replay(
  [name, tool, answers]: Replayed,
  label: string,
  variation: Variation,
  faults: InjectedFault[] = [],
) {
  const { sandbox, url } = stack;
  sandbox.reset();
  for (const [before, args] of variation.before ?? []) await callTool(url, before, args);
  const { seq } = sandbox.journal;
  for (const fault of faults) sandbox.faults.add(fault);
  // An operation without this example repeats its first one.
  for (const [operation, each] of answers) {
    const [first] = each.values();
    if (each.size > 0) sandbox.faults.add(answering(operation, each.get(label) ?? first));
  }
  const answer = await callTool(url, name, fill(tool, variation));
  return { answer, requests: sandbox.journal.since(seq) };
}

test.each(replayed)('%s reads every documented answer', async (...each) => {
  const [name, , , labels] = each;
  const found: string[] = [];
  for (const variation of VARIATIONS[name] ?? [{}]) {
    for (const label of labels) {
      const { isError, text } = (await replay(each, label, variation)).answer;
      if (isError && !REFUSED[name]?.test(text)) found.push(`${label}: ${text.slice(0, 300)}`);
      for (const [, field, time] of text.matchAll(ISO_TIME)) {
        const isNow = Math.abs(Date.parse(time!) - Date.now()) < MINUTE;
        if (isNow) found.push(`${label}: ${field} is the time of the call, not of the answer`);
      }
    }
  }
  expect(found).toEqual([]);
});

const inParts = replayed.filter(([, { effect }, answers]) => effect === 'read' && answers.length > 1);

test.each(inParts)('%s shows the rest if a later request fails', async (...each) => {
  const [name, , answers] = each;
  for (const variation of VARIATIONS[name] ?? [{}]) {
    for (const [{ id, operationId }] of answers) {
      const fault = { operationId: id, status: 500, code: 20500, times: 10 };
      const { answer, requests } = await replay(each, FULLEST, variation, [fault]);
      if (requests[0]?.operationId !== operationId) expect(answer.isError ? answer.text : 'shown').toBe('shown');
    }
  }
});
