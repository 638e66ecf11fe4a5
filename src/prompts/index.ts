import { accountPrompts } from './account';
import { messagingPrompts } from './messaging';
import type { Prompt } from './prompt';
import { voicePrompts } from './voice';

/** Every prompt, in the order in which clients list them. */
export const PROMPTS: readonly Prompt[] = [...messagingPrompts, ...voicePrompts, ...accountPrompts];
