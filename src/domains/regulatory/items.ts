import { page, paging } from '../../paging';
import { boolean, country, jsonObject, sid, string } from '../../params';
import { tool } from '../../tool';
import { endUserType, numberType } from './words';

const endUserSid = () => sid('IT', 'End user');
const documentSid = () => sid('RD', 'Supporting document');
const attributes = () => jsonObject('Fields of its type').optional();

const REGULATION = ['sid', 'friendlyName', 'isoCountry', 'numberType', 'endUserType'] as const;
const END_USER = ['sid', 'friendlyName', 'type', 'dateUpdated'] as const;
const DOCUMENT = [
  'sid',
  'friendlyName',
  'type',
  'status',
  'failureReason',
  'errors',
  'mimeType',
  'dateUpdated',
] as const;
const END_USERS = 'twilio_regulatory_list_regulatory_end_users';
const DOCUMENTS = 'twilio_regulatory_list_supporting_documents';

/** What bundles are made of, and the regulations that say of what. */
export const items = [
  tool({
    name: 'twilio_regulatory_list_regulations',
    title: 'List regulations',
    description: 'List which numbers of a country ask for a bundle. What one asks for: get_regulation.',
    effect: 'read',
    operations: ['numbers_v2:ListRegulation'],
    input: () => ({
      isoCountry: country('Only of this country').optional(),
      numberType: numberType('Only for this type of number').optional(),
      endUserType: endUserType('Only for this type of end user').optional(),
      ...paging(),
    }),
    run: ({ limit, pageToken, ...filters }, { twilio }) =>
      page(twilio.numbers.v2.regulatoryCompliance.regulations, filters, { limit, pageToken }),
    returns: REGULATION,
  }),
  tool({
    name: 'twilio_regulatory_get_regulation',
    title: 'Get regulation',
    description: 'Fetch the end user, documents and fields that a regulation asks for.',
    effect: 'read',
    operations: ['numbers_v2:FetchRegulation'],
    input: () => ({
      regulationSid: sid('RN', 'Regulation'),
      includeConstraints: boolean('With the form that each field has to have').optional(),
    }),
    run: ({ regulationSid, ...options }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.regulations(regulationSid).fetch(options),
    returns: [...REGULATION, 'requirements'],
  }),
  tool({
    name: 'twilio_regulatory_list_end_user_types',
    title: 'List end user types',
    description: 'List the fields that an individual and a business take, to fill create_regulatory_end_user.',
    effect: 'read',
    operations: ['numbers_v2:ListEndUserType'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.endUserTypes, {}, position),
    returns: ['machineName', 'friendlyName', 'fields'],
  }),
  tool({
    name: END_USERS,
    title: 'List end users',
    description: 'List end users: those in whose name numbers are held. Their data: get_regulatory_end_user.',
    effect: 'read',
    operations: ['numbers_v2:ListEndUser'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.endUsers, {}, position),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_regulatory_get_regulatory_end_user',
    title: 'Get end user',
    description: 'Fetch one end user with all data about it, personal data among them.',
    effect: 'read',
    operations: ['numbers_v2:FetchEndUser'],
    input: () => ({ endUserSid: endUserSid() }),
    run: ({ endUserSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.endUsers(endUserSid).fetch(),
    returns: [...END_USER, 'attributes', 'dateCreated'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_regulatory_create_regulatory_end_user',
    title: 'Create end user',
    description: 'Describe who uses the numbers. Then put it into a bundle with create_bundle_item_assignment.',
    effect: 'create',
    checkWith: END_USERS,
    operations: ['numbers_v2:CreateEndUser'],
    input: () => ({
      friendlyName: string('Name', 255),
      type: endUserType('Person or business'),
      attributes: attributes(),
    }),
    run: (endUser, { twilio }) => twilio.numbers.v2.regulatoryCompliance.endUsers.create(endUser),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_regulatory_update_regulatory_end_user',
    title: 'Update end user',
    description: 'Rename an end user, or replace the data about it: give all attributes, not only the changed ones.',
    effect: 'update',
    operations: ['numbers_v2:UpdateEndUser'],
    input: () => ({
      endUserSid: endUserSid(),
      friendlyName: string('Name', 255).optional(),
      attributes: attributes(),
    }),
    run: ({ endUserSid, ...changes }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.endUsers(endUserSid).update(changes),
    returns: END_USER,
  }),
  tool({
    name: 'twilio_regulatory_delete_regulatory_end_user',
    title: 'Delete end user',
    description: 'Delete an end user for good. To only take it out of a bundle use delete_bundle_item_assignment.',
    effect: 'delete',
    operations: ['numbers_v2:DeleteEndUser'],
    input: () => ({ endUserSid: endUserSid() }),
    run: ({ endUserSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.endUsers(endUserSid).remove(),
  }),
  tool({
    name: 'twilio_regulatory_list_document_types',
    title: 'List document types',
    description: 'List the types of supporting document and the fields of each, to fill create_supporting_document.',
    effect: 'read',
    operations: ['numbers_v2:ListSupportingDocumentType'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.supportingDocumentTypes, {}, position),
    returns: ['machineName', 'friendlyName', 'fields'],
  }),
  tool({
    name: DOCUMENTS,
    title: 'List supporting documents',
    description: 'List documents with their states and why one was rejected. The data in one: get_supporting_document.',
    effect: 'read',
    operations: ['numbers_v2:ListSupportingDocument'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.supportingDocuments, {}, position),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_regulatory_get_supporting_document',
    title: 'Get supporting document',
    description: 'Fetch one supporting document with all data in it.',
    effect: 'read',
    operations: ['numbers_v2:FetchSupportingDocument'],
    input: () => ({ documentSid: documentSid() }),
    run: ({ documentSid }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.supportingDocuments(documentSid).fetch(),
    returns: [...DOCUMENT, 'attributes', 'dateCreated'],
    untrusted: ['attributes'],
  }),
  tool({
    name: 'twilio_regulatory_create_supporting_document',
    title: 'Create supporting document',
    description:
      'Create a document without a file, such as an address. One with a file is uploaded in the Console. Then use create_bundle_item_assignment.',
    effect: 'create',
    checkWith: DOCUMENTS,
    operations: ['numbers_v2:CreateSupportingDocument'],
    input: () => ({
      friendlyName: string('Name', 255),
      type: string('machineName of list_document_types', 64),
      attributes: attributes(),
    }),
    run: (document, { twilio }) => twilio.numbers.v2.regulatoryCompliance.supportingDocuments.create(document),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_regulatory_update_supporting_document',
    title: 'Update supporting document',
    description: 'Rename a document, or replace its data: give all attributes, not only the changed ones.',
    effect: 'update',
    operations: ['numbers_v2:UpdateSupportingDocument'],
    input: () => ({
      documentSid: documentSid(),
      friendlyName: string('Name', 255).optional(),
      attributes: attributes(),
    }),
    run: ({ documentSid, ...changes }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.supportingDocuments(documentSid).update(changes),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_regulatory_delete_supporting_document',
    title: 'Delete supporting document',
    description: 'Delete a document for good. To only take it out of a bundle use delete_bundle_item_assignment.',
    effect: 'delete',
    operations: ['numbers_v2:DeleteSupportingDocument'],
    input: () => ({ documentSid: documentSid() }),
    run: ({ documentSid }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.supportingDocuments(documentSid).remove(),
  }),
];
