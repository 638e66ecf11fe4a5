import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { build } from 'esbuild';
import { startSandbox } from '../sandbox/server';
import { escapeXml } from '../src/twiml';
import { localBundles, productBundles } from './build';
import { sandboxEnvironment } from './local-env';
import { freePort, serveLocally } from './serve-functions';

/*
 * `npm run demo` writes the README's moving picture. An MCP client sends a message through the server to the sandbox and
 * waits for its delivery; the picture shows these calls with parts of their answers. What the person and the agent say in
 * it is written here. tests/demo.test.ts records again and compares.
 */

/** The picture. */
export const DEMO_FILE = join(__dirname, '../docs/demo.svg');

const REQUEST = 'Text +14155550182 that the table is ready. Did it arrive?';
const TO = '+14155550182';
const BODY = 'Your table is ready.';

type Texts = Record<string, string>;
interface DemoCall {
  tool: string;
  shownArguments: Texts;
  answer: Texts;
}

/** Makes the calls of the picture at an MCP server with the sandbox behind it. Throws if nothing is delivered within 10 s. */
export async function recordDemo(url: string): Promise<DemoCall[]> {
  const client = new Client({ name: 'demo', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}?services=Messaging`)));
  const call = async (tool: string, args: Texts) => {
    const { structuredContent } = await client.callTool({ name: tool, arguments: args });
    return structuredContent as Texts;
  };
  const pick = (answer: Texts, ...names: string[]) => Object.fromEntries(names.map((name) => [name, answer[name]!]));
  try {
    const [send, check] = ['twilio_messaging_send_sms', 'twilio_messaging_get_message_status'];
    const args = { to: TO, body: BODY };
    const sent = await call(send, args);
    const deadline = Date.now() + 10_000;
    let state = sent;
    while (state.status !== 'delivered') {
      if (Date.now() > deadline) throw new Error(`After 10 s, the message is ${state.status}.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      state = await call(check, { messageSid: sent.sid! });
    }
    return [
      { tool: send, shownArguments: args, answer: pick(sent, 'status', 'from', 'numSegments') },
      { tool: check, shownArguments: { messageSid: 'SM…' }, answer: pick(state, 'status', 'to') },
    ];
  } finally {
    await client.close();
  }
}

const PICTURE_WIDTH = 900;
const PICTURE_HEIGHT = 300;
const LINE = 24;

const listOf = (fields: Texts) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

/** The picture of recorded calls: an SVG that plays once, within five seconds, and shows everything at its end. */
export function demoPicture(calls: readonly DemoCall[]): string {
  const final = calls.at(-1)!.answer.status!;
  let [y, delay] = [64, 0.2];
  const line = (kind: string, text: string, pause: number) => {
    const drawn = `<text class="${kind}" x="24" y="${y}" style="animation-delay:${delay.toFixed(1)}s">${escapeXml(text)}</text>`;
    y += LINE;
    delay += pause;
    return drawn;
  };
  const terminal = [
    line('person', `> ${REQUEST}`, 0.9),
    ...calls.flatMap(({ tool, shownArguments, answer }) => {
      y += LINE / 2;
      return [
        line('tool', `● ${tool}`, 0.3),
        line('detail', `  ${listOf(shownArguments)}`, 0.6),
        line('answer', `  → ${listOf(answer)}`, 0.6),
      ];
    }),
  ];
  const bubble = `<g style="animation-delay:${(delay - 0.3).toFixed(1)}s"><rect class="bubble" x="660" y="96" width="180" height="40" rx="14"/><text class="body" x="676" y="121">${escapeXml(BODY)}</text><text class="state" x="676" y="156">${final} ✓</text></g>`;
  y += LINE / 2;
  terminal.push(line('agent', `It was ${final}.`, 0));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PICTURE_WIDTH} ${PICTURE_HEIGHT}" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" role="img" aria-labelledby="title">
<title id="title">An agent sends a message with ${calls[0]!.tool}, checks it with ${calls[1]!.tool}, and the message is ${final}</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #e9eaf1; white-space: pre }
.label { font-weight: 600; fill: #a4a9bc }
.person, .agent { font-weight: 600; fill: #fff }
.tool { fill: #84b6ff }
.detail { fill: #a4a9bc }
.answer { fill: #62d6ab }
.window { fill: #14161f }
.phone { fill: #fff; stroke: #d9dbe3; stroke-width: 2 }
.name { fill: #585d70; font-family: system-ui, sans-serif; font-size: 13px }
.bubble { fill: #e6e8ef }
.body { fill: #1a1c26; font-family: system-ui, sans-serif }
.state { fill: #0b6b4f; font-family: system-ui, sans-serif; font-size: 12px; font-weight: 600 }
@media (prefers-reduced-motion: no-preference) {
  [style] { opacity: 0; animation: show .3s forwards }
}
@keyframes show { to { opacity: 1 } }
</style>
<rect class="window" x="1" y="1" width="620" height="${PICTURE_HEIGHT - 2}" rx="12"/>
<text class="label" x="24" y="34">Agent, with this MCP server</text>
${terminal.join('\n')}
<rect class="phone" x="644" y="16" width="236" height="${PICTURE_HEIGHT - 32}" rx="26"/>
<text class="name" x="762" y="46" text-anchor="middle">${TO}, in the sandbox</text>
${bubble}
</svg>
`;
}

async function main(): Promise<void> {
  await build(localBundles());
  await build(productBundles());
  const port = await freePort();
  // A store of its own: that of `npm start` may be in use.
  const folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-demo-'));
  const sandbox = await startSandbox();
  try {
    const env = { ...sandboxEnvironment({}, port), DATABASE_PATH: join(folder, 'store.db') };
    const server = await serveLocally({ port, env, sandboxUrl: sandbox.url });
    try {
      writeFileSync(DEMO_FILE, demoPicture(await recordDemo(`${server.url}/mcp`)));
      console.log('wrote docs/demo.svg');
    } finally {
      await server.close();
    }
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module)
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
