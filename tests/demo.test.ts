import { readFileSync } from 'node:fs';
import { parseXml } from '@rgrove/parse-xml';
import { DEMO_FILE, demoPicture, recordDemo } from '../scripts/demo';
import { useStack } from './support/stack';

/*
 * The README's moving picture shows what the server answers today. If it does not, run `npm run demo`.
 */

jest.setTimeout(60_000);

const picture = readFileSync(DEMO_FILE, 'utf8');

const stack = useStack();

test('docs/demo.svg is what a new recording gives', async () => {
  expect(demoPicture(await recordDemo(stack.url))).toBe(picture);
});

test('docs/demo.svg ends with the delivery, and loads and runs nothing', () => {
  expect(picture).toContain('It was delivered.');
  expect(parseXml(picture).root!.name).toBe('svg');
  expect(picture).not.toMatch(/<script|href|url\(|@import|\bon\w+=/);
});

test('docs/demo.svg rests after five seconds', () => {
  const delays = [...picture.matchAll(/animation-delay:([\d.]+)s/g)].map(([, delay]) => Number(delay));
  expect(delays.length).toBeGreaterThan(5);
  expect(Math.max(...delays) + 0.3).toBeLessThanOrEqual(5);
});
