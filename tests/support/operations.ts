import { callTool, useStack } from './stack';

/** Starts a lenient stack for the tests of a file, with the sandbox reset before each one, and calls its API tools. */
export function useOperationTools(env: Record<string, string> = {}) {
  const stack = useStack({ lenient: true, env });
  const call = (tool: string, args: object) => callTool(stack.url, `twilio_api_${tool}`, args, 'services=Api');
  return {
    stack: () => stack,
    call,
    read: (id: string, params: object = {}, rest: object = {}) => call('read', { id, params, ...rest }),
    write: (id: string, params: object = {}, rest: object = {}) => call('write', { id, params, ...rest }),
    sent: () => stack.sandbox.journal.entries,
  };
}

export const fakeSid = (prefix: string) => prefix + 'a'.repeat(32);
