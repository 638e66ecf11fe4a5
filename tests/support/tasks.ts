import type { Sandbox } from '../../sandbox/server';
import { callTool, type Json, useStack } from './stack';

/** What a whole task needs, as an agent would do it: tools that succeed or fail, and the other side of the phone. */
export interface TaskTools {
  /** Calls a tool, by its name without `twilio_`. @throws Error if it fails */
  call(tool: string, args?: object): Promise<Json>;
  /** Calls a tool that must fail; returns its error. */
  failure(tool: string, args?: object): Promise<string>;
  sandbox(): Sandbox;
}

/** Starts a stack for the tests of a file and resets its sandbox before each one. */
export function taskTools(): TaskTools {
  const stack = useStack();
  return {
    async call(tool, args) {
      const { isError, text, structured } = await callTool(stack.url, `twilio_${tool}`, args);
      if (isError) throw new Error(`${tool}: ${text}`);
      return structured;
    },
    async failure(tool, args) {
      const { isError, text } = await callTool(stack.url, `twilio_${tool}`, args);
      expect(isError).toBe(true);
      return text;
    },
    sandbox: () => stack.sandbox,
  };
}
