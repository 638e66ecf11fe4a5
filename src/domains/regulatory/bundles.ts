import { page, paging } from '../../paging';
import { boolean, clearableUrl, country, email, oneOf, sid, string, timeRange, url, words } from '../../params';
import { creates, deletes, grants, reads, tool } from '../../tool';
import { endUserType, numberType } from './shared';

const bundleSid = (description: string) => sid('BU', description);

const BUNDLE = ['sid', 'friendlyName', 'status', 'regulationSid', 'email', 'validUntil', 'dateUpdated'] as const;
const BUNDLE_DETAILS = [...BUNDLE, 'statusCallback', 'dateCreated'] as const;
const ITEM = ['sid', 'bundleSid', 'objectSid', 'dateCreated'] as const;
const EVALUATION = ['sid', 'status', 'regulationSid', 'results', 'dateCreated'] as const;
const BUNDLES = 'twilio_regulatory_list_regulatory_bundles';
const ITEMS = 'twilio_regulatory_list_bundle_item_assignments';
const EVALUATIONS = 'twilio_regulatory_list_bundle_evaluations';

export const bundles = [
  tool({
    name: BUNDLES,
    title: 'List regulatory bundles',
    description:
      'List regulatory bundles, for example to find an approved bundle for a number, or bundles that expire soon.',
    ...reads('numbers_v2:ListBundle'),
    input: () => ({
      status: oneOf(
        'Only bundles with this status',
        words('draft pending-review in-review twilio-rejected twilio-approved provisionally-approved'),
      ).optional(),
      friendlyName: string('Only bundles with exactly this name', 255).optional(),
      regulationSid: sid('RN', 'Only bundles for this regulation').optional(),
      isoCountry: country('Only bundles for numbers of this country').optional(),
      numberType: numberType('Only bundles for this type of number').optional(),
      endUserType: endUserType('Only bundles for this type of end user').optional(),
      hasValidUntilDate: boolean('true: only bundles that expire; false: only bundles that do not').optional(),
      ...timeRange({
        from: ['validUntilDateAfter', 'Only bundles that expire at or after this time'],
        until: ['validUntilDateBefore', 'Only bundles that expire at or before this time'],
      }),
      ...paging(),
    }),
    run: (query, { twilio }) => page(twilio.numbers.v2.regulatoryCompliance.bundles, query),
    returns: BUNDLE,
  }),
  tool({
    name: 'twilio_regulatory_get_bundle_status',
    title: 'Get regulatory bundle status',
    description:
      'Fetch one bundle with its status. To learn what a draft or rejected bundle lacks, use create_bundle_evaluation.',
    ...reads('numbers_v2:FetchBundle'),
    input: () => ({ bundleSid: bundleSid('Bundle to fetch') }),
    run: ({ bundleSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).fetch(),
    returns: BUNDLE_DETAILS,
  }),
  tool({
    name: 'twilio_regulatory_create_regulatory_bundle',
    title: 'Create regulatory bundle',
    description:
      'Create an empty bundle as a draft. get_regulation lists what it must contain; add each item with create_bundle_item_assignment.',
    ...grants({ checkWith: BUNDLES }, 'numbers_v2:CreateBundle'),
    input: () => ({
      friendlyName: string('Display name', 255),
      email: email('Address notified of status changes'),
      isoCountry: country('Country of the phone numbers'),
      numberType: numberType('Kind of phone number the bundle is for'),
      endUserType: endUserType('Whether a person or a business uses the numbers'),
      regulationSid: sid(
        'RN',
        'Regulation to meet; default the one for isoCountry, numberType and endUserType',
      ).optional(),
      statusCallback: url('Webhook for status changes').optional(),
    }),
    run: (bundle, { twilio }) => twilio.numbers.v2.regulatoryCompliance.bundles.create(bundle),
    returns: BUNDLE_DETAILS,
  }),
  tool({
    name: 'twilio_regulatory_update_regulatory_bundle',
    title: 'Update regulatory bundle',
    description:
      'Change a bundle, or submit it for review with status pending-review. Evaluate it first with create_bundle_evaluation.',
    ...grants({ checkWith: 'twilio_regulatory_get_bundle_status' }, 'numbers_v2:UpdateBundle'),
    input: () => ({
      bundleSid: bundleSid('Bundle to change or submit'),
      friendlyName: string('New display name', 255).optional(),
      email: email('Address notified of status changes').optional(),
      statusCallback: clearableUrl('Webhook for status changes').optional(),
      status: oneOf('pending-review submits the bundle for review', ['pending-review', 'draft']).optional(),
    }),
    run: ({ bundleSid, ...changes }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).update(changes),
    returns: BUNDLE_DETAILS,
  }),
  tool({
    name: 'twilio_regulatory_delete_regulatory_bundle',
    title: 'Delete regulatory bundle',
    description: 'Delete a bundle permanently. Its end users and documents remain.',
    ...deletes('numbers_v2:DeleteBundle'),
    input: () => ({ bundleSid: bundleSid('Bundle to delete') }),
    run: ({ bundleSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).remove(),
  }),
  tool({
    name: ITEMS,
    title: 'List regulatory bundle items',
    description: 'List the end users (IT…) and supporting documents (RD…) assigned to a bundle.',
    ...reads('numbers_v2:ListItemAssignment'),
    input: () => ({ bundleSid: bundleSid('Bundle whose items to list'), ...paging() }),
    run: ({ bundleSid, ...position }, { twilio }) =>
      page(twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).itemAssignments, position),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_regulatory_create_bundle_item_assignment',
    title: 'Add item to regulatory bundle',
    description: 'Add an end user or a supporting document to a draft bundle.',
    ...creates({ checkWith: ITEMS }, 'numbers_v2:CreateItemAssignment'),
    input: () => ({
      bundleSid: bundleSid('Draft bundle to add to'),
      objectSid: sid('IT|RD', 'End user or supporting document to add'),
    }),
    run: ({ bundleSid, objectSid }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).itemAssignments.create({ objectSid }),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_regulatory_delete_bundle_item_assignment',
    title: 'Remove item from regulatory bundle',
    description: 'Remove an end user or a document from a bundle. The item itself remains.',
    ...deletes('numbers_v2:DeleteItemAssignment'),
    input: () => ({
      bundleSid: bundleSid('Bundle to remove from'),
      assignmentSid: sid('BV', 'Assignment to delete, from list_bundle_item_assignments'),
    }),
    run: ({ bundleSid, assignmentSid }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).itemAssignments(assignmentSid).remove(),
  }),
  tool({
    name: EVALUATIONS,
    title: 'List regulatory bundle evaluations',
    description: 'List past evaluations of a bundle. To run a new one, use create_bundle_evaluation.',
    ...reads('numbers_v2:ListEvaluation'),
    input: () => ({ bundleSid: bundleSid('Bundle whose evaluations to list'), ...paging() }),
    run: ({ bundleSid, ...position }, { twilio }) =>
      page(twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).evaluations, position),
    returns: EVALUATION,
  }),
  tool({
    name: 'twilio_regulatory_create_bundle_evaluation',
    title: 'Evaluate regulatory bundle',
    description: 'Check a bundle against its regulation before you submit it: returns what is missing.',
    ...creates({ checkWith: EVALUATIONS }, 'numbers_v2:CreateEvaluation'),
    input: () => ({ bundleSid: bundleSid('Bundle to evaluate') }),
    run: ({ bundleSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).evaluations.create(),
    returns: EVALUATION,
  }),
];
