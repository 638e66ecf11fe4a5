import { readFileSync } from 'node:fs';
import type Axe from 'axe-core';
import type { Page } from 'playwright-core';
import { DOMAINS } from '../src/domains';
import { words } from '../src/params';
import { ADDRESS, openConnectPage, TOKEN, textOf } from './support/connect-page';

/*
 * How the connect page looks and reads: sizes of windows, themes, keyboard, screen readers.
 */

jest.setTimeout(120_000);

const connect = openConnectPage();
let page: Page;
beforeEach(() => {
  page = connect.page;
});

test('the keyboard reaches every control in the order of the steps', async () => {
  await page.getByLabel('Address of the server').fill(ADDRESS);
  await page.getByLabel('Auth token').fill(TOKEN);
  await page.locator('[data-copy=configuration]:enabled').waitFor();
  const focused: string[] = [];
  await page.locator('h1').click();
  for (let presses = 0; presses < DOMAINS.length + 25 && focused.at(-1) !== 'search'; presses++) {
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
    'readonly service-filter all none Messaging deployed address url token signature claude-code configuration label search',
  );
  expect(focused.filter((id) => order.includes(id))).toEqual(order);
});

test.each([320, 360, 390, 768, 1280])('nothing is cut off at a width of %i pixels', async (width) => {
  await page.setViewportSize({ width, height: 800 });
  await page.getByLabel('Address of the server').fill(ADDRESS);
  const cut = await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    return [...document.querySelectorAll('.scroll')]
      .filter((table) => table.scrollWidth > table.clientWidth)
      .map((table) => table.closest('li')!.querySelector('code')!.textContent);
  });
  expect(cut).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
});

test('the total stays in view and never hides what has the focus', async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const last = page.getByRole('checkbox', { name: DOMAINS.at(-1)!.service, exact: true });
  await last.focus();
  await last.check();
  const [total, box] = [(await page.locator('.total').boundingBox())!, (await last.boundingBox())!];
  expect(total.y + total.height).toBeLessThanOrEqual(800);
  expect(box.y + box.height).toBeLessThan(total.y);
});

test('names each service once, and describes it by cost and purpose', async () => {
  const service = page.getByRole('checkbox', { name: 'Inbox', exact: true });
  const described = (await service.getAttribute('aria-describedby'))!.split(' ');
  const texts = await Promise.all(described.map((id) => textOf(page, id)));
  expect(texts).toEqual([
    expect.stringMatching(/^[\d,]+ tokens$/),
    DOMAINS.find((one) => one.service === 'Inbox')!.summary,
  ]);
  expect(await page.locator('h3').count()).toBe(0);
});

const THEMES = (['light', 'dark'] as const).flatMap((colorScheme) =>
  (['none', 'active'] as const).map((forcedColors) => ({ colorScheme, forcedColors })),
);
describe.each(THEMES)('in %j', (theme) => {
  test.each([1280, 390])('axe finds no problem at a width of %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ ...theme, reducedMotion: 'reduce' });
    await page.getByLabel('Address of the server').fill(ADDRESS);
    await page.getByLabel('Label of this connection').fill('my label');
    await page.evaluate(() => {
      for (const details of [...document.querySelectorAll('details')].slice(0, 3)) details.open = true;
    });
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof Axe }).axe.run());
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)).toEqual([]);
  });
});

test('high contrast shows what is selected', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  const look = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { backgroundColor, borderTopColor, outlineStyle } = getComputedStyle(element);
        return [backgroundColor, borderTopColor, outlineStyle].join();
      });
  expect(await look('.choice :checked + span')).not.toBe(await look('.choice :not(:checked) + span'));
  expect(await look('.service:has(:checked)')).not.toBe(await look('.service:not(:has(:checked))'));
  const off = await look('.track');
  await page.getByLabel('Read only').check({ force: true });
  expect(await look('.track')).not.toBe(off);
});

test.each([360, 768])('the next step is close and a type takes one line at a width of %i pixels', async (width) => {
  await page.setViewportSize({ width, height: 800 });
  // A narrow window closes the list, a moment after it has changed.
  await page.locator('#services:not([open])').waitFor();
  expect((await page.locator('#connection').boundingBox())!.y).toBeLessThan(600);
  await page.locator('#services > summary').click();
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
