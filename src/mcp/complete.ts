import {
  type CompleteRequestParams,
  type CompleteResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { errorCodes } from '../error-codes';
import { describeError, isTwilioError } from '../errors';
import type { ToolContext } from '../tool';
import { promptArgument } from './prompts';
import { RESOURCE_TEMPLATES } from './resources';
import type { Toolset } from './toolset';

/** The protocol's maximum of values in a completion. */
const MAX_VALUES = 100;

/** A completion, and what the log line says of it. */
interface CompletedArgument {
  completion: CompleteResult['completion'];
  outcome?: 'failed';
  code?: number;
}

/**
 * Values for an argument of a prompt or resource template that match the typed text. Returns no values if Twilio
 * fails, so that people can keep typing. Throws a `ProtocolError` for an argument that does not exist.
 */
export async function complete(
  toolset: Toolset,
  { ref, argument }: CompleteRequestParams,
  context: ToolContext,
): Promise<CompletedArgument> {
  let values: readonly string[];
  try {
    values = await valuesOf(toolset, ref, argument.name, context);
  } catch (error) {
    if (error instanceof ProtocolError || describeError(error, { effect: 'read' }) === undefined) throw error;
    return { completion: { values: [] }, outcome: 'failed', code: isTwilioError(error) ? error.code : undefined };
  }
  const typed = argument.value.toLowerCase();
  const matching = values.filter((value) => value.toLowerCase().includes(typed));
  // Values that start with the text come first.
  const first = matching.filter((value) => value.toLowerCase().startsWith(typed));
  const ordered = [...new Set([...first, ...matching])];
  return {
    completion: { values: ordered.slice(0, MAX_VALUES), total: ordered.length, hasMore: ordered.length > MAX_VALUES },
  };
}

function valuesOf(toolset: Toolset, ref: CompleteRequestParams['ref'], argument: string, context: ToolContext) {
  if (ref.type === 'ref/prompt') return promptArgument(toolset, ref.name, argument).complete?.(context) ?? [];
  const template = RESOURCE_TEMPLATES.find(({ uriTemplate }) => uriTemplate === ref.uri);
  if (template?.uriTemplate.includes(`{${argument}}`)) return errorCodes();
  const known = RESOURCE_TEMPLATES.map(({ uriTemplate }) => uriTemplate).join(', ');
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Nothing to complete. Available templates: ${known}.`);
}
