import { page, paging } from '../../paging';
import { boolean, clearableUrl, method, oneOf, sid, words } from '../../params';
import { deletes, grants, reads, spends, type ToolContext, tool } from '../../tool';
import { domainName, enabled, friendlyName, LIST, type MappedList, priority, sipAddress, weight } from './shared';

const trunkSid = () => sid('TK', 'Elastic SIP trunk');
const originationUrl = () => ({ trunkSid: trunkSid(), originationUrlSid: sid('OU', 'Origination URL of the trunk') });
const trunkNumber = () => ({ trunkSid: trunkSid(), phoneNumberSid: sid('PN', 'Phone number in your account') });

const settings = () => ({
  friendlyName: friendlyName(64).optional(),
  domainName: domainName(
    'Address that your PBX calls out through, ending in .pstn.twilio.com',
    'pstn.twilio.com',
  ).optional(),
  secure: boolean('Require TLS and SRTP').optional(),
  transferMode: oneOf('Which call transfers are allowed', ['disable-all', 'enable-all', 'sip-only']).optional(),
  transferCallerId: oneOf('Caller ID that the target of a transfer sees', [
    'from-transferee',
    'from-transferor',
  ]).optional(),
  cnamLookupEnabled: boolean('Look up the names of US and Canadian callers, for a fee').optional(),
  disasterRecoveryUrl: clearableUrl('Returns TwiML to run if the origination URLs fail').optional(),
  disasterRecoveryMethod: method('disasterRecoveryUrl').optional(),
});

const mapping = () => ({
  trunkSid: trunkSid(),
  mapping: oneOf('Authenticate callers by credentials or by IP address', ['credentials', 'ips']),
});
const listSid = () => sid('CL|AL', 'Credential list, or for ips an IP access control list');

/** The lists by which a trunk authenticates callers. */
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
  ...words(
    'authTypeSet transferMode transferCallerId cnamLookupEnabled disasterRecoveryUrl disasterRecoveryMethod symmetricRtpEnabled dateCreated',
  ),
] as const;
const ORIGINATION = ['sid', 'friendlyName', 'sipUrl', 'priority', 'weight', 'enabled'] as const;
const NUMBER = ['sid', 'phoneNumber', 'friendlyName'] as const;
const TRUNKS = 'twilio_voice_config_list_sip_trunks';
const ORIGINATIONS = 'twilio_voice_config_list_origination_urls';
const MAPPINGS = 'twilio_voice_config_list_sip_trunk_mappings';
const NUMBERS = 'twilio_voice_config_list_sip_trunk_numbers';

/** Elastic SIP trunks: they connect the account's own PBX without TwiML. */
export const trunks = [
  tool({
    name: TRUNKS,
    title: 'List Elastic SIP trunks',
    description:
      'List Elastic SIP trunks, which connect your own PBX without TwiML. For trunks that run TwiML use list_byoc_trunks.',
    ...reads('trunking_v1:ListTrunk'),
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.trunking.v1.trunks, position),
    returns: TRUNK,
  }),
  tool({
    name: 'twilio_voice_config_get_sip_trunk',
    title: 'Get Elastic SIP trunk',
    description: 'Fetch one Elastic SIP trunk with all its settings.',
    ...reads('trunking_v1:FetchTrunk'),
    input: () => ({ trunkSid: trunkSid() }),
    run: ({ trunkSid }, { twilio }) => twilio.trunking.v1.trunks(trunkSid).fetch(),
    returns: TRUNK_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_trunk',
    title: 'Create Elastic SIP trunk',
    description:
      'Create an Elastic SIP trunk. Then use create_sip_trunk_mapping for outgoing calls, create_origination_url and add_sip_trunk_number for incoming calls.',
    ...grants({ checkWith: TRUNKS }, 'trunking_v1:CreateTrunk'),
    input: settings,
    run: (settings, { twilio }) => twilio.trunking.v1.trunks.create(settings),
    returns: TRUNK_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_update_sip_trunk',
    title: 'Update Elastic SIP trunk',
    description: 'Change settings of an Elastic SIP trunk, for new calls. Omitted settings stay unchanged.',
    ...grants({ checkWith: 'twilio_voice_config_get_sip_trunk' }, 'trunking_v1:UpdateTrunk'),
    input: () => ({ trunkSid: trunkSid(), ...settings() }),
    run: ({ trunkSid, ...settings }, { twilio }) => twilio.trunking.v1.trunks(trunkSid).update(settings),
    returns: TRUNK_WHOLE,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_trunk',
    title: 'Delete Elastic SIP trunk',
    description: 'Delete an Elastic SIP trunk permanently: calls through it fail. Its numbers stay in the account.',
    ...deletes('trunking_v1:DeleteTrunk'),
    input: () => ({ trunkSid: trunkSid() }),
    run: ({ trunkSid }, { twilio }) => twilio.trunking.v1.trunks(trunkSid).remove(),
  }),
  tool({
    name: 'twilio_voice_config_update_trunk_recording',
    title: 'Set SIP trunk recording',
    description:
      "Set whether calls through a trunk are recorded, for a fee. Recording may legally require everyone's consent.",
    ...spends({ checkWith: TRUNKS }, 'trunking_v1:UpdateRecording'),
    input: () => ({
      trunkSid: trunkSid(),
      mode: oneOf(
        'When recording starts; dual keeps both sides in separate channels',
        words('do-not-record record-from-ringing record-from-answer record-from-ringing-dual record-from-answer-dual'),
      ),
      trim: oneOf('Whether to cut silence at the start and end', ['trim-silence', 'do-not-trim']).optional(),
    }),
    run: ({ trunkSid, ...recording }, { twilio }) => twilio.trunking.v1.trunks(trunkSid).recordings().update(recording),
    returns: ['mode', 'trim'],
  }),
  tool({
    name: ORIGINATIONS,
    title: 'List origination URLs',
    description: "List the SIP addresses that receive the calls to a trunk's numbers.",
    ...reads('trunking_v1:ListOriginationUrl'),
    input: () => ({ trunkSid: trunkSid(), ...paging(1000) }),
    run: ({ trunkSid, ...position }, { twilio }) => page(twilio.trunking.v1.trunks(trunkSid).originationUrls, position),
    returns: ORIGINATION,
  }),
  tool({
    name: 'twilio_voice_config_create_origination_url',
    title: 'Create origination URL',
    description: "Add a SIP address that receives the calls to a trunk's numbers, effective at once.",
    ...grants({ checkWith: ORIGINATIONS }, 'trunking_v1:CreateOriginationUrl'),
    input: () => ({
      trunkSid: trunkSid(),
      friendlyName: friendlyName(64),
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
    description:
      'Change an origination URL of a trunk, or pause it with enabled false. Omitted settings stay unchanged.',
    ...grants({ checkWith: 'twilio_voice_config_list_origination_urls' }, 'trunking_v1:UpdateOriginationUrl'),
    input: () => ({
      ...originationUrl(),
      friendlyName: friendlyName(64).optional(),
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
    description: 'Delete an origination URL of a trunk permanently. To pause it instead use update_origination_url.',
    ...deletes('trunking_v1:DeleteOriginationUrl'),
    input: originationUrl,
    run: ({ trunkSid, originationUrlSid }, { twilio }) =>
      twilio.trunking.v1.trunks(trunkSid).originationUrls(originationUrlSid).remove(),
  }),
  tool({
    name: MAPPINGS,
    title: 'List SIP trunk access lists',
    description: 'List the credential lists or IP access control lists whose members may call out through a trunk.',
    ...reads('trunking_v1:ListCredentialList', 'trunking_v1:ListIpAccessControlList'),
    input: () => ({ ...mapping(), ...paging(1000) }),
    run: ({ limit, pageToken, ...which }, context) =>
      page<object, MappedList>(mappingsOf(which, context), { limit, pageToken }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_create_sip_trunk_mapping',
    title: 'Add access list to SIP trunk',
    description:
      "Map a credential list or IP access control list to a trunk: everyone on it may call out at the account's expense.",
    ...grants({ checkWith: MAPPINGS }, 'trunking_v1:CreateCredentialList', 'trunking_v1:CreateIpAccessControlList'),
    input: () => ({ ...mapping(), listSid: listSid() }),
    run: ({ listSid, ...which }, context) =>
      // Each kind of mapping reads one of the two.
      mappingsOf(which, context).create({ credentialListSid: listSid, ipAccessControlListSid: listSid }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_voice_config_delete_sip_trunk_mapping',
    title: 'Remove access list from SIP trunk',
    description: 'Remove a credential list or IP access control list from a trunk. The list itself remains.',
    ...deletes('trunking_v1:DeleteCredentialList', 'trunking_v1:DeleteIpAccessControlList'),
    input: () => ({ ...mapping(), listSid: listSid() }),
    run: ({ listSid, ...which }, context) => mappingsOf(which, context)(listSid).remove(),
  }),
  tool({
    name: NUMBERS,
    title: 'List SIP trunk numbers',
    description: "List the account's numbers whose calls go through a trunk.",
    ...reads('trunking_v1:ListPhoneNumber'),
    input: () => ({ trunkSid: trunkSid(), ...paging(1000) }),
    run: ({ trunkSid, ...position }, { twilio }) => page(twilio.trunking.v1.trunks(trunkSid).phoneNumbers, position),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_voice_config_add_sip_trunk_number',
    title: 'Add number to SIP trunk',
    description:
      "Send the calls to one of the account's numbers through a trunk from now on, instead of to its voiceUrl.",
    ...grants({ checkWith: NUMBERS }, 'trunking_v1:CreatePhoneNumber'),
    input: trunkNumber,
    run: ({ trunkSid, phoneNumberSid }, { twilio }) =>
      twilio.trunking.v1.trunks(trunkSid).phoneNumbers.create({ phoneNumberSid }),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_voice_config_remove_sip_trunk_number',
    title: 'Remove number from SIP trunk',
    description: 'Remove a number from a trunk: its calls go to its voiceUrl again. The number stays in the account.',
    ...deletes('trunking_v1:DeletePhoneNumber'),
    input: trunkNumber,
    run: ({ trunkSid, phoneNumberSid }, { twilio }) =>
      twilio.trunking.v1.trunks(trunkSid).phoneNumbers(phoneNumberSid).remove(),
  }),
];
