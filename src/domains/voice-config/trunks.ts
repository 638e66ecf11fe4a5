import { page, paging } from '../../paging';
import { boolean, method, oneOf, sid, string, url } from '../../params';
import { type ToolContext, tool } from '../../tool';
import { domainName, enabled, LIST, type MappedList, priority, sipAddress, weight } from './words';

const trunkSid = () => sid('TK', 'Elastic SIP trunk');
const originationUrl = () => ({ trunkSid: trunkSid(), originationUrlSid: sid('OU', 'Origination URL') });
const trunkNumber = () => ({ trunkSid: trunkSid(), phoneNumberSid: sid('PN', 'Own phone number') });

const settings = () => ({
  friendlyName: string('Name', 64).optional(),
  domainName: domainName('Address for outgoing calls, ending in .pstn.twilio.com', 'pstn.twilio.com').optional(),
  secure: boolean('TLS and SRTP only').optional(),
  transferMode: oneOf('Which calls may be transferred', ['disable-all', 'enable-all', 'sip-only']).optional(),
  transferCallerId: oneOf('Number shown after a transfer', ['from-transferee', 'from-transferor']).optional(),
  cnamLookupEnabled: boolean('Look up callers’ names, for a fee').optional(),
  disasterRecoveryUrl: url('Returns TwiML while the origination URLs fail').optional(),
  disasterRecoveryMethod: method('disasterRecoveryUrl').optional(),
});

const mapping = () => ({
  trunkSid: trunkSid(),
  mapping: oneOf('What callers are checked by', ['credentials', 'ips']),
});
const listSid = () => sid('CL|AL', 'Credential list; for ips an IP access control list');

/** The lists that a trunk checks callers by. */
function mappingsOf(
  { trunkSid, mapping }: { trunkSid: string; mapping: 'credentials' | 'ips' },
  { twilio }: ToolContext,
) {
  const trunk = twilio.trunking.v1.trunks(trunkSid);
  return { credentials: trunk.credentialsLists, ips: trunk.ipAccessControlLists }[mapping];
}

const TRUNK = ['sid', 'friendlyName', 'domainName', 'secure', 'authType', 'recording'] as const;
const TRUNK_WHOLE = [
  ...TRUNK,
  'authTypeSet',
  'transferMode',
  'transferCallerId',
  'cnamLookupEnabled',
  'disasterRecoveryUrl',
  'disasterRecoveryMethod',
  'symmetricRtpEnabled',
  'dateCreated',
] as const;
const ORIGINATION = ['sid', 'friendlyName', 'sipUrl', 'priority', 'weight', 'enabled'] as const;
const NUMBER = ['sid', 'phoneNumber', 'friendlyName'] as const;
const TRUNKS = 'twilio_voice_config_list_sip_trunks';
const ORIGINATIONS = 'twilio_voice_config_list_origination_urls';
const MAPPINGS = 'twilio_voice_config_list_sip_trunk_mappings';
const NUMBERS = 'twilio_voice_config_list_sip_trunk_numbers';

/** Elastic SIP trunks: telephone lines for an own exchange, without TwiML. */
export const trunks = [
  tool({
    name: TRUNKS,
    title: 'List SIP trunks',
    description: 'List Elastic SIP trunks: lines of an own exchange, without TwiML. With TwiML: list_byoc_trunks.',
    effect: 'read',
    operations: ['trunking_v1:ListTrunk'],
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.trunking.v1.trunks, {}, position),
    returns: TRUNK,
  }),
  tool({
    name: 'twilio_voice_config_get_sip_trunk',
    title: 'Get SIP trunk',
    description: 'Fetch one Elastic SIP trunk with all its settings.',
    effect: 'read',
    operations: ['trunking_v1:FetchTrunk'],
    input: () => ({ trunkSid: trunkSid() }),
    run: ({ trunkSid }, { twilio }) => twilio.trunking.v1.trunks(trunkSid).fetch(),
    returns: TRUNK_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_trunk',
    title: 'Create SIP trunk',
    description:
      'Create an Elastic SIP trunk. Next: create_sip_trunk_mapping for outgoing calls, create_origination_url and add_sip_trunk_number for incoming.',
    effect: 'create',
    checkWith: TRUNKS,
    operations: ['trunking_v1:CreateTrunk'],
    input: settings,
    run: (settings, { twilio }) => twilio.trunking.v1.trunks.create(settings),
    returns: TRUNK_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_update_sip_trunk',
    title: 'Update SIP trunk',
    description: 'Change settings of an Elastic SIP trunk, for calls from now on. Only what is given changes.',
    effect: 'update',
    operations: ['trunking_v1:UpdateTrunk'],
    input: () => ({ trunkSid: trunkSid(), ...settings() }),
    run: ({ trunkSid, ...settings }, { twilio }) => twilio.trunking.v1.trunks(trunkSid).update(settings),
    returns: TRUNK_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_trunk',
    title: 'Delete SIP trunk',
    description: 'Delete an Elastic SIP trunk for good: calls through it fail. Its numbers stay in the account.',
    effect: 'delete',
    operations: ['trunking_v1:DeleteTrunk'],
    input: () => ({ trunkSid: trunkSid() }),
    run: ({ trunkSid }, { twilio }) => twilio.trunking.v1.trunks(trunkSid).remove(),
  }),
  tool({
    name: 'twilio_voice_config_update_trunk_recording',
    title: 'Set recording of a SIP trunk',
    description: 'Say whether calls of a trunk are recorded, for a fee. Laws may ask for consent of those who speak.',
    effect: 'spend',
    checkWith: TRUNKS,
    operations: ['trunking_v1:UpdateRecording'],
    input: () => ({
      trunkSid: trunkSid(),
      mode: oneOf('dual keeps each side in its channel', [
        'do-not-record',
        'record-from-ringing',
        'record-from-answer',
        'record-from-ringing-dual',
        'record-from-answer-dual',
      ]),
      trim: oneOf('Leave silence at the ends out', ['trim-silence', 'do-not-trim']).optional(),
    }),
    run: ({ trunkSid, ...recording }, { twilio }) => twilio.trunking.v1.trunks(trunkSid).recordings().update(recording),
    returns: ['mode', 'trim'],
  }),
  tool({
    name: ORIGINATIONS,
    title: 'List origination URLs',
    description: 'List the SIP addresses to which a trunk sends the calls to its numbers.',
    effect: 'read',
    operations: ['trunking_v1:ListOriginationUrl'],
    input: () => ({ trunkSid: trunkSid(), ...paging(1000) }),
    run: ({ trunkSid, ...position }, { twilio }) =>
      page(twilio.trunking.v1.trunks(trunkSid).originationUrls, {}, position),
    returns: ORIGINATION,
  }),
  tool({
    name: 'twilio_voice_config_create_origination_url',
    title: 'Create origination URL',
    description: 'Let a trunk send the calls to its numbers to a further SIP address, from now on.',
    effect: 'create',
    checkWith: ORIGINATIONS,
    operations: ['trunking_v1:CreateOriginationUrl'],
    input: () => ({
      trunkSid: trunkSid(),
      friendlyName: string('Name', 64),
      sipUrl: sipAddress(),
      priority: priority().default(10),
      weight: weight().default(10),
      enabled: enabled().default(true),
    }),
    run: ({ trunkSid, ...settings }, { twilio }) =>
      twilio.trunking.v1.trunks(trunkSid).originationUrls.create(settings),
    returns: ORIGINATION,
  }),
  tool({
    name: 'twilio_voice_config_update_origination_url',
    title: 'Update origination URL',
    description: 'Change an origination URL of a trunk, or take it out of service with enabled false.',
    effect: 'update',
    operations: ['trunking_v1:UpdateOriginationUrl'],
    input: () => ({
      ...originationUrl(),
      friendlyName: string('Name', 64).optional(),
      sipUrl: sipAddress().optional(),
      priority: priority().optional(),
      weight: weight().optional(),
      enabled: enabled().optional(),
    }),
    run: ({ trunkSid, originationUrlSid, ...settings }, { twilio }) =>
      twilio.trunking.v1.trunks(trunkSid).originationUrls(originationUrlSid).update(settings),
    returns: ORIGINATION,
  }),
  tool({
    name: 'twilio_voice_config_delete_origination_url',
    title: 'Delete origination URL',
    description: 'Delete an origination URL of a trunk for good. To only pause it use update_origination_url.',
    effect: 'delete',
    operations: ['trunking_v1:DeleteOriginationUrl'],
    input: originationUrl,
    run: ({ trunkSid, originationUrlSid }, { twilio }) =>
      twilio.trunking.v1.trunks(trunkSid).originationUrls(originationUrlSid).remove(),
  }),
  tool({
    name: MAPPINGS,
    title: 'List who may use a SIP trunk',
    description: 'List the credential lists or IP access control lists that may call out through a trunk.',
    effect: 'read',
    operations: ['trunking_v1:ListCredentialList', 'trunking_v1:ListIpAccessControlList'],
    input: () => ({ ...mapping(), ...paging(1000) }),
    run: ({ limit, pageToken, ...which }, context) =>
      page<object, MappedList>(mappingsOf(which, context), {}, { limit, pageToken }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_trunk_mapping',
    title: 'Admit to SIP trunk',
    description: 'Let all who are on a list call out through a trunk, at the cost of the account.',
    effect: 'create',
    checkWith: MAPPINGS,
    operations: ['trunking_v1:CreateCredentialList', 'trunking_v1:CreateIpAccessControlList'],
    input: () => ({ ...mapping(), listSid: listSid() }),
    run: ({ listSid, ...which }, context) =>
      // Each kind takes the one of the two that it knows.
      mappingsOf(which, context).create({ credentialListSid: listSid, ipAccessControlListSid: listSid }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_trunk_mapping',
    title: 'Shut out of SIP trunk',
    description: 'No longer let those on a list call out through a trunk. The list itself stays.',
    effect: 'delete',
    operations: ['trunking_v1:DeleteCredentialList', 'trunking_v1:DeleteIpAccessControlList'],
    input: () => ({ ...mapping(), listSid: listSid() }),
    run: ({ listSid, ...which }, context) => mappingsOf(which, context)(listSid).remove(),
  }),
  tool({
    name: NUMBERS,
    title: 'List numbers of a SIP trunk',
    description: 'List the own numbers whose calls go through a trunk.',
    effect: 'read',
    operations: ['trunking_v1:ListPhoneNumber'],
    input: () => ({ trunkSid: trunkSid(), ...paging(1000) }),
    run: ({ trunkSid, ...position }, { twilio }) =>
      page(twilio.trunking.v1.trunks(trunkSid).phoneNumbers, {}, position),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_voice_config_add_sip_trunk_number',
    title: 'Add number to SIP trunk',
    description: 'Send the calls to an own number through a trunk from now on, in place of its voiceUrl.',
    effect: 'create',
    checkWith: NUMBERS,
    operations: ['trunking_v1:CreatePhoneNumber'],
    input: trunkNumber,
    run: ({ trunkSid, phoneNumberSid }, { twilio }) =>
      twilio.trunking.v1.trunks(trunkSid).phoneNumbers.create({ phoneNumberSid }),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_voice_config_remove_sip_trunk_number',
    title: 'Remove number from SIP trunk',
    description: 'Take a number out of a trunk: its calls run its voiceUrl again. It stays in the account.',
    effect: 'delete',
    operations: ['trunking_v1:DeletePhoneNumber'],
    input: trunkNumber,
    run: ({ trunkSid, phoneNumberSid }, { twilio }) =>
      twilio.trunking.v1.trunks(trunkSid).phoneNumbers(phoneNumberSid).remove(),
  }),
];
