import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, freshClone, startProgram } from './support/clone';
import { post } from './support/stack';

/*
 * `npm run dev`.
 */

jest.setTimeout(180_000);

test('a build with errors leaves the last good one, and the page follows the sources', async () => {
  const { folder, remove } = freshClone();
  const port = await freePort();
  const { until, output, stop } = startProgram('npm', ['run', 'dev'], folder, { PORT: String(port) });
  const firstTool = async () => {
    const { body } = await post(`http://localhost:${port}/mcp`, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    return body.result.tools[0].title;
  };
  const file = join(folder, 'src/domains/messaging.ts');
  const source = readFileSync(file, 'utf8');
  const changed = source.replace("title: 'Send SMS", "title: 'Post SMS");
  expect(changed).not.toBe(source);
  try {
    await until(/MCP server/);
    const title = await firstTool();
    writeFileSync(file, `${changed}\nconst broken = ;\n`);
    await until(/The build failed: the server still runs the last good build\./);
    expect(await firstTool()).toBe(title);
    writeFileSync(file, changed);
    await until(/The build works again and is running\./);
    expect(await firstTool()).toMatch(/^Post SMS/);
    await until(/The connect page is rebuilt\./);
    expect(await (await fetch(`http://localhost:${port}/`)).text()).toContain('Post SMS');
    const pages = output().match(/The connect page is rebuilt/g)!.length;
    const page = join(folder, 'assets/index.html');
    writeFileSync(page, readFileSync(page, 'utf8').replace('Connect an agent to Twilio', 'Connect a robot'));
    await until(new RegExp(`(The connect page is rebuilt[\\s\\S]*){${pages + 1}}`));
    expect(await (await fetch(`http://localhost:${port}/`)).text()).toContain('Connect a robot');
  } finally {
    await stop();
    remove();
  }
});
