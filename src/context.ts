import type { Twilio } from 'twilio';
import { type Config, ownCredentials, readConfig } from './config';
import { refuseOwnThings } from './policy/own-things';
import { isInSync, openStore } from './store/open';
import type { Store } from './store/port';
import { findStoreService } from './store/service';
import type { Effects } from './tool';
import { openTwilio } from './twilio';

interface TimeLimit {
  /** Epoch ms; default now. */
  started?: number;
  /** Default TWILIO_TIMEOUT. */
  timeoutMs?: number;
}

/** The settings, Twilio client and store of one request or command, each opened on first use. */
export class RequestContext {
  #config: Config | undefined;
  #twilio: Twilio | undefined;
  #serverTwilio: Twilio | undefined;
  #store: Store | undefined;
  readonly effects: Effects = { acted: 0 };

  readonly #environment: Record<string, unknown>;
  readonly #started: number;
  readonly #timeoutMs: number | undefined;

  constructor(environment: Record<string, unknown>, { started = Date.now(), timeoutMs }: TimeLimit = {}) {
    this.#environment = environment;
    this.#started = started;
    this.#timeoutMs = timeoutMs;
  }

  /** Throws a `ToolError` if a setting is missing or malformed. */
  get config(): Config {
    this.#config ??= readConfig(this.#environment);
    return this.#config;
  }

  /** When the requests to Twilio must have ended, epoch ms. */
  get deadline(): number {
    return this.#started + (this.#timeoutMs ?? this.config.timeoutMs);
  }

  get twilio(): Twilio {
    this.#twilio ??= openTwilio(this.config, this.deadline, this.effects, this.#gate());
    return this.#twilio;
  }

  /** Refuses what belongs to the server itself. */
  #gate() {
    const { serviceSid, apiKey } = this.config;
    const storeSid = async () => (isInSync(this.config) ? findStoreService(this.#ownTwilio) : undefined);
    return (request: Parameters<typeof refuseOwnThings>[0]) =>
      refuseOwnThings(request, { serviceSid, apiKey, storeSid });
  }

  /** The client for the server's own state, which tools cannot reach. */
  get #ownTwilio(): Twilio {
    this.#serverTwilio ??= openTwilio(ownCredentials(this.config), this.deadline, this.effects);
    return this.#serverTwilio;
  }

  get store(): Store {
    this.#store ??= openStore(this.config, () => this.#ownTwilio, this.deadline);
    return this.#store;
  }
}
