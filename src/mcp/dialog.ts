import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { CurrentCall } from '../tool';

/*
 * Questions to the user of a client: the answer to a call asks, and the client repeats the call with what the user said.
 */

const APPROVAL_KEY = 'approval';

/** What a client brings of its dialog with its user; undefined if it has none. Only for requests of the modern era. */
export function dialogOf({ mcpReq }: ServerContext): CurrentCall['dialog'] {
  const { [CLIENT_CAPABILITIES_META_KEY]: can } = (mcpReq.envelope ?? {}) as Record<string, ClientCapabilities>;
  const modes = can?.elicitation;
  // Without a mode, it means forms.
  if (modes === undefined || (modes.form === undefined && modes.url !== undefined)) return undefined;
  const response = inputResponse(mcpReq.inputResponses, APPROVAL_KEY);
  if (response.kind !== 'elicit') return {};
  const isApproved = acceptedContent(mcpReq.inputResponses, APPROVAL_KEY)?.approve === true;
  return { answer: isApproved ? 'approved' : 'declined', state: mcpReq.requestState<string>() };
}

/** The answer to a call that waits for a person, instead of its result. */
export function askInstead(instead: NonNullable<CurrentCall['instead']>) {
  if ('pending' in instead) {
    const structured = { pending: true, note: instead.pending, until: instead.until };
    return { content: [{ type: 'text' as const, text: JSON.stringify(structured) }], structuredContent: structured };
  }
  const approve = { type: 'boolean' as const, title: 'Allow this once' };
  return inputRequired({
    inputRequests: {
      [APPROVAL_KEY]: inputRequired.elicit({
        message: instead.question,
        requestedSchema: { type: 'object', properties: { approve }, required: ['approve'] },
      }),
    },
    requestState: instead.state,
  });
}
