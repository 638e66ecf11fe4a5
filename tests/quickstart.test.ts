import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { freePort, freshClone, startProgram } from './support/clone';

/*
 * Runs the commands and makes the tool calls of docs/inbox.md as written, with a real MCP client.
 */

jest.setTimeout(120_000);

type Step = { run: string } | { call: string; args: Record<string, unknown> };

/** The steps of the guide: shell lines, and tool calls written as `name {json}`. */
function steps(): Step[] {
  const guide = readFileSync(join(__dirname, '../docs/inbox.md'), 'utf8').split('## Try it')[1]!.split('\n## ')[0]!;
  return [...guide.matchAll(/```(sh|mcp)\n([\s\S]*?)```/g)].flatMap(([, kind, text]) =>
    text!
      .trim()
      .split('\n')
      .map((line): Step => {
        if (kind === 'sh') return { run: line };
        const [call, ...json] = line.split(' ');
        return { call: call!, args: JSON.parse(json.join(' ') || '{}') };
      }),
  );
}

test('docs/inbox.md works as written', async () => {
  const { folder, remove } = freshClone();
  const port = await freePort();
  const [start, ...rest] = steps();
  expect(start).toEqual({ run: 'npm start' });
  const { until, stop } = startProgram('npm', ['start'], folder, { PORT: String(port) });
  const client = new Client({ name: 'quickstart', version: '1.0.0' });
  try {
    await until(/Nothing is sent/);
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`http://localhost:${port}/mcp?services=Messaging,Inbox,AgentPhone`)),
    );
    // biome-ignore lint/suspicious/noExplicitAny: the tests expect its shape
    const answers: Record<string, any> = {};
    for (const step of rest) {
      if ('run' in step) {
        const [command, ...args] = step.run.match(/"[^"]*"|\S+/g)!.map((word) => word.replace(/^"|"$/g, ''));
        await promisify(execFile)(command!, args, { cwd: folder });
        continue;
      }
      // `<conversationId>` and other placeholders stand for fields of earlier results.
      const args = JSON.parse(
        JSON.stringify(step.args).replace(
          /<(\w+)>/g,
          (_, field) => Object.values(answers).findLast((a) => a[field])![field],
        ),
      );
      const answer = await client.callTool({ name: step.call, arguments: args });
      expect(answer.isError ?? false).toBe(false);
      answers[step.call] = answer.structuredContent;
    }
    // Delivery takes a moment.
    const thread = 'twilio_inbox_get_conversation_thread';
    const { conversationId } = answers.twilio_messaging_send_sms;
    for (let tries = 0; tries < 50 && answers[thread].messages[0].status !== 'delivered'; tries++) {
      await setTimeout(200);
      answers[thread] = (
        await client.callTool({ name: thread, arguments: { conversationId, includeContext: true } })
      ).structuredContent;
    }
    expect(answers[thread]).toMatchObject({
      participants: ['+14155550100', '+15005550006'],
      messages: [
        { direction: 'outbound', body: 'Your table is ready.', status: 'delivered' },
        { direction: 'inbound', body: 'On my way!', status: 'received' },
      ],
      context: { messageCount: 2 },
    });
    expect(answers.twilio_agent_phone_get_phone_number).toMatchObject({ phone_number: '+12025550143' });
    expect(answers.twilio_agent_phone_wait_for_sms).toMatchObject({ to: '+12025550143', body: 'Your code is 123456' });
    expect(answers.twilio_agent_phone_extract_otp_from_sms).toMatchObject({ code: '123456' });
    expect(answers.twilio_agent_phone_list_assignments).toMatchObject({ pool: { size: 1, assigned: 0, free: 1 } });
  } finally {
    await client.close();
    await stop();
    remove();
  }
});
