import type { ToolSelection } from '../access/grant';
import type { ManifestTool, ToolManifest } from './manifest';

/** The tools of a selection, each once, in the manifest's order. */
export function selectTools(
  { services: all, tools: known, defaultService }: ToolManifest,
  { services = [], tools = [], exclude = [], readonly = false }: Partial<ToolSelection>,
): ManifestTool[] {
  const selected = services.length > 0 ? services : [defaultService];
  const namesIn = (names: readonly string[]) =>
    new Set(all.filter(({ service }) => names.includes(service)).flatMap((service) => service.tools));
  const names = namesIn(selected.includes('all') ? all.map(({ service }) => service) : selected);
  const excluded = namesIn(exclude);
  return known.filter(
    ({ name, effect }) =>
      names.has(name) &&
      !excluded.has(name) &&
      !exclude.includes(name) &&
      (!readonly || effect === 'read') &&
      (tools.length === 0 || tools.includes(name)),
  );
}

/** Approximate tokens that listing the tools costs a model in every conversation. */
export const tokenCost = (tools: readonly ManifestTool[]): number => tools.reduce((sum, { tokens }) => sum + tokens, 0);

/** `1,234`, in every locale. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');
