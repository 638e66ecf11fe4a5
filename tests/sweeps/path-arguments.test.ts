import { TOOLS } from '../laws/law';
import { fill, propertiesOf } from '../support/arguments';
import { requestsOf, useStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * Hostile values in every string argument of every tool: none may redirect a request to another operation.
 */

const stack = useStack({ lenient: true, env: WIRE_ENVIRONMENT });

test.each(TOOLS.map((tool) => [tool.name, tool] as const))(
  'no argument of %s escapes its path segment',
  async (name, tool) => {
    const variation = VARIATIONS[name]?.[0] ?? {};
    const args = fill(tool, variation);
    const { requests: expected } = await requestsOf(stack, name, args, variation.before);
    const operations = expected.map((request) => `${request.method} ${request.operationId}`);
    for (const [field, property] of Object.entries(propertiesOf(tool))) {
      if (property.type !== 'string' || property.enum || !(field in args)) continue;
      for (const hostile of ['..', '../..', 'a/b', 'a?b=c', 'a#b', '%2e%2e', '']) {
        const { answer, requests } = await requestsOf(stack, name, { ...args, [field]: hostile }, variation.before);
        if (
          requests.length === 0 &&
          expected.length > 0 &&
          tool.operations.length > 0 &&
          !/^twilio_(inbox|agent_phone)_/.test(name)
        ) {
          expect(answer.isError).toBe(true);
        }
        for (const request of requests) expect(operations).toContain(`${request.method} ${request.operationId}`);
      }
    }
  },
);
