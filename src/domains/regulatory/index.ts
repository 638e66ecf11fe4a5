import { domain } from '../../tool';
import { bundles } from './bundles';
import { items } from './items';

export const regulatory = domain({
  service: 'Regulatory',
  summary: 'The papers that phone numbers of many countries ask for: regulations, bundles, end users and documents.',
  instructions:
    'Find the regulation with list_regulations and read it with get_regulation, create a bundle, an end user and the documents, assign ' +
    'them, evaluate, then submit by update_regulatory_bundle with status pending-review. An approved bundle is named when the number is bought.',
  tools: [...bundles, ...items],
});
