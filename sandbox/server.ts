/** A strict stand-in for Twilio's REST API on the loopback interface. It stores what is sent and delivers nothing. */
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Spec } from '../openapi/spec';
import { isLoopback } from '../src/formats';
import { handleAdminRequest, isAdminPath } from './admin';
import { authenticate } from './auth';
import { resumeCalls, serveCalls } from './call-webhooks';
import { Clock } from './clock';
import { SANDBOX_ACCOUNT_SID, SANDBOX_API_KEY, SANDBOX_API_SECRET, SANDBOX_AUTH_TOKEN } from './credentials';
import { ApiError, errorBody, invalidRequest, notFound } from './errors';
import { Faults, type InjectedFault } from './faults';
import { handleFile, isFileRequest } from './files';
import { handleRequest } from './generic';
import { type InboundCall, receiveCall } from './inbound-calls';
import { Journal, type JournalEntry } from './journal';
import { advanceAll } from './lifecycle';
import { parseRequest, type RawRequest, readRequest } from './request';
import { type RouteMatch, Router } from './routes';
import { advanceAccount, lifecycleOf } from './rules';
import { auditRequest } from './rules/audit';
import { AccountFile } from './saved-account';
import { Seeder } from './seed';
import { ResourceStore } from './store';
import { SyncLimits } from './sync-limits';
import { TargetResolver } from './targets';
import type { RuntimeOptions, SandboxResponse, SandboxState } from './types';
import { handleUpload, isUpload } from './uploads';
import { type InboundMessage, Webhooks } from './webhooks';

export * from './credentials';
export type { InjectedFault } from './faults';
export type { JournalEntry } from './journal';
export type { InboundMessage, WebhookDelivery } from './webhooks';

interface SandboxOptions extends Partial<RuntimeOptions> {
  /** Default 0: any free port. */
  port?: number;
  /** `localhost`, `127.0.0.1` (default) or `[::1]`. */
  host?: string;
  accountSid?: string;
  authToken?: string;
  apiKey?: string;
  apiSecret?: string;
  /** Webhook for messages to the account's phone numbers. */
  smsUrl?: string;
  /** Gives the account a past of 60 days (`history.ts`). */
  history?: boolean;
  /** Keeps the account in this JSON file, and starts with the account that it contains. */
  file?: string;
}

export interface Sandbox {
  /** E.g. `http://127.0.0.1:41234`. */
  url: string;
  port: number;
  journal: Journal;
  faults: Faults;
  options: RuntimeOptions;
  state: SandboxState;
  webhooks: Webhooks;
  /** Whether the account comes from `SandboxOptions.file`. */
  restored: boolean;
  /** What the user should know about the start. */
  notices: string[];
  /** Simulates an inbound message to one of the account's phone numbers. */
  receive(message: InboundMessage): ReturnType<Webhooks['receive']>;
  /** Simulates a call to one of the account's phone numbers. */
  receiveCall(call: InboundCall): Promise<{ sid: string }>;
  /** Moves the sandbox's clock ahead by milliseconds; what is due by then happens at once, apart from `webhooks.settled`. */
  advance(milliseconds: number): void;
  /** Restores the seeded resources, the options and the time, and clears faults and journal. */
  reset(): void;
  close(): Promise<void>;
}

/** @throws Error for a host that is not a loopback address. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  if (!isLoopback(host)) throw new Error(`The sandbox listens on loopback addresses only, not on ${host}`);
  const { lenient = false, speed = 1, syncLimits = false } = options;
  const initial: RuntimeOptions = { lenient, speed, syncLimits };
  const accountSid = options.accountSid ?? SANDBOX_ACCOUNT_SID;
  const authToken = options.authToken ?? SANDBOX_AUTH_TOKEN;
  const state: SandboxState = {
    spec: new Spec(),
    store: new ResourceStore(),
    options: { ...initial },
    accountSid,
    logins: new Map(),
    events: new EventEmitter(),
    lifecycleOf,
    clock: new Clock(),
    syncLimits: new SyncLimits(),
    startedAt: Date.now(),
  };
  const journal = new Journal();
  const faults = new Faults();
  const seeder = new Seeder(state, options.smsUrl, options.history);
  const webhooks = new Webhooks(state, authToken);
  serveCalls(webhooks);
  const file = options.file === undefined ? undefined : new AccountFile(options.file, state, seeder);
  const receive = (message: InboundMessage) => {
    seeder.seedHost('studio.twilio.com');
    file?.schedule();
    return webhooks.receive(message);
  };
  const answerCall = (call: InboundCall) => {
    seeder.seedHost('studio.twilio.com');
    file?.schedule();
    return receiveCall(webhooks, call);
  };
  const resetLogins = () => {
    const password = options.apiSecret ?? SANDBOX_API_SECRET;
    state.logins.clear();
    state.logins.set(accountSid, { password: authToken, accountSid });
    state.logins.set(options.apiKey ?? SANDBOX_API_KEY, { password, accountSid });
  };
  resetLogins();
  const reset = () => {
    state.store.clear();
    state.clock.offset = 0;
    state.syncLimits.clear();
    state.startedAt = state.clock.now();
    Object.assign(state.options, initial);
    resetLogins();
    seeder.reset();
    journal.clear();
    faults.clear();
    webhooks.clear();
    file?.schedule();
  };
  const { restored = false, notice } = file?.load() ?? {};
  const changed = () => file?.schedule();
  state.events.on('change', changed);
  resumeCalls(webhooks);
  const twilio = new RequestHandler(state, journal, faults, seeder, changed);
  const advance = (milliseconds: number) => {
    state.clock.advance(milliseconds);
    advanceAll(state);
    file?.schedule();
  };
  const admin = { state, journal, faults, webhooks, receive, receiveCall: answerCall, advance, reset };

  const server = createServer((message, response) => {
    const done = isAdminPath(message.url)
      ? handleAdminRequest(admin, message, response)
      : twilio.handle(message, response);
    // Respond to a body that is too large and to a bug in the sandbox, so that the caller does not wait.
    done.catch((error: Error) => {
      if (response.headersSent) return void response.destroy();
      if (error instanceof ApiError) return writeResponse(response, error);
      writeResponse(response, { status: 500, body: errorBody(500, 20500, `The sandbox failed: ${error.stack}`) });
    });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host.replace(/^\[|\]$/g, ''), resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    port,
    journal,
    faults,
    options: state.options,
    state,
    webhooks,
    restored,
    notices: notice ? [notice] : [],
    receive,
    receiveCall: answerCall,
    advance,
    reset,
    close: () =>
      new Promise((resolve) => {
        webhooks.clear();
        file?.flush();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Responds to requests that a client sends to Twilio. */
class RequestHandler {
  readonly #router: Router;
  readonly #resolver: TargetResolver;

  constructor(
    readonly state: SandboxState,
    readonly journal: Journal,
    readonly faults: Faults,
    readonly seeder: Seeder,
    /** Called when resources may have changed. */
    readonly changed: () => void,
  ) {
    this.#router = new Router(state.spec);
    this.#resolver = new TargetResolver(state.spec);
  }

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readRequest(message);
    const entry = this.journal.add(journalEntryOf(raw));
    const { match, allowed } = this.#router.find(raw.canonicalHost, raw.method, raw.path);
    entry.file = match?.operation.file;
    entry.operationId = match?.operation.operationId;
    entry.params = match?.params ?? {};

    const fault = this.faults.take({ ...raw, file: entry.file, operationId: entry.operationId });
    if (fault) entry.fault = fault.name ?? fault.drop ?? (fault.html ? 'html' : String(fault.status ?? 'delay'));
    if (fault?.delay) await sleep(fault.delay);
    if (fault?.drop === 'before') return void message.socket.destroy();
    const injected = fault && fault.drop !== 'after' ? faultResponse(fault) : undefined;
    const real = injected && !fault?.processed ? undefined : this.#respond(raw, match, allowed, entry);
    entry.processed = real?.status;
    if (fault?.drop === 'after') return void message.socket.destroy();
    const result = injected ?? real!;
    entry.status = result.status;
    entry.code = result.status < 400 ? undefined : (result.body as { code?: number } | undefined)?.code;
    writeResponse(response, result, fault);
  }

  #respond(raw: RawRequest, match: RouteMatch | undefined, allowed: string[], entry: JournalEntry): SandboxResponse {
    try {
      return this.#process(raw, match, allowed, entry);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      entry.violations.push(...error.violations);
      return { status: error.status, body: error.body, headers: error.headers };
    }
  }

  #process(raw: RawRequest, match: RouteMatch | undefined, allowed: string[], entry: JournalEntry): SandboxResponse {
    const { state } = this;
    const { headers } = raw.message;
    if (isUpload(raw)) {
      this.changed();
      return handleUpload(raw, authenticate(headers, undefined, state), state, entry);
    }
    if (isFileRequest(raw)) {
      this.seeder.seedHost('api.twilio.com');
      this.changed();
      return handleFile(raw, authenticate(headers, undefined, state), state, entry);
    }
    if (!this.#router.hasHost(raw.canonicalHost)) {
      throw notFound(raw.path, [`Twilio has no host "${raw.host}"`]);
    }
    const login = authenticate(headers, match?.operation, state);
    if (!match && allowed.length > 0) {
      const violations = [`${raw.method} is not allowed at ${raw.path}; allowed: ${allowed.join(', ')}`];
      throw new ApiError(405, 20004, 'Method not allowed', { violations });
    }
    if (!match) throw notFound(raw.path, [`no operation of ${raw.canonicalHost} has the path ${raw.path}`]);
    const { violations, ...parsed } = parseRequest(raw, match);
    Object.assign(entry, { fields: parsed.fields, queryFields: parsed.query, headerFields: parsed.headers });
    if (violations.length > 0) throw invalidRequest(violations);
    if (this.seeder.seedHost(raw.canonicalHost) || raw.method !== 'GET') this.changed();
    const accountSid = targetAccount(match, login, state);
    if (!accountSid) throw notFound(raw.path);
    const { operation, document } = match;
    const now = state.clock.now();
    advanceAccount(now, state);
    const target = this.#resolver.resolveTarget(match, state, accountSid);
    const request = { state, operation, document, target, ...parsed, accountSid, now, entry };
    const audit = auditRequest(request);
    const response = handleRequest(request, this.#resolver);
    audit(response, raw.message.socket.remoteAddress ?? '');
    return response;
  }
}

/** The account in the path if the login may use it; the login's own account if the path has none. */
function targetAccount(match: RouteMatch, login: string, state: SandboxState): string | undefined {
  const named = match.operation.host === 'api.twilio.com' ? match.params.AccountSid : undefined;
  if (!named || named === login) return login;
  const known = state.store.get('api.twilio.com/2010-04-01/Accounts', named);
  return known && login === state.accountSid ? named : undefined;
}

function journalEntryOf(raw: RawRequest): Omit<JournalEntry, 'seq'> {
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

function faultResponse(fault: InjectedFault): SandboxResponse | undefined {
  const headers = { ...fault.headers };
  if (fault.retryAfter !== undefined) headers['retry-after'] ??= String(fault.retryAfter);
  if (fault.html !== undefined) return { status: fault.status ?? 502, headers };
  if (fault.body !== undefined) return { status: fault.status ?? 200, headers };
  if (!fault.status) return undefined;
  const body = errorBody(fault.status, fault.code ?? 20000 + fault.status, fault.message ?? 'Injected fault');
  return { status: fault.status, body, headers };
}

function writeResponse(
  response: ServerResponse,
  { status, body, headers }: SandboxResponse,
  { html, body: raw, trickle }: InjectedFault = {},
): void {
  const file = Buffer.isBuffer(body) ? body : undefined;
  const text = html ?? raw ?? file ?? (body === undefined ? '' : JSON.stringify(body));
  const sent: Record<string, string | number> = { ...headers, 'twilio-request-id': `RQ${'0'.repeat(32)}` };
  if (status !== 204) {
    if (!file) sent['content-type'] = html === undefined ? 'application/json' : 'text/html';
    sent['content-length'] = Buffer.byteLength(text);
  }
  response.writeHead(status, sent);
  if (trickle === undefined) return void response.end(status === 204 ? undefined : text);
  const [...bytes] = Buffer.from(text);
  const next = () => {
    const byte = bytes.shift();
    if (byte === undefined || response.destroyed) return void response.end();
    response.write(Buffer.of(byte));
    setTimeout(next, trickle);
  };
  next();
}
