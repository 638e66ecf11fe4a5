import { CLIENTS } from './configurations';

/*
 * Clients put the server's label before the names of its tools, and a model's API refuses every request with a name that
 * is too long.
 */

/** The characters that every client accepts. Codex and OpenAI refuse spaces and dots; Gemini CLI splits at `_`. */
const LABEL = /^[a-zA-Z][a-zA-Z0-9-]*$/;

interface Named {
  name: string;
}

/** The longest label with which every client can use these tools. */
export function maxLabelLength(tools: readonly Named[]): number {
  const longest = Math.max(0, ...tools.map(({ name }) => name.length));
  return Math.min(
    ...CLIENTS.flatMap(({ toolNames }) =>
      toolNames ? toolNames.maxLength - toolNames.prefix('').length - longest : [],
    ),
  );
}

/** Why some clients cannot use these tools under this label, and what to choose instead; `undefined` if all can. */
export function labelError(label: string, tools: readonly Named[]): string | undefined {
  if (!LABEL.test(label)) return 'Start the label with a letter, and use only letters, digits and hyphens.';
  const max = maxLabelLength(tools);
  return label.length > max ? `The label is too long for these tools: use at most ${max} characters.` : undefined;
}
