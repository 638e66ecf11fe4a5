import * as z from 'zod';
import { page, paging } from '../../paging';
import { boolean, clearableUrl, integer, method, oneOf, sid, string } from '../../params';
import { type ToolContext, tool } from '../../tool';
import { domainName, LIST, type MappedList } from './words';

const domainSid = () => sid('SD', 'SIP domain');
const credentialListSid = () => sid('CL', 'Credential list');
const ipAccessControlListSid = () => sid('AL', 'IP access control list');
const credential = () => ({ credentialListSid: credentialListSid(), credentialSid: sid('CR', 'Credential') });

const password = () =>
  z
    .string()
    .min(12)
    .max(128)
    .refine(
      (value) => /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value),
      'must have a digit, a small and a capital letter',
    )
    .describe('With a digit, a small and a capital letter; never shown again');

const domainSettings = () => ({
  friendlyName: string('Name', 64).optional(),
  voiceUrl: clearableUrl('Returns the TwiML of calls to the domain').optional(),
  voiceMethod: method('voiceUrl').optional(),
  voiceFallbackUrl: clearableUrl('Called where voiceUrl fails').optional(),
  voiceStatusCallbackUrl: clearableUrl('Receives call states').optional(),
  sipRegistration: boolean('Phones may register, to be called').optional(),
  secure: boolean('TLS and SRTP only').optional(),
  byocTrunkSid: sid('BY', 'BYOC trunk whose calls come in here').optional(),
  emergencyCallingEnabled: boolean('Allow emergency calls').optional(),
  emergencyCallerSid: sid('PN', 'Number to call back in an emergency').optional(),
});

const mapping = () => ({
  domainSid: domainSid(),
  mapping: oneOf('What callers or registering phones are checked by', [
    'callCredentials',
    'callIps',
    'registrationCredentials',
  ]),
});
const listSid = () => sid('CL|AL', 'Credential list; for callIps an IP access control list');

/** The lists that a domain checks callers or registering phones by. */
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
  'voiceMethod',
  'voiceFallbackUrl',
  'voiceStatusCallbackUrl',
  'byocTrunkSid',
  'emergencyCallingEnabled',
  'emergencyCallerSid',
  'dateCreated',
] as const;
const CREDENTIAL = ['sid', 'credentialListSid', 'username', 'dateCreated'] as const;
const ADDRESS = ['sid', 'friendlyName', 'ipAddress', 'cidrPrefixLength'] as const;
const DOMAINS = 'twilio_voice_config_list_sip_domains';
const MAPPINGS = 'twilio_voice_config_list_sip_domain_mappings';
const CREDENTIAL_LISTS = 'twilio_voice_config_list_credential_lists';
const CREDENTIALS = 'twilio_voice_config_list_sip_credentials';
const IP_LISTS = 'twilio_voice_config_list_ip_access_control_lists';
const ADDRESSES = 'twilio_voice_config_list_ip_addresses';

/** SIP domains, and the lists of names and addresses that may use them or a trunk. */
export const sip = [
  tool({
    name: DOMAINS,
    title: 'List SIP domains',
    description: 'List SIP domains: addresses at Twilio that phones and exchanges call, to run TwiML.',
    effect: 'read',
    operations: ['api_v2010:ListSipDomain'],
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.sip.domains, {}, position),
    returns: DOMAIN,
  }),
  tool({
    name: 'twilio_voice_config_get_sip_domain',
    title: 'Get SIP domain',
    description: 'Fetch one SIP domain with all its settings. Who may call it: list_sip_domain_mappings.',
    effect: 'read',
    operations: ['api_v2010:FetchSipDomain'],
    input: () => ({ domainSid: domainSid() }),
    run: ({ domainSid }, { twilio }) => twilio.sip.domains(domainSid).fetch(),
    returns: DOMAIN_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_domain',
    title: 'Create SIP domain',
    description: 'Reserve a SIP domain. Nobody may call it before create_sip_domain_mapping.',
    effect: 'create',
    checkWith: DOMAINS,
    operations: ['api_v2010:CreateSipDomain'],
    input: () => ({
      domainName: domainName('Name ending in .sip.twilio.com', 'sip.twilio.com'),
      ...domainSettings(),
    }),
    run: (settings, { twilio }) => twilio.sip.domains.create(settings),
    returns: DOMAIN_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_update_sip_domain',
    title: 'Update SIP domain',
    description: 'Change settings of a SIP domain, for calls from now on. Only what is given changes; "" clears a URL.',
    effect: 'update',
    operations: ['api_v2010:UpdateSipDomain'],
    input: () => ({ domainSid: domainSid(), ...domainSettings() }),
    run: ({ domainSid, ...settings }, { twilio }) => twilio.sip.domains(domainSid).update(settings),
    returns: DOMAIN_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_domain',
    title: 'Delete SIP domain',
    description: 'Delete a SIP domain for good: calls to it fail. The lists mapped to it stay.',
    effect: 'delete',
    operations: ['api_v2010:DeleteSipDomain'],
    input: () => ({ domainSid: domainSid() }),
    run: ({ domainSid }, { twilio }) => twilio.sip.domains(domainSid).remove(),
  }),
  tool({
    name: MAPPINGS,
    title: 'List who may use a SIP domain',
    description: 'List the credential lists or IP access control lists that admit to a SIP domain.',
    effect: 'read',
    operations: [
      'api_v2010:ListSipAuthCallsCredentialListMapping',
      'api_v2010:ListSipAuthCallsIpAccessControlListMapping',
      'api_v2010:ListSipAuthRegistrationsCredentialListMapping',
    ],
    input: () => ({ ...mapping(), ...paging(1000) }),
    run: ({ limit, pageToken, ...which }, context) =>
      page<object, MappedList>(mappingsOf(which, context), {}, { limit, pageToken }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_domain_mapping',
    title: 'Admit to SIP domain',
    description: 'Admit all who are on a list to a SIP domain, from now on.',
    effect: 'create',
    checkWith: MAPPINGS,
    operations: [
      'api_v2010:CreateSipAuthCallsCredentialListMapping',
      'api_v2010:CreateSipAuthCallsIpAccessControlListMapping',
      'api_v2010:CreateSipAuthRegistrationsCredentialListMapping',
    ],
    input: () => ({ ...mapping(), listSid: listSid() }),
    run: ({ listSid, ...which }, context) =>
      // Each kind takes the one of the two that it knows.
      mappingsOf(which, context).create({ credentialListSid: listSid, ipAccessControlListSid: listSid }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_domain_mapping',
    title: 'Shut out of SIP domain',
    description: 'No longer admit those on a list to a SIP domain. The list itself stays.',
    effect: 'delete',
    operations: [
      'api_v2010:DeleteSipAuthCallsCredentialListMapping',
      'api_v2010:DeleteSipAuthCallsIpAccessControlListMapping',
      'api_v2010:DeleteSipAuthRegistrationsCredentialListMapping',
    ],
    input: () => ({ ...mapping(), listSid: listSid() }),
    run: ({ listSid, ...which }, context) => mappingsOf(which, context)(listSid).remove(),
  }),
  tool({
    name: CREDENTIAL_LISTS,
    title: 'List credential lists',
    description: 'List the lists of SIP user names. Those in one: list_sip_credentials.',
    effect: 'read',
    operations: ['api_v2010:ListSipCredentialList'],
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.sip.credentialLists, {}, position),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_create_credential_list',
    title: 'Create credential list',
    description:
      'Create an empty credential list. Fill it with create_sip_credential, then map it to a domain or trunk.',
    effect: 'create',
    checkWith: CREDENTIAL_LISTS,
    operations: ['api_v2010:CreateSipCredentialList'],
    input: () => ({ friendlyName: string('Name', 64) }),
    run: (settings, { twilio }) => twilio.sip.credentialLists.create(settings),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_delete_credential_list',
    title: 'Delete credential list',
    description:
      'Delete a credential list with all credentials in it for good. Refused while it is mapped to a domain.',
    effect: 'delete',
    operations: ['api_v2010:DeleteSipCredentialList'],
    input: () => ({ credentialListSid: credentialListSid() }),
    run: ({ credentialListSid }, { twilio }) => twilio.sip.credentialLists(credentialListSid).remove(),
  }),
  tool({
    name: CREDENTIALS,
    title: 'List SIP credentials',
    description: 'List the user names of a credential list. Passwords are never shown.',
    effect: 'read',
    operations: ['api_v2010:ListSipCredential'],
    input: () => ({ credentialListSid: credentialListSid(), ...paging(1000) }),
    run: ({ credentialListSid, ...position }, { twilio }) =>
      page(twilio.sip.credentialLists(credentialListSid).credentials, {}, position),
    returns: CREDENTIAL,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_credential',
    title: 'Create SIP credential',
    description: 'Add a user name and password to a credential list. It works at once wherever the list is mapped.',
    effect: 'create',
    checkWith: CREDENTIALS,
    operations: ['api_v2010:CreateSipCredential'],
    input: () => ({
      credentialListSid: credentialListSid(),
      username: string('User name', 32),
      password: password(),
    }),
    run: ({ credentialListSid, ...settings }, { twilio }) =>
      twilio.sip.credentialLists(credentialListSid).credentials.create(settings),
    returns: CREDENTIAL,
  }),
  tool({
    name: 'twilio_voice_config_update_sip_credential',
    title: 'Change SIP password',
    description: 'Replace the password of a SIP credential: devices with the old one are shut out.',
    effect: 'update',
    operations: ['api_v2010:UpdateSipCredential'],
    input: () => ({ ...credential(), password: password() }),
    run: ({ credentialListSid, credentialSid, password }, { twilio }) =>
      twilio.sip.credentialLists(credentialListSid).credentials(credentialSid).update({ password }),
    returns: CREDENTIAL,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_credential',
    title: 'Delete SIP credential',
    description: 'Delete a user name from a credential list for good: its devices are shut out.',
    effect: 'delete',
    operations: ['api_v2010:DeleteSipCredential'],
    input: credential,
    run: ({ credentialListSid, credentialSid }, { twilio }) =>
      twilio.sip.credentialLists(credentialListSid).credentials(credentialSid).remove(),
  }),
  tool({
    name: IP_LISTS,
    title: 'List IP access control lists',
    description: 'List the lists of IP addresses that may call. Those in one: list_ip_addresses.',
    effect: 'read',
    operations: ['api_v2010:ListSipIpAccessControlList'],
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.sip.ipAccessControlLists, {}, position),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_create_ip_access_control_list',
    title: 'Create IP access control list',
    description:
      'Create an empty list of IP addresses. Fill it with create_ip_address, then map it to a domain or trunk.',
    effect: 'create',
    checkWith: IP_LISTS,
    operations: ['api_v2010:CreateSipIpAccessControlList'],
    input: () => ({ friendlyName: string('Name', 255) }),
    run: (settings, { twilio }) => twilio.sip.ipAccessControlLists.create(settings),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_delete_ip_access_control_list',
    title: 'Delete IP access control list',
    description: 'Delete a list of IP addresses for good. Refused while it is mapped to a domain.',
    effect: 'delete',
    operations: ['api_v2010:DeleteSipIpAccessControlList'],
    input: () => ({ ipAccessControlListSid: ipAccessControlListSid() }),
    run: ({ ipAccessControlListSid }, { twilio }) => twilio.sip.ipAccessControlLists(ipAccessControlListSid).remove(),
  }),
  tool({
    name: ADDRESSES,
    title: 'List IP addresses',
    description: 'List the addresses of an IP access control list.',
    effect: 'read',
    operations: ['api_v2010:ListSipIpAddress'],
    input: () => ({ ipAccessControlListSid: ipAccessControlListSid(), ...paging(1000) }),
    run: ({ ipAccessControlListSid, ...position }, { twilio }) =>
      page(twilio.sip.ipAccessControlLists(ipAccessControlListSid).ipAddresses, {}, position),
    returns: ADDRESS,
  }),
  tool({
    name: 'twilio_voice_config_create_ip_address',
    title: 'Create IP address',
    description:
      'Add an address or a range to an IP access control list. It may call at once wherever the list is mapped.',
    effect: 'create',
    checkWith: ADDRESSES,
    operations: ['api_v2010:CreateSipIpAddress'],
    input: () => ({
      ipAccessControlListSid: ipAccessControlListSid(),
      friendlyName: string('Name', 255),
      ipAddress: z
        .string()
        .regex(/^\d{1,3}(\.\d{1,3}){3}$/, 'must be an IPv4 address such as 203.0.113.7')
        .describe('IPv4 address'),
      cidrPrefixLength: integer('Bits that count, default all 32', 1, 32).optional(),
    }),
    run: ({ ipAccessControlListSid, ...settings }, { twilio }) =>
      twilio.sip.ipAccessControlLists(ipAccessControlListSid).ipAddresses.create(settings),
    returns: ADDRESS,
  }),
  tool({
    name: 'twilio_voice_config_delete_ip_address',
    title: 'Delete IP address',
    description: 'Delete an address from an IP access control list for good: it is shut out.',
    effect: 'delete',
    operations: ['api_v2010:DeleteSipIpAddress'],
    input: () => ({ ipAccessControlListSid: ipAccessControlListSid(), ipAddressSid: sid('IP', 'IP address') }),
    run: ({ ipAccessControlListSid, ipAddressSid }, { twilio }) =>
      twilio.sip.ipAccessControlLists(ipAccessControlListSid).ipAddresses(ipAddressSid).remove(),
  }),
];
