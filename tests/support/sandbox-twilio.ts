import type { Twilio } from 'twilio';
import type { Sandbox } from '../../sandbox/server';
import { SANDBOX_ENVIRONMENT } from './stack';

type Library = typeof import('twilio');
type Options = Parameters<InstanceType<Library['RequestClient']>['request']>[0];

/** The real client, whose requests go to a sandbox in this process instead of Twilio. */
export function clientOf(twilio: Library, sandbox: Sandbox): Twilio {
  class Redirected extends twilio.RequestClient {
    override request<T>(options: Options) {
      const { host, pathname, search } = new URL(options.uri);
      const headers = { ...options.headers, 'x-sandbox-host': host };
      return super.request<T>({ ...options, uri: sandbox.url + pathname + search, headers } as never);
    }
  }
  const { ACCOUNT_SID, API_KEY, API_SECRET } = SANDBOX_ENVIRONMENT;
  return twilio(API_KEY, API_SECRET, { accountSid: ACCOUNT_SID, httpClient: new Redirected() });
}
