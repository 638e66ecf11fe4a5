/** Elastic SIP trunks, SIP domains and the lists that admit callers to them. */
import { badRequest, notFound } from '../errors';
import type { Properties } from '../json';
import { seedResource } from '../seed-resource';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { setDefaults } from './defaults';
import { ACCOUNTS_PATH } from './phone';

const RECORDING_DEFAULTS = { mode: 'do-not-record', trim: 'do-not-trim' };
const TRUNK_DEFAULTS = {
  ...{ friendly_name: null, domain_name: null, secure: false, cnam_lookup_enabled: false },
  ...{ transfer_mode: 'disable-all', transfer_caller_id: 'from-transferee', symmetric_rtp_enabled: false },
  ...{ disaster_recovery_url: null, disaster_recovery_method: null, auth_type: '', auth_type_set: [] },
};
const DOMAIN_DEFAULTS = {
  ...{ friendly_name: null, auth_type: '', voice_url: null, voice_method: 'POST', voice_fallback_url: null },
  ...{ voice_fallback_method: 'POST', voice_status_callback_url: null, voice_status_callback_method: 'POST' },
  ...{ sip_registration: false, emergency_calling_enabled: false, secure: false },
  ...{ byoc_trunk_sid: null, emergency_caller_sid: null },
};

/** Completes a new resource with the defaults of what the request leaves out. */
const completes = (defaults: Properties): OperationRule => ({
  onCreate: (request, resource) => setDefaults(request, resource, defaults),
});

/** Adds an existing resource of the account to a trunk or a domain, under its own SID. */
function admits(
  field: string,
  source: string,
  fetchOperation: string,
  describe: (found: StoredResource) => Properties = ({ body }) => ({ friendly_name: body.friendly_name }),
  after?: (request: SandboxRequest, found: StoredResource) => void,
): OperationRule {
  return {
    respond(request): SandboxResponse | undefined {
      const { state, fields, accountSid, target, now } = request;
      const sid = String(fields[field]);
      const found = state.store.get(`${ACCOUNTS_PATH}/${accountSid}/${source}`, sid);
      if (!found && state.options.lenient) return undefined;
      if (!found) throw notFound(`${target.path}/${sid}`);
      if (state.store.get(target.collection, found.id)) badRequest(20001, `${found.id} is added already`);
      const { TrunkSid, DomainSid } = target.params;
      const known = { ...describe(found), sid: found.id, trunk_sid: TrunkSid, domain_sid: DomainSid };
      const params = { ...target.params, AccountSid: accountSid };
      const added = seedResource(state, { fetchOperation, params, known, at: now });
      after?.(request, found);
      return { status: 201, body: added.body };
    },
  };
}

/** Says on a trunk or domain which kinds of lists admit callers. */
function noteAuthentication(kind: string) {
  return ({ state, target }: SandboxRequest): void => {
    const path = /^(.*?\/(?:Trunks|Domains))\/([^/]+)/.exec(target.collection)!;
    const owner = state.store.get(path[1]!, path[2]!);
    if (!owner) return;
    const kinds = new Set(
      String(owner.body.auth_type ?? '')
        .split(',')
        .filter(Boolean),
    ).add(kind);
    owner.body.auth_type = [...kinds].sort().join(',');
    if ('auth_type_set' in owner.body) owner.body.auth_type_set = [...kinds].sort();
  };
}

const CREDENTIALS = ['CredentialListSid', 'SIP/CredentialLists'] as const;
const ADDRESS_LISTS = ['IpAccessControlListSid', 'SIP/IpAccessControlLists'] as const;
const byCredentials = (fetchOperation: string) =>
  admits(...CREDENTIALS, fetchOperation, undefined, noteAuthentication('CREDENTIAL_LIST'));
const byAddress = (fetchOperation: string) =>
  admits(...ADDRESS_LISTS, fetchOperation, undefined, noteAuthentication('IP_ACL'));

/** The number of the account that a trunk's number is. */
function accountNumber({ state, accountSid, target }: SandboxRequest): StoredResource | undefined {
  return state.store.get(`${ACCOUNTS_PATH}/${accountSid}/IncomingPhoneNumbers`, target.id ?? '');
}

/** A number's settings without what only the 2010 API shows. */
const numberSettings = ({ body: { uri: _, date_created: __, date_updated: ___, ...settings } }: StoredResource) =>
  settings;

export const TRUNK_RULES: Record<string, OperationRule> = {
  'trunking_v1:CreateTrunk': {
    onCreate(request, trunk) {
      setDefaults(request, trunk, TRUNK_DEFAULTS);
      trunk.body.recording = RECORDING_DEFAULTS;
    },
  },
  'trunking_v1:CreateOriginationUrl': completes({ enabled: true }),
  'trunking_v1:CreatePhoneNumber': admits(
    'PhoneNumberSid',
    'IncomingPhoneNumbers',
    'trunking_v1:FetchPhoneNumber',
    numberSettings,
    ({ target }, number) => {
      number.body.trunk_sid = target.params.TrunkSid;
    },
  ),
  'trunking_v1:DeletePhoneNumber': {
    check(request) {
      const number = accountNumber(request);
      if (number) number.body.trunk_sid = null;
    },
  },
  'trunking_v1:CreateCredentialList': byCredentials('trunking_v1:FetchCredentialList'),
  'trunking_v1:CreateIpAccessControlList': byAddress('trunking_v1:FetchIpAccessControlList'),
  'trunking_v1:UpdateRecording': {
    onUpdate({ state, target }, { body }) {
      for (const [name, value] of Object.entries(RECORDING_DEFAULTS)) body[name] ??= value;
      const trunk = state.store.get(target.collection.replace(/\/[^/]+\/Recording$/, ''), target.params.TrunkSid!);
      if (trunk) trunk.body.recording = { mode: body.mode, trim: body.trim };
    },
  },
  'api_v2010:CreateSipDomain': completes(DOMAIN_DEFAULTS),
  'api_v2010:CreateSipIpAddress': completes({ cidr_prefix_length: 32 }),
  'api_v2010:CreateSipCredentialListMapping': byCredentials('api_v2010:FetchSipCredentialListMapping'),
  'api_v2010:CreateSipIpAccessControlListMapping': byAddress('api_v2010:FetchSipIpAccessControlListMapping'),
  'api_v2010:CreateSipAuthCallsCredentialListMapping': byCredentials(
    'api_v2010:FetchSipAuthCallsCredentialListMapping',
  ),
  'api_v2010:CreateSipAuthCallsIpAccessControlListMapping': byAddress(
    'api_v2010:FetchSipAuthCallsIpAccessControlListMapping',
  ),
  'api_v2010:CreateSipAuthRegistrationsCredentialListMapping': byCredentials(
    'api_v2010:FetchSipAuthRegistrationsCredentialListMapping',
  ),
};
