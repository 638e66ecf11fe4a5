/** Refusals, in the shape of Twilio's answers. */

export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly violations: string[];
  readonly headers: Record<string, string>;

  /** `code` is Twilio's error code; `violations` are what the journal notes beside the message. */
  constructor(
    status: number,
    code: number,
    message: string,
    extra: { violations?: string[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.violations = extra.violations ?? [];
    this.headers = extra.headers ?? {};
  }

  get body(): { code: number; message: string; more_info: string; status: number } {
    return errorBody(this.status, this.code, this.message);
  }
}

export function errorBody(status: number, code: number, message: string) {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

/** The request is not one that the API description accepts: 400 / 20001, all reasons in one message. */
export function refuseViolations(violations: string[]): Refusal {
  return new Refusal(400, 20001, violations.join('; '), { violations });
}

export function notFound(path: string): Refusal {
  return new Refusal(404, 20404, `The requested resource ${path} was not found`);
}
