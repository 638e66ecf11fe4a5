import { page, paging } from '../../paging';
import { jsonObject, pathName, sid, string } from '../../params';
import { tool } from '../../tool';
import { inService, service } from './scope';

const USERS = 'twilio_conversations_list_users';
const USER = ['sid', 'identity', 'friendlyName', 'attributes', 'roleSid', 'isOnline', 'dateCreated'] as const;
/** A chat user may rename itself. */
const OUTSIDE = ['friendlyName', 'attributes'] as const;

const user = () => ({ userSid: pathName('SID or identity'), ...service() });

const settings = () => ({
  friendlyName: string('Shown name', 256).optional(),
  attributes: jsonObject('Own data').optional(),
  roleSid: sid('RL', 'Role of type service').optional(),
});

export const users = [
  tool({
    name: USERS,
    title: 'List users',
    description: 'List chat users. Who writes by SMS or WhatsApp is a participant only.',
    effect: 'read',
    operations: ['conversations_v1:ListServiceUser', 'conversations_v1:ListUser'],
    input: () => ({ ...service(), ...paging() }),
    run: ({ chatServiceSid, ...position }, { twilio }) => page(inService(twilio, chatServiceSid).users, {}, position),
    returns: USER,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_get_user',
    title: 'Get user',
    description: 'Fetch one chat user. Its conversations: find_conversations.',
    effect: 'read',
    operations: ['conversations_v1:FetchServiceUser', 'conversations_v1:FetchUser'],
    input: user,
    run: ({ chatServiceSid, userSid }, { twilio }) => inService(twilio, chatServiceSid).users(userSid).fetch(),
    returns: USER,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_create_user',
    title: 'Create user',
    description: 'Create a chat user. add_participant does so by itself for a new identity.',
    effect: 'create',
    checkWith: USERS,
    operations: ['conversations_v1:CreateServiceUser', 'conversations_v1:CreateUser'],
    input: () => ({ identity: string('Unique in the service', 256), ...settings(), ...service() }),
    run: ({ chatServiceSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid).users.create({
        ...rest,
        attributes: attributes && JSON.stringify(attributes),
      }),
    returns: USER,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_update_user',
    title: 'Update user',
    description: 'Change name, data or role of a chat user in all its conversations.',
    effect: 'update',
    operations: ['conversations_v1:UpdateServiceUser', 'conversations_v1:UpdateUser'],
    input: () => ({ ...user(), ...settings() }),
    run: ({ chatServiceSid, userSid, attributes, ...rest }, { twilio }) =>
      inService(twilio, chatServiceSid)
        .users(userSid)
        .update({ ...rest, attributes: attributes && JSON.stringify(attributes) }),
    returns: USER,
    untrusted: OUTSIDE,
  }),
  tool({
    name: 'twilio_conversations_delete_user',
    title: 'Delete user',
    description: 'Delete a chat user for good. Out of one conversation: remove_participant.',
    effect: 'delete',
    operations: ['conversations_v1:DeleteServiceUser', 'conversations_v1:DeleteUser'],
    input: user,
    run: ({ chatServiceSid, userSid }, { twilio }) => inService(twilio, chatServiceSid).users(userSid).remove(),
  }),
  tool({
    name: 'twilio_conversations_list_roles',
    title: 'List roles',
    description: 'List the roles for users (type service) and participants (type conversation).',
    effect: 'read',
    operations: ['conversations_v1:ListServiceRole', 'conversations_v1:ListRole'],
    input: () => ({ ...service(), ...paging() }),
    run: ({ chatServiceSid, ...position }, { twilio }) => page(inService(twilio, chatServiceSid).roles, {}, position),
    returns: ['sid', 'friendlyName', 'type', 'permissions'],
  }),
];
