import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { selectToolset } from '../src/mcp/toolset';
import { post, useStack } from './support/stack';

/*
 * `tools/list` is written by the build, as most schemas would otherwise be computed by every new process.
 */

const stack = useStack();

test.each(['all', 'Messaging', 'Inbox,PhoneNumbers'])('services=%s is listed as the tools are', async (services) => {
  const { body } = await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, `services=${services}`);
  const computed = selectToolset({ services: services.split(',') }).listed();
  expect(body.result.tools).toEqual(JSON.parse(JSON.stringify(computed)));
});

test('a new process lists what the build has written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-lists-'));
  const written = [{ name: 'twilio_lookups_validate_phone_number', title: 'Written by the build' }];
  const path = join(folder, 'tools.bin');
  writeFileSync(path, brotliCompressSync(JSON.stringify({ Lookups: JSON.stringify(written) })));
  const runtime = globalThis as { Runtime?: object };
  runtime.Runtime = { getAssets: () => ({ '/tools.bin': { path } }) };
  try {
    const titles = selectToolset({ services: ['Lookups'] })
      .listed()
      .map(({ title }) => title);
    expect(titles).toContain('Written by the build');
    expect(titles.length).toBeGreaterThan(written.length);
  } finally {
    delete runtime.Runtime;
    rmSync(folder, { recursive: true });
  }
});
