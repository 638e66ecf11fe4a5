import type { Choice } from './configurations';
import type { Reference, ReferenceTool } from './reference';

/** The tools that a choice offers, in the reference's order, each once. */
export function offeredTools({ services, tools, defaultService }: Reference, choice: Choice): ReferenceTool[] {
  const chosen = choice.services.length > 0 ? choice.services : [defaultService];
  const names = new Set(
    services
      .filter(({ service }) => chosen.includes(service) || chosen.includes('all'))
      .flatMap((service) => service.tools),
  );
  return tools.filter((tool) => names.has(tool.name) && (!choice.readonly || tool.effect === 'read'));
}

/** What offering tools costs a model in every conversation, about. */
export const tokensOf = (tools: readonly ReferenceTool[]): number => tools.reduce((sum, { tokens }) => sum + tokens, 0);

/** `1,234`, the same on every machine. */
export const counted = (count: number): string => count.toLocaleString('en-US');
