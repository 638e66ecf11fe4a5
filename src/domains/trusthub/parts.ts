import { page, paging } from '../../paging';
import { jsonObject, sid, string } from '../../params';
import { creates, deletes, reads, tool, updates } from '../../tool';

const endUserSid = (description: string) => sid('IT', description);
const documentSid = (description: string) => sid('RD', description);
const attributes = (types: string) =>
  jsonObject(`Field values keyed by machine name; fields per type: ${types}`).optional();
const newAttributes = () => jsonObject('All field values; they replace the stored ones').optional();

const END_USER = ['sid', 'friendlyName', 'type', 'dateUpdated'] as const;
const DOCUMENT = ['sid', 'friendlyName', 'type', 'status', 'mimeType', 'dateUpdated'] as const;
const END_USERS = 'twilio_trusthub_list_end_users';
const DOCUMENTS = 'twilio_trusthub_list_supporting_documents';

/** Policies, and the end users and documents that they require in a profile or product. */
export const parts = [
  tool({
    name: 'twilio_trusthub_list_policies',
    title: 'List Trust Hub policies',
    description:
      'List the policies: one for each kind of customer profile and trust product. For the requirements of one, use get_policy.',
    ...reads('trusthub_v1:ListPolicies'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.policies, position),
    returns: ['sid', 'friendlyName'],
  }),
  tool({
    name: 'twilio_trusthub_get_policy',
    title: 'Get Trust Hub policy',
    description: 'Fetch the end users, documents and fields that a policy requires.',
    ...reads('trusthub_v1:FetchPolicies'),
    input: () => ({ policySid: sid('RN', 'Policy to fetch') }),
    run: ({ policySid }, { twilio }) => twilio.trusthub.v1.policies(policySid).fetch(),
    returns: ['sid', 'friendlyName', 'requirements'],
  }),
  tool({
    name: 'twilio_trusthub_list_end_user_types',
    title: 'List Trust Hub end user types',
    description: 'List the types of end user with their fields, for create_end_user.',
    ...reads('trusthub_v1:ListEndUserType'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.endUserTypes, position),
    returns: ['machineName', 'friendlyName', 'fields'],
  }),
  tool({
    name: END_USERS,
    title: 'List Trust Hub end users',
    description:
      'List end users: the businesses and people in profiles and products. For the data of one, use get_end_user.',
    ...reads('trusthub_v1:ListEndUser'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.endUsers, position),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_trusthub_get_end_user',
    title: 'Get Trust Hub end user',
    description: 'Fetch one end user with all its data, including personal data.',
    ...reads('trusthub_v1:FetchEndUser'),
    input: () => ({ endUserSid: endUserSid('End user to fetch') }),
    run: ({ endUserSid }, { twilio }) => twilio.trusthub.v1.endUsers(endUserSid).fetch(),
    returns: [...END_USER, 'attributes', 'dateCreated'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_trusthub_create_end_user',
    title: 'Create Trust Hub end user',
    description:
      'Create an end user: a business or person. Then add it with create_profile_entity_assignment or create_product_entity_assignment.',
    ...creates({ checkWith: END_USERS }, 'trusthub_v1:CreateEndUser'),
    input: () => ({
      friendlyName: string('Display name', 255),
      type: string('End user type: a machineName from list_end_user_types, such as "authorized_representative_1"', 64),
      attributes: attributes('list_end_user_types'),
    }),
    run: (endUser, { twilio }) => twilio.trusthub.v1.endUsers.create(endUser),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_trusthub_update_end_user',
    title: 'Update Trust Hub end user',
    description: 'Rename an end user or replace its data: pass all attributes, not only the changed ones.',
    ...updates('trusthub_v1:UpdateEndUser'),
    input: () => ({
      endUserSid: endUserSid('End user to change'),
      friendlyName: string('New display name', 255).optional(),
      attributes: newAttributes(),
    }),
    run: ({ endUserSid, ...changes }, { twilio }) => twilio.trusthub.v1.endUsers(endUserSid).update(changes),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_trusthub_delete_end_user',
    title: 'Delete Trust Hub end user',
    description:
      'Delete an end user permanently. To only remove it from a profile, use delete_profile_entity_assignment.',
    ...deletes('trusthub_v1:DeleteEndUser'),
    input: () => ({ endUserSid: endUserSid('End user to delete') }),
    run: ({ endUserSid }, { twilio }) => twilio.trusthub.v1.endUsers(endUserSid).remove(),
  }),
  tool({
    name: 'twilio_trusthub_list_document_types',
    title: 'List Trust Hub document types',
    description: 'List the types of supporting document with their fields, for create_supporting_document.',
    ...reads('trusthub_v1:ListSupportingDocumentType'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.supportingDocumentTypes, position),
    returns: ['machineName', 'friendlyName', 'fields'],
  }),
  tool({
    name: DOCUMENTS,
    title: 'List Trust Hub documents',
    description:
      'List the supporting documents of profiles and products with their status. For the data of one, use get_supporting_document.',
    ...reads('trusthub_v1:ListSupportingDocument'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.trusthub.v1.supportingDocuments, position),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_trusthub_get_supporting_document',
    title: 'Get Trust Hub document',
    description: 'Fetch one supporting document with all its data.',
    ...reads('trusthub_v1:FetchSupportingDocument'),
    input: () => ({ documentSid: documentSid('Document to fetch') }),
    run: ({ documentSid }, { twilio }) => twilio.trusthub.v1.supportingDocuments(documentSid).fetch(),
    returns: [...DOCUMENT, 'attributes', 'dateCreated'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_trusthub_create_supporting_document',
    title: 'Create Trust Hub document',
    description:
      'Create a supporting document without a file, such as an address. Documents with a file must be uploaded in the Console. Then add it with create_profile_entity_assignment or create_product_entity_assignment.',
    ...creates({ checkWith: DOCUMENTS }, 'trusthub_v1:CreateSupportingDocument'),
    input: () => ({
      friendlyName: string('Display name', 255),
      type: string('Document type: a machineName from list_document_types, such as "customer_profile_address"', 64),
      attributes: attributes('list_document_types'),
    }),
    run: (document, { twilio }) => twilio.trusthub.v1.supportingDocuments.create(document),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_trusthub_update_supporting_document',
    title: 'Update Trust Hub document',
    description: 'Rename a supporting document or replace its data: pass all attributes, not only the changed ones.',
    ...updates('trusthub_v1:UpdateSupportingDocument'),
    input: () => ({
      documentSid: documentSid('Document to change'),
      friendlyName: string('New display name', 255).optional(),
      attributes: newAttributes(),
    }),
    run: ({ documentSid, ...changes }, { twilio }) =>
      twilio.trusthub.v1.supportingDocuments(documentSid).update(changes),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_trusthub_delete_supporting_document',
    title: 'Delete Trust Hub document',
    description:
      'Delete a supporting document permanently. To only remove it from a profile, use delete_profile_entity_assignment.',
    ...deletes('trusthub_v1:DeleteSupportingDocument'),
    input: () => ({ documentSid: documentSid('Document to delete') }),
    run: ({ documentSid }, { twilio }) => twilio.trusthub.v1.supportingDocuments(documentSid).remove(),
  }),
];
