import { law, TOOLS } from '../laws/law';
import { fill, propertiesOf, type Variation, valueFor, withPageToken } from '../support/arguments';
import { requestsOf, type Stack, startStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * A misspelled argument compiles: `run` spreads it into the options of the twilio client, which ignores unknown names.
 * So these tests call every tool with and without each argument (or with another value) and expect different requests.
 */

/** Arguments that change no request, as `tool.argument`, with the reason. */
const WITHOUT_EFFECT: readonly (readonly [label: RegExp, reason: string])[] = [
  [/^twilio_(inbox|agent_phone|audit)_(?!import|configure|get_webhooks|restore)/, 'works on the store of this server'],
  [/^twilio_inbox_import_history\.conversationId$/, 'selects the thread, whose numbers are requested'],
  [/^twilio_messaging_send_(sms|mms|whatsapp)\.conversationId$/, 'selects the thread in the store'],
  [
    /^twilio_(messaging_get_message_logs|proxy_list_proxy_sessions)\.(status|bodyContains)$/,
    'filters what Twilio returns',
  ],
  [/^twilio_debugger_get_debugger_logs\.(errorCode|resourceSid)$/, 'filters what Twilio returns'],
  [/^twilio_debugger_analyze_errors\.limit$/, 'ends the reading of pages, which are always full'],
  [/^twilio_voice_get_call_logs\.minDuration$/, 'filters what Twilio returns'],
  [
    /^twilio_(messaging_(get_message_logs|list_opt_outs)|proxy_list_proxy_sessions|debugger_get_debugger_logs|voice_get_call_logs|voice_add_ons_list_conferences)\.limit$/,
    'counts what a filter of this server keeps',
  ],
  [/^twilio_phone_numbers_list_number_types\.(limit|pageToken)$/, 'a single country has no pages'],
  [/^twilio_studio_get_flow(_revision)?\.widgets$/, 'picks parts of what Twilio returns'],
  [/^twilio_video_update_(room|participant)\.status$/, 'has one value, which is required'],
  [/^twilio_account_update_account\.status$/, 'the status of a main account cannot change'],
  [/^twilio_api_(search|describe)\./, 'reads the catalogue'],
  [/^twilio_api_read\.fields$/, 'picks fields of what Twilio returns'],
  [/^twilio_api_write\.confirm$/, 'permits the request'],
  [/\.repeat$/, 'permits a request that was sent a moment ago'],
];

let stack: Stack;
/** Arguments that changed no request, as `tool.argument`. */
const ineffective: string[] = [];

beforeAll(async () => {
  stack = await startStack({ lenient: true, env: WIRE_ENVIRONMENT });
  for (const tool of TOOLS) {
    const effective = new Set<string>();
    for (const variation of VARIATIONS[tool.name] ?? [{}]) {
      const args: Record<string, unknown> = { ...fill(tool, variation) };
      if ('pageToken' in propertiesOf(tool)) args.pageToken = variation.set?.pageToken ?? '1.PAxyz';
      const base = await requestsSentBy(tool, args, variation);
      for (const name of Object.keys(args)) {
        if (effective.has(name) || WITHOUT_EFFECT.some(([label]) => label.test(`${tool.name}.${name}`))) continue;
        for (const changed of alternativesOf(tool, args, name)) {
          const requests = await requestsSentBy(tool, changed, variation);
          if (requests === undefined || requests === base) continue;
          effective.add(name);
          break;
        }
      }
    }
    for (const name of Object.keys(propertiesOf(tool))) {
      const label = `${tool.name}.${name}`;
      if (!effective.has(name) && !WITHOUT_EFFECT.some(([exempt]) => exempt.test(label))) ineffective.push(label);
    }
  }
}, 300_000);
afterAll(() => stack.close());

/** The arguments without one of them, and with other values for it. */
function alternativesOf(tool: (typeof TOOLS)[number], args: Record<string, unknown>, name: string) {
  const { [name]: value, ...without } = args;
  const others = [valueFor(name, propertiesOf(tool)[name]!, true), `${value}1`, `x${value}`];
  return [without, ...others.map((other) => ({ ...args, [name]: other }))];
}

/** The requests of a call as JSON; undefined if its arguments are rejected. */
async function requestsSentBy(
  tool: (typeof TOOLS)[number],
  args: Record<string, unknown>,
  { before }: Variation,
): Promise<string | undefined> {
  const { answer, requests } = await requestsOf(stack, tool.name, withPageToken(tool, args), before);
  if (answer.isError && /^(Invalid arguments|Give )/.test(answer.text)) return undefined;
  return JSON.stringify(
    requests.map(({ method, host, path, query, body, headerFields }) => [
      method,
      host,
      path,
      query,
      body,
      headerFields,
    ]),
  );
}

law(
  'every argument changes the requests to Twilio',
  "spell the argument as twilio-node's options do (see its .d.ts), or use it in `run`; if it rightly changes no request, add it to WITHOUT_EFFECT with the reason.",
  () => ineffective,
);

law('every exception to the law above matches an argument', 'remove it from WITHOUT_EFFECT.', () => {
  const labels = TOOLS.flatMap((tool) => Object.keys(propertiesOf(tool)).map((name) => `${tool.name}.${name}`));
  return WITHOUT_EFFECT.filter(([pattern]) => !labels.some((label) => pattern.test(label))).map(String);
});
