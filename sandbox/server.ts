/**
 * A strict stand-in for Twilio's REST API on the loopback interface.
 * Nothing is ever sent to anyone: what is "sent" here is stored, and forgotten when the process ends.
 */
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Spec } from '../openapi/spec';
import { answerAdmin, isAdminPath } from './admin';
import { authenticate } from './auth';
import { SANDBOX_ACCOUNT_SID, SANDBOX_API_KEY, SANDBOX_API_SECRET, SANDBOX_AUTH_TOKEN } from './credentials';
import { errorBody, notFound, Refusal, refuseViolations } from './errors';
import { type Fault, Faults } from './faults';
import { handle } from './generic';
import { Journal, type JournalEntry } from './journal';
import { type RawRequest, readRequest, understand } from './request';
import { type Match, Router } from './routes';
import { ageOf } from './rules';
import { Seeder } from './seed';
import { Store } from './store';
import { Targets } from './targets';
import { answerUpload, isUpload } from './uploads';
import { type IncomingText, Webhooks } from './webhooks';
import type { Answer, Options, World } from './world';

export * from './credentials';
export type { Fault } from './faults';
export type { JournalEntry } from './journal';
export type { Delivery, IncomingText } from './webhooks';

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Loopback addresses only. */
  host?: string;
  accountSid?: string;
  authToken?: string;
  apiKey?: string;
  apiSecret?: string;
  /** See Options.speed. */
  speed?: number;
  /** See Options.lenient. */
  lenient?: boolean;
  /** Where the account's own numbers send what comes in. */
  smsUrl?: string;
}

export interface Sandbox {
  /** E.g. `http://127.0.0.1:41234`. */
  url: string;
  port: number;
  journal: Journal;
  faults: Faults;
  options: Options;
  world: World;
  /** What was posted to webhooks. */
  webhooks: Webhooks;
  /** A text comes in at one of the account's numbers. */
  receive(text: IncomingText): ReturnType<Webhooks['receive']>;
  /** Back to the seeds: forgets what was created, the faults and the journal. */
  reset(): void;
  close(): Promise<void>;
}

const LOOPBACK = /^(127(\.\d+){3}|::1|localhost)$/;

/** @throws Error when asked to listen on anything but a loopback address. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  if (!LOOPBACK.test(host)) throw new Error(`The sandbox listens on loopback addresses only, not on ${host}`);
  const initial: Options = { lenient: options.lenient ?? false, speed: options.speed ?? 1 };
  const accountSid = options.accountSid ?? SANDBOX_ACCOUNT_SID;
  const world: World = {
    spec: new Spec(),
    store: new Store(),
    options: { ...initial },
    accountSid,
    logins: new Map(),
    events: new EventEmitter(),
    ageOf,
    startedAt: Date.now(),
  };
  const journal = new Journal();
  const faults = new Faults();
  const seeder = new Seeder(world, options.smsUrl);
  const webhooks = new Webhooks(world, options.authToken ?? SANDBOX_AUTH_TOKEN);
  const receive = (text: IncomingText) => {
    seeder.host('api.twilio.com');
    return webhooks.receive(text);
  };
  const logins = () => {
    world.logins.clear();
    world.logins.set(accountSid, { password: options.authToken ?? SANDBOX_AUTH_TOKEN, accountSid });
    world.logins.set(options.apiKey ?? SANDBOX_API_KEY, {
      password: options.apiSecret ?? SANDBOX_API_SECRET,
      accountSid,
    });
  };
  logins();
  const reset = () => {
    world.store.clear();
    world.startedAt = Date.now();
    Object.assign(world.options, initial);
    logins();
    seeder.restart();
    journal.clear();
    faults.clear();
    webhooks.clear();
  };
  const requests = new Requests(world, journal, faults, seeder);
  const admin = { world, journal, faults, webhooks, receive, reset };

  const server = createServer((message, response) => {
    const done = isAdminPath(message.url) ? answerAdmin(admin, message, response) : requests.answer(message, response);
    // A body that is too large, or a fault of the sandbox itself: say so instead of leaving the caller to wait.
    done.catch((error: Error) => {
      if (response.headersSent) return void response.destroy();
      if (error instanceof Refusal) return send(response, error);
      send(response, { status: 500, body: errorBody(500, 20500, `The sandbox failed: ${error.stack}`) });
    });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    journal,
    faults,
    options: world.options,
    world,
    webhooks,
    receive,
    reset,
    close: () =>
      new Promise((resolve) => {
        webhooks.clear();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Requests {
  readonly #router: Router;
  readonly #targets: Targets;

  constructor(
    readonly world: World,
    readonly journal: Journal,
    readonly faults: Faults,
    readonly seeder: Seeder,
  ) {
    this.#router = new Router(world.spec);
    this.#targets = new Targets(world.spec);
  }

  async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readRequest(message);
    const entry = this.journal.add(entryOf(raw));
    const found = this.#router.match(raw.product, raw.method, raw.path);
    const match = found && 'operation' in found ? found : undefined;
    entry.file = match?.operation.file;
    entry.operationId = match?.operation.operationId;
    entry.params = match?.params ?? {};

    const fault = this.faults.take({ ...raw, file: entry.file, operationId: entry.operationId });
    if (fault) entry.fault = fault.name ?? fault.drop ?? (fault.html ? 'html' : String(fault.status ?? 'delay'));
    if (fault?.delay) await sleep(fault.delay);
    if (fault?.drop === 'before') return drop(message, entry);
    const broken = fault && fault.drop !== 'after' ? faultAnswer(fault) : undefined;
    const answer = broken ?? this.#attempt(raw, match, found, entry);
    if (fault?.drop === 'after') return drop(message, entry);
    entry.status = answer.status;
    entry.code = (answer.body as { code?: number } | undefined)?.code ?? undefined;
    if (answer.status < 400) entry.code = undefined;
    send(response, answer, fault?.html);
  }

  #attempt(
    raw: RawRequest,
    match: Match | undefined,
    found: Match | { allowed: string[] } | undefined,
    entry: JournalEntry,
  ): Answer {
    try {
      return this.#process(raw, match, found, entry);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      entry.violations.push(...error.violations);
      return { status: error.status, body: error.body, headers: error.headers };
    }
  }

  #process(
    raw: RawRequest,
    match: Match | undefined,
    found: Match | { allowed: string[] } | undefined,
    entry: JournalEntry,
  ): Answer {
    const { world } = this;
    if (isUpload(raw)) {
      const accountSid = authenticate(raw.message.headers, undefined, world);
      return answerUpload(raw, accountSid, world, entry);
    }
    if (!this.#router.knows(raw.product)) {
      throw refuse404(raw.path, `there is no Twilio host "${raw.host}"`);
    }
    const accountSid = authenticate(raw.message.headers, match?.operation, world);
    if (found && 'allowed' in found) {
      const violations = [`${raw.method} is not allowed at ${raw.path}; allowed: ${found.allowed.join(', ')}`];
      throw new Refusal(405, 20004, 'Method not allowed', { violations });
    }
    if (!match) throw refuse404(raw.path, `no operation of ${raw.product} has the path ${raw.path}`);
    const meaning = understand(raw, match);
    entry.fields = meaning.fields;
    entry.queryFields = meaning.query;
    entry.headerFields = meaning.headers;
    if (meaning.violations.length > 0) throw refuseViolations(meaning.violations);
    this.seeder.host(raw.product);
    const account = actedOn(match, accountSid, world);
    if (!account) throw notFound(raw.path);
    const { operation, document } = match;
    const target = this.#targets.of(match, world, account);
    const { fields, query, headers } = meaning;
    const call = {
      world,
      operation,
      document,
      target,
      fields,
      query,
      headers,
      accountSid: account,
      now: Date.now(),
      entry,
    };
    return handle(call, this.#targets);
  }
}

/** The account that a path names, if the login may act on it; the login's own where the path names none. */
function actedOn(match: Match, accountSid: string, world: World): string | undefined {
  const named = match.operation.host === 'api.twilio.com' ? match.params.AccountSid : undefined;
  if (!named || named === accountSid) return accountSid;
  const known = world.store.get('api.twilio.com/2010-04-01/Accounts', named);
  return known && accountSid === world.accountSid ? named : undefined;
}

function refuse404(path: string, violation: string): Refusal {
  return new Refusal(404, 20404, `The requested resource ${path} was not found`, { violations: [violation] });
}

function entryOf(raw: RawRequest): Omit<JournalEntry, 'seq'> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw.message.headers)) {
    headers[name] = name === 'authorization' ? String(value).replace(/ .*/, ' [redacted]') : String(value);
  }
  const body = raw.body.toString('utf8');
  return {
    time: new Date().toISOString(),
    host: raw.host,
    method: raw.method,
    path: raw.path,
    query: raw.query,
    headers,
    body: raw.contentType.startsWith('multipart/') ? body.slice(0, 2000) : body,
    params: {},
    fields: {},
    queryFields: {},
    headerFields: {},
    violations: [],
    ignored: [],
    status: 0,
  };
}

function drop(message: IncomingMessage, entry: JournalEntry): void {
  entry.status = 0;
  message.socket.destroy();
}

function faultAnswer(fault: Fault): Answer | undefined {
  if (fault.html !== undefined) return { status: fault.status ?? 502, headers: faultHeaders(fault) };
  if (!fault.status) return undefined;
  const body = errorBody(fault.status, fault.code ?? 20000 + fault.status, fault.message ?? 'Fault ordered by a test');
  return { status: fault.status, body, headers: faultHeaders(fault) };
}

function faultHeaders(fault: Fault): Record<string, string> {
  return { ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }), ...fault.headers };
}

function send(response: ServerResponse, answer: Answer, html?: string): void {
  const text = html ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  const headers: Record<string, string | number> = { ...answer.headers, 'twilio-request-id': `RQ${'0'.repeat(32)}` };
  if (answer.status !== 204) {
    headers['content-type'] = html === undefined ? 'application/json' : 'text/html';
    headers['content-length'] = Buffer.byteLength(text);
  }
  response.writeHead(answer.status, headers).end(answer.status === 204 ? undefined : text);
}
