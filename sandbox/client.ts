/** Client of the control API (README.md), for tests whose sandbox runs in another process. */
import type { InjectedFault } from './faults';
import type { JournalEntry } from './journal';
import type { InboundMessage, WebhookDelivery } from './webhooks';

/** Controls a sandbox in another process. */
export class SandboxClient {
  readonly url: string;

  /** @param url URL that `startSandbox` returns or `sandbox/main.ts` prints, e.g. `http://127.0.0.1:41234` */
  constructor(url: string) {
    this.url = url.replace(/\/$/, '');
  }

  /** Requests after number `since`, oldest first. */
  async journal(since = 0): Promise<JournalEntry[]> {
    const { entries } = await this.#send<{ entries: JournalEntry[] }>('GET', `journal?since=${since}`);
    return entries;
  }

  /** Number of the latest request; pass it to `journal` later to read only newer ones. */
  async mark(): Promise<number> {
    const { seq } = await this.#send<{ seq: number }>('GET', `journal?since=${Number.MAX_SAFE_INTEGER}`);
    return seq;
  }

  async addFault(fault: InjectedFault | InjectedFault[]): Promise<void> {
    await this.#send('POST', 'faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.#send('DELETE', 'faults');
  }

  /** Simulates an inbound message; `delivery` is missing if the number has no webhook. */
  async receive(message: InboundMessage): Promise<{ sid: string; delivery?: WebhookDelivery }> {
    return this.#send('POST', 'texts', message);
  }

  /** Moves the sandbox's clock ahead; returns its time, ISO 8601. */
  async advance(seconds: number): Promise<string> {
    const { now } = await this.#send<{ now: string }>('POST', 'clock', { advance: seconds });
    return now;
  }

  async reset(): Promise<void> {
    await this.#send('POST', 'reset');
  }

  /** `speed: Infinity` completes messages and calls at once. */
  async options(options: { lenient?: boolean; speed?: number; syncLimits?: boolean }): Promise<void> {
    await this.#send('POST', 'options', options);
  }

  async health(): Promise<{ ok: boolean; accountSid: string; pid: number; memory: number }> {
    return this.#send('GET', 'health');
  }

  async #send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/_sandbox/${path}`, {
      method,
      // JSON.stringify writes Infinity as null, which the sandbox reads as Infinity.
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const result = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`Sandbox: ${result.error}`);
    return result;
  }
}
