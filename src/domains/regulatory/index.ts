import { domain } from '../../tool';
import { bundles } from './bundles';
import { items } from './items';

export const regulatory = domain({
  service: 'Regulatory',
  summary: 'Regulatory compliance for phone numbers: regulations, bundles, end users and supporting documents.',
  instructions:
    'Find the regulation with list_regulations and read its requirements with get_regulation. Create a bundle, an end user and the documents, ' +
    'assign them to the bundle and evaluate it, then submit it with update_regulatory_bundle and status pending-review. ' +
    'Pass the approved bundle to twilio_phone_numbers_buy_phone_number.',
  tools: [...bundles, ...items],
});
