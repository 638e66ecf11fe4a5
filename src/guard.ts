/*
 * The guard of local servers, `scripts/loopback-guard.ts`, is loaded before them and in the same process. It marks the
 * process, since no setting or request may claim that only this machine can reach a server.
 */

const MARK = Symbol.for('twilio-mcp-functions.loopback-guard');
const marked = globalThis as { [MARK]?: { open: boolean } };

/** Called by the guard once it is in place. An open one also admits signed requests through a tunnel. */
export function markGuarded(guard: { open: boolean }): void {
  marked[MARK] = guard;
}

/** Whether this process serves a developer's machine. */
export const isGuarded = (): boolean => marked[MARK] !== undefined;

/** Whether the guard admits nothing but requests from this machine. */
export const isGuardClosed = (): boolean => marked[MARK]?.open === false;
