import type { Twilio } from 'twilio';
import { type CheckedConfig, type Config, ownCredentials, requireComplete } from './config';
import { openGate } from './policy/gate';
import { refuseOwnThings } from './policy/own-things';
import type { SafeguardContext } from './policy/safeguard';
import { isInSync, openStore } from './store/open';
import type { Store } from './store/port';
import { findStoreService } from './store/service';
import { onlyReads, unchangedStore } from './store/unchanged';
import type { CurrentCall, Effects } from './tool';
import { openTwilio } from './twilio';
import { type Gate, openRequests, type RequestBudget } from './upstream';

interface ContextOptions {
  /** Epoch ms; default now. */
  started?: number;
  /** Default TWILIO_TIMEOUT. */
  timeoutMs?: number;
  /** For a command of the owner, whom the policy for agents does not bind. */
  ungated?: boolean;
  /** Whether nothing may be sent or changed. */
  dryRun?: boolean;
}

/** What is left for records after the deadline: the longest TWILIO_TIMEOUT is a second below the platform's limit. */
const LATE_MS = 800;

/** The settings, Twilio client and store of one request or command, each opened on first use. */
export class RequestContext {
  #twilio: Twilio | undefined;
  #store: Store | undefined;
  #ledger: Store | undefined;
  readonly effects: Effects = { acted: 0 };
  call: CurrentCall = { notes: [], ending: [], planned: [] };
  readonly client?: string | undefined;

  readonly dryRun: boolean;

  readonly #checked: CheckedConfig;
  readonly #started: number;
  readonly #timeoutMs: number | undefined;
  readonly #ungated: boolean;

  constructor(
    checked: CheckedConfig,
    { started = Date.now(), timeoutMs, ungated = false, dryRun = false }: ContextOptions = {},
  ) {
    this.#checked = checked;
    this.#started = started;
    this.#timeoutMs = timeoutMs;
    this.#ungated = ungated;
    this.dryRun = dryRun;
  }

  /** Throws a `ToolError` if a setting is missing or malformed. */
  get config(): Config {
    return requireComplete(this.#checked);
  }

  /** Of MCP_TRUSTED_SENDERS. Tools that need no settings work without the others. */
  get trustedSenders(): Config['trustedSenders'] {
    return this.#checked.config.trustedSenders;
  }

  /** When the requests to Twilio must have ended, epoch ms. */
  get deadline(): number {
    return this.#started + (this.#timeoutMs ?? this.config.timeoutMs);
  }

  get twilio(): Twilio {
    this.#twilio ??= openTwilio(this.config, { ...this.#budget(), ...(!this.#ungated && { gate: this.#gate() }) });
    return this.#twilio;
  }

  #budget(effects = this.effects, deadline = this.deadline): RequestBudget {
    return { deadline, effects };
  }

  /** Refuses what belongs to the server itself, and what goes beyond the owner's policy. */
  #gate(): Gate {
    const { serviceSid, apiKey } = this.config;
    const storeSid = async () => (isInSync(this.config) ? findStoreService(this.#ownRequests()) : undefined);
    const policy = openGate(this.#safeguardContext());
    return async (request, send) => {
      await refuseOwnThings(request, { serviceSid, apiKey, storeSid });
      return policy(request, send);
    };
  }

  #safeguardContext(): SafeguardContext {
    const context = this;
    const { config, deadline, client, dryRun } = this;
    let lateStore: Store | undefined;
    return {
      config,
      deadline,
      client,
      dryRun,
      get call() {
        return context.call;
      },
      get store() {
        return context.ledger;
      },
      get lateStore() {
        lateStore ??= context.#openStore(deadline + LATE_MS, { acted: 0 });
        return lateStore;
      },
      get requests() {
        return openRequests(config, context.#budget({ acted: 0 }));
      },
    };
  }

  /** Requests for the server's own state, which tools cannot reach. */
  #ownRequests = (budget = this.#budget()) => openRequests(ownCredentials(this.config), budget);

  #openStore(deadline = this.deadline, effects = this.effects): Store {
    return openStore(this.config, () => this.#ownRequests(this.#budget(effects, deadline)), deadline);
  }

  get store(): Store {
    this.#store ??= this.dryRun ? this.#unchangedStore() : this.#openStore();
    return this.#store;
  }

  #unchangedStore(): Store {
    const requests = () => onlyReads(this.#ownRequests());
    return unchangedStore(openStore(this.config, requests, this.deadline), () => {
      this.call.stores = true;
    });
  }

  get ledger(): Store {
    this.#ledger ??= this.dryRun ? this.store : this.#openStore(this.deadline, { acted: 0 });
    return this.#ledger;
  }
}
