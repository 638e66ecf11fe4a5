import { page, paging } from '../../paging';
import { jsonObject, pathName, sid, string } from '../../params';
import { deletes, grants, reads, tool } from '../../tool';
import { inService, service } from './shared';

const USERS = 'twilio_conversations_list_users';
const USER = ['sid', 'identity', 'friendlyName', 'attributes', 'roleSid', 'isOnline', 'dateCreated'] as const;
/** Chat users can rename themselves. */
const UNTRUSTED = ['identity', 'friendlyName', 'attributes'] as const;

const user = () => ({ userSid: pathName('User SID (US…) or chat identity'), ...service() });

const settings = () => ({
  friendlyName: string('Display name in chat', 256).optional(),
  attributes: jsonObject('Custom data; an update replaces all of it').optional(),
  roleSid: sid('RL', 'Role of type service; from list_roles').optional(),
});

export const users = [
  tool({
    name: USERS,
    title: 'List chat users',
    description: 'List chat users. People on SMS or WhatsApp are participants only: use list_participants.',
    ...reads('conversations_v1:ListServiceUser', 'conversations_v1:ListUser'),
    input: () => ({ ...service(), ...paging(50) }),
    run: ({ chatServiceSid, ...position }, { twilio }) => page(inService(twilio, chatServiceSid).users, position),
    returns: USER,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_get_user',
    title: 'Get chat user',
    description: 'Fetch one chat user. For the conversations of the user use find_conversations.',
    ...reads('conversations_v1:FetchServiceUser', 'conversations_v1:FetchUser'),
    input: user,
    run: ({ chatServiceSid, userSid }, { twilio }) => inService(twilio, chatServiceSid).users(userSid).fetch(),
    returns: USER,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_create_user',
    title: 'Create chat user',
    description: 'Create a chat user. For a new identity, add_participant does this automatically.',
    ...grants({ checkWith: USERS }, 'conversations_v1:CreateServiceUser', 'conversations_v1:CreateUser'),
    input: () => ({ identity: string('Unique in the service, such as a username', 256), ...settings(), ...service() }),
    run: ({ chatServiceSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid).users.create({ ...rest, attributes: attributes && JSON.stringify(attributes) }),
    returns: USER,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_update_user',
    title: 'Update chat user',
    description: 'Change the name, data or role of a chat user, in all conversations of the user.',
    ...grants(
      { checkWith: 'twilio_conversations_get_user' },
      'conversations_v1:UpdateServiceUser',
      'conversations_v1:UpdateUser',
    ),
    input: () => ({ ...user(), ...settings() }),
    run: ({ chatServiceSid, userSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid)
        .users(userSid)
        .update({ ...rest, attributes: attributes && JSON.stringify(attributes) }),
    returns: USER,
    untrusted: UNTRUSTED,
  }),
  tool({
    name: 'twilio_conversations_delete_user',
    title: 'Delete chat user',
    description: 'Permanently delete a chat user. To remove the user from one conversation use remove_participant.',
    ...deletes('conversations_v1:DeleteServiceUser', 'conversations_v1:DeleteUser'),
    input: user,
    run: ({ chatServiceSid, userSid }, { twilio }) => inService(twilio, chatServiceSid).users(userSid).remove(),
  }),
  tool({
    name: 'twilio_conversations_list_roles',
    title: 'List chat roles',
    description: 'List the roles for users (type service) and participants (type conversation).',
    ...reads('conversations_v1:ListServiceRole', 'conversations_v1:ListRole'),
    input: () => ({ ...service(), ...paging(50) }),
    run: ({ chatServiceSid, ...position }, { twilio }) => page(inService(twilio, chatServiceSid).roles, position),
    returns: ['sid', 'friendlyName', 'type', 'permissions'],
  }),
];
