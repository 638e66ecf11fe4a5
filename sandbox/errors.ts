/** Error responses in Twilio's format. */

/** Thrown by rules; the server answers with its status and body. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  readonly violations: string[];
  readonly headers: Record<string, string>;
  readonly details?: object;

  /** `code` is Twilio's error code; `violations` are the reasons that the journal records, `details` what the answer adds. */
  constructor(
    status: number,
    code: number,
    message: string,
    extra: { violations?: string[]; headers?: Record<string, string>; details?: object } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.violations = extra.violations ?? [];
    this.headers = extra.headers ?? {};
    this.details = extra.details;
  }

  get body(): ReturnType<typeof errorBody> & { details?: object } {
    return { ...errorBody(this.status, this.code, this.message), ...(this.details && { details: this.details }) };
  }
}

/** The JSON of an error. */
export function errorBody(status: number, code: number, message: string) {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

/** Rejects a request with 400 and one of Twilio's error codes. */
export function badRequest(code: number, message: string): never {
  throw new ApiError(400, code, message);
}

/** The request does not conform to the API description: 400 / 20001, with all reasons in one message. */
export function invalidRequest(violations: string[]): ApiError {
  return new ApiError(400, 20001, violations.join('; '), { violations });
}

/** 404 / 20404. `violations` say why no operation matches the path. */
export function notFound(path: string, violations: string[] = []): ApiError {
  return new ApiError(404, 20404, `The requested resource ${path} was not found`, { violations });
}
