import { homeOf } from '../../scripts/generate/contracts';
import { closestNames, normalizeName } from '../../src/closest-names';
import { DOMAINS } from '../../src/domains';
import { selectToolset } from '../../src/mcp/toolset';
import type { Tool } from '../../src/tool';
import { propertiesOf } from '../support/arguments';
import { law, TOOLS } from './law';

/*
 * Rules for the text that agents and people read: titles, descriptions, references between tools.
 */

const parameters = TOOLS.flatMap((tool) =>
  Object.entries(propertiesOf(tool)).map(([name, { description = '', ...schema }]) => ({
    label: `${tool.name}.${name}`,
    name,
    description,
    schema: schema as { default?: unknown },
  })),
);

const wordsOf = (text: string) =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z\d]+/g) ?? [];

const FILLERS = new Set(['a', 'an', 'the', 'of', 'to', 'its', 'this', 'one', 'sid', 'id']);

law(
  'a parameter description says more than the parameter name',
  'say what the value does here (callSid: "Call to end"), what it is for, or what follows from it.',
  () =>
    parameters
      .filter(({ name, description }) => {
        // Helpers append the format and the default, which therefore do not count.
        const uninformative = new Set([...wordsOf(name), ...wordsOf(name).map((word) => `${word}s`), ...FILLERS]);
        const plain = description.replace(/ \([^)]*\)/, '').replace(/; default .*$/, '');
        return wordsOf(plain).every((word) => uninformative.has(word));
      })
      .map(({ label, description }) => `${label}: "${description}"`),
);

law(
  'a parameter description is 8 to 200 characters, and a default is named with its value',
  'write one or two clauses; after "default" comes the value, or the setting that holds it (TWILIO_…).',
  () =>
    parameters
      .filter(
        ({ description, schema }) =>
          !/^\S.{7,199}$/.test(description) ||
          /has a default/i.test(description) ||
          /\bdefaults?\b\W*$/i.test(description) ||
          ('default' in schema && !/\bdefault/i.test(description)),
      )
      .map(({ label, description }) => `${label}: "${description}"`),
);

law(
  'titles are unique',
  'name the resource in the title ("Delete Verify service"): approval dialogs show the title alone.',
  () => {
    const byTitle = new Map<string, string[]>();
    for (const { title, name } of TOOLS) byTitle.set(title, [...(byTitle.get(title) ?? []), name]);
    return [...byTitle]
      .filter(([, tools]) => tools.length > 1)
      .map(([title, tools]) => `"${title}": ${tools.join(', ')}`);
  },
);

/** Tool names in a text: `twilio_voice_make_call`, or `make_call` within its service. Quoted words are values. */
const referencesIn = (text: string) => text.match(/(?<!["\w])[a-z]+(?:_[a-z0-9]+)+\b/g) ?? [];
const names = new Set(TOOLS.map(({ name }) => name));
/** `make_call` of `twilio_voice_make_call`. */
function actionOf(tool: Tool): string {
  const [, ...words] = tool.name.split('_');
  const service = normalizeName(homeOf(tool));
  return words.slice(words.findIndex((_, at) => words.slice(0, at).join('') === service)).join('_');
}

function brokenReferences(label: string, text: string, siblings: readonly Tool[], own: readonly string[]): string[] {
  return referencesIn(text)
    .filter((word) => !own.includes(word) && !names.has(word))
    .flatMap((word) => {
      const matching = siblings.filter((tool) => actionOf(tool) === word);
      if (matching.length === 1) return [];
      const elsewhere = TOOLS.filter((tool) => actionOf(tool) === word).map(({ name }) => name);
      const candidates = elsewhere.length > 0 ? elsewhere : closestNames(word, [...names]);
      const matched = matching.length === 0 ? 'no tool of the service' : 'several tools of the service';
      return [`${label}: "${word}" matches ${matched}; write ${candidates.join(' or ') || 'a name that exists'}`];
    });
}

law(
  'a reference to another tool resolves to exactly one tool of the same service, or is the full name',
  'write the full name (twilio_…): a short one is ambiguous, or its service may not be selected.',
  () =>
    DOMAINS.flatMap(({ service, instructions, tools }) => [
      ...brokenReferences(`${service} instructions`, instructions, tools, []),
      ...tools.flatMap((tool) => {
        const properties = propertiesOf(tool);
        const own = [...Object.keys(properties), ...(tool.returns ?? [])];
        const texts = [
          tool.title,
          tool.description,
          tool.notFoundHint,
          ...Object.values(properties).map((one) => one.description),
        ];
        return brokenReferences(`${service}, ${tool.name}`, texts.join(' '), tools, own);
      }),
    ]),
);

const MAX_MEAN_TOKENS = 230;
const MAX_SERVICE_TOKENS = 12_000;
const tokensOf = (service: string) =>
  Buffer.byteLength(JSON.stringify(selectToolset({ services: [service], tools: [], readonly: false }).listed())) / 4;

law(
  `a tool costs at most ${MAX_MEAN_TOKENS} tokens on average, and a service fewer than ${MAX_SERVICE_TOKENS}`,
  'shorten descriptions where a model does not go wrong; every word is paid for in every conversation.',
  () => {
    const mean = Math.round(tokensOf('all') / TOOLS.length);
    return [
      ...(mean > MAX_MEAN_TOKENS ? [`the mean is ${mean}`] : []),
      ...DOMAINS.map(({ service }) => ({ service, tokens: Math.round(tokensOf(service)) }))
        .filter(({ tokens }) => tokens >= MAX_SERVICE_TOKENS)
        .map(({ service, tokens }) => `${service}: ${tokens}`),
    ];
  },
);
