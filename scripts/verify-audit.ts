import type { Config } from '../src/config';
import { type AuditEntry, auditKey, sealOf } from '../src/policy/audit';
import type { Item } from '../src/store/port';

/*
 * Whether the entries of the audit are as they were written. Their seals say that of each one, their places in the
 * chains of those in between, and the links between chains of whole chains and of their ends.
 */

/** What is wrong at one place of the audit. */
export interface AuditProblem {
  /** The key of the entry. */
  key: string;
  /** Goes on from the key. */
  problem: string;
}

const KEY = /^((\d{4}-\d\d-\d\d)T[\d:.]+Z)_([\da-f]+)_([1-9]\d*)$/;

/** A chain, by the places of its entries. */
interface ChainPlaces {
  /** Its entries that are as they were written. */
  genuine: Map<number, Item<AuditEntry>>;
  /** All places at which there is something. */
  taken: Set<number>;
}

/**
 * What is wrong with entries that were read from the start of a day on, in order of time. `now` (epoch ms) decides what may
 * have expired.
 */
export function verifyAudit(
  items: readonly Item<AuditEntry>[],
  config: Config,
  since: string,
  now = Date.now(),
): AuditProblem[] {
  const problems: AuditProblem[] = [];
  const report = (key: string, problem: string) => void problems.push({ key, problem });
  const chains = new Map<string, ChainPlaces>();
  for (const item of items) {
    const [, , day, chain, place] = KEY.exec(item.key) ?? [];
    const isSealed = item.value.seal === sealOf(config, item.value);
    const isGenuine = isSealed && auditKey(item.value) === item.key;
    if (!isGenuine) report(item.key, isSealed ? 'was moved here from another place' : 'was changed or inserted');
    const name = `${day}_${chain}`;
    const { genuine, taken } = chains.get(name) ?? { genuine: new Map(), taken: new Set() };
    chains.set(name, { genuine, taken });
    taken.add(Number(place));
    if (isGenuine) genuine.set(Number(place), item);
  }
  const isExpired = (day: string, days: number) => Date.parse(day.slice(0, 10)) + days * 86_400_000 <= now;
  for (const { genuine, taken } of chains.values()) {
    const places = [...genuine.keys()].sort((a, b) => a - b);
    let last: Item<AuditEntry> | undefined;
    for (const place of places) {
      const item = genuine.get(place)!;
      const { at, n, days, prev } = item.value;
      const before = genuine.get(n - 1);
      if (before ? before.value.seal !== prev : n === 1 && prev !== '')
        report(item.key, 'does not follow the entry before it');
      const start = last ? last.value.n + 1 : isExpired(at, days) ? n : 1;
      const missing = Array.from({ length: n - start }, (_, i) => start + i).filter((each) => !taken.has(each));
      if (missing.length > 0)
        report(item.key, `comes after ${missing.length} missing ${missing.length === 1 ? 'entry' : 'entries'}`);
      last = item;
    }
  }
  const seals = new Map(items.map(({ key, value }) => [key, value.seal]));
  for (const { genuine } of chains.values()) {
    for (const [key, seal, days] of genuine.get(1)?.value.links ?? []) {
      if (key < since || isExpired(key, days)) continue;
      if (!seals.has(key)) report(key, 'is missing');
      else if (seals.get(key) !== seal) report(key, 'is not the one that a later chain names');
    }
  }
  return problems.sort((a, b) => (a.key < b.key ? -1 : 1));
}
