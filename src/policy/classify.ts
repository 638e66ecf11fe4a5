import type { Effect } from '../effect';
import { parseJson } from '../formats';
import { loadAsset, type Operation } from '../operations/catalogue';
import { effectOf } from '../operations/effect-of';
import { targetsIn } from './twiml-targets';

/** A request to Twilio, as its client sends it. */
export interface OutgoingRequest {
  method: string;
  uri: string;
  params?: object;
  data?: unknown;
}

/** What a request does. */
export interface Classified {
  operation: Operation;
  effect: Effect;
  recipients: readonly string[];
  senders: readonly string[];
  urls: readonly string[];
  /** What keeps its recipients from being told, as a clause. */
  unclear?: string;
  /** Every value of each parameter, from query and body; a JSON body is the parameter `body`. */
  values: SentValues;
  /** Whether its TwiML could be read: else nothing of it can be told. */
  isReadable: boolean;
}

type OperationRoute = readonly [segments: readonly string[], operation: Operation];
let routes: Map<string, OperationRoute[]> | undefined;

/** The operations by method, host and number of segments. */
function routesOf(key: string): readonly OperationRoute[] {
  if (routes === undefined) {
    const { operations } = loadAsset('operations');
    routes = new Map();
    for (const operation of Object.values(operations)) {
      const segments = operation.path.split('/');
      const place = routeKey(operation.method, operation.host, segments);
      routes.set(place, [...(routes.get(place) ?? []), [segments, operation]]);
    }
  }
  return routes.get(key) ?? [];
}

const routeKey = (method: string, host: string, { length }: readonly string[]) => `${method} ${host} ${length}`;

/** The operation that a request means, in any region; undefined if the catalogue has none. */
function operationOf({ method, uri }: OutgoingRequest): Operation | undefined {
  const { host, pathname } = new URL(uri);
  const [product, rest] = [host.replace(/\..*/, ''), host.replace(/^[^.]*/, '')];
  if (!/^(\.[a-z\d-]+){0,2}\.twilio\.com$/.test(rest)) return undefined;
  const segments = pathname.split('/').map(decodeURIComponent);
  const found = routesOf(routeKey(method.toUpperCase(), `${product}.twilio.com`, segments)).filter(([template]) =>
    template.every((part, at) => fitsSegment(part, segments[at]!)),
  );
  // A name in the path means itself rather than a value.
  const values = ([template]: OperationRoute) => template.filter((part) => part.includes('{')).length;
  return found.sort((a, b) => values(a) - values(b))[0]?.[1];
}

/** Whether a segment is that of a template: `{Sid}.json`. */
function fitsSegment(template: string, segment: string): boolean {
  const [before, after] = template.split(/\{[^}]*\}/);
  if (after === undefined) return template === segment;
  return segment.length > before!.length + after.length && segment.startsWith(before!) && segment.endsWith(after);
}

/** What a request does and whom it addresses; undefined if the catalogue does not have it. */
export function classify(request: OutgoingRequest): Classified | undefined {
  const operation = operationOf(request);
  if (operation === undefined) return undefined;
  const values = requestValues(request, operation);
  const effect = worstEffect(operation, values);
  const { recipients = [], senders = [], twiml = [], urls = [], reaches } = operation.addresses ?? {};
  const textsAt = (names: readonly string[]) => names.flatMap((name) => at(values, name).flatMap(addressesIn));
  const found = { recipients: textsAt(recipients), senders: textsAt(senders), urls: textsAt(urls) };
  let unclear: string | undefined;
  let isReadable = true;
  for (const text of twiml.flatMap((name) => values[name] ?? [])) {
    const targets = targetsIn(String(text));
    isReadable &&= targets !== undefined;
    for (const kind of ['recipients', 'senders', 'urls'] as const) found[kind].push(...(targets?.[kind] ?? []));
  }
  if (found.recipients.includes(UNNAMED)) unclear = 'one of its recipients has no address';
  if (effect === 'send' && reaches !== 'present') {
    const called = (values.Instruction ?? []).map((each) => CALLED.get(String(each)));
    if (called.includes(undefined)) unclear = 'the instruction can reach anyone';
    else if (reaches || found.recipients.length === 0 || called.some((name) => !values[name!]?.some(Boolean)))
      unclear = NOT_NAMED;
  }
  if (!isReadable) unclear = 'the TwiML cannot be read';
  return { operation, effect, ...found, values, unclear, isReadable };
}

/** Of a request that names a conversation, a session or a worker instead of people. */
export const NOT_NAMED = 'the request does not say whom it reaches';

/** The parameter with the address that an instruction of TaskRouter calls; without it, it calls the worker. */
const CALLED: ReadonlyMap<string, string> = new Map([
  ['call', 'CallTo'],
  ['dequeue', 'DequeueTo'],
  ['conference', 'To'],
]);

/** The effect of a request, of whose repeated parameters any value may count. */
function worstEffect(operation: Operation, values: SentValues): Effect {
  const most = Math.max(1, ...Object.values(values).map((all) => all.length));
  const effects = Array.from({ length: most }, (_, nth) =>
    effectOf(operation, Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all[nth]]))),
  );
  return effects.map(({ effect }) => effect).find((effect) => effect !== operation.effect) ?? operation.effect;
}

type SentValues = Readonly<Record<string, readonly unknown[]>>;

/** All values of each parameter, from query and body; a JSON body is the parameter `body`. */
export function requestValues(
  { uri, params = {}, data }: OutgoingRequest,
  { body, parameters }: Operation,
): SentValues {
  const fields =
    body === 'json' ? [['body', data]] : data instanceof FormData ? [...data] : Object.entries((data as object) ?? {});
  const values: Record<string, unknown[]> = {};
  for (const [wire, value] of [...new URL(uri).searchParams, ...Object.entries(params), ...fields] as [
    string,
    unknown,
  ][]) {
    if (value === undefined || value === null) continue;
    const name = parameters.find((each) => each.in !== 'path' && (each.wire ?? each.name) === wire)?.name ?? wire;
    values[name] = [...(values[name] ?? []), ...[value].flat()];
  }
  return values;
}

/** The values of a parameter, or of a part of its JSON. */
function at(values: SentValues, name: string): readonly unknown[] {
  const [parameter = '', ...keys] = name.split('.');
  if (values[name] || keys.length === 0) return values[name] ?? [];
  const parts = (values[parameter] ?? []).map((value) => (typeof value === 'string' ? parseJson(value) : value));
  return keys.reduce((all, key) => all.flatMap((one) => (one as Record<string, unknown> | null)?.[key] ?? []), parts);
}

/** Stands for a recipient whose address is not in the request. */
const UNNAMED = '';
/** Keys of recipients in JSON; those of the other side are `proxy_address` and `projected_address`. */
const ADDRESS_KEY = /^(?!.*(proxy|projected)).*(address|identifier|phone_?number|^to)$/i;

/** The addresses in a value: a text, or JSON with addresses at known keys. Each object in a list must have one. */
function addressesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(addressesIn);
  if (typeof value === 'string' && /^\s*[[{"]/.test(value))
    return addressesIn(parseJson(value, undefined) ?? { value });
  if (typeof value !== 'object') return value === '' ? [] : [String(value)];
  const found = deepValues(value);
  return found.length > 0 ? found : [UNNAMED];
}

function deepValues(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => addressesIn(item));
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'object' ? deepValues(item) : ADDRESS_KEY.test(key) ? [String(item)] : [],
  );
}
