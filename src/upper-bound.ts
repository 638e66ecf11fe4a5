import type { Config } from './config';
import { EFFECTS, type Effect } from './effect';
import { ToolError } from './errors';

/*
 * What a deployment allows at most, whatever a URL selects: by service, tool and effect.
 */

/** The settings that bound what is offered. */
export type UpperBound = Partial<Pick<Config, 'allow' | 'readOnly' | 'stop'>>;

/** Why something must not be sent. */
export interface PolicyRefusal {
  /** The variable. */
  readonly rule: string;
  /** What it allows: goes on from "This deployment". */
  readonly allows: string;
  /** What goes beyond it, as a clause. */
  readonly problem: string;
}

/** The error for what a rule refuses. */
export class PolicyError extends ToolError {
  /** The variable. */
  readonly rule: string;
  /** What it allows, and what goes beyond it. */
  readonly reason: string;

  override readonly ifActed: string;

  /** `advice` says when, or by whom, it can be done. */
  constructor({ rule, allows, problem }: PolicyRefusal, advice = 'ask the owner') {
    const reason = `This deployment ${allows} (${rule}); ${problem}.`;
    super(`${reason} Nothing was sent, and no other tool will do it: ${advice}.`);
    this.rule = rule;
    this.reason = reason;
    this.ifActed = `${reason} That was not sent, and no other tool will do it: ${advice}. What the call did before may have been done.`;
  }
}

const isEffect = (name: string): name is Effect => (EFFECTS as readonly string[]).includes(name);

/** The services and tools in MCP_ALLOW: those that it allows, and with `!` those that it leaves out. */
export function namedInBound({ allow = [] }: UpperBound): { only: readonly string[]; without: readonly string[] } {
  const names = allow.filter((item) => !isEffect(item.replace(/^!/, '')));
  return {
    only: names.filter((name) => !name.startsWith('!')),
    without: names.filter((name) => name.startsWith('!')).map((name) => name.slice(1)),
  };
}

/** Whether there is a rule about effects at all. */
export const boundsEffects = ({ allow, readOnly, stop }: UpperBound): boolean =>
  Boolean(stop || readOnly) || allow !== undefined;

/** The rule that refuses an effect. Reading is always allowed. */
export function refusedEffect(
  effect: Effect,
  { allow = [], readOnly, stop }: UpperBound,
): Omit<PolicyRefusal, 'problem'> | undefined {
  if (effect === 'read') return undefined;
  if (stop) return { rule: 'MCP_STOP', allows: 'is stopped and only reads' };
  if (readOnly) return { rule: 'MCP_READONLY', allows: 'only reads' };
  const named = allow.filter(isEffect);
  if (!allow.includes(`!${effect}`) && (named.length === 0 || named.includes(effect))) return undefined;
  const allowed = EFFECTS.filter(
    (each) => each === 'read' || (!allow.includes(`!${each}`) && (named.length === 0 || named.includes(each))),
  );
  return { rule: 'MCP_ALLOW', allows: `allows ${allowed.join(', ')} only` };
}
