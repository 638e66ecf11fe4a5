import { email, oneOf, sid, string, url } from '../../params';

/*
 * What customer profiles and trust products have in common: both are bundles of end users, documents and numbers.
 */

export const assignedObject = () => sid('IT|RD|BU', 'End user, supporting document, or approved customer profile');
export const assignedNumber = () => sid('PN', 'Own phone number');
export const policySid = () => sid('RN', 'Policy');

export const filters = () => ({
  status: oneOf('Only in this state', [
    'draft',
    'pending-review',
    'in-review',
    'twilio-rejected',
    'twilio-approved',
  ]).optional(),
  friendlyName: string('Only with exactly this name', 255).optional(),
  policySid: sid('RN', 'Only of this policy').optional(),
});

export const creation = () => ({
  friendlyName: string('Name', 255),
  email: email('Hears of each new state'),
  policySid: sid('RN', 'Policy, which cannot change'),
  statusCallback: url('Receives each new state').optional(),
});

export const changes = () => ({
  friendlyName: string('Name', 255).optional(),
  email: email('Hears of each new state').optional(),
  statusCallback: url('Receives each new state').optional(),
  status: oneOf('pending-review submits it', ['pending-review', 'draft']).optional(),
});

/** Channel endpoints are of several kinds; numbers are those that agents assign. */
export const PHONE_NUMBER = 'phone-number';

export const BUNDLE = ['sid', 'friendlyName', 'status', 'policySid', 'email', 'validUntil', 'dateUpdated'] as const;
export const BUNDLE_WHOLE = [...BUNDLE, 'errors', 'statusCallback', 'dateCreated'] as const;
export const ENTITY = ['sid', 'objectSid', 'dateCreated'] as const;
export const NUMBER = ['sid', 'channelEndpointType', 'channelEndpointSid', 'dateCreated'] as const;
export const EVALUATION = ['sid', 'status', 'policySid', 'results', 'dateCreated'] as const;
