import {
  type Resource as ListedResource,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import type { Config } from '../config';
import { ERROR_CODES } from '../error-codes';
import { describeCode, explain, ToolError } from '../errors';
import type { Tool, ToolContext } from '../tool';
import { call } from './call';
import type { Toolset } from './toolset';

interface Resource extends ListedResource {
  read: (toolset: Toolset, context: ToolContext, reference: string) => unknown;
  offered?: (toolset: Toolset) => boolean;
}

const NUMBERS = 'twilio_phone_numbers_list_phone_numbers';
const ERRORS = 'twilio://errors/';

/** First what needs no account: clients try the first one. */
const RESOURCES: readonly Resource[] = [
  {
    uri: 'twilio://services',
    name: 'services',
    title: 'The chosen services',
    description: 'What each chosen service is for, how its tools go together, and what each tool does to the world.',
    mimeType: 'text/markdown',
    read: describeServices,
  },
  {
    uri: 'twilio://account',
    name: 'account',
    title: 'The account',
    description:
      'The account behind this server, its state, and the defaults that make arguments optional. No secrets.',
    mimeType: 'application/json',
    read: (_, context) => describeAccount(context),
  },
  {
    uri: 'twilio://numbers',
    name: 'numbers',
    title: 'The phone numbers',
    description: 'The numbers of the account with their abilities and webhooks; up to a hundred.',
    mimeType: 'application/json',
    offered: ({ tools }) => tools.has(NUMBERS),
    read: ({ tools }, context, reference) => readTool(tools.get(NUMBERS)!, { limit: 100 }, context, reference),
  },
];

export const RESOURCE_TEMPLATES = [
  {
    uriTemplate: `${ERRORS}{code}`,
    name: 'error',
    title: 'An error code',
    description: 'What an error code of Twilio means, and what to do about it.',
    mimeType: 'application/json',
  },
];

/** Codes of the dictionary, for the completion of the template. */
export const errorCodes = (): string[] => Object.keys(ERROR_CODES);

const offeredResources = (toolset: Toolset) => RESOURCES.filter(({ offered }) => offered?.(toolset) ?? true);

export const listResources = (toolset: Toolset): ListedResource[] =>
  offeredResources(toolset).map(({ read: _, offered: __, ...listed }) => listed);

/** Reads one resource. Throws `ResourceNotFoundError`, or what Twilio's client throws. */
export async function readResource(
  toolset: Toolset,
  uri: string,
  context: ToolContext,
  reference: string,
): Promise<ReadResourceResult> {
  const resource = offeredResources(toolset).find((candidate) => candidate.uri === uri) ?? errorResource(uri);
  if (resource === undefined) throw new ResourceNotFoundError(uri);
  const value = await resource.read(toolset, context, reference);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { contents: [{ uri, mimeType: resource.mimeType, text }] };
}

function errorResource(uri: string): Pick<Resource, 'read' | 'mimeType'> | undefined {
  const code = uri.startsWith(ERRORS) ? uri.slice(ERRORS.length) : '';
  const known = /^\d{4,6}$/.test(code) ? describeCode(Number(code)) : undefined;
  if (known === undefined) return undefined;
  const description = { code: Number(code), ...known, moreInfo: `https://www.twilio.com/docs/errors/${code}` };
  return { mimeType: 'application/json', read: () => description };
}

/** The settings that may be told: those that stand in for an argument. Any other stays untold. */
const DEFAULTS = [
  'phoneNumber',
  'messagingServiceSid',
  'verifyServiceSid',
  'syncServiceSid',
  'taskrouterWorkspaceSid',
  'statusCallbackUrl',
  'fallbackUrl',
] as const satisfies readonly (keyof Config)[];

/** The settings, and of the account itself what the key may read: many keys may not. */
async function describeAccount({ config, twilio }: ToolContext) {
  const { accountSid, region = 'us1', edge } = config;
  const defaults = Object.fromEntries(DEFAULTS.map((name) => [name, config[name]]));
  const settings = { region, edge, defaults };
  try {
    const { friendlyName, status, type } = await twilio.api.v2010.accounts(accountSid).fetch();
    return { accountSid, friendlyName, status, type, ...settings };
  } catch (error) {
    const words = explain(error, { effect: 'read' });
    if (words === undefined) throw error;
    return { accountSid, ...settings, unread: `Name and status are left out. ${words}` };
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

/** What a reading tool answers, projected and sized as it is for a call. */
async function readTool(tool: Tool, args: object, context: ToolContext, reference: string) {
  const { result } = await call(tool, args, context, reference);
  if (!result.isError) return result.structuredContent;
  throw new ToolError(result.content.map((part) => (part.type === 'text' ? part.text : '')).join(' '));
}
