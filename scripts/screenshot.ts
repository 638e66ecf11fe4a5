import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { connectionUrl } from '../src/connect/address';
import { SIGNATURE_PLACEHOLDER } from '../src/connect/client';
import { CLIENTS, instructionsFor } from '../src/connect/configurations';
import { DOMAINS } from '../src/domains';
import { buildPage, PAGE_FILE, PAGE_SOURCES } from './build-page';

/*
 * `npm run screenshot` takes the README's picture of the connect page with Chromium (CHROMIUM, default Debian's).
 */

const EXAMPLE_ADDRESS = 'https://twilio-mcp-1234-dev.twil.io';
const SHOWN_CLIENT = CLIENTS.find(({ id }) => id === 'claude-code')!;

/** Writes the picture of the README. */
export async function takeScreenshot(): Promise<void> {
  await buildPage();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    await page.goto(pathToFileURL(PAGE_FILE).href);
    await page.getByLabel('Address of the server').fill(EXAMPLE_ADDRESS);
    await page.getByLabel('Auth token').fill('0123456789abcdef'.repeat(2));
    await page.getByRole('checkbox', { name: 'Voice', exact: true }).check();
    await page.getByRole('radio', { name: SHOWN_CLIENT.title }).check();
    // Moves the focus out of the picture.
    await page.locator('h1').click();
    // The total stays at the lower edge of the window, here below the panel.
    const { y, height } = (await page.locator('.panel').boundingBox())!;
    await page.setViewportSize({ width: 1280, height: Math.ceil(y + height) + 70 });
    await page.screenshot({ path: join(__dirname, '../docs/connect.png') });
  } finally {
    await browser.close();
  }
}

/**
 * A hash that changes when the picture is out of date: of the page's sources and the services and clients that it
 * shows. Tools and their token counts are left out, because they change too often.
 */
export function screenshotFingerprint(): string {
  const url = connectionUrl(EXAMPLE_ADDRESS, { services: ['Messaging', 'Voice'], readonly: false });
  const shown = [
    readdirSync(PAGE_SOURCES)
      .sort()
      .map((file) => readFileSync(join(PAGE_SOURCES, file), 'utf8')),
    DOMAINS.map(({ service, summary }) => [service, summary]),
    CLIENTS.map(({ id, title }) => [id, title]),
    instructionsFor(SHOWN_CLIENT, url),
    SHOWN_CLIENT.write({ url, signature: SIGNATURE_PLACEHOLDER }),
  ];
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 16);
}

if (require.main === module)
  takeScreenshot().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
