import { domain } from '../../tool';
import { parts } from './parts';
import { products } from './products';
import { profiles } from './profiles';

export const trusthub = domain({
  service: 'TrustHub',
  summary: 'Verify businesses (customer profiles) and register them for SHAKEN/STIR, CNAM and A2P (trust products).',
  instructions:
    'Choose a policy and read its requirements with get_policy. Create the profile or product and the end users and documents that the ' +
    'policy requires, assign them and evaluate, then submit with an update to status pending-review. A trust product needs an approved ' +
    'customer profile among its entities. For regulatory bundles of phone numbers, use the Regulatory service.',
  tools: [...profiles, ...products, ...parts],
});
