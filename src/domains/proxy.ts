import { page, paging } from '../paging';
import { boolean, dateTime, e164, integer, oneOf, sid, string, url } from '../params';
import { domain, tool } from '../tool';

const serviceSid = () => sid('KS', 'Proxy service');
const session = () => ({ serviceSid: serviceSid(), sessionSid: sid('KC', 'Session') });
const seconds = (description: string) => integer(description, 0, 2_147_483_647);

const serviceSettings = () => ({
  callbackUrl: url('Receives what happens in sessions').optional(),
  interceptCallbackUrl: url('Asked before each interaction; 403 blocks it').optional(),
  outOfSessionCallbackUrl: url('Answers calls and messages without a session').optional(),
  geoMatchLevel: oneOf('How near a proxy number must be, default country; others only in North America', [
    'country',
    'area-code',
    'overlay',
    'radius',
  ]).optional(),
  numberSelectionBehavior: oneOf('Whether a person keeps the same proxy number', [
    'prefer-sticky',
    'avoid-sticky',
  ]).optional(),
  defaultTtl: seconds('Seconds a session lasts after its last interaction; 0 has no end').optional(),
});

const sessionEnd = () => ({
  ttl: seconds('Seconds it lasts after its last interaction').optional(),
  dateExpiry: dateTime('When it ends; overrides ttl').optional(),
});

const SERVICE = [
  'sid',
  'uniqueName',
  'callbackUrl',
  'interceptCallbackUrl',
  'outOfSessionCallbackUrl',
  'geoMatchLevel',
  'numberSelectionBehavior',
  'defaultTtl',
  'dateCreated',
] as const;
const SESSION = [
  'sid',
  'serviceSid',
  'uniqueName',
  'status',
  'closedReason',
  'mode',
  'ttl',
  'dateExpiry',
  'dateLastInteraction',
  'dateCreated',
] as const;
const PARTICIPANT = [
  'sid',
  'sessionSid',
  'friendlyName',
  'identifier',
  'proxyIdentifier',
  'proxyIdentifierSid',
  'dateCreated',
  'dateDeleted',
] as const;
const NUMBER = ['sid', 'phoneNumber', 'friendlyName', 'isoCountry', 'capabilities', 'isReserved', 'inUse'] as const;
const SERVICES = 'twilio_proxy_list_proxy_services';
const SESSIONS = 'twilio_proxy_list_proxy_sessions';
const PARTICIPANTS = 'twilio_proxy_list_proxy_participants';
const NUMBERS = 'twilio_proxy_list_proxy_phone_numbers';

export const proxy = domain({
  service: 'Proxy',
  summary:
    'Let two people call and text through masked numbers. Closed to new customers: their requests fail with error 80506.',
  instructions:
    'A service holds a pool of own numbers and the sessions. Fill the pool with add_proxy_phone_number, open a session, then add two ' +
    'participants: each reaches the other under its proxyIdentifier. Error 80506 means that the account never had Proxy.',
  tools: [
    tool({
      name: SERVICES,
      title: 'List Proxy services',
      description: 'List the Proxy services, to find the serviceSid that the other tools need.',
      effect: 'read',
      operations: ['proxy_v1:ListService'],
      input: () => paging(),
      run: (position, { twilio }) => page(twilio.proxy.v1.services, {}, position),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_proxy_get_proxy_service',
      title: 'Get Proxy service',
      description: 'Fetch the settings of one Proxy service. To find it use list_proxy_services.',
      effect: 'read',
      operations: ['proxy_v1:FetchService'],
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, { twilio }) => twilio.proxy.v1.services(serviceSid).fetch(),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_proxy_create_proxy_service',
      title: 'Create Proxy service',
      description: 'Create a Proxy service. Give it numbers next, with add_proxy_phone_number.',
      effect: 'create',
      checkWith: SERVICES,
      operations: ['proxy_v1:CreateService'],
      input: () => ({ uniqueName: string('Unique name, without personal data', 191), ...serviceSettings() }),
      run: (settings, { twilio }) => twilio.proxy.v1.services.create(settings),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_proxy_update_proxy_service',
      title: 'Update Proxy service',
      description: 'Change settings of a Proxy service. Only what is given changes.',
      effect: 'update',
      operations: ['proxy_v1:UpdateService'],
      input: () => ({
        serviceSid: serviceSid(),
        uniqueName: string('Unique name, without personal data', 191).optional(),
        ...serviceSettings(),
      }),
      run: ({ serviceSid, ...settings }, { twilio }) => twilio.proxy.v1.services(serviceSid).update(settings),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_proxy_delete_proxy_service',
      title: 'Delete Proxy service',
      description: 'Delete a Proxy service with its sessions for good. Its numbers stay in the account.',
      effect: 'delete',
      operations: ['proxy_v1:DeleteService'],
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, { twilio }) => twilio.proxy.v1.services(serviceSid).remove(),
    }),
    tool({
      name: SESSIONS,
      title: 'List Proxy sessions',
      description: 'List the sessions of a Proxy service. Who is in one: list_proxy_participants.',
      effect: 'read',
      operations: ['proxy_v1:ListSession'],
      input: () => ({
        serviceSid: serviceSid(),
        status: oneOf('Only in this state', ['open', 'in-progress', 'closed', 'failed', 'unknown']).optional(),
        ...paging(),
      }),
      run: ({ serviceSid, status, ...position }, { twilio }) =>
        page(
          twilio.proxy.v1.services(serviceSid).sessions,
          {},
          position,
          status && ((session) => session.status === status),
        ),
      returns: SESSION,
    }),
    tool({
      name: 'twilio_proxy_get_proxy_session',
      title: 'Get Proxy session',
      description: 'Fetch one session: its state, when it ends, and why it was closed.',
      effect: 'read',
      operations: ['proxy_v1:FetchSession'],
      input: session,
      run: ({ serviceSid, sessionSid }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).sessions(sessionSid).fetch(),
      returns: SESSION,
    }),
    tool({
      name: 'twilio_proxy_create_proxy_session',
      title: 'Create Proxy session',
      description: 'Open a session. Nobody is in it before two calls of add_proxy_participant.',
      effect: 'create',
      checkWith: SESSIONS,
      operations: ['proxy_v1:CreateSession'],
      input: () => ({
        serviceSid: serviceSid(),
        uniqueName: string('Unique name, without personal data', 191).optional(),
        mode: oneOf('What passes, default both', ['voice-and-message', 'message-only', 'voice-only']).optional(),
        status: oneOf('State to begin in, default open', ['open', 'in-progress', 'closed']).optional(),
        ...sessionEnd(),
      }),
      run: ({ serviceSid, ...settings }, { twilio }) => twilio.proxy.v1.services(serviceSid).sessions.create(settings),
      returns: SESSION,
    }),
    tool({
      name: 'twilio_proxy_update_proxy_session',
      title: 'Update Proxy session',
      description: 'Close a session, or change when it ends. A closed one takes no change any more: create another.',
      effect: 'update',
      operations: ['proxy_v1:UpdateSession'],
      input: () => ({
        ...session(),
        status: oneOf('closed ends it', ['closed', 'in-progress']).optional(),
        ...sessionEnd(),
      }),
      run: ({ serviceSid, sessionSid, ...changes }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).sessions(sessionSid).update(changes),
      returns: SESSION,
    }),
    tool({
      name: 'twilio_proxy_delete_proxy_session',
      title: 'Delete Proxy session',
      description:
        'Delete a session with its participants and interactions for good. To end it and keep its record use update_proxy_session.',
      effect: 'delete',
      operations: ['proxy_v1:DeleteSession'],
      input: session,
      run: ({ serviceSid, sessionSid }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).sessions(sessionSid).remove(),
    }),
    tool({
      name: PARTICIPANTS,
      title: 'List Proxy participants',
      description: 'List who is in a session: real number (identifier) and number that the other one sees.',
      effect: 'read',
      operations: ['proxy_v1:ListParticipant'],
      input: () => ({ ...session(), ...paging() }),
      run: ({ serviceSid, sessionSid, ...position }, { twilio }) =>
        page(twilio.proxy.v1.services(serviceSid).sessions(sessionSid).participants, {}, position),
      returns: PARTICIPANT,
      untrusted: ['friendlyName'],
    }),
    tool({
      name: 'twilio_proxy_add_proxy_participant',
      title: 'Add Proxy participant',
      description: 'Add a person to a session, which takes two. Tells the proxy number to give to the other one.',
      effect: 'create',
      checkWith: PARTICIPANTS,
      operations: ['proxy_v1:CreateParticipant'],
      input: () => ({
        ...session(),
        identifier: e164('Number of the person'),
        friendlyName: string('Name, without personal data', 255).optional(),
        proxyIdentifier: e164('Number of the pool to use; else one is chosen').optional(),
      }),
      run: ({ serviceSid, sessionSid, ...person }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).sessions(sessionSid).participants.create(person),
      returns: PARTICIPANT,
      untrusted: ['friendlyName'],
    }),
    tool({
      name: 'twilio_proxy_remove_proxy_participant',
      title: 'Remove Proxy participant',
      description: 'Take a person out of a session for good: nobody removed can be added to it again.',
      effect: 'delete',
      operations: ['proxy_v1:DeleteParticipant'],
      input: () => ({ ...session(), participantSid: sid('KP', 'Participant') }),
      run: ({ serviceSid, sessionSid, participantSid }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).sessions(sessionSid).participants(participantSid).remove(),
    }),
    tool({
      name: 'twilio_proxy_list_proxy_interactions',
      title: 'List Proxy interactions',
      description: 'List the calls and messages that passed through a session, with their states on both sides.',
      effect: 'read',
      operations: ['proxy_v1:ListInteraction'],
      input: () => ({ ...session(), ...paging() }),
      run: ({ serviceSid, sessionSid, ...position }, { twilio }) =>
        page(twilio.proxy.v1.services(serviceSid).sessions(sessionSid).interactions, {}, position),
      returns: [
        'sid',
        'type',
        'data',
        'inboundParticipantSid',
        'inboundResourceSid',
        'inboundResourceStatus',
        'outboundParticipantSid',
        'outboundResourceSid',
        'outboundResourceStatus',
        'dateCreated',
      ],
      untrusted: ['data'],
    }),
    tool({
      name: NUMBERS,
      title: 'List Proxy numbers',
      description: 'List the pool of numbers of a Proxy service, and how many sessions each is in (inUse).',
      effect: 'read',
      operations: ['proxy_v1:ListPhoneNumber'],
      input: () => ({ serviceSid: serviceSid(), ...paging() }),
      run: ({ serviceSid, ...position }, { twilio }) =>
        page(twilio.proxy.v1.services(serviceSid).phoneNumbers, {}, position),
      returns: NUMBER,
    }),
    tool({
      name: 'twilio_proxy_add_proxy_phone_number',
      title: 'Add Proxy number',
      description: 'Put an own number into the pool of a Proxy service, which takes over its calls and messages.',
      effect: 'create',
      checkWith: NUMBERS,
      operations: ['proxy_v1:CreatePhoneNumber'],
      input: () => ({
        serviceSid: serviceSid(),
        phoneNumberSid: sid('PN', 'Own phone number'),
        isReserved: boolean('Used only where a participant names it').optional(),
      }),
      run: ({ serviceSid, phoneNumberSid, isReserved }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).phoneNumbers.create({ sid: phoneNumberSid, isReserved }),
      returns: NUMBER,
    }),
    tool({
      name: 'twilio_proxy_remove_proxy_phone_number',
      title: 'Remove Proxy number',
      description: 'Take a number out of the pool of a Proxy service. It stays in the account.',
      effect: 'delete',
      operations: ['proxy_v1:DeletePhoneNumber'],
      input: () => ({ serviceSid: serviceSid(), phoneNumberSid: sid('PN', 'Number of the pool') }),
      run: ({ serviceSid, phoneNumberSid }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).phoneNumbers(phoneNumberSid).remove(),
    }),
  ],
});
