/** Keeps the sandbox's account in a file, so that it outlives the process. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoredResource } from './store';
import type { SandboxState } from './types';

/** Changes with the meaning of what is saved; files of other versions are set aside. */
const VERSION = 1;
/** The account is saved this long after a change, and no more often than takes a twentieth of the time. */
const DELAY_MS = 100;
const MAX_SHARE = 20;

interface SavedAccount {
  version: number;
  startedAt: number;
  clockOffset: number;
  seededHosts: string[];
  logins: [string, { password: string; accountSid: string }][];
  removed: string[];
  resources: StoredResource[];
}

/** What is saved in addition to `SandboxState`. */
interface Seeded {
  seededHosts: Set<string>;
}

/** The file of an account. `load` restores it, `schedule` saves it soon, `flush` now if it has changed. */
export class AccountFile {
  #timer: NodeJS.Timeout | undefined;
  #changed = false;
  #lastSaveMs = 0;

  constructor(
    readonly file: string,
    readonly state: SandboxState,
    readonly seeder: Seeded,
  ) {}

  /** Whether an account was restored. A file that cannot be read is renamed; `notice` says so. */
  load(): { restored: boolean; notice?: string } {
    if (!existsSync(this.file)) return { restored: false };
    let saved: SavedAccount;
    try {
      saved = JSON.parse(readFileSync(this.file, 'utf8')) as SavedAccount;
      if (saved.version !== VERSION) throw new Error(`it has version ${saved.version} instead of ${VERSION}`);
      this.#restore(saved);
      return { restored: true };
    } catch (error) {
      this.state.store.clear();
      const aside = `${this.file}.unreadable-${Date.now()}`;
      renameSync(this.file, aside);
      const why = (error as Error).message;
      return { restored: false, notice: `The saved sandbox cannot be read: ${why}. It is kept as ${aside}.` };
    }
  }

  #restore({ startedAt, clockOffset, seededHosts, logins, removed, resources }: SavedAccount): void {
    const { state, seeder } = this;
    state.store.restore(resources, removed);
    for (const [name, login] of logins) if (!state.logins.has(name)) state.logins.set(name, login);
    for (const host of seededHosts) seeder.seededHosts.add(host);
    state.startedAt = startedAt;
    state.clock.offset = clockOffset;
  }

  /** Saves the account after a moment, together with the changes until then. */
  schedule(): void {
    this.#changed = true;
    const delay = Math.max(DELAY_MS, this.#lastSaveMs * MAX_SHARE);
    this.#timer ??= setTimeout(() => {
      try {
        this.flush();
      } catch (error) {
        process.emitWarning(`The sandbox could not be saved: ${(error as Error).message}`);
      }
    }, delay).unref();
  }

  /** Saves the account if it has changed. The file is replaced at once, so that it is never incomplete. @throws Error */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#changed) return;
    this.#changed = false;
    const started = performance.now();
    const { store, startedAt, clock, logins } = this.state;
    const account: SavedAccount = {
      version: VERSION,
      startedAt,
      clockOffset: clock.offset,
      seededHosts: [...this.seeder.seededHosts],
      logins: [...logins],
      removed: store.removed(),
      resources: store.all(),
    };
    mkdirSync(dirname(this.file), { recursive: true });
    const temporary = `${this.file}.new`;
    writeFileSync(temporary, JSON.stringify(account), { mode: 0o600 });
    renameSync(temporary, this.file);
    this.#lastSaveMs = performance.now() - started;
  }
}
