import { page, paging } from '../../paging';
import { boolean, country, jsonObject, sid, string, words } from '../../params';
import { creates, deletes, reads, tool, updates } from '../../tool';
import { endUserType, numberType } from './shared';

const endUserSid = (description: string) => sid('IT', description);
const documentSid = (description: string) => sid('RD', description);
const attributes = (types: string) =>
  jsonObject(`Field values keyed by machine name; fields per type: ${types}`).optional();
const newAttributes = () => jsonObject('All field values; they replace the stored ones').optional();

const REGULATION = ['sid', 'friendlyName', 'isoCountry', 'numberType', 'endUserType'] as const;
const END_USER = ['sid', 'friendlyName', 'type', 'dateUpdated'] as const;
const DOCUMENT = words('sid friendlyName type status failureReason errors mimeType dateUpdated');
const END_USERS = 'twilio_regulatory_list_regulatory_end_users';
const DOCUMENTS = 'twilio_regulatory_list_supporting_documents';

/** Regulations, and the end users and documents that they require in a bundle. */
export const items = [
  tool({
    name: 'twilio_regulatory_list_regulations',
    title: 'List phone number regulations',
    description:
      'List the regulations for phone numbers: which countries and number types require a bundle. For the requirements of one, use get_regulation.',
    ...reads('numbers_v2:ListRegulation'),
    input: () => ({
      isoCountry: country('Only regulations of this country').optional(),
      numberType: numberType('Only regulations for this type of number').optional(),
      endUserType: endUserType('Only regulations for this type of end user').optional(),
      ...paging(),
    }),
    run: (query, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.regulations, query),
    returns: REGULATION,
  }),
  tool({
    name: 'twilio_regulatory_get_regulation',
    title: 'Get phone number regulation',
    description: 'Fetch the end user, documents and fields that a regulation requires.',
    ...reads('numbers_v2:FetchRegulation'),
    input: () => ({
      regulationSid: sid('RN', 'Regulation to fetch'),
      includeConstraints: boolean('Include the format that each field must have').optional(),
    }),
    run: ({ regulationSid, ...options }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.regulations(regulationSid).fetch(options),
    returns: [...REGULATION, 'requirements'],
  }),
  tool({
    name: 'twilio_regulatory_list_end_user_types',
    title: 'List regulatory end user types',
    description:
      'List the fields of an individual and of a business, for the attributes of create_regulatory_end_user.',
    ...reads('numbers_v2:ListEndUserType'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.endUserTypes, position),
    returns: ['machineName', 'friendlyName', 'fields'],
  }),
  tool({
    name: END_USERS,
    title: 'List regulatory end users',
    description:
      'List end users: the people and businesses that use the numbers. For the data of one, use get_regulatory_end_user.',
    ...reads('numbers_v2:ListEndUser'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.endUsers, position),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_regulatory_get_regulatory_end_user',
    title: 'Get regulatory end user',
    description: 'Fetch one end user with all its data, including personal data.',
    ...reads('numbers_v2:FetchEndUser'),
    input: () => ({ endUserSid: endUserSid('End user to fetch') }),
    run: ({ endUserSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.endUsers(endUserSid).fetch(),
    returns: [...END_USER, 'attributes', 'dateCreated'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_regulatory_create_regulatory_end_user',
    title: 'Create regulatory end user',
    description:
      'Create an end user: the person or business that uses the numbers. Then add it to a bundle with create_bundle_item_assignment.',
    ...creates({ checkWith: END_USERS }, 'numbers_v2:CreateEndUser'),
    input: () => ({
      friendlyName: string('Display name', 255),
      type: endUserType('Person or business'),
      attributes: attributes('list_end_user_types'),
    }),
    run: (endUser, { twilio }) => twilio.numbers.v2.regulatoryCompliance.endUsers.create(endUser),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_regulatory_update_regulatory_end_user',
    title: 'Update regulatory end user',
    description: 'Rename an end user or replace its data: pass all attributes, not only the changed ones.',
    ...updates('numbers_v2:UpdateEndUser'),
    input: () => ({
      endUserSid: endUserSid('End user to change'),
      friendlyName: string('New display name', 255).optional(),
      attributes: newAttributes(),
    }),
    run: ({ endUserSid, ...changes }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.endUsers(endUserSid).update(changes),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_regulatory_delete_regulatory_end_user',
    title: 'Delete regulatory end user',
    description: 'Delete an end user permanently. To only remove it from a bundle, use delete_bundle_item_assignment.',
    ...deletes('numbers_v2:DeleteEndUser'),
    input: () => ({ endUserSid: endUserSid('End user to delete') }),
    run: ({ endUserSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.endUsers(endUserSid).remove(),
  }),
  tool({
    name: 'twilio_regulatory_list_document_types',
    title: 'List regulatory document types',
    description: 'List the types of supporting document with their fields, for create_supporting_document.',
    ...reads('numbers_v2:ListSupportingDocumentType'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.supportingDocumentTypes, position),
    returns: ['machineName', 'friendlyName', 'fields'],
  }),
  tool({
    name: DOCUMENTS,
    title: 'List regulatory documents',
    description:
      'List supporting documents with their status and any reason for rejection. For the data of one, use get_supporting_document.',
    ...reads('numbers_v2:ListSupportingDocument'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.supportingDocuments, position),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_regulatory_get_supporting_document',
    title: 'Get regulatory document',
    description: 'Fetch one supporting document with all its data.',
    ...reads('numbers_v2:FetchSupportingDocument'),
    input: () => ({ documentSid: documentSid('Document to fetch') }),
    run: ({ documentSid }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.supportingDocuments(documentSid).fetch(),
    returns: [...DOCUMENT, 'attributes', 'dateCreated'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_regulatory_create_supporting_document',
    title: 'Create regulatory document',
    description:
      'Create a supporting document without a file, such as an address. Documents with a file must be uploaded in the Console. Then add it to a bundle with create_bundle_item_assignment.',
    ...creates({ checkWith: DOCUMENTS }, 'numbers_v2:CreateSupportingDocument'),
    input: () => ({
      friendlyName: string('Display name', 255),
      type: string('Document type: a machineName from list_document_types', 64),
      attributes: attributes('list_document_types'),
    }),
    run: (document, { twilio }) => twilio.numbers.v2.regulatoryCompliance.supportingDocuments.create(document),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_regulatory_update_supporting_document',
    title: 'Update regulatory document',
    description: 'Rename a supporting document or replace its data: pass all attributes, not only the changed ones.',
    ...updates('numbers_v2:UpdateSupportingDocument'),
    input: () => ({
      documentSid: documentSid('Document to change'),
      friendlyName: string('New display name', 255).optional(),
      attributes: newAttributes(),
    }),
    run: ({ documentSid, ...changes }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.supportingDocuments(documentSid).update(changes),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_regulatory_delete_supporting_document',
    title: 'Delete regulatory document',
    description:
      'Delete a supporting document permanently. To only remove it from a bundle, use delete_bundle_item_assignment.',
    ...deletes('numbers_v2:DeleteSupportingDocument'),
    input: () => ({ documentSid: documentSid('Document to delete') }),
    run: ({ documentSid }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.supportingDocuments(documentSid).remove(),
  }),
];
