import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { validateRequest } from 'twilio';
import { PAGE_FILE } from '../scripts/build-page';
import { dayIn, signConnection, VALID_DAYS } from '../src/connect/address';
import { toolManifest } from '../src/connect/manifest';
import { DOMAINS } from '../src/domains';
import { words } from '../src/params';
import { ADDRESS, openConnectPage, TOKEN, textOf as textIn } from './support/connect-page';
import { post } from './support/stack';

/*
 * What the connect page does. How it looks and reads is in page-layout.test.ts.
 */

jest.setTimeout(120_000);

const connect = openConnectPage();
let page: Page;
beforeEach(() => {
  page = connect.page;
});

const textOf = (id: string) => textIn(page, id);
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

test('does not work in a frame of another page', async () => {
  await page.goto(`${connect.url}/nothing`);
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('iframe'), { src: '/' }));
  });
  const body = page.frameLocator('iframe').locator('body');
  await body.getByText('in a tab of its own only').waitFor();
  expect(await body.locator('input').count()).toBe(0);
  connect.consoleErrors.length = 0;
});

test('hides the token, in a field that no password manager offers to keep', async () => {
  const token = page.getByLabel('Auth token');
  expect(await token.getAttribute('type')).toBe('text');
  expect(await token.evaluate((input) => getComputedStyle(input).getPropertyValue('-webkit-text-security'))).toBe(
    'disc',
  );
});

test('signs and copies a configuration for the selected services, and keeps the token in its field', async () => {
  await page.getByLabel('Address of the server').fill(ADDRESS);
  await page.getByRole('checkbox', { name: 'Voice', exact: true }).check();
  await page.getByLabel('Read only').check({ force: true });
  await page.getByLabel('Name of this client').fill('laptop');
  await page.getByLabel('Last day').fill('2099-03-31');
  const signature = await changedText('signature', () => page.getByLabel('Auth token').fill(TOKEN));
  const url = await textOf('url');
  expect(validateRequest(TOKEN, signature, url, {})).toBe(true);
  const grant = { services: ['Messaging', 'Voice'], readonly: true, client: 'laptop', expires: '2099-03-31' };
  expect(url).toMatch(/\?services=Messaging&services=Voice&readonly=true&client=laptop&expires=2099-03-31&key=/);
  expect({ url, signature }).toEqual(await signConnection(ADDRESS, grant, TOKEN));

  await page.getByRole('radio', { name: 'Claude Code' }).check();
  await page.getByRole('button', { name: 'Copy the configuration' }).click();
  await page.getByText('Copied the configuration.').waitFor();
  const copied = await clipboard();
  expect(copied).toContain(`"${url}"`);
  expect(copied).toContain(`x-twilio-signature: ${signature}`);

  // Another selection has another URL and signature.
  const next = await changedText('signature', () => page.getByRole('checkbox', { name: 'Account' }).check());
  expect(validateRequest(TOKEN, next, await textOf('url'), {})).toBe(true);

  expect(connect.requests.map((request) => request.url())).toEqual([`${connect.url}/`]);
  const state = await page.evaluate(async () => ({
    html: document.documentElement.outerHTML,
    stored: JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    databases: (await indexedDB.databases()).length + (await caches.keys()).length,
    address: location.href,
    history: JSON.stringify(history.state),
  }));
  const address = `${connect.url}/#services=Messaging,Voice,Account&readonly=true&name=laptop`;
  expect(state).toMatchObject({ stored: '[{},{},""]', databases: 0, address, history: 'null' });
  expect(state.html).not.toContain(TOKEN);
  expect(copied).not.toContain(TOKEN);
  expect(JSON.stringify(await page.context().storageState())).not.toContain(TOKEN);
});

test('shows the command that does the same in a terminal, before it asks for the token', async () => {
  await page.goto(`${connect.url}/#services=Lookups&exclude=Voice,Api&name=laptop&label=tw`);
  await page.getByLabel('Address of the server').fill(ADDRESS);
  await page.getByLabel('Last day').fill('2099-03-31');
  expect(await textOf('command')).toBe(
    `npm run connect -- --url ${ADDRESS} --services Lookups --exclude Voice,Api --name laptop --expires 2099-03-31 --client claude-code --label tw`,
  );
  expect(await textOf('url')).toBe(
    `${ADDRESS}/mcp?services=Lookups&exclude=Voice&exclude=Api&client=laptop&expires=2099-03-31`,
  );
  const top = async (id: string) => (await page.locator(`#${id}`).boundingBox())!.y;
  expect(await top('command')).toBeLessThan(await top('token'));
  await page.getByLabel('Last day').fill('');
  expect(await textOf('url')).not.toContain('expires');
  expect(await textOf('command')).toContain('--expires never');
});

test('says what is wrong with the name or the day', async () => {
  await page.getByLabel('Address of the server').fill(ADDRESS);
  await page.getByLabel('Name of this client').fill('my laptop');
  await page.getByLabel('Last day').fill('2020-01-01');
  expect([await textOf('name-error'), await textOf('expires-error'), await textOf('url')]).toEqual([
    'Use up to 40 letters, digits, dots, hyphens and underscores.',
    'This day is over.',
    `${ADDRESS}/mcp?services=Messaging&expires=2020-01-01`,
  ]);
});

test('clears the token when the user leaves the page', async () => {
  await page.getByLabel('Address of the server').fill(ADDRESS);
  await page.getByLabel('Auth token').fill(TOKEN);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  expect(await page.getByLabel('Auth token').inputValue()).toBe('');
});

test('asks for no signature for a local server, and its URL works', async () => {
  expect(await page.getByLabel('Auth token').isVisible()).toBe(false);
  const url = await textOf('url');
  expect(url).toBe(`${connect.url}/mcp?services=Messaging`);
  const { status } = await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
  expect(status).toBe(200);
  await page.getByRole('button', { name: 'Copy the configuration' }).click();
  expect(await clipboard()).toContain(url);
  await page.getByRole('radio', { name: 'Playground' }).check();
  expect(await page.locator('#form').innerText()).toMatch(/Authentication\s+None/);
});

test('has a path for this machine and one for a deployment', async () => {
  const steps = () => page.locator('.step:visible').allTextContents();
  const local = ['Choose services', 'Say where the server runs', 'Configure your client'];
  expect(await steps()).toEqual(local);
  await page.getByRole('radio', { name: 'Deployed on Twilio' }).check();
  expect(await steps()).toEqual([...local.slice(0, 2), 'Sign the URL', 'Configure your client']);
  expect(await page.getByLabel('Address of the server').inputValue()).toBe('');
  await page.getByLabel('Address of the server').fill(ADDRESS);
  expect(await page.getByRole('radio', { name: 'Deployed on Twilio' }).isChecked()).toBe(true);
  await page.getByRole('radio', { name: 'On this machine' }).check();
  expect(await textOf('url')).toBe(`${connect.url}/mcp?services=Messaging`);
  expect(await steps()).toEqual(local);
});

test('opens the client with a link, once the configuration is complete', async () => {
  const link = page.getByRole('link', { name: /^Add to / });
  expect(await link.count()).toBe(0);
  await page.getByRole('radio', { name: 'VS Code' }).check();
  expect(await link.getAttribute('href')).toMatch(/^vscode:mcp\/install\?/);
  await page.getByLabel('Address of the server').fill(ADDRESS);
  expect(await link.count()).toBe(0);
  await page.getByRole('radio', { name: 'Cursor' }).check();
  const signature = await changedText('signature', () => page.getByLabel('Auth token').fill(TOKEN));
  const config = new URL((await link.getAttribute('href'))!).searchParams.get('config')!;
  expect(JSON.parse(atob(config)).headers).toEqual({ 'x-twilio-signature': signature });
});

test('copies each value of a form', async () => {
  await page.getByLabel('Address of the server').fill(ADDRESS);
  await page.getByRole('radio', { name: 'Playground' }).check();
  await changedText('signature', () => page.getByLabel('Auth token').fill(TOKEN));
  await page.getByRole('button', { name: 'Copy the header name of the form' }).click();
  await page.getByText('Copied the header name of the form.').waitFor();
  expect(await clipboard()).toBe('x-twilio-signature');
});

test('filters the services by name, purpose and tools', async () => {
  const shown = () => page.locator('.service:visible .name span:first-child').allTextContents();
  await page.getByLabel('Filter services').fill('whatsapp');
  expect(await shown()).toEqual(expect.arrayContaining(['Messaging', 'Content']));
  expect(await shown()).not.toContain('Voice');
  await page.getByLabel('Filter services').fill('conference');
  expect(await shown()).toEqual(['VoiceAddOns']);
  await page.getByLabel('Filter services').fill('fax');
  expect([await shown(), await textOf('no-service')]).toEqual([[], expect.stringContaining('No service matches.')]);
  expect(await textOf('url')).toContain('services=Messaging');
});

test('says which clients cannot reach a local server', async () => {
  const instructions: Record<string, string> = {};
  for (const radio of await page.locator('[name=client]').all()) {
    await radio.check();
    instructions[await radio.inputValue()] = await textOf('instructions');
  }
  const clientsWith = (pattern: RegExp) => Object.keys(instructions).filter((id) => pattern.test(instructions[id]!));
  expect(clientsWith(/OpenAI calls the server, so its address must be public/)).toEqual(
    words('openai-playground openai-curl openai-powershell openai-javascript openai-python'),
  );
  expect(clientsWith(/secret|signature/)).toEqual([]);
});

test('enables copying a configuration once it has a signature', async () => {
  const canCopy = (what: string) => page.getByRole('button', { name: `Copy the ${what}` }).isEnabled();
  await page.getByLabel('Address of the server').fill(ADDRESS);
  const canCopyAny = async () => [await canCopy('URL'), await canCopy('signature'), await canCopy('configuration')];
  expect(await canCopyAny()).toEqual([false, false, false]);
  expect(await textOf('url')).toBe(`${ADDRESS}/mcp?services=Messaging&expires=${dayIn(VALID_DAYS)}`);
  expect(await textOf('signature')).toBe('Paste the token to get it.');
  expect(await textOf('signature-missing')).toBe('Paste the token to get the signature.');
  const signature = await changedText('signature', () => page.getByLabel('Auth token').fill(TOKEN));
  expect(await canCopyAny()).toEqual([true, true, true]);
  expect(await textOf('signature-missing')).toBe('');
  expect(await textOf('configuration')).toContain(signature);
  await changedText('signature', () => page.getByLabel('Auth token').fill(''));
  expect(await canCopy('configuration')).toBe(false);
});

test('shows the number of tools and tokens of the tool list', async () => {
  await page.getByRole('button', { name: 'Select all' }).click();
  const url = await textOf('url');
  expect(url).toBe(`${connect.url}/mcp?services=all`);
  const { result } = (await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).body;
  const [, tools, tokens] = (await textOf('cost'))
    .match(/([\d,]+) tools · about ([\d,]+) tokens/)!
    .map((text) => Number(text.replace(',', '')));
  expect(tools).toBe(result.tools.length);
  expect(Math.abs(tokens! - JSON.stringify(result.tools).length / 4)).toBeLessThan(tools! * 2);
  expect(
    await page
      .locator('.tokens')
      .filter({ hasText: /^[\d,]+ tokens$/ })
      .count(),
  ).toBe(DOMAINS.length);
});

test('shows an error for a malformed token or address', async () => {
  await page.getByLabel('Address of the server').fill(ADDRESS);
  await page.getByLabel('Auth token').fill('SK123');
  expect(await page.getByRole('alert').filter({ hasText: '32' }).textContent()).toContain('32 digits');
  expect(await page.getByRole('button', { name: 'Copy the signature' }).isDisabled()).toBe(true);
  await page.getByLabel('Address of the server').fill('nowhere at all');
  expect(await page.getByRole('alert').filter({ hasText: 'address' }).textContent()).toContain('https://');
  expect(await page.getByRole('button', { name: 'Copy the URL' }).isDisabled()).toBe(true);
});

test('writes the label into the configuration, and shows which labels fit the selected services', async () => {
  await page.getByRole('radio', { name: 'VS Code' }).check();
  await page.getByLabel('Label of this connection').fill('twilio-dev');
  expect(JSON.parse(await textOf('configuration'))).toMatchObject({ servers: { 'twilio-dev': { type: 'http' } } });
  expect([await textOf('max-label-length'), await textOf('label-error')]).toEqual(['16', '']);
  await page.getByRole('button', { name: 'Select all' }).click();
  expect(await page.getByRole('alert').filter({ hasText: 'label' }).textContent()).toContain('at most 7 characters');
  expect(await textOf('configuration')).toBe('');
  expect(await page.getByRole('button', { name: 'Copy the configuration' }).isDisabled()).toBe(true);
});

test('shows how many tools the client can use, and warns about more', async () => {
  const warning = () => textOf('too-many-tools');
  expect(await textOf('cost')).not.toContain('at most');
  await page.getByRole('radio', { name: 'VS Code' }).check();
  expect([await textOf('cost'), await warning()]).toEqual([
    expect.stringContaining('tools of at most 128 in VS Code'),
    '',
  ]);
  await page.getByRole('button', { name: 'Select all' }).click();
  expect(await warning()).toBe('VS Code can use at most 128 tools: select fewer services.');
  await page.getByRole('radio', { name: 'Claude Code' }).check();
  expect(await warning()).toBe('');
});

test('searches the tools of the selected services, and others if these have none', async () => {
  const rows = page.locator('#tool-list > li:visible');
  expect(await rows.count()).toBe(DOMAINS.find(({ service }) => service === 'Messaging')!.tools.length);
  await page.getByLabel('Search by name').fill('send sms');
  expect(await rows.first().textContent()).toContain('twilio_messaging_send_sms');
  await rows.first().locator('summary').click();
  expect(await rows.first().textContent()).toMatch(/Recipient[\s\S]*destructiveHint: true/);
  await page.getByLabel('Search by name').fill('callSid');
  expect(await textOf('result-count')).toContain('None in the selected services; these are in others.');
  expect(await rows.count()).toBeGreaterThan(0);
  await page.getByLabel('Search by name').fill('refund');
  expect([await rows.count(), await textOf('result-count')]).toEqual([0, 'No tool matches.']);
  await page.getByLabel('Search by name').fill('');
  await page.getByLabel('Only selected services').uncheck();
  expect(await rows.count()).toBe(toolManifest().tools.length);
});

test.each([
  ['delivery failed why', 'twilio_messaging_get_message_status'],
  ['who called', 'twilio_voice_get_call_logs'],
])('falls back to tools with some of the words: %s', async (query, name) => {
  await page.getByLabel('Search by name').fill(query);
  expect(await textOf('result-count')).toContain('None has all these words; the first ones have the most.');
  const names = await page.locator('#tool-list > li summary code').allTextContents();
  expect(names.slice(0, 10)).toContain(name);
});

test('finds beginnings of words, and lists matching tool names first', async () => {
  await page.getByLabel('Only selected services').uncheck();
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
  expect(connect.consoleErrors.every((error) => /Content Security Policy|TrustedScript|Trusted/.test(error))).toBe(
    true,
  );
  connect.consoleErrors.length = 0;
});
