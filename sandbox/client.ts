/** The sandbox's control API from another process. See README.md. */
import type { Fault } from './faults';
import type { JournalEntry } from './journal';
import type { Delivery, IncomingText } from './webhooks';

export class SandboxClient {
  readonly url: string;

  /** @param url as `startSandbox` or `sandbox/main.ts` tell it, e.g. `http://127.0.0.1:41234` */
  constructor(url: string) {
    this.url = url.replace(/\/$/, '');
  }

  /** Requests after the one numbered `since`, oldest first. */
  async journal(since = 0): Promise<JournalEntry[]> {
    const { entries } = await this.#call<{ entries: JournalEntry[] }>('GET', `journal?since=${since}`);
    return entries;
  }

  /** Number of the latest request: hand it to `journal` later to see only what came after. */
  async mark(): Promise<number> {
    const { seq } = await this.#call<{ seq: number }>('GET', `journal?since=${Number.MAX_SAFE_INTEGER}`);
    return seq;
  }

  async fault(fault: Fault | Fault[]): Promise<void> {
    await this.#call('POST', 'faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.#call('DELETE', 'faults');
  }

  /** A text from somebody outside comes in; `delivery` is missing where the number has no webhook. */
  async text(text: IncomingText): Promise<{ sid: string; delivery?: Delivery }> {
    return this.#call('POST', 'texts', text);
  }

  async reset(): Promise<void> {
    await this.#call('POST', 'reset');
  }

  /** `speed: Infinity` lets messages and calls reach their end at once. */
  async options(options: { lenient?: boolean; speed?: number }): Promise<void> {
    await this.#call('POST', 'options', options);
  }

  async health(): Promise<{ ok: boolean; accountSid: string; pid: number; memory: number }> {
    return this.#call('GET', 'health');
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/_sandbox/${path}`, {
      method,
      // JSON.stringify turns Infinity into null, which the sandbox reads as such.
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`Sandbox: ${answer.error}`);
    return answer;
  }
}
