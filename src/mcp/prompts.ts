import {
  type GetPromptResult,
  type Prompt as ListedPrompt,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { PROMPTS } from '../prompts';
import { type Argument, type Prompt, toolsOf } from '../prompts/prompt';
import type { Toolset } from './toolset';

/** The prompts whose services are chosen and whose tools are all offered. */
export function offeredPrompts({ services, tools }: Toolset): readonly Prompt[] {
  const chosen = new Set(services.map(({ service }) => service));
  return PROMPTS.filter(
    (prompt) =>
      prompt.services.every((service) => chosen.has(service)) && toolsOf(prompt).every((tool) => tools.has(tool)),
  );
}

/** A prompt as `prompts/list` shows it. */
export const listPrompt = ({ name, title, description, arguments: args }: Prompt): ListedPrompt => ({
  name,
  title,
  description,
  arguments: Object.entries(args).map(([argument, { description: meaning, optional }]) => ({
    name: argument,
    description: meaning,
    required: !optional,
  })),
});

/** The text of a prompt. Throws a `ProtocolError` that names unknown or missing arguments and the expected ones. */
export function getPrompt(toolset: Toolset, name: string, input: Record<string, string> = {}): GetPromptResult {
  const prompt = findPrompt(toolset, name);
  const known = Object.keys(prompt.arguments);
  const unknown = Object.keys(input).filter((argument) => !known.includes(argument));
  // Forms of clients send an empty string for an argument that was left out.
  const args = Object.fromEntries(Object.entries(input).filter(([, value]) => value.trim() !== ''));
  const missing = known.filter((argument) => !prompt.arguments[argument]!.optional && !(argument in args));
  if (unknown.length > 0 || missing.length > 0) {
    const problems = [
      ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
      ...(unknown.length > 0 ? [`unknown ${unknown.join(', ').slice(0, 200)}`] : []),
    ];
    throw invalidParams(`Arguments of ${name}: ${problems.join('; ')}. Expected: ${known.join(', ')}.`);
  }
  return {
    description: prompt.description,
    messages: [{ role: 'user', content: { type: 'text', text: prompt.write(args) } }],
  };
}

/** An argument of an offered prompt, for its completion. */
export function promptArgument(toolset: Toolset, name: string, argument: string): Argument {
  const { arguments: args } = findPrompt(toolset, name);
  if (!Object.hasOwn(args, argument)) {
    throw invalidParams(
      `${name} has no argument ${argument.slice(0, 60)}. Its arguments: ${Object.keys(args).join(', ')}.`,
    );
  }
  return args[argument]!;
}

function findPrompt(toolset: Toolset, name: string): Prompt {
  const offered = offeredPrompts(toolset);
  const prompt = offered.find((candidate) => candidate.name === name);
  if (prompt !== undefined) return prompt;
  const elsewhere = PROMPTS.find((candidate) => candidate.name === name);
  if (elsewhere) {
    const missing = toolsOf(elsewhere).find((tool) => toolset.isForbidden(tool));
    if (missing) throw invalidParams(`The prompt ${name} is not offered. ${toolset.explainMissingTool(missing)}`);
    throw invalidParams(
      `The prompt ${name} needs the services ${elsewhere.services.join(' and ')}: add them to services= in the URL.`,
    );
  }
  throw invalidParams(
    `Unknown prompt: ${name.slice(0, 60)}. Available prompts: ${offered.map((one) => one.name).join(', ') || 'none'}.`,
  );
}

const invalidParams = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message);
