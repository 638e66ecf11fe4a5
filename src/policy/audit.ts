import { randomBytes } from 'node:crypto';
import type { Config } from '../config';
import { asksFirst, type Effect } from '../effect';
import { isUnclear, TransportError } from '../errors';
import { canonicalAddress, sidPattern } from '../formats';
import type { HttpAnswer } from '../https';
import { log } from '../log';
import { countryOf } from '../numbering-plan';
import { PolicyError } from '../upper-bound';
import type { Classified, OutgoingRequest } from './classify';
import { fingerprint } from './fingerprint';
import { numberOf } from './rules';
import type { SafeguardContext } from './safeguard';

/*
 * The record of what agents did and of what the policy kept them from: one item per action, without contents, numbers
 * and names. The entries of one process on one day form a chain: each is sealed together with the one before it, under a
 * key that agents do not have, and the first one with the newest entries of other chains.
 */

/**
 * How an action ended. `refused`: by Twilio. `forbidden`: by a rule. `notSent`: it did not leave. `begun`: it was about to
 * leave; how it ended is in an entry of its own, or is unknown.
 */
export const AUDIT_OUTCOMES = ['done', 'refused', 'forbidden', 'notSent', 'unknown', 'begun'] as const;

/** How an action ended, and what it left behind. */
interface Ending {
  outcome: (typeof AUDIT_OUTCOMES)[number];
  /** Twilio's error code, or the HTTP status. */
  code?: number;
  /** The variable that forbade it. */
  rule?: string;
  /** What was made, changed or deleted. */
  sid?: string;
}

/** What is known of one action. */
interface AuditedAction extends Ending {
  client?: string;
  tool?: string;
  /** Missing if the catalogue does not have it. */
  operation?: string;
  effect?: Effect;
  /** Fingerprints of up to `MAX_RECIPIENTS`. */
  recipients?: readonly string[];
  /** How many there were, if more. */
  recipientCount?: number;
  countries?: readonly string[];
  requestId?: string;
}

type Links = readonly (readonly [key: string, seal: string, days: number])[];

/** One entry as it is stored. */
export interface AuditEntry extends AuditedAction {
  /** When it was recorded, ISO 8601. */
  at: string;
  /** Names the process, and with the day of `at` the chain. */
  chain: string;
  /** Its place in the chain, from 1. */
  n: number;
  /** The seal of the entry before it; of the first one none. */
  prev: string;
  /** How many days it is kept. */
  days: number;
  /** Of a first entry: the newest entries of other chains. */
  links?: Links;
  seal: string;
}

/** Collections that share the entries, as each accepts 20 a second. */
export const AUDIT_COLLECTIONS = ['audit-00', 'audit-01', 'audit-02', 'audit-03'];
const MAX_RECIPIENTS = 20;
const DAY_SECONDS = 86_400;
/** Chains that a first entry names at most, and entries of each collection in which it looks for them. */
const MAX_LINKS = 20;
/** Entries that could not be stored and are tried again with one action. */
const MAX_RETRIED = 10;

/** The key of an entry: in order of time. */
export const auditKey = ({ at, chain, n }: Pick<AuditEntry, 'at' | 'chain' | 'n'>): string => `${at}_${chain}_${n}`;

/** Stands for a recipient: the same for all channels of a number. */
export const recipientMark = (config: Config, address: string): string => {
  const canonical = canonicalAddress(address);
  return fingerprint(config, 'audit recipient', numberOf(canonical) ?? canonical);
};

/** The seal of an entry: over all else that is stored of it, in any order. */
export const sealOf = (config: Config, { seal: _, ...entry }: Omit<AuditEntry, 'seal'> & { seal?: string }): string =>
  fingerprint(
    config,
    'audit seal',
    Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Passes an action on to `pass`, which sends it with `leave`, and records how it ended. */
export async function audited(
  action: Partial<Classified> & { request: OutgoingRequest },
  context: SafeguardContext,
  send: () => Promise<HttpAnswer>,
  pass: (leave: () => Promise<HttpAnswer>) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const { audit: mode = 'on' } = context.config;
  const { effect } = action;
  const isRecorded =
    effect !== 'read' && mode !== 'off' && (mode !== 'on' || effect === undefined || asksFirst(effect));
  const note = (ending: Ending) => record({ ...describe(action, context), ...ending }, context);
  let wire: Ending | undefined;
  const leave = async () => {
    if (isRecorded && mode === 'strict' && !(await note({ outcome: 'begun' }))) throw notRecorded();
    wire = { outcome: 'unknown' };
    if (isRecorded) chainAt(new Date().toISOString(), context);
    try {
      const answer = await send();
      wire = endingOf(answer, action.request);
      return answer;
    } catch (error) {
      if (error instanceof TransportError && !error.sent) wire = { outcome: 'notSent' };
      throw error;
    }
  };
  const end = (ending: Ending) => {
    if (isRecorded || (ending.rule && mode !== 'off')) context.call.ending.push(note(ending));
  };
  try {
    const answer = await pass(leave);
    end(wire ?? { outcome: 'notSent' });
    return answer;
  } catch (error) {
    end(wire ?? (error instanceof PolicyError ? { outcome: 'forbidden', rule: error.rule } : { outcome: 'notSent' }));
    throw error;
  }
}

const notRecorded = () =>
  new PolicyError(
    {
      rule: 'MCP_AUDIT',
      allows: 'records every action before it leaves',
      problem: "the entry could not be written to this server's store",
    },
    'try again in a minute',
  );

const NAMED_SID = sidPattern('[A-Z]{2}');

/** How a request ended that Twilio answered. */
function endingOf({ statusCode, body }: HttpAnswer, { uri }: OutgoingRequest): Ending {
  const { sid, code } = Object(body) as { sid?: unknown; code?: unknown };
  const addressed = /\/([^/.]+)(?:\.json)?$/.exec(new URL(uri).pathname)?.[1];
  const found = [sid, addressed].find((each): each is string => typeof each === 'string' && NAMED_SID.test(each));
  const known = found === undefined ? {} : { sid: found };
  if (isUnclear(statusCode)) return { outcome: 'unknown', code: statusCode, ...known };
  if (statusCode < 400) return { outcome: 'done', ...known };
  return { outcome: 'refused', code: typeof code === 'number' ? code : statusCode, ...known };
}

function describe(
  { operation, effect, recipients = [] }: Partial<Classified>,
  { call: { tool, requestId }, client, config }: SafeguardContext,
): Omit<AuditedAction, 'outcome'> {
  const marks = [...new Set(recipients.map((each) => recipientMark(config, each)))];
  const numbers = recipients.map((each) => numberOf(canonicalAddress(each)));
  const countries = [...new Set(numbers.flatMap((number) => (number && countryOf(number)) || []))];
  return {
    client,
    tool: tool?.name,
    operation: operation?.id,
    effect,
    ...(marks.length > 0 && { recipients: marks.slice(0, MAX_RECIPIENTS) }),
    ...(marks.length > MAX_RECIPIENTS && { recipientCount: marks.length }),
    ...(countries.length > 0 && { countries }),
    requestId,
  };
}

/** The entries of this process on one day. */
interface Chain {
  /** Differs by account, key, day and retention. */
  readonly scope: string;
  readonly name: string;
  /** The newest entries of other chains, as far as they can be read. */
  readonly links: Promise<Links>;
  length: number;
  last: string;
}

let current: Chain | undefined;
/** Entries that could not be stored: the process tries again with its next actions. */
const unstored: AuditEntry[] = [];

/** The chain of an instant (ISO 8601). A new one first reads what it names, beside what else goes on. */
function chainAt(at: string, context: SafeguardContext): Chain {
  const { accountSid, auditDays } = context.config;
  const scope = fingerprint(context.config, 'audit chain', [accountSid, auditDays, at.slice(0, 10)]);
  if (current?.scope !== scope) {
    const links = readLinks(context).catch(() => []);
    current = { scope, name: randomBytes(5).toString('hex'), links, length: 0, last: '' };
  }
  return current;
}

async function readLinks({ config, lateStore }: SafeguardContext): Promise<Links> {
  const newest = { order: 'desc', limit: MAX_LINKS } as const;
  const pages = await Promise.all(AUDIT_COLLECTIONS.map((name) => lateStore.list<AuditEntry>(name, newest)));
  const all = pages.flatMap(({ items }) => items).sort((a, b) => (a.key < b.key ? -1 : 1));
  const items = all.filter(({ value }) => value.seal === sealOf(config, value));
  const lastOfChains = new Map(items.map(({ key, value }) => [value.chain, [key, value.seal, value.days] as const]));
  return [...lastOfChains.values()].slice(-MAX_LINKS);
}

/** Stores an entry at the end of the chain; false if it could not be stored now. */
async function record(action: AuditedAction, context: SafeguardContext): Promise<boolean> {
  const { config, call } = context;
  const at = new Date().toISOString();
  const chain = chainAt(at, context);
  const links = await chain.links;
  const n = ++chain.length;
  const place = { at, chain: chain.name, n, prev: chain.last, days: config.auditDays, ...(n === 1 && { links }) };
  // As it will be read again.
  const unsealed: Omit<AuditEntry, 'seal'> = JSON.parse(JSON.stringify({ ...action, ...place }));
  const entry = { ...unsealed, seal: sealOf(config, unsealed) };
  chain.last = entry.seal;
  const [isStored] = await Promise.all([entry, ...unstored.splice(0, MAX_RETRIED)].map((each) => store(each, context)));
  if (!isStored) {
    const warning = 'An entry of the audit could not be stored; the next action of this process tries again.';
    const { requestId = '', tool } = call;
    log('warn', { requestId, tool: tool?.name, outcome: 'not recorded', warning }, config.logLevel);
  }
  return isStored!;
}

async function store(entry: AuditEntry, { lateStore }: SafeguardContext): Promise<boolean> {
  const { chain, n, days } = entry;
  const at = (Number.parseInt(chain.slice(0, 2), 16) + n) % AUDIT_COLLECTIONS.length;
  try {
    // An entry that exists was stored by an attempt whose answer was lost.
    await lateStore.add(AUDIT_COLLECTIONS[at]!, auditKey(entry), entry, days * DAY_SECONDS);
    return true;
  } catch {
    unstored.push(entry);
    return false;
  }
}
