/**
 * Messaging permissions by country. A new account of the sandbox may text every country, so that a first message arrives
 * anywhere; what is disabled is refused.
 */
import { badRequest } from '../errors';
import { isJsonObject, jsonValue } from '../json';
import { collectionRoot } from '../targets';
import type { OperationRule, SandboxRequest } from '../types';
import { ALL_COUNTRIES, type Country, callingCountry } from './countries';

const PERMISSION_HOST = 'accounts.twilio.com';
const PERMISSION_KIND = `${PERMISSION_HOST}/v1/Messaging/GeoPermissions`;

const textPermissions = ({ accountSid, state }: SandboxRequest): string =>
  PERMISSION_KIND.replace(PERMISSION_HOST, collectionRoot(PERMISSION_HOST, accountSid, state));

const mayText = (request: SandboxRequest, { iso }: Country): boolean =>
  request.state.store.get(textPermissions(request), iso)?.body.enabled !== false;

/** @throws ApiError 400 / 21408 if the account may not text the country of a number. */
export function checkMessagePermission(request: SandboxRequest, to: string): void {
  const country = callingCountry(to);
  if (!country || mayText(request, country)) return;
  badRequest(
    21408,
    `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}`,
  );
}

function requestedPermission(text: unknown): { iso: string; enabled: boolean } {
  const given = typeof text === 'string' ? jsonValue(text) : text;
  if (!isJsonObject(given)) badRequest(20001, 'Permissions must be JSON objects');
  const { country_code, type, enabled } = given as Record<string, unknown>;
  const isValid = ALL_COUNTRIES.has(String(country_code)) && type === 'country' && typeof enabled === 'boolean';
  if (!isValid) badRequest(20001, 'Permissions must have a country_code, the type country, and enabled');
  return { iso: String(country_code), enabled: enabled as boolean };
}

export const MESSAGE_PERMISSION_RULES: Record<string, OperationRule> = {
  'accounts_v1:FetchMessagingGeopermissions': {
    respond(request) {
      const wanted = request.query.CountryCode;
      const codes = wanted === undefined ? [...ALL_COUNTRIES.keys()] : String(wanted).split(',');
      const permissions = codes
        .flatMap((code) => ALL_COUNTRIES.get(code) ?? [])
        .map((country) => ({
          ...{ country_code: country.iso, type: 'country', enabled: mayText(request, country), message: '' },
          prefix: `+${country.iso === 'CA' ? '1' : country.prefixes[0]}`,
        }));
      return { status: 200, body: { permissions } };
    },
  },
  'accounts_v1:UpdateMessagingGeopermissions': {
    respond(request) {
      const changes = [request.fields.Permissions].flat().map(requestedPermission);
      const collection = textPermissions(request);
      for (const { iso, enabled } of changes) {
        request.state.store.add({ kind: PERMISSION_KIND, collection, id: iso, body: { enabled }, at: request.now });
      }
      const permissions = changes.map(({ iso, enabled }) => ({
        ...{ country_code: iso, type: 'country', enabled, error_code: 0, error_messages: [] },
      }));
      return { status: 200, body: { permissions } };
    },
  },
};
