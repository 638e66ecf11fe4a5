import { domain } from '../../tool';
import { parts } from './parts';
import { products } from './products';
import { profiles } from './profiles';

export const trusthub = domain({
  service: 'TrustHub',
  summary: 'Have businesses verified (customer profiles) and use it for SHAKEN/STIR, CNAM and A2P (trust products).',
  instructions:
    'Choose a policy and read it with get_policy, create the profile or product, create the end users and documents that it asks for, ' +
    'assign them, evaluate, then submit by an update with status pending-review. A trust product needs an approved customer profile ' +
    'among its parts. For the papers that a phone number needs use the service Regulatory.',
  tools: [...profiles, ...products, ...parts],
});
