import { page, paging } from '../paging';
import { boolean, clearableUrl, dateTime, e164, integer, oneOf, sid, string, timeZone, words } from '../params';
import { creates, deletes, domain, grants, reads, tool, updates } from '../tool';

const serviceSid = () => sid('KS', 'Proxy service');
const session = () => ({ serviceSid: serviceSid(), sessionSid: sid('KC', 'Proxy session') });
const seconds = (description: string) => integer(description, 0, 2_147_483_647);

const serviceSettings = () => ({
  callbackUrl: clearableUrl('Called when an interaction changes state').optional(),
  interceptCallbackUrl: clearableUrl('Called before each interaction; a 403 response blocks it').optional(),
  outOfSessionCallbackUrl: clearableUrl(
    'Called for calls and messages without an open session; may answer with TwiML',
  ).optional(),
  geoMatchLevel: oneOf(
    'How close a proxy number must be to the participant; other levels than country only in North America; default country',
    ['country', 'area-code', 'overlay', 'radius'],
  ).optional(),
  numberSelectionBehavior: oneOf('Whether a participant keeps the same proxy number', [
    'prefer-sticky',
    'avoid-sticky',
  ]).optional(),
  defaultTtl: seconds('Seconds a session lasts after its last interaction; 0 means no end').optional(),
});

const sessionEnd = () => ({
  ttl: seconds('Seconds the session lasts after its last interaction').optional(),
  dateExpiry: dateTime('When the session ends; overrides ttl').optional(),
  ...timeZone(),
});

const SERVICE = words(
  'sid uniqueName callbackUrl interceptCallbackUrl outOfSessionCallbackUrl geoMatchLevel numberSelectionBehavior defaultTtl dateCreated',
);
const SESSION = words(
  'sid serviceSid uniqueName status closedReason mode ttl dateExpiry dateLastInteraction dateCreated',
);
const PARTICIPANT = words(
  'sid sessionSid friendlyName identifier proxyIdentifier proxyIdentifierSid dateCreated dateDeleted',
);
const NUMBER = ['sid', 'phoneNumber', 'friendlyName', 'isoCountry', 'capabilities', 'isReserved', 'inUse'] as const;
const SERVICES = 'twilio_proxy_list_proxy_services';
const SESSIONS = 'twilio_proxy_list_proxy_sessions';
const PARTICIPANTS = 'twilio_proxy_list_proxy_participants';
const NUMBERS = 'twilio_proxy_list_proxy_phone_numbers';

export const proxy = domain({
  service: 'Proxy',
  summary:
    'Let two people call and text each other through masked numbers. Closed to new customers: their requests fail with error 80506.',
  instructions:
    'A service holds sessions and a pool of numbers. Fill the pool with add_proxy_phone_number, create a session, then add two participants: ' +
    'each calls or texts their own proxyIdentifier to reach the other. Error 80506 means that the account never had Proxy.',
  tools: [
    tool({
      name: SERVICES,
      title: 'List Proxy services',
      description: 'List the Proxy services, to find the serviceSid that the other Proxy tools need.',
      ...reads('proxy_v1:ListService'),
      input: () => paging(),
      run: (position, { twilio }) => page(twilio.proxy.v1.services, position),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_proxy_get_proxy_service',
      title: 'Get Proxy service',
      description: 'Fetch the settings of one Proxy service. To find its SID use list_proxy_services.',
      ...reads('proxy_v1:FetchService'),
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, { twilio }) => twilio.proxy.v1.services(serviceSid).fetch(),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_proxy_create_proxy_service',
      title: 'Create Proxy service',
      description: 'Create a Proxy service. Next, add numbers with add_proxy_phone_number.',
      ...grants({ checkWith: SERVICES }, 'proxy_v1:CreateService'),
      input: () => ({
        uniqueName: string('Unique name of the service, without personal data', 191),
        ...serviceSettings(),
      }),
      run: (settings, { twilio }) => twilio.proxy.v1.services.create(settings),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_proxy_update_proxy_service',
      title: 'Update Proxy service',
      description: 'Change settings of a Proxy service; omitted settings keep their values.',
      ...grants({ checkWith: 'twilio_proxy_get_proxy_service' }, 'proxy_v1:UpdateService'),
      input: () => ({
        serviceSid: serviceSid(),
        uniqueName: string('Unique name of the service, without personal data', 191).optional(),
        ...serviceSettings(),
      }),
      run: ({ serviceSid, ...settings }, { twilio }) => twilio.proxy.v1.services(serviceSid).update(settings),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_proxy_delete_proxy_service',
      title: 'Delete Proxy service',
      description: 'Permanently delete a Proxy service with its sessions. Its numbers stay in the account.',
      ...deletes('proxy_v1:DeleteService'),
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, { twilio }) => twilio.proxy.v1.services(serviceSid).remove(),
    }),
    tool({
      name: SESSIONS,
      title: 'List Proxy sessions',
      description: 'List the sessions of a Proxy service. To see who is in one use list_proxy_participants.',
      ...reads('proxy_v1:ListSession'),
      input: () => ({
        serviceSid: serviceSid(),
        status: oneOf('Only sessions in this state', words('open in-progress closed failed unknown')).optional(),
        ...paging(),
      }),
      run: ({ serviceSid, status, ...position }, { twilio, deadline }) =>
        page(
          twilio.proxy.v1.services(serviceSid).sessions,
          position,
          status && { keep: (session) => session.status === status, deadline },
        ),
      returns: SESSION,
    }),
    tool({
      name: 'twilio_proxy_get_proxy_session',
      title: 'Get Proxy session',
      description: 'Fetch one Proxy session: its state, when it ends and why it was closed.',
      ...reads('proxy_v1:FetchSession'),
      input: session,
      run: ({ serviceSid, sessionSid }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).sessions(sessionSid).fetch(),
      returns: SESSION,
    }),
    tool({
      name: 'twilio_proxy_create_proxy_session',
      title: 'Create Proxy session',
      description: 'Create a Proxy session. It starts empty: add two people with add_proxy_participant.',
      ...creates({ checkWith: SESSIONS }, 'proxy_v1:CreateSession'),
      input: () => ({
        serviceSid: serviceSid(),
        uniqueName: string('Unique name of the session, without personal data', 191).optional(),
        mode: oneOf('Whether calls, messages or both pass; default both', [
          'voice-and-message',
          'message-only',
          'voice-only',
        ]).optional(),
        status: oneOf('Initial state; default open', ['open', 'in-progress', 'closed']).optional(),
        ...sessionEnd(),
      }),
      run: ({ serviceSid, ...settings }, { twilio }) => twilio.proxy.v1.services(serviceSid).sessions.create(settings),
      returns: SESSION,
    }),
    tool({
      name: 'twilio_proxy_update_proxy_session',
      title: 'Update Proxy session',
      description:
        'Close a Proxy session, or change when it ends. A closed session cannot be changed or reopened: create another one.',
      ...updates('proxy_v1:UpdateSession'),
      input: () => ({
        ...session(),
        status: oneOf('closed ends the session', ['closed', 'in-progress']).optional(),
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
        'Permanently delete a Proxy session with its participants and interactions. To end it but keep its record use update_proxy_session.',
      ...deletes('proxy_v1:DeleteSession'),
      input: session,
      run: ({ serviceSid, sessionSid }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).sessions(sessionSid).remove(),
    }),
    tool({
      name: PARTICIPANTS,
      title: 'List Proxy participants',
      description:
        'List the participants of a Proxy session: their real number (identifier) and the number they use to reach the other one (proxyIdentifier).',
      ...reads('proxy_v1:ListParticipant'),
      input: () => ({ ...session(), ...paging() }),
      run: ({ serviceSid, sessionSid, ...position }, { twilio }) =>
        page(twilio.proxy.v1.services(serviceSid).sessions(sessionSid).participants, position),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_proxy_add_proxy_participant',
      title: 'Add Proxy participant',
      description:
        'Add a person to a Proxy session, which takes two. Returns proxyIdentifier: the number this person uses to reach the other one.',
      ...grants({ checkWith: PARTICIPANTS }, 'proxy_v1:CreateParticipant'),
      input: () => ({
        ...session(),
        identifier: e164('Real phone number of the person'),
        friendlyName: string('Label of the participant, without personal data', 255).optional(),
        proxyIdentifier: e164('Number of the pool for this person to use; chosen by Twilio if omitted').optional(),
      }),
      run: ({ serviceSid, sessionSid, ...person }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).sessions(sessionSid).participants.create(person),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_proxy_remove_proxy_participant',
      title: 'Remove Proxy participant',
      description: 'Remove a person from a Proxy session. A removed person cannot be added to that session again.',
      ...deletes('proxy_v1:DeleteParticipant'),
      input: () => ({ ...session(), participantSid: sid('KP', 'Participant to remove') }),
      run: ({ serviceSid, sessionSid, participantSid }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).sessions(sessionSid).participants(participantSid).remove(),
    }),
    tool({
      name: 'twilio_proxy_list_proxy_interactions',
      title: 'List Proxy interactions',
      description: 'List the calls and messages that passed through a Proxy session, with their states on both sides.',
      ...reads('proxy_v1:ListInteraction'),
      input: () => ({ ...session(), ...paging() }),
      run: ({ serviceSid, sessionSid, ...position }, { twilio }) =>
        page(twilio.proxy.v1.services(serviceSid).sessions(sessionSid).interactions, position),
      returns: words(
        'sid type data inboundParticipantSid inboundResourceSid inboundResourceStatus outboundParticipantSid outboundResourceSid outboundResourceStatus dateCreated',
      ),
      untrusted: ['data'],
    }),
    tool({
      name: NUMBERS,
      title: 'List Proxy phone numbers',
      description: 'List the number pool of a Proxy service, with how many sessions use each number (inUse).',
      ...reads('proxy_v1:ListPhoneNumber'),
      input: () => ({ serviceSid: serviceSid(), ...paging() }),
      run: ({ serviceSid, ...position }, { twilio }) =>
        page(twilio.proxy.v1.services(serviceSid).phoneNumbers, position),
      returns: NUMBER,
    }),
    tool({
      name: 'twilio_proxy_add_proxy_phone_number',
      title: 'Add Proxy phone number',
      description:
        'Add a phone number of the account to the pool of a Proxy service, which takes over its calls and messages.',
      ...grants({ checkWith: NUMBERS }, 'proxy_v1:CreatePhoneNumber'),
      input: () => ({
        serviceSid: serviceSid(),
        phoneNumberSid: sid('PN', 'Phone number of the account'),
        isReserved: boolean(
          'Use the number only if a participant is added with it; never choose it automatically',
        ).optional(),
      }),
      run: ({ serviceSid, phoneNumberSid, isReserved }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).phoneNumbers.create({ sid: phoneNumberSid, isReserved }),
      returns: NUMBER,
    }),
    tool({
      name: 'twilio_proxy_remove_proxy_phone_number',
      title: 'Remove Proxy phone number',
      description: 'Remove a phone number from the pool of a Proxy service. It stays in the account.',
      ...deletes('proxy_v1:DeletePhoneNumber'),
      input: () => ({ serviceSid: serviceSid(), phoneNumberSid: sid('PN', 'Phone number in the pool') }),
      run: ({ serviceSid, phoneNumberSid }, { twilio }) =>
        twilio.proxy.v1.services(serviceSid).phoneNumbers(phoneNumberSid).remove(),
    }),
  ],
});
