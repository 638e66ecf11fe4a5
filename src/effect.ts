/**
 * What a call does to the world, stated once per tool. The MCP hints, `?readonly=true`, the retry rules and the wording
 * of an error follow from it.
 *
 * - `read`: changes nothing
 * - `create`: adds a record that costs nothing, contacts no one and gives no access
 * - `update`: overwrites or stops something that exists
 * - `delete`: removes for good
 * - `send`: reaches a person (a message, a call, a code)
 * - `spend`: costs money without reaching a person (a purchased number, a paid lookup)
 * - `grant`: gives access, sends data or traffic elsewhere, or changes what callers meet (a credential, a webhook, a
 *   SIP domain, deployed code)
 */
export const EFFECTS = ['read', 'create', 'update', 'delete', 'send', 'spend', 'grant'] as const;
export type Effect = (typeof EFFECTS)[number];

/** Whether clients are to ask their user first. The generic tool asks for `confirm` then. */
export const asksFirst = (effect: Effect): boolean => !['read', 'create', 'update'].includes(effect);

/** The behaviour hints of a tool (MCP `ToolAnnotations`). */
interface Hints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/**
 * All four hints of every effect: a client assumes the worst, or anything, of a hint that is left out.
 * `send`, `spend` and `grant` reach beyond the account and cannot be undone, so clients are told to ask first.
 */
const HINTS: Readonly<Record<Effect, Hints>> = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  create: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  update: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  delete: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  send: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  spend: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  grant: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
};

/** The MCP annotations of a tool with this effect. */
export const hintsOf = (effect: Effect): Hints => HINTS[effect];

/** A Twilio operation as the catalogue names it: `<document>:<operationId>`, such as `api_v2010:CreateMessage`. */
type OperationId = `${string}:${string}`;

/** How to learn whether a call with an unknown outcome happened: the reading tool that shows it, or advice. */
export type Check = { readonly checkWith: string } | { readonly ifUnknown: string };

const withoutCheck =
  <E extends Effect>(effect: E) =>
  (...operations: readonly OperationId[]) => ({ effect, operations });

const withCheck =
  <E extends Effect>(effect: E) =>
  (check: Check, ...operations: readonly OperationId[]) => ({ effect, ...check, operations });

/*
 * The effect of a tool, with the operations it may request: none if it only uses this server's store or takes the
 * operation as an argument. `tool({ …, ...sends({ checkWith: LOGS }, 'api_v2010:CreateMessage'), … })`
 */
export const reads = withoutCheck('read');
export const creates = withCheck('create');
export const updates = withoutCheck('update');
export const deletes = withoutCheck('delete');
export const sends = withCheck('send');
export const spends = withCheck('spend');
export const grants = withCheck('grant');
