import type { Domain } from '../tool';
import { messaging } from './messaging';
import { voice } from './voice';
import { voiceAddOns } from './voice-add-ons';

/** Every service, in the order in which lists show them. One line each. */
export const DOMAINS: readonly Domain[] = [messaging, voice, voiceAddOns];
