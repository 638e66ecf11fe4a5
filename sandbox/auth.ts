/** Authentication: Basic with an account's auth token or an API key's secret. */
import type { IncomingHttpHeaders } from 'node:http';
import type { SpecOperation } from '../openapi/spec';
import { ApiError } from './errors';
import type { SandboxState } from './types';

/** The SID of the authenticated account. @throws ApiError 401 / 20003 */
export function authenticate(
  headers: IncomingHttpHeaders,
  operation: SpecOperation | undefined,
  state: SandboxState,
): string {
  const schemes = operation?.security ?? ['basic'];
  const header = headers.authorization ?? '';
  const basic = /^Basic (.+)$/i.exec(header)?.[1];
  if (basic) {
    const text = Buffer.from(basic, 'base64').toString();
    const colon = text.indexOf(':');
    const login = state.logins.get(text.slice(0, colon));
    if (login && login.password === text.slice(colon + 1)) return login.accountSid;
    throw unauthorized();
  }
  if (schemes.length === 0) return state.accountSid;
  const bearer = schemes.some((scheme) => /oauth|bearer/i.test(scheme));
  if (bearer && /^Bearer \S+$/i.test(header)) return state.accountSid;
  throw unauthorized();
}

function unauthorized(): ApiError {
  return new ApiError(401, 20003, 'Authenticate', { headers: { 'www-authenticate': 'Basic realm="Twilio API"' } });
}
