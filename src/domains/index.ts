import type { Domain } from '../tool';
import { account } from './account';
import { api } from './api';
import { messaging } from './messaging';
import { phoneNumbers } from './phone-numbers';
import { voice } from './voice';
import { voiceAddOns } from './voice-add-ons';

/** Every service, in the order in which lists show them. One line each. */
export const DOMAINS: readonly Domain[] = [messaging, voice, voiceAddOns, phoneNumbers, account, api];
