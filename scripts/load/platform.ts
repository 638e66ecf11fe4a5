import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/*
 * Twilio Functions as the documentation describes them: one execution at a time in a process, thirty at once, ten seconds
 * for each. What happens beyond thirty is not documented; here the gateway answers 429.
 */

const MAX_EXECUTIONS = 30;
const MAX_EXECUTION_MS = 10_000;

const root = join(__dirname, '../..');

interface FunctionRequest {
  /** `/webhooks/twilio/sms` */
  path: string;
  headers: Record<string, string>;
  /** Query and body, which the platform merges. */
  parameters: Record<string, unknown>;
}

interface FunctionResponse {
  status: number;
  body: string;
}

/** A deployment: processes that start when they are needed, and end only by being killed. */
export class Platform {
  /** Requests refused because thirty were running, and executions that took ten seconds. */
  readonly counts = { refused: 0, timedOut: 0, killed: 0 };
  readonly #idle: ChildProcess[] = [];
  readonly #busy = new Set<ChildProcess>();
  #running = 0;

  /** `environment` is what Functions get as their context, `upstream` the URL that stands in for Twilio's API. */
  constructor(
    readonly environment: Readonly<Record<string, string>>,
    readonly upstream: string,
  ) {}

  /** Executes a Function. 429 beyond thirty at once, 504 after ten seconds, 502 if the process is killed. */
  async handle(request: FunctionRequest): Promise<FunctionResponse> {
    if (this.#running >= MAX_EXECUTIONS) {
      this.counts.refused++;
      return { status: 429, body: '' };
    }
    this.#running++;
    try {
      const instance = this.#idle.pop() ?? (await this.#start());
      const response = await this.#execute(instance, request);
      if (instance.connected && !instance.killed) this.#idle.push(instance);
      return response;
    } finally {
      this.#running--;
    }
  }

  /** Starts a process for these executions, and then for others. */
  async warmUp(...requests: readonly FunctionRequest[]): Promise<void> {
    const instance = await this.#start();
    for (const request of requests) await this.#execute(instance, request);
    this.#idle.push(instance);
  }

  async #execute(instance: ChildProcess, { path, headers, parameters }: FunctionRequest): Promise<FunctionResponse> {
    this.#busy.add(instance);
    let status = 502;
    const timer = setTimeout(() => {
      status = 504;
      this.counts.timedOut++;
      instance.kill('SIGKILL');
    }, MAX_EXECUTION_MS);
    const response = await new Promise<FunctionResponse | undefined>((resolve) => {
      instance.once('message', (message) => resolve(message as FunctionResponse));
      instance.once('exit', () => resolve(undefined));
      instance.send({ path, event: { request: { headers, cookies: {} }, ...parameters } });
    });
    clearTimeout(timer);
    instance.removeAllListeners('message').removeAllListeners('exit');
    this.#busy.delete(instance);
    return response ?? { status, body: '' };
  }

  /** Kills a process in the middle of its execution, if there is one. */
  killOne(): void {
    const [instance] = this.#busy;
    if (instance?.kill('SIGKILL')) this.counts.killed++;
  }

  /** Ends all processes: the next executions start in fresh ones. */
  close(): void {
    for (const instance of [...this.#idle, ...this.#busy]) instance.kill('SIGKILL');
    this.#idle.length = 0;
  }

  /** A process that is ready for its first execution. */
  async #start(): Promise<ChildProcess> {
    const instance = fork(join(__dirname, 'worker.cjs'), {
      execArgv: ['--require', join(root, 'dist/local/sandbox-preload.js')],
      env: { TWILIO_SANDBOX_URL: this.upstream, FUNCTION_ENVIRONMENT: JSON.stringify(this.environment) },
    });
    await once(instance, 'message');
    // A message to a process that has just been killed.
    instance.on('error', () => undefined);
    return instance;
  }
}
