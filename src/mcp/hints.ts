import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type { Effect } from '../tool';

/**
 * All four hints of every effect, each stated: a hint left out means whatever a client assumes.
 * What reaches a person or spends money cannot be taken back, so clients are told to ask before it.
 */
const HINTS: Readonly<Record<Effect, Required<Omit<ToolAnnotations, 'title'>>>> = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  create: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  update: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  delete: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  send: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  spend: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
};

export const hintsOf = (effect: Effect) => HINTS[effect];
