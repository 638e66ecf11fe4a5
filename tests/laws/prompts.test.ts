import { DOMAINS } from '../../src/domains';
import { asksFirst } from '../../src/effect';
import { PROMPTS } from '../../src/prompts';
import { ASK_FIRST, type Prompt, toolsOf } from '../../src/prompts/prompt';
import { law, TOOLS } from './law';

/*
 * Rules for every prompt.
 */

const names = new Set(TOOLS.map(({ name }) => name));
const services = new Map(DOMAINS.map(({ service, tools }) => [service, tools.map(({ name }) => name)]));
const forEachPrompt = (breaches: (prompt: Prompt) => readonly string[]) => () =>
  PROMPTS.flatMap((prompt) => breaches(prompt).map((breach) => `${prompt.name}: ${breach}`));
const filled = ({ arguments: args }: Prompt) =>
  Object.fromEntries(Object.keys(args).map((name) => [name, `<${name}>`]));
const toolsIn = (text: string) => [...new Set(text.match(/\btwilio_[a-z0-9_]+/g))];

law('prompt names are unique', 'rename one of the prompts.', () => {
  const names = PROMPTS.map(({ name }) => name);
  return names.filter((name, at) => names.indexOf(name) < at);
});

law(
  'a prompt is named verb_object and has a title, a description and described arguments',
  'write a title of 6 to 60 characters, a description of 20 to 140 with a full stop, 4 to 100 for each argument.',
  forEachPrompt(({ name, title, description, arguments: args }) => [
    ...(/^[a-z]+(_[a-z0-9]+)+$/.test(name) ? [] : ['name']),
    ...(/^\S.{5,60}$/.test(title) ? [] : ['title']),
    ...(/^\S.{20,140}\.$/.test(description) ? [] : ['description']),
    ...Object.entries(args)
      .filter(([argument, { description: text }]) => !/^[a-z][A-Za-z]+$/.test(argument) || !/^\S.{3,100}$/.test(text))
      .map(([argument]) => `argument ${argument}`),
  ]),
);

law(
  'a prompt names services that exist, and only tools of these services',
  `correct the name, or add the service of the tool to \`services\`. Services: ${[...services.keys()].join(', ')}.`,
  forEachPrompt((prompt) => {
    const offered = prompt.services.flatMap((service) => services.get(service) ?? []);
    const tools = toolsOf(prompt);
    return [
      ...prompt.services.filter((service) => !services.has(service)).map((service) => `no service ${service}`),
      ...tools
        .filter((tool) => !offered.includes(tool))
        .map((tool) => (names.has(tool) ? `${tool} is not offered by its services` : `there is no tool ${tool}`)),
      ...(tools.length === 0 ? ['names no tool'] : []),
    ];
  }),
);

law(
  'a prompt uses every argument, and names the same tools without optional arguments',
  'mention the argument in the text; keep tools out of the parts that depend on optional arguments.',
  forEachPrompt((prompt) => {
    const args = filled(prompt);
    const text = prompt.write(args);
    const required = Object.entries(args).filter(([name]) => !prompt.arguments[name]!.optional);
    const bare = prompt.write(Object.fromEntries(required));
    return [
      ...Object.values(args).filter((value) => !text.includes(value)),
      ...(toolsIn(bare).join() === toolsOf(prompt).join() ? [] : ['other tools without optional arguments']),
      ...(/undefined/.test(bare) ? ['"undefined" without optional arguments'] : []),
    ];
  }),
);

const costly = new Set(TOOLS.filter(({ effect }) => effect !== 'delete' && asksFirst(effect)).map(({ name }) => name));

law(
  'a prompt with a tool that sends, spends or grants asks first',
  'put ASK_FIRST into the step before the tool.',
  forEachPrompt((prompt) => {
    const asks = prompt.write(filled(prompt)).includes(ASK_FIRST);
    return asks ? [] : toolsOf(prompt).filter((tool) => costly.has(tool));
  }),
);
