import type { Context, ServerlessCallback } from '@twilio-labs/serverless-runtime-types/types';
import { warningOf } from '../errors';
import { isGuarded } from '../guard';
import { type LogEntry, log, stackOf } from '../log';
import type { FunctionEvent } from './event';
import type { Response } from './exchange';
import { type ReplyClass, toReply } from './reply';

/** One execution of a Function. */
export interface Execution {
  /** Settings, and what the platform adds. */
  environment: Context<Record<string, unknown>>;
  event: FunctionEvent;
  /** Epoch ms. */
  started: number;
  requestId: string;
  /** Adds to the log line. */
  annotate: (seen: Partial<LogEntry>) => void;
}

/**
 * The handler of a Twilio Function: `answer` makes the response, one log line is written, the platform is called back.
 * Never rejects: if `answer` throws, `internalError` makes the response, which may name the request ID.
 */
export function serverlessFunction(
  answer: (execution: Execution) => Promise<Response>,
  internalError: (requestId: string) => Response,
) {
  return (environment: Execution['environment'], event: FunctionEvent, callback: ServerlessCallback): void => {
    const started = Date.now();
    // Read on a local server, it prints a warning. Behind the guard nothing may claim to be deployed.
    if (isGuarded()) environment.SERVICE_SID = '';
    const requestId = newRequestId();
    const seen: Partial<LogEntry> = {};
    const annotate = (more: Partial<LogEntry>) => void Object.assign(seen, more);
    const Reply = (globalThis as unknown as { Twilio: { Response: ReplyClass } }).Twilio.Response;
    answer({ environment, event, started, requestId, annotate })
      .catch((error: unknown) => {
        annotate({ outcome: 'internal error', stack: stackOf(error), ...warningOf(error) });
        return internalError(requestId);
      })
      .then(async (response) => {
        const reply = await toReply(response, Reply);
        const outcome = response.status >= 400 ? `refused ${response.status}` : 'ok';
        const entry = { requestId, outcome, ...seen, ms: Date.now() - started };
        // The platform freezes the execution after the callback, so the line is written before it.
        const level = entry.outcome === 'internal error' ? 'error' : entry.warning ? 'warn' : 'info';
        log(level, entry, environment.LOG_LEVEL);
        callback(null, reply);
      })
      .catch(() => callback(null, new Reply().setStatusCode(500)));
  };
}

/** Distinguishes log lines; nothing depends on its being hard to guess. */
const newRequestId = () => Math.random().toString(16).slice(2, 10).padEnd(8, '0');
