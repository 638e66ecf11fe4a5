import {
  type Resource as ListedResource,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import type { Config } from '../config';
import { describeCode } from '../error-codes';
import { describeError, ToolError } from '../errors';
import { settings } from '../settings';
import type { Tool, ToolContext } from '../tool';
import { callTool } from './call';
import type { Toolset } from './toolset';

interface ServerResource extends ListedResource {
  read: (toolset: Toolset, context: ToolContext, requestId: string) => unknown;
  isOffered?: (toolset: Toolset) => boolean;
}

const LIST_NUMBERS = 'twilio_phone_numbers_list_phone_numbers';
const ERRORS = 'twilio://errors/';

/** Those that need no account come first, as clients try the first one. */
const RESOURCES: readonly ServerResource[] = [
  {
    uri: 'twilio://services',
    name: 'services',
    title: 'Chosen services',
    description: 'The purpose of each chosen service, how its tools work together, and the effect of each tool.',
    mimeType: 'text/markdown',
    read: describeServices,
  },
  {
    uri: 'twilio://policy',
    name: 'policy',
    title: 'Policy',
    description: 'What this deployment allows at most: recipients, countries, senders, effects.',
    mimeType: 'application/json',
    read: (_, { config }) => describePolicy(config),
  },
  {
    uri: 'twilio://account',
    name: 'account',
    title: 'Account',
    description: 'The account this server uses, its status, and the defaults that make arguments optional. No secrets.',
    mimeType: 'application/json',
    isOffered: ({ isNarrow }) => !isNarrow,
    read: (_, context) => describeAccount(context),
  },
  {
    uri: 'twilio://numbers',
    name: 'numbers',
    title: 'Phone numbers',
    description: 'Up to 100 phone numbers of the account with their capabilities and webhooks.',
    mimeType: 'application/json',
    isOffered: ({ tools }) => tools.has(LIST_NUMBERS),
    read: ({ tools }, context, requestId) => readTool(tools.get(LIST_NUMBERS)!, { limit: 100 }, context, requestId),
  },
];

export const RESOURCE_TEMPLATES = [
  {
    uriTemplate: `${ERRORS}{code}`,
    name: 'error',
    title: 'Error code',
    description: 'The meaning of a Twilio error code and how to fix it.',
    mimeType: 'application/json',
  },
];

const offeredResources = (toolset: Toolset) => RESOURCES.filter(({ isOffered }) => isOffered?.(toolset) ?? true);

/** The resources that this selection offers, as `resources/list` returns them. */
export const listResources = (toolset: Toolset): ListedResource[] =>
  offeredResources(toolset).map(({ read: _, isOffered: __, ...listed }) => listed);

/** Reads one resource. Throws `ResourceNotFoundError`, or what Twilio's client throws. */
export async function readResource(
  toolset: Toolset,
  uri: string,
  context: ToolContext,
  requestId: string,
): Promise<ReadResourceResult> {
  const resource = offeredResources(toolset).find((candidate) => candidate.uri === uri) ?? errorResource(uri);
  if (resource === undefined) throw new ResourceNotFoundError(uri);
  const value = await resource.read(toolset, context, requestId);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { contents: [{ uri, mimeType: resource.mimeType, text }] };
}

function errorResource(uri: string): Pick<ServerResource, 'read' | 'mimeType'> | undefined {
  const code = uri.startsWith(ERRORS) ? uri.slice(ERRORS.length) : '';
  const known = /^\d{4,6}$/.test(code) ? describeCode(Number(code)) : undefined;
  if (known === undefined) return undefined;
  const description = { code: Number(code), ...known, moreInfo: `https://www.twilio.com/docs/errors/${code}` };
  return { mimeType: 'application/json', read: () => description };
}

/** The settings that stand in for arguments. No other setting is shown. */
const defaultsOf = (config: Config) =>
  Object.fromEntries(
    settings()
      .filter(({ role }) => role === 'default')
      .map(({ key }) => [key, config[key as keyof Config]]),
  );

/** The limits that apply to every tool, each with its meaning. */
function describePolicy(config: Config) {
  const limits = settings()
    .filter(({ role }) => role === 'policy')
    .map(({ variable, key, help }) => ({ rule: variable, value: config[key as keyof Config], meaning: help }))
    .filter(({ value }) => value !== undefined && value !== false);
  return { limits, note: limits.length > 0 ? 'Only the owner can change them.' : 'This deployment sets no limits.' };
}

/** The settings, and the account itself as far as the API key may read it; many keys may not. */
async function describeAccount({ config, twilio }: ToolContext) {
  const { accountSid, region = 'us1', edge } = config;
  const shown = { region, edge, defaults: defaultsOf(config) };
  try {
    const { friendlyName, status, type } = await twilio.api.v2010.accounts(accountSid).fetch();
    return { accountSid, friendlyName, status, type, ...shown };
  } catch (error) {
    const message = describeError(error, { effect: 'read' });
    if (message === undefined) throw error;
    return { accountSid, ...shown, unread: `Name and status could not be read. ${message}` };
  }
}

function describeServices({ services, tools }: Toolset): string {
  return services
    .map(({ service, summary, instructions, tools: all }) => {
      const listed = all.filter(({ name }) => tools.has(name));
      return [
        `# ${service}\n${summary}\n\n${instructions}\n`,
        ...listed.map(({ name, title, effect }) => `- \`${name}\` (${effect}): ${title}`),
      ].join('\n');
    })
    .join('\n\n');
}

/** The result of a reading tool, as a call returns it. */
async function readTool(tool: Tool, args: object, context: ToolContext, requestId: string) {
  const { result } = await callTool(tool, args, context, requestId);
  if (!result.isError) return result.structuredContent;
  throw new ToolError(result.content.map((part) => (part.type === 'text' ? part.text : '')).join(' '));
}
