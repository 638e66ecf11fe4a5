import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEEDS } from '../../sandbox/seed';
import {
  SANDBOX_ACCOUNT_SID,
  SANDBOX_API_KEY,
  SANDBOX_API_SECRET,
  SANDBOX_AUTH_TOKEN,
  type Sandbox,
  startSandbox,
} from '../../sandbox/server';
import { type LocalOptions, type LocalServer, serveLocally } from '../../scripts/serve-functions';
import { signatureOf } from '../../src/signature';

/** The Functions on twilio-run, with the sandbox instead of Twilio. */
export interface Stack {
  sandbox: Sandbox;
  /** A test that restarts the server replaces it. */
  server: LocalServer;
  /** The environment of the Functions. */
  env: Record<string, string>;
  /** `http://localhost:<port>/mcp` */
  url: string;
  close: () => Promise<void>;
}

export const SANDBOX_ENVIRONMENT = {
  ACCOUNT_SID: SANDBOX_ACCOUNT_SID,
  API_KEY: SANDBOX_API_KEY,
  API_SECRET: SANDBOX_API_SECRET,
  TWILIO_PHONE_NUMBER: SEEDS.numbers[0]!,
  // Most tests send the same more than once.
  MCP_REPEAT_SECONDS: 'off',
};

type StackOptions = LocalOptions & { lenient?: boolean; history?: boolean };

/** The stack of a file's or a block's tests: starts before them, ends after them, and is reset before each one. */
export function useStack(options?: StackOptions): Stack {
  const stack = {} as Stack;
  beforeAll(async () => {
    await startStack(options, stack);
  });
  afterAll(() => stack.close());
  beforeEach(() => stack.sandbox.reset());
  return stack;
}

/** Starts a stack, as an object of its own or as the given one. */
export async function startStack({ env, ...options }: StackOptions = {}, stack = {} as Stack): Promise<Stack> {
  const sandbox = await startSandbox({ lenient: options.lenient, history: options.history });
  const data = mkdtempSync(join(tmpdir(), 'twilio-mcp-data-'));
  try {
    const environment = { ...SANDBOX_ENVIRONMENT, DATABASE_PATH: join(data, 'store.db'), ...env };
    const server = await serveLocally({ ...options, env: environment, sandboxUrl: sandbox.url });
    Object.assign<Stack, Stack>(stack, {
      sandbox,
      server,
      env: environment,
      url: `${server.url}/mcp`,
      close: async () => {
        await stack.server.close();
        await sandbox.close();
        rmSync(data, { recursive: true, force: true });
      },
    });
    if (env?.TWILIO_TIMEOUT) {
      // The first call loads the client and opens the store, which short time limits leave no time for.
      await callTool(stack.url, 'twilio_inbox_list_conversations', { participant: SEEDS.numbers[0] });
      sandbox.reset();
    }
    return stack;
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the tests expect its shape
export type Json = any;

/** The result of a tool call, as a client sees it. */
export interface ToolResult {
  isError?: boolean;
  text: string;
  structured: Json;
}

let id = 0;

/** Posts a JSON-RPC message, signed in case the server requires it; `query` is for example `services=Voice`. */
export async function post(url: string, message: object, query = '', headers: Record<string, string> = {}) {
  const target = query ? `${url}?${query}` : url;
  const signature = await signatureOf(target, SANDBOX_AUTH_TOKEN);
  const response = await fetch(target, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-twilio-signature': signature, ...headers },
    body: JSON.stringify(message),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (text ? JSON.parse(text) : undefined) as Json,
  };
}

export async function callTool(
  url: string,
  name: string,
  args: object = {},
  // The client holds the numbers that its calls take.
  query = 'services=all&client=tests',
): Promise<ToolResult> {
  const { body } = await post(
    url,
    { jsonrpc: '2.0', id: ++id, method: 'tools/call', params: { name, arguments: args } },
    query,
  );
  if (body.error) throw new Error(body.error.message);
  const { content, structuredContent, isError } = body.result;
  return { isError, text: content[0].text, structured: structuredContent };
}

/** The structured answer of a tool. @throws Error with the text of an answer that is an error */
export async function ask(url: string, name: string, args: object = {}, query?: string): Promise<Json> {
  const { isError, text, structured } = await callTool(url, name, args, query);
  if (isError) throw new Error(text);
  return structured;
}

/** Resets the sandbox, makes the calls in `before` and then this one: its result and its requests to Twilio. */
export async function requestsOf(
  { sandbox, url }: Stack,
  name: string,
  args: object,
  before: readonly (readonly [tool: string, args: object])[] = [],
) {
  sandbox.reset();
  sandbox.options.lenient = true;
  for (const [tool, toolArgs] of before) await callTool(url, tool, toolArgs);
  const { seq } = sandbox.journal;
  const answer = await callTool(url, name, args);
  return { answer, requests: sandbox.journal.since(seq) };
}
