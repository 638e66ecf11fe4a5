import type { SearchIndex } from './catalogue';
import { normalizeTerm, tokenize } from './tokenize';
import { cuesOf } from './verb-model';

/*
 * Takes a query apart: what it is about, and what it wants done. The phrases are the catalogue's: `*` in one stands for
 * up to four words, `^` before one is the start of the query.
 */

const GAP = 4;
/** An id such as CA0123. */
const SID = /\b([A-Z]{2})[0-9a-fx.]{2,}(?![a-z])/g;
const QUESTIONS = new Set(
  'what whats which who whos whose where wheres when why how is are am was were did does do has have had can may any anything isnt arent'.split(
    ' ',
  ),
);
/** Words that look like a plural and are none. */
const SINGULAR = /(ss|us|is|sms|mms|dns|whats|wheres|whos|always|perhaps|does)$/;
/** Words that end the name of what the query is about; what follows says where, why or for whom. */
const BEHIND = new Set(
  'to from in into on onto for with without at by between after before because so that than when while if through over as using about during against under within upon until since'.split(
    ' ',
  ),
);
/** Words behind which a thing follows that is one. */
const ONE = /^(this|that|a|an|one|single|specific)$/;

interface Phrase {
  parts: readonly string[];
  start: boolean;
  /** The first word as it is written. */
  word: string;
  value: string;
}
type Phrases = ReadonlyMap<string, readonly Phrase[]>;

/** By the phrase's first word; the longest first. Forms of a word are one. */
function phrases(table: Readonly<Record<string, string>>): Phrases {
  const found = new Map<string, Phrase[]>();
  for (const [text, value] of Object.entries(table)) {
    const start = text.startsWith('^');
    const parts = text.replace('^', '').split(' ').map(form);
    const same = found.get(parts[0]!);
    const phrase = { parts, start, word: text.replace('^', '').replace(/ .*/, ''), value };
    if (same) same.push(phrase);
    else found.set(parts[0]!, [phrase]);
  }
  for (const same of found.values())
    same.sort((one, other) => other.parts.length - one.parts.length || Number(other.start) - Number(one.start));
  return found;
}

const form = (word: string): string => normalizeTerm(word) ?? word;

/** The positions that a phrase takes from `at` on, or nothing. */
function match({ parts }: Pick<Phrase, 'parts'>, given: readonly string[], at: number): number[] | undefined {
  const taken = [at];
  let next = at + 1;
  for (let index = 1; index < parts.length; index++) {
    if (parts[index] === '*') {
      const end = given.indexOf(parts[++index]!, next + 1);
      if (end < 0 || end - next > GAP) return undefined;
      next = end;
    } else if (parts[index] !== given[next]) return undefined;
    taken.push(next++);
  }
  return taken;
}

/** What stands at a position: the table's first word exactly as it is written, since "recordings" records nothing. */
function phraseAt(table: Phrases, words: readonly string[], given: readonly string[], at: number, start: number) {
  for (const phrase of table.get(given[at]!) ?? []) {
    if ((phrase.start && at !== start) || phrase.word !== words[at]) continue;
    const taken = match(phrase, given, at);
    if (taken) return { value: phrase.value, taken };
  }
  return undefined;
}

let tables:
  | { of: SearchIndex; verbs: Phrases; synonyms: Phrases; leads: Phrases; idle: ReadonlySet<string> }
  | undefined;
function tablesOf(index: SearchIndex) {
  if (tables?.of !== index)
    tables = {
      of: index,
      verbs: phrases(index.verbs),
      synonyms: phrases(index.synonyms),
      leads: phrases(index.leads),
      idle: new Set(index.idle.split(' ')),
    };
  return tables;
}

export interface Understood {
  /** Words that tell what it is about. */
  plain: string[];
  /** Words that tell where, why or for whom. */
  around: string[];
  /** Words that told what is to be done. */
  told: string[];
  /** Words that mean the same as some of what it is about, and of what is around. */
  added: string[];
  addedAround: string[];
  /** What tells how likely each kind of operation is. */
  cues: string[];
}

export function understand(query: string, index: SearchIndex): Understood {
  const { verbs, synonyms, leads, idle } = tablesOf(index);
  const ids = [...query.matchAll(SID)].flatMap(([, prefix]) =>
    Object.hasOwn(index.sidPrefixes, prefix!) ? [index.sidPrefixes[prefix!]!] : [],
  );
  const given = tokenize(ids.length > 0 ? query.replace(SID, ' ') : query);
  const forms = given.map(form);
  let start = 0;
  for (let lead = phraseAt(leads, given, forms, start, start); lead; lead = phraseAt(leads, given, forms, start, start))
    start = lead.taken.at(-1)! + 1;

  const { intent, taken } = intentOf(given, forms, start, verbs, ids.length > 0);
  const said = (word: string, at: number) => at >= start && !taken.includes(at) && !idle.has(word);
  const first = given.findIndex((word, at) => said(word, at) && normalizeTerm(word) !== undefined);
  const found = given.findIndex((word, at) => at > first && at >= start && BEHIND.has(word) && !taken.includes(at));
  const edge = first < 0 || found < 0 ? given.length : found;
  const added = [...ids];
  const addedAround: string[] = [];
  for (let at = start; at < forms.length; at++) {
    for (const { parts, start: begins, value } of synonyms.get(forms[at]!) ?? []) {
      if (begins && at !== start) continue;
      const matched = match({ parts }, forms, at);
      if (matched) (at < edge ? added : addedAround).push(value);
    }
  }
  const plain = given.filter((word, at) => said(word, at) && at < edge);
  const around = given.filter((word, at) => said(word, at) && at >= edge);
  const told = taken.map((at) => given[at]!);
  const nothing = plain.length + around.length + told.length + added.length === 0;
  const cues = cuesOf(given.slice(start), intent);
  return { plain: nothing ? given : plain, around, told, added, addedAround, cues };
}

function intentOf(
  given: readonly string[],
  forms: readonly string[],
  start: number,
  verbs: Phrases,
  named: boolean,
): { intent: string; taken: readonly number[] } {
  const head = phraseAt(verbs, given, forms, start, start);
  if (head) return { intent: closer(head.value, given, Math.max(...head.taken) + 1, named), taken: head.taken };
  if (QUESTIONS.has(given[start] ?? '')) return { intent: closer('ask', given, start, named), taken: [] };
  let reading: { value: string; taken: number[] } | undefined;
  for (let at = start + 1; at < forms.length; at++) {
    const found = phraseAt(verbs, given, forms, at, start);
    if (!found) continue;
    if (/^(list|fetch|read)$/.test(found.value)) reading ??= found;
    else return { intent: found.value, taken: found.taken };
  }
  if (reading) return { intent: closer(reading.value, given, start, named), taken: reading.taken };
  return { intent: closer('name', given, start, named), taken: [] };
}

/** Whether a question or a wish to read is for one or for many. */
function closer(intent: string, given: readonly string[], from: number, named: boolean): string {
  if (intent !== 'read' && intent !== 'ask' && intent !== 'name') return intent;
  if (named) return 'fetch';
  const rest = given.slice(from);
  if (rest.some((word) => word === 'all' || word === 'every' || word === 'each')) return 'list';
  if (intent === 'ask') {
    if (/^(which|who|whos|any|anything)$/.test(rest[0]!)) return 'list';
    if (/^how$/.test(rest[0]!) && /^(many|much)$/.test(rest[1] ?? '')) return 'count';
  }
  const many = rest.findIndex((word) => word.length > 3 && word.endsWith('s') && !SINGULAR.test(word));
  const one = rest.findIndex((word) => ONE.test(word));
  if (many >= 0 && (one < 0 || many < one)) return intent === 'name' ? 'list' : 'many';
  if (one >= 0 && intent !== 'name') return 'fetch';
  return intent;
}
