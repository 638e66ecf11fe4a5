import {
  type CompleteRequestParams,
  type CompleteResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { explain, isTwilioError } from '../errors';
import type { ToolContext } from '../tool';
import { promptArgument } from './prompts';
import { errorCodes, RESOURCE_TEMPLATES } from './resources';
import type { Toolset } from './toolset';

/** As many as the protocol lets an answer hold. */
const MAX_VALUES = 100;

/** What a completion left for the log, beside its values. */
interface Completed {
  completion: CompleteResult['completion'];
  outcome?: 'failed';
  code?: number;
}

/**
 * Values for an argument of a prompt or of a resource template that fit what was typed. Where Twilio refuses there are
 * none: a person goes on typing. Throws a `ProtocolError` for an argument that does not exist.
 */
export async function complete(
  toolset: Toolset,
  { ref, argument }: CompleteRequestParams,
  context: ToolContext,
): Promise<Completed> {
  let values: readonly string[];
  try {
    values = await valuesOf(toolset, ref, argument.name, context);
  } catch (error) {
    if (error instanceof ProtocolError || explain(error, { effect: 'read' }) === undefined) throw error;
    return { completion: { values: [] }, outcome: 'failed', code: isTwilioError(error) ? error.code : undefined };
  }
  const typed = argument.value.toLowerCase();
  const fitting = values.filter((value) => value.toLowerCase().includes(typed));
  // What starts with it first, in the order of the source.
  const first = fitting.filter((value) => value.toLowerCase().startsWith(typed));
  const ordered = [...new Set([...first, ...fitting])];
  return {
    completion: {
      values: ordered.slice(0, MAX_VALUES),
      total: ordered.length,
      hasMore: ordered.length > MAX_VALUES,
    },
  };
}

function valuesOf(toolset: Toolset, ref: CompleteRequestParams['ref'], argument: string, context: ToolContext) {
  if (ref.type === 'ref/prompt') return promptArgument(toolset, ref.name, argument).complete?.(context) ?? [];
  const template = RESOURCE_TEMPLATES.find(({ uriTemplate }) => uriTemplate === ref.uri);
  if (template?.uriTemplate.includes(`{${argument}}`)) return errorCodes();
  const known = RESOURCE_TEMPLATES.map(({ uriTemplate }) => uriTemplate).join(', ');
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Nothing to complete there. Templates here: ${known}.`);
}
