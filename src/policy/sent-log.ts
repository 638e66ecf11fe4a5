import { requestValues } from './classify';
import type { Action, SafeguardContext } from './safeguard';

/*
 * Looks for a send whose outcome is unknown in Twilio's own log.
 */

/** How a log is searched: at the path to which the send was posted. */
interface Log {
  /** The property of the answer that holds the entries, newest first. */
  readonly entries: string;
  /** Parameters of the send by which the log is filtered. */
  readonly filters: readonly string[];
  readonly query?: object;
  /** The parameter that holds the text, which the log repeats; undefined if the log has nothing of the kind. */
  readonly text?: string;
}

const CONVERSATION: Log = { entries: 'messages', filters: [], query: { Order: 'desc' }, text: 'Body' };
const LOGS: Readonly<Record<string, Log>> = {
  'api_v2010:CreateMessage': { entries: 'messages', filters: ['To', 'From'], text: 'Body' },
  'api_v2010:CreateCall': { entries: 'calls', filters: ['To', 'From'] },
  'conversations_v1:CreateConversationMessage': CONVERSATION,
  'conversations_v1:CreateServiceConversationMessage': CONVERSATION,
};

/** By how much the clock of this server and Twilio's may differ. */
const CLOCKS_MS = 60_000;
const LOG_PAGE_SIZE = 100;

interface Entry {
  sid: string;
  body?: string | null;
  direction?: string;
  /** RFC 2822 or ISO 8601. */
  date_created?: string | null;
}

/**
 * The resource that an earlier attempt at the same send has created: undefined if the log does not have it, `unclear` if
 * there is no log that could tell. `at` is when the attempt began (epoch ms), `earlier` are SIDs that it has not created.
 */
export async function findInLog(
  { operation, request }: Action,
  { requests }: SafeguardContext,
  { at, earlier = [] }: { at: number; earlier?: readonly string[] },
): Promise<object | 'unclear' | undefined> {
  const log = LOGS[operation.id];
  if (log === undefined) return 'unclear';
  const values = requestValues(request, operation);
  const filters = Object.fromEntries(log.filters.map((name) => [name, values[name]?.[0]]));
  const uri = `https://${operation.host}${new URL(request.uri).pathname}`;
  const params = { ...filters, ...log.query, PageSize: LOG_PAGE_SIZE };
  const answer = await requests.request({ method: 'get', uri, params }).catch(() => undefined);
  if (answer === undefined || answer.statusCode >= 400) return 'unclear';
  const entries = (answer.body as Record<string, Entry[]>)[log.entries] ?? [];
  // What has no date is new.
  const recent = entries.filter(({ date_created: date }) => !(Date.parse(date ?? '') < at - CLOCKS_MS));
  const own = recent.filter(({ sid, direction }) => !earlier.includes(sid) && direction !== 'inbound');
  const text = log.text && values[log.text]?.[0];
  const found = log.text === undefined ? own[0] : own.find(({ body }) => body === text);
  if (found) return found;
  const canDiffer = own.some(({ body }) => text === undefined || isAlike(String(text), body ?? ''));
  return canDiffer || recent.length === LOG_PAGE_SIZE ? 'unclear' : undefined;
}

/** Whether Twilio may have made one text of the other: it can replace characters and shorten links. */
function isAlike(text: string, logged: string): boolean {
  const letters = (each: string) => each.normalize('NFKD').replace(/https?:\S+|[^\p{L}\p{N}]/gu, '');
  return letters(text) === letters(logged);
}
