import { isSame } from '../secrets';
import { signatureOf } from '../signature';
import type { Query } from './grant';

/** Up to this many parameters, all their orders are tried. */
const FEW_PARAMETERS = 4;

/** Whether a signature is that of one of these URLs, with these form fields. */
export async function signsAny(
  signature: string | null | undefined,
  urls: Iterable<string>,
  authToken: string,
  fields?: Readonly<Record<string, string>>,
): Promise<boolean> {
  if (!signature) return false;
  for (const url of urls) if (isSame(signature, await signatureOf(url, authToken, fields))) return true;
  return false;
}

/**
 * Every spelling in which clients write a URL with these parameters: the platform reports their values, but neither
 * the order of the query nor how it was encoded. All spellings mean the same, so it does not matter which one was signed.
 */
export function* spellings(addresses: readonly string[], query: Query): Generator<string> {
  for (const address of addresses) {
    for (const parameters of orders([...query])) {
      const written = parameters.flatMap(([name, values]) =>
        values.map((value) => `${name}=${encodeURIComponent(value)}`),
      );
      const plain = written.join('&');
      const commas = [plain, plain.replaceAll('%2C', ','), plain.replaceAll('%2C', '%2c')];
      const all = commas.flatMap((text) => [text, text.replaceAll('%20', '+')]);
      for (const text of new Set(all)) yield text ? `${address}?${text}` : address;
    }
  }
}

/** The order given, then, of few items, all others. */
function* orders<T>(items: readonly T[]): Generator<readonly T[]> {
  yield items;
  if (items.length <= FEW_PARAMETERS) yield* permutations(items);
}

function* permutations<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length < 2) return yield items;
  for (const [at, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(at, 1))) yield [item, ...rest];
  }
}
