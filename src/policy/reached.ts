import { TransportError } from '../errors';
import { parseJson } from '../formats';
import type { Requests } from '../upstream';
import { type Classified, NOT_NAMED, type OutgoingRequest } from './classify';

/*
 * Whom a request reaches that names a conversation, a session or a worker instead of people. Rules about recipients
 * depend on it, so Twilio is asked.
 */

/** As found in Twilio's answers; undefined where an address is missing. */
interface Reached {
  recipients: readonly (string | undefined)[];
  senders: readonly (string | undefined)[];
}

interface Participants {
  participants: readonly {
    identity?: string | null;
    messaging_binding?: { address?: string; proxy_address?: string; projected_address?: string } | null;
  }[];
  meta: { next_page_url: string | null };
}

type Read = <T>(product: string, path: string) => Promise<T | undefined>;

/** Readers of those whom an operation reaches, given its path. They return undefined if some remain unknown. */
const READERS: readonly (readonly [ids: RegExp, read: (path: string, read: Read) => Promise<Reached | undefined>])[] = [
  [
    /^conversations_v1:Create(Service)?ConversationMessage$/,
    (path, read) => readConversation(path.replace(/\/Messages$/, ''), read),
  ],
  [
    // A chat channel is a conversation of its service.
    /^(chat|ip_messaging)_v\d:CreateMessage$/,
    (path, read) =>
      readConversation(
        path.replace(/^\/v\d(\/Services\/[^/]+)\/Channels(\/[^/]+)\/Messages$/, '/v1$1/Conversations$2'),
        read,
      ),
  ],
  [
    /^proxy_v1:CreateMessageInteraction$/,
    async (path, read) => {
      const of = path.replace(/\/MessageInteractions$/, '');
      const person = await read<{ identifier: string; proxy_identifier: string }>('proxy', of);
      return person && { recipients: [person.identifier], senders: [person.proxy_identifier] };
    },
  ],
  [
    /^taskrouter_v1:UpdateTaskReservation$/,
    async (path, read) => {
      const reservation = await read<{ worker_sid: string }>('taskrouter', path);
      return reservation && readWorker(path.replace(/\/Tasks\/.*$/, `/Workers/${reservation.worker_sid}`), read);
    },
  ],
  [
    /^taskrouter_v1:UpdateWorkerReservation$/,
    (path, read) => readWorker(path.replace(/\/Reservations\/[^/]+$/, ''), read),
  ],
];

/** The people in a conversation, of at most one page. A chat user without an address is reached in the app alone. */
async function readConversation(path: string, read: Read): Promise<Reached | undefined> {
  const page = await read<Participants>('conversations', `${path}/Participants?PageSize=100`);
  if (page?.meta?.next_page_url !== null || !Array.isArray(page.participants)) return undefined;
  const bindings = page.participants.map(({ messaging_binding }) => messaging_binding ?? {});
  const people = page.participants.filter(({ identity, messaging_binding }) => messaging_binding?.address || !identity);
  return {
    recipients: people.map(({ messaging_binding }) => messaging_binding?.address),
    senders: bindings.flatMap(({ proxy_address, projected_address }) => proxy_address ?? projected_address ?? []),
  };
}

/** The address at which TaskRouter calls a worker. */
async function readWorker(path: string, read: Read): Promise<Reached | undefined> {
  const worker = await read<{ attributes: string }>('taskrouter', path);
  const attributes = parseJson(worker?.attributes ?? '') as { contact_uri?: string } | null | undefined;
  return { recipients: [attributes?.contact_uri], senders: [] };
}

/** The request with those whom it reaches, if it can be told; else as it was. */
export async function withReached(
  found: Classified,
  { uri }: OutgoingRequest,
  requests: () => Requests,
): Promise<Classified> {
  const [, reader] = READERS.find(([ids]) => ids.test(found.operation.id)) ?? [];
  if (found.unclear !== NOT_NAMED || reader === undefined) return found;
  const reached = await reader(new URL(uri).pathname, (...place) => readTwilio(requests(), ...place));
  if (!reached?.recipients.every((each) => typeof each === 'string')) return found;
  const add = (known: readonly string[], more: Reached['senders']) => [...known, ...(more as string[])];
  return {
    ...found,
    recipients: add(found.recipients, reached.recipients),
    senders: add(found.senders, reached.senders),
    unclear: undefined,
  };
}

/** A resource; undefined if Twilio does not answer with it. */
export async function readTwilio<T>(requests: Requests, product: string, path: string): Promise<T | undefined> {
  try {
    const answer = await requests.request({ method: 'get', uri: `https://${product}.twilio.com${path}` });
    return answer.statusCode === 200 ? (answer.body as T) : undefined;
  } catch (error) {
    if (error instanceof TransportError) return undefined;
    throw error;
  }
}
