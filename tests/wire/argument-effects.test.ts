import { law, TOOLS } from '../laws/law';
import { fill, propertiesOf, type Variation, valueFor } from '../support/arguments';
import { callTool, type Stack, startStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * A misspelt argument compiles: `run` spreads it into an options object of the twilio client, which ignores names that it
 * does not know. So every argument of every tool is tried: with it and without it (or with another value, if it is
 * required), different requests must leave the process.
 */

/** Arguments that change no request, as `tool.argument`, with the reason. */
const WITHOUT_EFFECT: readonly (readonly [arguments: RegExp, reason: string])[] = [];

let stack: Stack;
/** Arguments that changed nothing, as `tool.argument`. */
const idle: string[] = [];

beforeAll(async () => {
  stack = await startStack({ lenient: true, env: WIRE_ENVIRONMENT });
  for (const tool of TOOLS) {
    const variations = VARIATIONS[tool.name] ?? [{}];
    for (const [name, property] of Object.entries(propertiesOf(tool))) {
      const label = `${tool.name}.${name}`;
      if (WITHOUT_EFFECT.some(([pattern]) => pattern.test(label))) continue;
      let changed = false;
      for (const variation of variations) {
        const args = fill(tool, variation);
        const without = { ...args };
        if (name === 'pageToken') args.pageToken = '1.PAxyz';
        else if (!(name in args)) continue;
        delete without[name];
        const other = { ...args, [name]: valueFor(name, property, true) };
        const base = await requestsOf(tool.name, args, variation);
        changed ||= [
          await requestsOf(tool.name, without, variation),
          await requestsOf(tool.name, other, variation),
        ].some((requests) => requests !== undefined && requests !== base);
        if (changed) break;
      }
      if (!changed) idle.push(label);
    }
  }
}, 300_000);
afterAll(() => stack.close());

/** What a call sends, as text; undefined if its arguments are refused. */
async function requestsOf(tool: string, args: object, { before = [] }: Variation): Promise<string | undefined> {
  stack.sandbox.reset();
  stack.sandbox.options.lenient = true;
  for (const [name, given] of before) await callTool(stack.url, name, given);
  const { seq } = stack.sandbox.journal;
  const { isError, text } = await callTool(stack.url, tool, args);
  if (isError && /^(Invalid arguments|Give )/.test(text)) return undefined;
  const requests = stack.sandbox.journal.since(seq);
  return JSON.stringify(requests.map(({ method, host, path, query, body }) => [method, host, path, query, body]));
}

law(
  'every argument changes what is sent to Twilio',
  "spell the argument as twilio-node's options do (see its .d.ts), or use it in `run`; if it rightly changes no request, add it to WITHOUT_EFFECT with the reason.",
  () => idle,
);

law('an exception to the law above fits an argument', 'remove it from WITHOUT_EFFECT.', () => {
  const labels = TOOLS.flatMap((tool) => Object.keys(propertiesOf(tool)).map((name) => `${tool.name}.${name}`));
  return WITHOUT_EFFECT.filter(([pattern]) => !labels.some((label) => pattern.test(label))).map(String);
});
