import type { Domain } from '../tool';
import { messaging } from './messaging';

/** Every service, in the order in which lists show them. One line each. */
export const DOMAINS: readonly Domain[] = [messaging];
