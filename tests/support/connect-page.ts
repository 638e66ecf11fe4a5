import { type Browser, chromium, type Page, type Request } from 'playwright-core';
import { words } from '../../src/params';
import { type Stack, startStack } from './stack';

/*
 * The connect page in a real browser, served as Twilio serves it.
 */

export const TOKEN = '0123456789abcdef0123456789abcdef';
/** The address of a deployment. */
export const ADDRESS = 'https://twilio-mcp-1234-dev.twil.io';
const FLAGS = [
  ...words(
    '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync',
  ),
];

export interface ConnectPage {
  page: Page;
  /** The address of the server that serves the page. */
  url: string;
  requests: Request[];
  /** A test that expects errors empties the list. */
  consoleErrors: string[];
}

/** Opens the page before each test of a file, and fails tests that leave an error in the browser's console. */
export function openConnectPage(): ConnectPage {
  const opened = {} as ConnectPage;
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
  beforeEach(async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    const [requests, consoleErrors]: [Request[], string[]] = [[], []];
    context.on('request', (request) => requests.push(request));
    page.on('pageerror', (error) => consoleErrors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && consoleErrors.push(message.text()));
    Object.assign(opened, { page, url: stack.server.url, requests, consoleErrors });
    await page.goto(`${stack.server.url}/`);
  });
  afterEach(async () => {
    expect(opened.consoleErrors).toEqual([]);
    await opened.page.context().close();
  });
  return opened;
}

/** The text of an element, hidden or not. */
export const textOf = (page: Page, id: string) =>
  page.locator(`#${id}`).evaluate((element) => element.textContent ?? '');
