import type { Page } from 'playwright-core';
import { ADDRESS, openConnectPage, TOKEN, textOf } from './support/connect-page';

/*
 * Where the connect page gets its choice from and keeps it: the fragment of its address, and pasted URLs.
 */

jest.setTimeout(120_000);

const connect = openConnectPage();
let page: Page;
beforeEach(() => {
  page = connect.page;
});

const chosenClient = () => page.locator('[name=client]:checked').inputValue();

test('keeps the choice in the fragment, but not the address, and shows the choice of a shared link', async () => {
  await page.getByRole('checkbox', { name: 'Verify' }).check();
  await page.getByRole('radio', { name: 'Cursor' }).check();
  await page.getByLabel('Label of this connection').fill('tw-ro');
  await page.getByLabel('Read only').check({ force: true });
  await page.getByLabel('Dry run').check({ force: true });
  await page.getByLabel('Address of the server').fill(ADDRESS);
  const fragment = '#services=Messaging,Verify&readonly=true&dryrun=true&client=cursor&label=tw-ro';
  expect(await page.evaluate(() => location.hash)).toBe(fragment);
  await page.reload();
  expect(await textOf(page, 'url')).toBe(
    `${connect.url}/mcp?services=Messaging&services=Verify&readonly=true&dryrun=true`,
  );
  expect(await chosenClient()).toBe('cursor');
  expect(JSON.parse(await textOf(page, 'configuration'))).toHaveProperty(['mcpServers', 'tw-ro']);
  await page.evaluate(() => {
    location.hash = '#services=all&client=unknown';
  });
  await page.waitForFunction(() => document.getElementById('url')!.textContent!.endsWith('services=all'));
  expect(await chosenClient()).toBe('claude-code');
  // The skip link moves the focus and keeps the choice.
  await page.locator('.skip-link').focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => [document.activeElement!.id, location.hash])).toEqual([
    'connection',
    '#services=all',
  ]);
});

test('takes the choice from a pasted URL, and says what it cannot take', async () => {
  const address = page.getByLabel('Address of the server');
  const paste = async (text: string) => {
    await address.fill(text);
    await address.blur();
  };
  await paste(
    `${ADDRESS}/mcp?services=Voice&services=Inbox&readonly=true&dryrun=true&client=desk&expires=2099-12-31&key=x`,
  );
  expect(await address.inputValue()).toBe(ADDRESS);
  const isChecked = (name: string) => page.getByRole('checkbox', { name, exact: true }).isChecked();
  expect([await isChecked('Voice'), await isChecked('Inbox'), await isChecked('Messaging')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(await page.getByLabel('Name of this client').inputValue()).toBe('desk');
  await page.getByLabel('Auth token').fill(TOKEN);
  await page
    .getByText(/&readonly=true&dryrun=true&client=desk&expires=2099-12-31&key=[\w-]{22}$/)
    .first()
    .waitFor();
  const problem = page.getByRole('alert').filter({ hasText: /./ });
  for (const [url, message] of [
    [`${ADDRESS}/mcp?tools=twilio_voice_get_call`, /single tools.*npm run connect/],
    [`${ADDRESS}/mcp?ro=true`, /Unknown parameter "ro"/],
    [`${ADDRESS}/other`, /not at \/other/],
  ] as const) {
    await paste(url);
    expect(await problem.first().textContent()).toMatch(message);
    expect(await address.inputValue()).toBe(url);
  }
});
