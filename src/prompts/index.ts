import { account } from './account';
import { messaging } from './messaging';
import type { Prompt } from './prompt';
import { voice } from './voice';

/** Every prompt, in the order in which lists show them. */
export const PROMPTS: readonly Prompt[] = [...messaging, ...voice, ...account];
