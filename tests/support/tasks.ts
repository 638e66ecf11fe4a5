import { ask, type Json, type Stack, startStack } from './stack';

/** Starts a stack for the tests of a file and resets its sandbox before each one. */
export function useTasks() {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.close());
  beforeEach(() => stack.sandbox.reset());
  const call = (name: string, args: object = {}): Promise<Json> => ask(stack.url, `twilio_${name}`, args);
  return {
    /** Calls a tool, named without `twilio_`. */
    call,
    refused: (name: string, args: object) => expect(call(name, args)).rejects,
    /** Infinity: reviews end, and calls and registrations complete, at once. */
    setSpeed: (speed: number) => {
      stack.sandbox.options.speed = speed;
    },
  };
}
