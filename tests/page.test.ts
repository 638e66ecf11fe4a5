import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { validateRequest } from 'twilio';
import { PAGE_FILE } from '../scripts/build-page';
import { toolManifest } from '../src/connect/manifest';
import { DOMAINS } from '../src/domains';
import { words } from '../src/params';
import { post, type Stack, startStack } from './support/stack';

/*
 * The connect page in a real browser, served as Twilio serves it.
 */

jest.setTimeout(120_000);

const TOKEN = '0123456789abcdef0123456789abcdef';
const ADDRESS = 'https://twilio-mcp-1234-dev.twil.io';
const FLAGS = [
  ...words(
    '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync',
  ),
];

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  stack = await startStack();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
});
afterAll(async () => {
  await browser.close();
  await stack.close();
});

let context: BrowserContext;
let page: Page;
let requests: Request[];
let consoleErrors: string[];
beforeEach(async () => {
  context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  page = await context.newPage();
  requests = [];
  consoleErrors = [];
  context.on('request', (request) => requests.push(request));
  page.on('pageerror', (error) => consoleErrors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && consoleErrors.push(message.text()));
  await page.goto(`${stack.server.url}/`);
});
afterEach(async () => {
  expect(consoleErrors).toEqual([]);
  await context.close();
});

const textOf = (id: string) => page.locator(`#${id}`).evaluate((element) => element.textContent ?? '');
const chosenClient = () => page.locator('[name=client]:checked').inputValue();
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
/** The text of an element once an action has changed it. */
const changedText = async (id: string, act: () => Promise<unknown>) => {
  const before = await textOf(id);
  await act();
  await page.waitForFunction(
    ([element, text]) => document.getElementById(element!)?.textContent !== text,
    [id, before],
  );
  return textOf(id);
};

test('signs and copies a configuration for the selected services, and keeps the token in its field', async () => {
  await page.getByLabel('Your deployment').fill(ADDRESS);
  await page.getByRole('checkbox', { name: /^Voice\b(?!Add)/ }).check();
  await page.getByLabel('Read only').check({ force: true });
  const url = await textOf('url');
  expect(url).toBe(`${ADDRESS}/mcp?services=Messaging&services=Voice&readonly=true`);

  const signature = await changedText('signature', () => page.getByLabel('Auth token').fill(TOKEN));
  expect(validateRequest(TOKEN, signature, url, {})).toBe(true);

  await page.getByRole('radio', { name: 'Claude Code' }).check();
  await page.getByRole('button', { name: 'Copy the configuration' }).click();
  await expect(page.getByText('Copied: Copy the configuration').textContent()).resolves.toContain('Copied');
  const copied = await clipboard();
  expect(copied).toContain(`'${url}'`);
  expect(copied).toContain(`x-twilio-signature: ${signature}`);

  // Another selection has another URL and signature.
  const next = await changedText('signature', () => page.getByRole('checkbox', { name: /^Account/ }).check());
  expect(validateRequest(TOKEN, next, await textOf('url'), {})).toBe(true);

  expect(requests.map((request) => request.url())).toEqual([`${stack.server.url}/`]);
  const state = await page.evaluate(async () => ({
    html: document.documentElement.outerHTML,
    stored: JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    databases: (await indexedDB.databases()).length + (await caches.keys()).length,
    address: location.href,
    history: JSON.stringify(history.state),
  }));
  expect(state).toMatchObject({ stored: '[{},{},""]', databases: 0, address: `${stack.server.url}/`, history: 'null' });
  expect(state.html).not.toContain(TOKEN);
  expect(copied).not.toContain(TOKEN);
  expect(JSON.stringify(await context.storageState())).not.toContain(TOKEN);
});

test('clears the token when the user leaves the page', async () => {
  await page.getByLabel('Your deployment').fill(ADDRESS);
  await page.getByLabel('Auth token').fill(TOKEN);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  expect(await page.getByLabel('Auth token').inputValue()).toBe('');
});

test('asks for no signature for a local server, and its URL works', async () => {
  expect(await page.getByLabel('Auth token').isVisible()).toBe(false);
  const url = await textOf('url');
  expect(url).toBe(`${stack.server.url}/mcp?services=Messaging`);
  const { status } = await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
  expect(status).toBe(200);
  await page.getByRole('button', { name: 'Copy the configuration' }).click();
  expect(await clipboard()).toContain(url);
  await page.getByRole('radio', { name: 'OpenAI Playground' }).check();
  expect(await textOf('configuration')).toContain('Authentication  None');
});

test('selects a client that can reach a local server, and says which clients cannot', async () => {
  expect(await chosenClient()).toBe('agents-javascript');
  const instructions: Record<string, string> = {};
  for (const radio of await page.getByRole('radio').all()) {
    await radio.check();
    instructions[await radio.inputValue()] = await textOf('instructions');
  }
  const clientsWith = (pattern: RegExp) => Object.keys(instructions).filter((id) => pattern.test(instructions[id]!));
  expect(clientsWith(/OpenAI calls the server, so its address must be public/)).toEqual(
    words('openai-playground openai-curl openai-javascript openai-python'),
  );
  expect(clientsWith(/secret|signature/)).toEqual([]);
});

test('selects a client by the address until the user selects one', async () => {
  expect(await chosenClient()).toBe('agents-javascript');
  await page.getByLabel('Your deployment').fill(ADDRESS);
  expect(await chosenClient()).toBe('openai-playground');
  await page.getByRole('radio', { name: 'VS Code' }).check();
  expect(await textOf('instructions')).toContain('The signature is a secret');
  await page.getByLabel('Your deployment').fill(stack.server.url);
  expect(await chosenClient()).toBe('vscode');
});

test('enables copying a configuration once it has a signature', async () => {
  const canCopy = (what: string) => page.getByRole('button', { name: `Copy the ${what}` }).isEnabled();
  await page.getByLabel('Your deployment').fill(ADDRESS);
  expect([await canCopy('URL'), await canCopy('signature'), await canCopy('configuration')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(await textOf('signature')).toBe('Paste the token to get it.');
  expect(await textOf('signature-missing')).toBe('Paste the token to get it.');
  const signature = await changedText('signature', () => page.getByLabel('Auth token').fill(TOKEN));
  expect(await canCopy('configuration')).toBe(true);
  expect(await textOf('signature-missing')).toBe('');
  expect(await textOf('configuration')).toContain(signature);
  await changedText('signature', () => page.getByLabel('Auth token').fill(''));
  expect(await canCopy('configuration')).toBe(false);
});

test('shows the number of tools and tokens of the tool list', async () => {
  await page.getByRole('button', { name: 'All', exact: true }).click();
  const url = await textOf('url');
  expect(url).toBe(`${stack.server.url}/mcp?services=all`);
  const { result } = (await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).body;
  const [, tools, tokens] = (await textOf('cost'))
    .match(/([\d,]+) tools, about ([\d,]+) tokens/)!
    .map((text) => Number(text.replace(',', '')));
  expect(tools).toBe(result.tools.length);
  expect(Math.abs(tokens! - JSON.stringify(result.tools).length / 4)).toBeLessThan(tools! * 2);
  expect(await page.getByRole('checkbox', { name: /tokens/ }).count()).toBe(toolManifest().services.length);
});

test('shows an error for a malformed token or address', async () => {
  await page.getByLabel('Your deployment').fill(ADDRESS);
  await page.getByLabel('Auth token').fill('SK123');
  expect(await page.getByRole('alert').filter({ hasText: '32' }).textContent()).toContain('32 digits');
  expect(await page.getByRole('button', { name: 'Copy the signature' }).isDisabled()).toBe(true);
  await page.getByLabel('Your deployment').fill('nowhere at all');
  expect(await page.getByRole('alert').filter({ hasText: 'deployment' }).textContent()).toContain('https://');
  expect(await page.getByRole('button', { name: 'Copy the URL' }).isDisabled()).toBe(true);
});

test('writes the label into the configuration, and shows which labels fit the selected services', async () => {
  await page.getByRole('radio', { name: 'VS Code' }).check();
  await page.getByLabel('Label of this connection').fill('twilio-dev');
  expect(JSON.parse(await textOf('configuration'))).toMatchObject({ servers: { 'twilio-dev': { type: 'http' } } });
  expect([await textOf('max-label-length'), await textOf('label-error')]).toEqual(['16', '']);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  expect(await page.getByRole('alert').filter({ hasText: 'label' }).textContent()).toContain('at most 7 characters');
  expect(await textOf('configuration')).toBe('');
  expect(await page.getByRole('button', { name: 'Copy the configuration' }).isDisabled()).toBe(true);
});

test('warns about more tools than the client can use', async () => {
  const warning = () => textOf('too-many-tools');
  await page.getByRole('radio', { name: 'VS Code' }).check();
  expect(await warning()).toBe('');
  await page.getByRole('button', { name: 'All', exact: true }).click();
  expect(await warning()).toBe('VS Code can use at most 128 tools: select fewer services.');
  await page.getByRole('radio', { name: 'Claude Code' }).check();
  expect(await warning()).toBe('');
});

test('searches the tool reference and narrows it to the selected services', async () => {
  const rows = page.locator('#tool-list > li:visible');
  expect(await rows.count()).toBe(toolManifest().tools.length);
  await page.getByLabel('Search by name').fill('send sms');
  expect(await rows.first().textContent()).toContain('twilio_messaging_send_sms');
  await rows.first().locator('summary').click();
  expect(await rows.first().textContent()).toMatch(/Recipient[\s\S]*destructiveHint: true/);
  await page.getByLabel('Search by name').fill('callSid');
  expect(await rows.count()).toBeGreaterThan(0);
  await page.getByLabel('Only selected services').check();
  expect(await rows.count()).toBe(0);
  expect(await textOf('result-count')).toBe('No tool matches all these words.');
});

test('finds beginnings of words, and lists matching tool names first', async () => {
  const names = () => page.locator('#tool-list > li:visible summary code').allTextContents();
  const search = async (query: string) => {
    await page.getByLabel('Search by name').fill(query);
    return page.locator('#tool-list > li:visible').allTextContents();
  };
  const hangUpTools = await search('hang up');
  expect((await names())[0]).toBe('twilio_voice_hang_up_call');
  expect(hangUpTools.filter((text) => !/(?<![a-z])hang/i.test(text))).toEqual([]);

  await search('conference recording');
  const inName = (await names()).map((name) => /_conference_recording/.test(name));
  expect(inName[0]).toBe(true);
  expect(inName.lastIndexOf(true)).toBeLessThan(inName.indexOf(false));

  // Full tool names match, and so do later words of argument names.
  await search('twilio_messaging_send_sms');
  expect((await names())[0]).toBe('twilio_messaging_send_sms');
  const withSid = await search('callSid');
  expect(withSid.filter((text) => !/callSid/i.test(text))).toEqual([]);
  await search('hang up sid');
  expect(await names()).toContain('twilio_voice_hang_up_call');

  // An empty search shows the whole list in its original order.
  await search('');
  expect(await names()).toEqual(toolManifest().tools.map(({ name }) => name));
});

test('the keyboard reaches every control in the order of the steps', async () => {
  await page.getByLabel('Your deployment').fill(ADDRESS);
  await changedText('signature', () => page.getByLabel('Auth token').fill(TOKEN));
  const focused: string[] = [];
  await page.locator('h1').click();
  for (let presses = 0; presses < DOMAINS.length + 20 && focused.at(-1) !== 'search'; presses++) {
    await page.keyboard.press('Tab');
    focused.push(
      await page.evaluate(
        () =>
          (document.activeElement as HTMLElement).id ||
          (document.activeElement as HTMLElement).dataset.copy ||
          (document.activeElement as HTMLInputElement).value,
      ),
    );
  }
  const order: readonly string[] = words(
    'readonly all none Messaging address url token signature openai-playground label configuration search',
  );
  expect(focused.filter((id) => order.includes(id))).toEqual(order);
});

test.each([320, 360, 390, 768, 1280])('nothing is cut off at a width of %i pixels', async (width) => {
  await page.setViewportSize({ width, height: 800 });
  await page.getByLabel('Your deployment').fill(ADDRESS);
  const cut = await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    return [...document.querySelectorAll('.scroll')]
      .filter((table) => table.scrollWidth > table.clientWidth)
      .map((table) => table.closest('li')!.querySelector('code')!.textContent);
  });
  expect(cut).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
});

test.each([360, 768])('the next step is close and a type takes one line at a width of %i pixels', async (width) => {
  await page.setViewportSize({ width, height: 800 });
  expect((await page.locator('#connection').boundingBox())!.y).toBeLessThan(1000);
  // Services that are scrolled out of view can be selected, too.
  const last = page.locator('#services input').last();
  await last.check();
  expect(await last.isChecked()).toBe(true);
  const broken = await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    return [...document.querySelectorAll('td code')]
      .filter((code) => /^(string|integer|number|boolean)(\[\])?$/.test(code.textContent))
      .filter((code) => code.getClientRects().length > 1).length;
  });
  expect(broken).toBe(0);
});

test('the content security policy forbids every request, and every script but its own', async () => {
  const html = readFileSync(PAGE_FILE, 'utf8');
  const [, policy] = html.match(/Content-Security-Policy" content="([^"]+)"/)!;
  const [, script] = html.match(/<script>([\s\S]+?)<\/script>/)!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(policy).toContain(createHash('sha256').update(script!).digest('base64'));
  const succeeded = await page.evaluate(async () => {
    const injected = document.createElement('script');
    try {
      injected.textContent = 'window.injected = true';
    } catch {}
    document.body.append(injected);
    const fetched = await fetch('/mcp').then(
      () => true,
      () => false,
    );
    return [fetched, 'injected' in window];
  });
  expect(succeeded).toEqual([false, false]);
  // The browser reports only these attempts.
  expect(consoleErrors.every((error) => /Content Security Policy|TrustedScript|Trusted/.test(error))).toBe(true);
  consoleErrors.length = 0;
});
