/** Who asks. Basic with an account's token or an API key's secret, the only ways that Twilio takes everywhere. */
import type { IncomingHttpHeaders } from 'node:http';
import type { SpecOperation } from '../openapi/spec';
import { Refusal } from './errors';
import type { World } from './world';

/** The account SID that the request logs in to. @throws Refusal 401 / 20003 */
export function authenticate(headers: IncomingHttpHeaders, operation: SpecOperation | undefined, world: World): string {
  const schemes = operation?.security ?? ['basic'];
  const header = headers.authorization ?? '';
  const basic = /^Basic (.+)$/i.exec(header)?.[1];
  if (basic) {
    const text = Buffer.from(basic, 'base64').toString();
    const colon = text.indexOf(':');
    const login = world.logins.get(text.slice(0, colon));
    if (login && login.password === text.slice(colon + 1)) return login.accountSid;
    throw refused();
  }
  if (schemes.length === 0) return world.accountSid;
  const bearer = schemes.some((scheme) => /oauth|bearer/i.test(scheme));
  if (bearer && /^Bearer \S+$/i.test(header)) return world.accountSid;
  throw refused();
}

function refused(): Refusal {
  return new Refusal(401, 20003, 'Authenticate', { headers: { 'www-authenticate': 'Basic realm="Twilio API"' } });
}
