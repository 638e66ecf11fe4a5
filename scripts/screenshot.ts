import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { buildPage, PAGE_FILE } from './build-page';

/*
 * `npm run screenshot`: the README's picture of the connect page, from Chromium (CHROMIUM, or Debian's).
 */

async function main(): Promise<void> {
  await buildPage();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    await page.goto(pathToFileURL(PAGE_FILE).href);
    await page.getByLabel('Your deployment').fill('https://twilio-mcp-1234-dev.twil.io');
    await page.getByLabel('Auth token').fill('0123456789abcdef'.repeat(2));
    await page.getByRole('checkbox', { name: /^Voice\b(?!Add)/ }).check();
    await page.getByRole('radio', { name: 'Claude Code' }).check();
    await page.locator('h1').click();
    const { height } = (await page.locator('.panel').boundingBox())!;
    const path = join(__dirname, '../docs/connect.png');
    await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width: 1280, height: Math.ceil(height) + 190 } });
  } finally {
    await browser.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
