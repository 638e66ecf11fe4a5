import { randomInt } from 'node:crypto';
import { canonicalAddress } from '../formats';
import { modify } from '../store/port';
import { fingerprint } from './fingerprint';
import type { SafeguardContext } from './safeguard';

/*
 * What the approver was asked by text message and replied, and whether agents are stopped: one item of the server's own
 * store, as people are slow.
 */

const APPROVALS = ['approvals', 'state'] as const;

/** A request waits this long for its reply, and its approval this long for the call. */
const REPLY_MS = 15 * 60_000;
const USE_MS = 5 * 60_000;
/** Text messages to the approver per hour. */
const MAX_ASKED = 10;
const HOUR_MS = 3_600_000;
/** Wrong codes that end the open requests. */
const MAX_WRONG = 5;

/** A call that the approver was asked about. */
interface ApprovalRequest {
  /** Fingerprint of the call. */
  readonly call: string;
  /** Fingerprint of the code. */
  readonly code: string;
  /** When the approver was asked, epoch ms. */
  readonly at: number;
  readonly wrong?: number;
  readonly reply?: 'YES' | 'NO';
  readonly repliedAt?: number;
  readonly used?: true;
}

interface Approvals {
  readonly stopped?: boolean;
  /** Those of the last hour. */
  readonly requests: readonly ApprovalRequest[];
}

/** What is known of a call: the times are epoch ms. */
type Standing =
  | { readonly is: 'approved' | 'new' }
  | { readonly is: 'pending' | 'refused' | 'too many'; readonly until: number };

type Means = Pick<SafeguardContext, 'config' | 'store'>;

const awaitsReply = ({ reply, wrong = 0, at }: ApprovalRequest, now: number) =>
  reply === undefined && wrong < MAX_WRONG && now < at + REPLY_MS;

const codeMark = ({ config }: Means, code: string) => fingerprint(config, 'approval code', code);

/** Whether the approver has stopped all agents. */
export const areStopped = async ({ store }: Means): Promise<boolean> =>
  (await store.get<Approvals>(...APPROVALS))?.value.stopped ?? false;

/** How it stands with a call. An approval is used up by that; a new call is noted as one that `code` approves. */
export async function standingOf(call: string, code: string, means: Means): Promise<Standing> {
  let standing: Standing = { is: 'new' };
  await modify<Approvals>(means.store, ...APPROVALS, (known = { requests: [] }) => {
    const now = Date.now();
    const requests = known.requests.filter(({ at }) => now < at + HOUR_MS);
    const own = requests.findLast((each) => each.call === call);
    if (own?.reply === 'NO') {
      standing = { is: 'refused', until: own.at + HOUR_MS };
      return known;
    }
    if (own && awaitsReply(own, now)) {
      standing = { is: 'pending', until: own.at + REPLY_MS };
      return known;
    }
    if (own?.reply === 'YES' && !own.used && now < own.repliedAt! + USE_MS) {
      standing = { is: 'approved' };
      return { ...known, requests: requests.map((each) => (each === own ? { ...own, used: true } : each)) };
    }
    if (requests.length >= MAX_ASKED) {
      standing = { is: 'too many', until: requests[0]!.at + HOUR_MS };
      return known;
    }
    standing = { is: 'new' };
    return { ...known, requests: [...requests, { call, code: codeMark(means, code), at: now }] };
  });
  return standing;
}

/** Forgets a request whose text message was surely not sent. */
export async function forgetRequest(code: string, means: Means): Promise<void> {
  await modify<Approvals>(means.store, ...APPROVALS, (known = { requests: [] }) => ({
    ...known,
    requests: known.requests.filter((each) => each.code !== codeMark(means, code)),
  }));
}

/** Six digits that are hard to guess. */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/** Until when a request made now waits, epoch ms. */
export const replyUntil = (): number => Date.now() + REPLY_MS;

/** Whether an address is the approver's phone, on any channel and in any form that Twilio may read as its number. */
export function isApprover(address: string, approver: string | undefined): boolean {
  if (approver === undefined) return false;
  const digits = canonicalAddress(address).replace(/@.*/, '').replace(/\D/g, '');
  return digits.length >= 7 && (digits.endsWith(approver.slice(1)) || approver.endsWith(digits));
}

/** Does what a message of the approver says. Returns the answer to it; undefined if it says nothing of approvals. */
export async function takeReply(body: string, means: Means): Promise<string | undefined> {
  const [, command] = /^\W*(STOP|START)\s+AGENTS?\W*$/i.exec(body) ?? [];
  if (command) {
    const stopped = command.toUpperCase() === 'STOP';
    await modify<Approvals>(means.store, ...APPROVALS, (known = { requests: [] }) => ({ ...known, stopped }));
    return stopped
      ? 'Agents are stopped: they only read. Reply START AGENT to let them go on.'
      : 'Agents may go on, as far as the policy lets them.';
  }
  const [, word, code] = /^\W*(YES|NO)\W+(\d{6})\W*$/i.exec(body) ?? [];
  if (word === undefined) return undefined;
  return replyTo(codeMark(means, code!), word.toUpperCase() as 'YES' | 'NO', means);
}

async function replyTo(code: string, reply: 'YES' | 'NO', { store }: Means): Promise<string> {
  let answer = '';
  await modify<Approvals>(store, ...APPROVALS, (known = { requests: [] }) => {
    const now = Date.now();
    const change = (each: ApprovalRequest): ApprovalRequest => {
      if (each.code !== code) return awaitsReply(each, now) ? { ...each, wrong: (each.wrong ?? 0) + 1 } : each;
      const isRefused = reply === 'NO' && !each.used;
      if (isRefused || awaitsReply(each, now)) {
        answer = reply === 'YES' ? 'Allowed once, for 5 minutes.' : 'Refused.';
        return { ...each, reply, repliedAt: now };
      }
      answer = each.reply === reply ? 'Noted before.' : 'Too late: nothing was changed.';
      return each;
    };
    if (known.requests.some((each) => each.code === code)) {
      return { ...known, requests: known.requests.map((each) => (each.code === code ? change(each) : each)) };
    }
    answer = 'No open request has this code.';
    return { ...known, requests: known.requests.map(change) };
  });
  return answer;
}
