import type { Twilio } from 'twilio';
import { type CheckedConfig, type Config, ownCredentials, requireComplete } from './config';
import { refuseBeyondPolicy } from './policy/gate';
import { refuseOwnThings } from './policy/own-things';
import { isInSync, openStore } from './store/open';
import type { Store } from './store/port';
import { findStoreService } from './store/service';
import type { Effects } from './tool';
import { openTwilio } from './twilio';
import { type Gate, openRequests, type RequestBudget } from './upstream';

interface TimeLimit {
  /** Epoch ms; default now. */
  started?: number;
  /** Default TWILIO_TIMEOUT. */
  timeoutMs?: number;
}

/** The settings, Twilio client and store of one request or command, each opened on first use. */
export class RequestContext {
  #twilio: Twilio | undefined;
  #store: Store | undefined;
  readonly effects: Effects = { acted: 0 };

  readonly #checked: CheckedConfig;
  readonly #started: number;
  readonly #timeoutMs: number | undefined;

  constructor(checked: CheckedConfig, { started = Date.now(), timeoutMs }: TimeLimit = {}) {
    this.#checked = checked;
    this.#started = started;
    this.#timeoutMs = timeoutMs;
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
    this.#twilio ??= openTwilio(this.config, { ...this.#budget, gate: this.#gate() });
    return this.#twilio;
  }

  get #budget(): RequestBudget {
    return { deadline: this.deadline, effects: this.effects };
  }

  /** Refuses what belongs to the server itself, and what goes beyond the owner's policy. */
  #gate(): Gate {
    const { serviceSid, apiKey } = this.config;
    const storeSid = async () => (isInSync(this.config) ? findStoreService(this.#ownRequests()) : undefined);
    return async (request) => {
      refuseBeyondPolicy(request, this.config);
      await refuseOwnThings(request, { serviceSid, apiKey, storeSid });
    };
  }

  /** Requests for the server's own state, which tools cannot reach. */
  #ownRequests = () => openRequests(ownCredentials(this.config), this.#budget);

  get store(): Store {
    this.#store ??= openStore(this.config, this.#ownRequests, this.deadline);
    return this.#store;
  }
}
