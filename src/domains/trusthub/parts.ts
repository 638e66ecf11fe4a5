import { page, paging } from '../../paging';
import { jsonObject, sid, string } from '../../params';
import { tool } from '../../tool';
import { policySid } from './words';

const endUserSid = () => sid('IT', 'End user');
const documentSid = () => sid('RD', 'Supporting document');
const attributes = () => jsonObject('Fields of its type').optional();

const END_USER = ['sid', 'friendlyName', 'type', 'dateUpdated'] as const;
const DOCUMENT = ['sid', 'friendlyName', 'type', 'status', 'mimeType', 'dateUpdated'] as const;
const END_USERS = 'twilio_trusthub_list_end_users';
const DOCUMENTS = 'twilio_trusthub_list_supporting_documents';

/** What profiles and products are made of, and the policies that say of what. */
export const parts = [
  tool({
    name: 'twilio_trusthub_list_policies',
    title: 'List policies',
    description: 'List the policies: the kinds of customer profile and trust product. What one asks for: get_policy.',
    effect: 'read',
    operations: ['trusthub_v1:ListPolicies'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.policies, {}, position),
    returns: ['sid', 'friendlyName'],
  }),
  tool({
    name: 'twilio_trusthub_get_policy',
    title: 'Get policy',
    description: 'Fetch the end users, documents and fields that a policy asks for.',
    effect: 'read',
    operations: ['trusthub_v1:FetchPolicies'],
    input: () => ({ policySid: policySid() }),
    run: ({ policySid }, { twilio }) => twilio.trusthub.v1.policies(policySid).fetch(),
    returns: ['sid', 'friendlyName', 'requirements'],
  }),
  tool({
    name: 'twilio_trusthub_list_end_user_types',
    title: 'List end user types',
    description: 'List the types of end user and the fields of each, to fill create_end_user.',
    effect: 'read',
    operations: ['trusthub_v1:ListEndUserType'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.endUserTypes, {}, position),
    returns: ['machineName', 'friendlyName', 'fields'],
  }),
  tool({
    name: END_USERS,
    title: 'List end users',
    description: 'List end users: businesses and persons that profiles are made of. Their data: get_end_user.',
    effect: 'read',
    operations: ['trusthub_v1:ListEndUser'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.endUsers, {}, position),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_trusthub_get_end_user',
    title: 'Get end user',
    description: 'Fetch one end user with all data about it, personal data among them.',
    effect: 'read',
    operations: ['trusthub_v1:FetchEndUser'],
    input: () => ({ endUserSid: endUserSid() }),
    run: ({ endUserSid }, { twilio }) => twilio.trusthub.v1.endUsers(endUserSid).fetch(),
    returns: [...END_USER, 'attributes', 'dateCreated'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_trusthub_create_end_user',
    title: 'Create end user',
    description: 'Describe a business or person. Then put it into a profile or product by an entity assignment.',
    effect: 'create',
    checkWith: END_USERS,
    operations: ['trusthub_v1:CreateEndUser'],
    input: () => ({
      friendlyName: string('Name', 255),
      type: string('machineName of list_end_user_types, as authorized_representative_1', 64),
      attributes: attributes(),
    }),
    run: (endUser, { twilio }) => twilio.trusthub.v1.endUsers.create(endUser),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_trusthub_update_end_user',
    title: 'Update end user',
    description: 'Rename an end user, or replace the data about it: give all attributes, not only the changed ones.',
    effect: 'update',
    operations: ['trusthub_v1:UpdateEndUser'],
    input: () => ({
      endUserSid: endUserSid(),
      friendlyName: string('Name', 255).optional(),
      attributes: attributes(),
    }),
    run: ({ endUserSid, ...changes }, { twilio }) => twilio.trusthub.v1.endUsers(endUserSid).update(changes),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_trusthub_delete_end_user',
    title: 'Delete end user',
    description: 'Delete an end user for good. To only take it out of a profile use delete_profile_entity_assignment.',
    effect: 'delete',
    operations: ['trusthub_v1:DeleteEndUser'],
    input: () => ({ endUserSid: endUserSid() }),
    run: ({ endUserSid }, { twilio }) => twilio.trusthub.v1.endUsers(endUserSid).remove(),
  }),
  tool({
    name: 'twilio_trusthub_list_document_types',
    title: 'List document types',
    description: 'List the types of supporting document and the fields of each, to fill create_supporting_document.',
    effect: 'read',
    operations: ['trusthub_v1:ListSupportingDocumentType'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.supportingDocumentTypes, {}, position),
    returns: ['machineName', 'friendlyName', 'fields'],
  }),
  tool({
    name: DOCUMENTS,
    title: 'List supporting documents',
    description:
      'List the documents that profiles are made of, with their states. Their data: get_supporting_document.',
    effect: 'read',
    operations: ['trusthub_v1:ListSupportingDocument'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.supportingDocuments, {}, position),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_trusthub_get_supporting_document',
    title: 'Get supporting document',
    description: 'Fetch one supporting document with all data in it.',
    effect: 'read',
    operations: ['trusthub_v1:FetchSupportingDocument'],
    input: () => ({ documentSid: documentSid() }),
    run: ({ documentSid }, { twilio }) => twilio.trusthub.v1.supportingDocuments(documentSid).fetch(),
    returns: [...DOCUMENT, 'attributes', 'dateCreated'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_trusthub_create_supporting_document',
    title: 'Create supporting document',
    description:
      'Create a document without a file, such as an address. One with a file is uploaded in the Console. Then put it in by an entity assignment.',
    effect: 'create',
    checkWith: DOCUMENTS,
    operations: ['trusthub_v1:CreateSupportingDocument'],
    input: () => ({
      friendlyName: string('Name', 255),
      type: string('machineName of list_document_types, as customer_profile_address', 64),
      attributes: attributes(),
    }),
    run: (document, { twilio }) => twilio.trusthub.v1.supportingDocuments.create(document),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_trusthub_update_supporting_document',
    title: 'Update supporting document',
    description: 'Rename a document, or replace its data: give all attributes, not only the changed ones.',
    effect: 'update',
    operations: ['trusthub_v1:UpdateSupportingDocument'],
    input: () => ({
      documentSid: documentSid(),
      friendlyName: string('Name', 255).optional(),
      attributes: attributes(),
    }),
    run: ({ documentSid, ...changes }, { twilio }) =>
      twilio.trusthub.v1.supportingDocuments(documentSid).update(changes),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_trusthub_delete_supporting_document',
    title: 'Delete supporting document',
    description: 'Delete a document for good. To only take it out of a profile use delete_profile_entity_assignment.',
    effect: 'delete',
    operations: ['trusthub_v1:DeleteSupportingDocument'],
    input: () => ({ documentSid: documentSid() }),
    run: ({ documentSid }, { twilio }) => twilio.trusthub.v1.supportingDocuments(documentSid).remove(),
  }),
];
