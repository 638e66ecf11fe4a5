import * as z from 'zod';
import { page, paging } from '../../paging';
import { boolean, clearableSid, clearableUrl, integer, method, oneOf, sid, string, words } from '../../params';
import { deletes, grants, reads, type ToolContext, tool } from '../../tool';
import { domainName, friendlyName, LIST, type MappedList } from './shared';

const domainSid = () => sid('SD', 'SIP domain');
const credentialListSid = () => sid('CL', 'Credential list with the SIP user names');
const ipAccessControlListSid = () => sid('AL', 'IP access control list with the addresses');
const credential = () => ({
  credentialListSid: credentialListSid(),
  credentialSid: sid('CR', 'Credential on that list'),
});

const password = () =>
  z
    .string()
    .min(12)
    .max(128)
    .refine(
      (value) => /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value),
      'must contain a digit, a lowercase and an uppercase letter',
    )
    .describe('At least 12 characters with a digit, a lowercase and an uppercase letter; never shown again');

const domainSettings = () => ({
  friendlyName: friendlyName(64).optional(),
  voiceUrl: clearableUrl('Returns the TwiML for calls to the domain').optional(),
  voiceMethod: method('voiceUrl').optional(),
  voiceFallbackUrl: clearableUrl('Returns TwiML if voiceUrl fails').optional(),
  voiceStatusCallbackUrl: clearableUrl('Receives call status, such as the end of a call').optional(),
  sipRegistration: boolean('Let SIP phones register, so that they can be called').optional(),
  secure: boolean('Require TLS and negotiate SRTP for incoming calls').optional(),
  byocTrunkSid: clearableSid('BY', 'BYOC trunk whose calls come in through this domain').optional(),
  emergencyCallingEnabled: boolean('Allow emergency calls, from numbers with a validated address').optional(),
  emergencyCallerSid: clearableSid('PN', 'Number that emergency services call back').optional(),
});

const mapping = () => ({
  domainSid: domainSid(),
  mapping: oneOf('callCredentials and callIps admit callers, registrationCredentials admits SIP phones', [
    'callCredentials',
    'callIps',
    'registrationCredentials',
  ]),
});
const listSid = () => sid('CL|AL', 'Credential list, or for callIps an IP access control list');

/** The lists by which a domain authenticates callers or registering phones. */
function mappingsOf(
  { domainSid, mapping }: { domainSid: string; mapping: 'callCredentials' | 'callIps' | 'registrationCredentials' },
  { twilio }: ToolContext,
) {
  const { calls, registrations } = twilio.sip.domains(domainSid).auth;
  return {
    callCredentials: calls.credentialListMappings,
    callIps: calls.ipAccessControlListMappings,
    registrationCredentials: registrations.credentialListMappings,
  }[mapping];
}

const DOMAIN = ['sid', 'domainName', 'friendlyName', 'authType', 'voiceUrl', 'sipRegistration', 'secure'] as const;
const DOMAIN_WHOLE = [
  ...DOMAIN,
  ...words(
    'voiceMethod voiceFallbackUrl voiceStatusCallbackUrl byocTrunkSid emergencyCallingEnabled emergencyCallerSid dateCreated',
  ),
] as const;
const CREDENTIAL = ['sid', 'credentialListSid', 'username', 'dateCreated'] as const;
const ADDRESS = ['sid', 'friendlyName', 'ipAddress', 'cidrPrefixLength'] as const;
const DOMAINS = 'twilio_voice_config_list_sip_domains';
const MAPPINGS = 'twilio_voice_config_list_sip_domain_mappings';
const CREDENTIAL_LISTS = 'twilio_voice_config_list_credential_lists';
const CREDENTIALS = 'twilio_voice_config_list_sip_credentials';
const IP_LISTS = 'twilio_voice_config_list_ip_access_control_lists';
const ADDRESSES = 'twilio_voice_config_list_ip_addresses';

/** SIP domains, and the lists of credentials and IP addresses that may use them or a trunk. */
export const sip = [
  tool({
    name: DOMAINS,
    title: 'List SIP domains',
    description: 'List SIP domains: addresses at Twilio that run TwiML when SIP phones and PBXs call them.',
    ...reads('api_v2010:ListSipDomain'),
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.sip.domains, position),
    returns: DOMAIN,
  }),
  tool({
    name: 'twilio_voice_config_get_sip_domain',
    title: 'Get SIP domain',
    description: 'Fetch one SIP domain with all its settings. To see who may call it use list_sip_domain_mappings.',
    ...reads('api_v2010:FetchSipDomain'),
    input: () => ({ domainSid: domainSid() }),
    run: ({ domainSid }, { twilio }) => twilio.sip.domains(domainSid).fetch(),
    returns: DOMAIN_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_domain',
    title: 'Create SIP domain',
    description: 'Create a SIP domain. It refuses all callers until create_sip_domain_mapping admits some.',
    ...grants({ checkWith: DOMAINS }, 'api_v2010:CreateSipDomain'),
    input: () => ({
      domainName: domainName('Address of the domain, ending in .sip.twilio.com', 'sip.twilio.com'),
      ...domainSettings(),
    }),
    run: (settings, { twilio }) => twilio.sip.domains.create(settings),
    returns: DOMAIN_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_update_sip_domain',
    title: 'Update SIP domain',
    description: 'Change settings of a SIP domain, for new calls. Omitted settings stay unchanged; "" clears a URL.',
    ...grants({ checkWith: 'twilio_voice_config_get_sip_domain' }, 'api_v2010:UpdateSipDomain'),
    input: () => ({ domainSid: domainSid(), ...domainSettings() }),
    run: ({ domainSid, ...settings }, { twilio }) => twilio.sip.domains(domainSid).update(settings),
    returns: DOMAIN_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_domain',
    title: 'Delete SIP domain',
    description: 'Delete a SIP domain permanently: calls to it fail. The lists mapped to it remain.',
    ...deletes('api_v2010:DeleteSipDomain'),
    input: () => ({ domainSid: domainSid() }),
    run: ({ domainSid }, { twilio }) => twilio.sip.domains(domainSid).remove(),
  }),
  tool({
    name: MAPPINGS,
    title: 'List SIP domain access lists',
    description: 'List the credential lists or IP access control lists mapped to a SIP domain.',
    ...reads(
      'api_v2010:ListSipAuthCallsCredentialListMapping',
      'api_v2010:ListSipAuthCallsIpAccessControlListMapping',
      'api_v2010:ListSipAuthRegistrationsCredentialListMapping',
    ),
    input: () => ({ ...mapping(), ...paging(1000) }),
    run: ({ limit, pageToken, ...which }, context) =>
      page<object, MappedList>(mappingsOf(which, context), { limit, pageToken }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_domain_mapping',
    title: 'Add access list to SIP domain',
    description: 'Map a credential list or IP access control list to a SIP domain: everyone on it is admitted at once.',
    ...grants(
      { checkWith: MAPPINGS },
      'api_v2010:CreateSipAuthCallsCredentialListMapping',
      'api_v2010:CreateSipAuthCallsIpAccessControlListMapping',
      'api_v2010:CreateSipAuthRegistrationsCredentialListMapping',
    ),
    input: () => ({ ...mapping(), listSid: listSid() }),
    run: ({ listSid, ...which }, context) =>
      // Each kind of mapping reads one of the two.
      mappingsOf(which, context).create({ credentialListSid: listSid, ipAccessControlListSid: listSid }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_domain_mapping',
    title: 'Remove access list from SIP domain',
    description: 'Remove a credential list or IP access control list from a SIP domain. The list itself remains.',
    ...deletes(
      'api_v2010:DeleteSipAuthCallsCredentialListMapping',
      'api_v2010:DeleteSipAuthCallsIpAccessControlListMapping',
      'api_v2010:DeleteSipAuthRegistrationsCredentialListMapping',
    ),
    input: () => ({ ...mapping(), listSid: listSid() }),
    run: ({ listSid, ...which }, context) => mappingsOf(which, context)(listSid).remove(),
  }),
  tool({
    name: CREDENTIAL_LISTS,
    title: 'List SIP credential lists',
    description:
      'List credential lists, which hold SIP user names. For the user names on one use list_sip_credentials.',
    ...reads('api_v2010:ListSipCredentialList'),
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.sip.credentialLists, position),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_create_credential_list',
    title: 'Create SIP credential list',
    description:
      'Create an empty credential list. Fill it with create_sip_credential, then use create_sip_domain_mapping or create_sip_trunk_mapping.',
    ...grants({ checkWith: CREDENTIAL_LISTS }, 'api_v2010:CreateSipCredentialList'),
    input: () => ({ friendlyName: friendlyName(64) }),
    run: (settings, { twilio }) => twilio.sip.credentialLists.create(settings),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_delete_credential_list',
    title: 'Delete SIP credential list',
    description:
      'Delete a credential list and all its credentials permanently. Refused while it is mapped to a SIP domain.',
    ...deletes('api_v2010:DeleteSipCredentialList'),
    input: () => ({ credentialListSid: sid('CL', 'List to delete') }),
    run: ({ credentialListSid }, { twilio }) => twilio.sip.credentialLists(credentialListSid).remove(),
  }),
  tool({
    name: CREDENTIALS,
    title: 'List SIP credentials',
    description: 'List the user names on a credential list. Passwords are never shown.',
    ...reads('api_v2010:ListSipCredential'),
    input: () => ({ credentialListSid: credentialListSid(), ...paging(1000) }),
    run: ({ credentialListSid, ...position }, { twilio }) =>
      page(twilio.sip.credentialLists(credentialListSid).credentials, position),
    returns: CREDENTIAL,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_credential',
    title: 'Create SIP credential',
    description: 'Add a user name and password to a credential list. They work at once wherever the list is mapped.',
    ...grants({ checkWith: CREDENTIALS }, 'api_v2010:CreateSipCredential'),
    input: () => ({
      credentialListSid: credentialListSid(),
      username: string('User name that the SIP device logs in with', 32),
      password: password(),
    }),
    run: ({ credentialListSid, ...settings }, { twilio }) =>
      twilio.sip.credentialLists(credentialListSid).credentials.create(settings),
    returns: CREDENTIAL,
  }),
  tool({
    name: 'twilio_voice_config_update_sip_credential',
    title: 'Change SIP password',
    description: 'Replace the password of a SIP credential. Devices with the old password lose access.',
    ...grants({ checkWith: 'twilio_voice_config_list_sip_credentials' }, 'api_v2010:UpdateSipCredential'),
    input: () => ({ ...credential(), password: password() }),
    run: ({ credentialListSid, credentialSid, password }, { twilio }) =>
      twilio.sip.credentialLists(credentialListSid).credentials(credentialSid).update({ password }),
    returns: CREDENTIAL,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_credential',
    title: 'Delete SIP credential',
    description: 'Delete a user name from a credential list permanently. Its devices lose access.',
    ...deletes('api_v2010:DeleteSipCredential'),
    input: credential,
    run: ({ credentialListSid, credentialSid }, { twilio }) =>
      twilio.sip.credentialLists(credentialListSid).credentials(credentialSid).remove(),
  }),
  tool({
    name: IP_LISTS,
    title: 'List IP access control lists',
    description:
      'List IP access control lists, which hold addresses that may call. For the addresses on one use list_ip_addresses.',
    ...reads('api_v2010:ListSipIpAccessControlList'),
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.sip.ipAccessControlLists, position),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_create_ip_access_control_list',
    title: 'Create IP access control list',
    description:
      'Create an empty list of IP addresses. Fill it with create_ip_address, then use create_sip_domain_mapping or create_sip_trunk_mapping.',
    ...grants({ checkWith: IP_LISTS }, 'api_v2010:CreateSipIpAccessControlList'),
    input: () => ({ friendlyName: friendlyName(255) }),
    run: (settings, { twilio }) => twilio.sip.ipAccessControlLists.create(settings),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_delete_ip_access_control_list',
    title: 'Delete IP access control list',
    description: 'Delete a list of IP addresses permanently. Refused while it is mapped to a SIP domain.',
    ...deletes('api_v2010:DeleteSipIpAccessControlList'),
    input: () => ({ ipAccessControlListSid: sid('AL', 'List to delete') }),
    run: ({ ipAccessControlListSid }, { twilio }) => twilio.sip.ipAccessControlLists(ipAccessControlListSid).remove(),
  }),
  tool({
    name: ADDRESSES,
    title: 'List allowed IP addresses',
    description: 'List the addresses on an IP access control list.',
    ...reads('api_v2010:ListSipIpAddress'),
    input: () => ({ ipAccessControlListSid: ipAccessControlListSid(), ...paging(1000) }),
    run: ({ ipAccessControlListSid, ...position }, { twilio }) =>
      page(twilio.sip.ipAccessControlLists(ipAccessControlListSid).ipAddresses, position),
    returns: ADDRESS,
  }),
  tool({
    name: 'twilio_voice_config_create_ip_address',
    title: 'Add allowed IP address',
    description:
      'Add an address or a range to an IP access control list. It may call at once wherever the list is mapped.',
    ...grants({ checkWith: ADDRESSES }, 'api_v2010:CreateSipIpAddress'),
    input: () => ({
      ipAccessControlListSid: ipAccessControlListSid(),
      friendlyName: friendlyName(255),
      ipAddress: z
        .string()
        .regex(/^\d{1,3}(\.\d{1,3}){3}$/, 'must be an IPv4 address such as 203.0.113.7')
        .describe('IPv4 address, such as 203.0.113.7'),
      cidrPrefixLength: integer('Leading bits that must match, for a range; default 32', 1, 32).optional(),
    }),
    run: ({ ipAccessControlListSid, ...settings }, { twilio }) =>
      twilio.sip.ipAccessControlLists(ipAccessControlListSid).ipAddresses.create(settings),
    returns: ADDRESS,
  }),
  tool({
    name: 'twilio_voice_config_delete_ip_address',
    title: 'Delete allowed IP address',
    description: 'Delete an address from an IP access control list permanently. It loses access.',
    ...deletes('api_v2010:DeleteSipIpAddress'),
    input: () => ({ ipAccessControlListSid: ipAccessControlListSid(), ipAddressSid: sid('IP', 'Address to delete') }),
    run: ({ ipAccessControlListSid, ipAddressSid }, { twilio }) =>
      twilio.sip.ipAccessControlLists(ipAccessControlListSid).ipAddresses(ipAddressSid).remove(),
  }),
];
