import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../sandbox/random';
import { MAX_ITEM_BYTES, RATE_LIMIT_EXCEEDED, SyncLimits } from '../../sandbox/sync-limits';
import { checkConfig } from '../../src/config';
import { RequestContext } from '../../src/context';
import { messageReceived } from '../../src/webhooks/receive';
import { MapStore, SyncMap } from './sync-map';

/*
 * Sync's maps, and the few resources of the API that the load run needs, in a process of their own. The sandbox answers
 * every operation and validates each request, which takes too long for a thousand requests a second on two cores.
 */

/** What a scenario sets. */
export interface UpstreamSettings {
  /** Milliseconds of each request. */
  latency: number;
  /** Share of requests that fail, from 0 to 1: a third each with 503, reset before and reset after they are processed. */
  faults: number;
  /** Whether Sync's limits apply. */
  limited: boolean;
}

/** What has happened since the last settings. */
export interface UpstreamCounts {
  requests: number;
  /** Requests that began when no other was under way. */
  rounds: number;
  faults: number;
  /** Requests beyond Sync's limits. */
  refused: number;
  /** Requests that this file does not know: the figures are not to be trusted. */
  unknown: string[];
}

/** A message to this process, which answers with `UpstreamCounts`. */
export interface UpstreamOrder {
  settings?: Partial<UpstreamSettings>;
  /** Numbers that the account owns. */
  numbers?: readonly string[];
  /** Sender, recipient and text of a message for Twilio's log. */
  message?: [string, string, string];
  /** Webhooks to receive without requests. */
  received?: { messages: readonly FormFields[]; environment: Record<string, string> };
}

type FormFields = Record<string, string>;
type Answer = readonly [status: number, body?: object];

const error = (status: number, code: number, message: string): Answer => [status, { status, code, message }];
const NOT_THERE = error(404, 20404, 'The requested resource was not found');

let lastSid = 0;
const nextSid = (prefix: string) => `${prefix}${createHash('md5').update(`${prefix}${++lastSid}`).digest('hex')}`;

/** The context of a webhook that stores here. */
class HistoryContext extends RequestContext {
  constructor(
    environment: Record<string, string>,
    readonly history: MapStore,
  ) {
    super(checkConfig(environment));
  }

  override get store(): MapStore {
    return this.history;
  }
}

class Upstream {
  readonly settings: UpstreamSettings = { latency: 0, faults: 0, limited: false };
  counts: UpstreamCounts = { requests: 0, rounds: 0, faults: 0, refused: 0, unknown: [] };
  readonly #limits = new SyncLimits();
  readonly #random = seededRandom(1);
  readonly #services: { sid: string; friendly_name: string; date_created: string }[] = [];
  readonly #maps = new Map<string, SyncMap>();
  readonly #messages: FormFields[] = [];
  readonly #numbers = new Map<string, FormFields>();
  #underWay = 0;

  /** Numbers that the account owns. */
  set numbers(numbers: readonly string[]) {
    for (const number of numbers) {
      const sid = `PN${number.slice(1).padStart(32, '0')}`;
      this.#numbers.set(sid, { sid, phone_number: number, friendly_name: number });
    }
  }

  /** Changes the settings, starts new counts and returns the old ones. */
  change(settings: Partial<UpstreamSettings>): UpstreamCounts {
    const { counts } = this;
    Object.assign(this.settings, settings);
    this.counts = { requests: 0, rounds: 0, faults: 0, refused: 0, unknown: [] };
    return counts;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { latency, faults } = this.settings;
    this.counts.requests++;
    if (this.#underWay++ === 0) this.counts.rounds++;
    if (latency > 0) await sleep(latency);
    this.#underWay--;
    const fault = this.#random() < faults ? Math.floor(this.#random() * 3) : undefined;
    if (fault !== undefined) this.counts.faults++;
    if (fault === 0) return void request.socket.destroy();
    const [status, answer] = fault === 1 ? error(503, 20503, 'Service unavailable') : this.#process(request, body);
    if (fault === 2) return void request.socket.destroy();
    if (status === 429) this.counts.refused++;
    const json = answer === undefined ? '' : JSON.stringify(answer);
    response
      .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) })
      .end(json);
  }

  #process({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): Answer {
    const { pathname, searchParams } = new URL(url, `https://${headers['x-sandbox-host']}`);
    const fields = Object.fromEntries(new URLSearchParams(body)) as FormFields;
    const path = pathname.split('/').slice(1).map(decodeURIComponent);
    const known = String(headers['x-sandbox-host']).startsWith('sync')
      ? this.#sync(method, path, fields, searchParams, headers['if-match'])
      : this.#api(method, path, fields, searchParams);
    if (known === undefined) this.counts.unknown.push(`${method} ${headers['x-sandbox-host']}${pathname}`);
    return known ?? NOT_THERE;
  }

  #sync(
    method: string,
    [, , service = '', kind, name, , key]: string[],
    fields: FormFields,
    query: URLSearchParams,
    ifMatch: string | undefined,
  ): Answer | undefined {
    if (kind === undefined && !service) {
      if (method === 'GET') return [200, { services: this.#services, meta: { key: 'services', next_page_url: null } }];
      const created = { sid: nextSid('IS'), friendly_name: fields.FriendlyName ?? '', date_created: now() };
      this.#services.push(created);
      return [201, created];
    }
    const found = this.#services.find(({ sid }) => sid === service);
    if (found === undefined) return NOT_THERE;
    if (kind === undefined) return [200, found];
    if (kind !== 'Maps') return undefined;
    if (name === undefined) {
      const uniqueName = fields.UniqueName!;
      if (this.#maps.has(`${service}/${uniqueName}`)) return error(409, 54301, 'Unique name already exists');
      if (!this.#allows('create', service)) return error(...RATE_LIMIT_EXCEEDED);
      this.#maps.set(`${service}/${uniqueName}`, new SyncMap());
      const sid = nextSid('MP');
      return [201, { sid, unique_name: uniqueName, service_sid: service, revision: '0', date_created: now() }];
    }
    const id = `${service}/${name}`;
    const map = this.#maps.get(id);
    if (map === undefined) return NOT_THERE;
    const bytes = Buffer.byteLength(fields.Data ?? '');
    if (bytes > MAX_ITEM_BYTES) return error(413, 54006, 'Request entity too large');
    if (!this.#allows(method === 'GET' ? 'read' : 'write', id, bytes)) return error(...RATE_LIMIT_EXCEEDED);
    if (key === undefined) return method === 'GET' ? this.#list(map, query) : this.#add(map, fields);
    return this.#item(map, method, key, fields, ifMatch);
  }

  #allows(access: 'read' | 'write' | 'create', object: string, bytes = 0): boolean {
    if (!this.settings.limited) return true;
    return access === 'write'
      ? this.#limits.write(object, bytes, Date.now())
      : this.#limits[access](object, Date.now());
  }

  #list(map: SyncMap, query: URLSearchParams): Answer {
    const token = query.get('PageToken');
    const size = Number(query.get('PageSize') ?? 50);
    const { keys, more } = map.page({
      from: token ?? (query.get('From') || undefined),
      exclusive: token !== null || query.get('Bounds') === 'exclusive',
      order: query.get('Order') ?? undefined,
      size,
    });
    const next = new URLSearchParams(query);
    next.set('PageToken', keys.at(-1) ?? '');
    const items = keys.flatMap((key) => {
      const item = map.find(key);
      return item ? itemBody(key, item) : [];
    });
    const url = 'https://sync.twilio.com/v1/Services/IS/Maps/MP/Items';
    return [200, { items, meta: { key: 'items', page_size: size, next_page_url: more ? `${url}?${next}` : null } }];
  }

  #add(map: SyncMap, { Key: key = '', Data: data = '{}', ItemTtl: ttl }: FormFields): Answer {
    if (map.find(key)) return error(409, 54208, 'An Item with given key already exists in the Map');
    return [201, itemBody(key, map.add(key, data, Number(ttl ?? 0)))];
  }

  #item(map: SyncMap, method: string, key: string, fields: FormFields, ifMatch: string | undefined): Answer {
    const item = map.find(key);
    if (item === undefined) return NOT_THERE;
    const expected = ifMatch?.replace(/^"|"$/g, '');
    if (expected !== undefined && expected !== item.revision.toString(16))
      return error(412, 54205, 'The revision of the object does not match the expected revision');
    if (method === 'DELETE') {
      map.remove(key);
      return [204];
    }
    if (method === 'POST') Object.assign(item, { data: fields.Data ?? item.data, revision: item.revision + 1 });
    return [200, itemBody(key, item)];
  }

  #api(
    method: string,
    [version, , , resource, sid]: string[],
    fields: FormFields,
    query: URLSearchParams,
  ): Answer | undefined {
    // No number belongs to a Messaging Service.
    if (version === 'v1') return [200, { services: [], meta: { key: 'services', next_page_url: null } }];
    if (resource === 'Messages.json' && method === 'GET') {
      const messages = this.#messages.filter(({ to }) => [to, null].includes(query.get('To')));
      return [200, { messages: messages.slice(-Number(query.get('PageSize') ?? 50)).reverse(), next_page_uri: null }];
    }
    if (resource === 'Messages.json')
      return [201, this.addMessage(fields.From!, fields.To!, fields.Body!, 'outbound-api', fields.StatusCallback)];
    if (resource === 'IncomingPhoneNumbers.json') {
      const found = [...this.#numbers.values()].filter(({ phone_number }) =>
        [phone_number, null].includes(query.get('PhoneNumber')),
      );
      return [200, { incoming_phone_numbers: found, next_page_uri: null }];
    }
    const number = resource === 'IncomingPhoneNumbers' && this.#numbers.get(sid!.replace('.json', ''));
    if (!number) return undefined;
    for (const [name, value] of Object.entries(fields)) number[name.replace(/\B[A-Z]/g, '_$&').toLowerCase()] = value;
    return [200, number];
  }

  /** Receives inbound messages as the webhook does, without any requests. */
  async receive(messages: readonly FormFields[], environment: Record<string, string>): Promise<void> {
    const store = new MapStore((collection) => {
      const id = `${this.#services[0]!.sid}/${collection}`;
      if (!this.#maps.has(id)) this.#maps.set(id, new SyncMap());
      return this.#maps.get(id)!;
    });
    const context = new HistoryContext(environment, store);
    for (const fields of messages) await messageReceived(fields, context);
  }

  /** Adds to the log of messages, the oldest first. */
  addMessage(from: string, to: string, body: string, direction: string, callback = ''): FormFields {
    const sent = new Date().toUTCString().replace('GMT', '+0000');
    const dates = { date_created: sent, date_sent: sent, date_updated: sent };
    const message = { sid: nextSid('SM'), from, to, body, direction, status: 'queued', num_segments: '1', ...dates };
    // Not a property of Twilio's; the scenarios read what URL a message has.
    this.#messages.push({ ...message, callback });
    return message;
  }
}

const now = () => new Date().toISOString();

const itemBody = (key: string, { data, revision, expires }: ReturnType<SyncMap['add']>) => ({
  ...{ key, data: JSON.parse(data), revision: revision.toString(16), map_sid: 'MP', created_by: 'system' },
  ...{ date_created: now(), date_updated: now(), date_expires: expires ? new Date(expires).toISOString() : null },
});

if (require.main === module) {
  const upstream = new Upstream();
  const server = createServer((request, response) => void upstream.answer(request, response));
  server.keepAliveTimeout = 30_000;
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
  process.on('message', async ({ settings, numbers, message, received }: UpstreamOrder) => {
    if (numbers) upstream.numbers = numbers;
    if (message) upstream.addMessage(...message, 'inbound');
    if (received) await upstream.receive(received.messages, received.environment);
    process.send!(upstream.change(settings ?? {}));
  });
  process.on('disconnect', () => process.exit());
}
