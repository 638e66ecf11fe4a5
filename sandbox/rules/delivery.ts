/** Why a message does not arrive: unreachable recipients, opt-outs and the rules of WhatsApp. */
import type { StoredResource } from '../store';
import type { SandboxState } from '../types';
import type { renderContent } from './content';
import { messagesOf } from './phone';

/** A Messaging Service accepts a message to a person who has opted out, which then fails with this code. */
export const UNSUBSCRIBED = 21610;

/** Texts of the codes with which an accepted message fails. */
export const FAILURES: Readonly<Record<number, string>> = {
  30003: 'Unreachable destination handset',
  30004: 'Message blocked',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
  [UNSUBSCRIBED]: 'Attempt to send to unsubscribed recipient',
  63016:
    'Failed to send freeform message because you are outside the allowed window. If you are using WhatsApp, please use a Message Template.',
  63028: 'Number of parameters provided does not match the expected number of parameters',
};

const SESSION_MS = 24 * 3_600_000;
/** A recipient of the sandbox's history that cannot be reached. */
const UNREACHABLE = '+14155550199';

/** Whether a person wrote to a WhatsApp sender, or without one to any, in the last 24 hours. */
function isInWindow(state: SandboxState, accountSid: string, person: string, sender: unknown, now: number): boolean {
  return state.store
    .list(messagesOf(accountSid))
    .some(
      ({ body, createdAt }) =>
        body.direction === 'inbound' &&
        body.from === person &&
        (sender == null || body.to === sender) &&
        now - createdAt < SESSION_MS,
    );
}

/**
 * The code with which an accepted message will fail; undefined if it will arrive. A number that ends in 30003 to 30008
 * fails with that code.
 */
export function deliveryFailure(
  { body }: StoredResource,
  content: ReturnType<typeof renderContent>,
  state: SandboxState,
  now: number,
): number | undefined {
  const to = String(body.to);
  if (to.startsWith('whatsapp:')) {
    if (content && !content.complete) return 63028;
    const mayStart = content?.approved || isInWindow(state, String(body.account_sid), to, body.from, now);
    if (!mayStart) return 63016;
  }
  const code = Number(/3000[3-8]$/.exec(to)?.[0]);
  if (code) return code;
  return to.endsWith(UNREACHABLE) ? 30003 : undefined;
}
