import type { ManifestTool, ToolManifest } from './manifest';

/** The part of the server that a URL offers. No service means the server's default service. */
export interface ServiceSelection {
  services: readonly string[];
  /** Only these of the services' tools. */
  tools?: readonly string[];
  readonly: boolean;
}

/** The tools of a selection, each once, in the manifest's order. */
export function selectTools(manifest: ToolManifest, selection: ServiceSelection): ManifestTool[] {
  const { services, tools, defaultService } = manifest;
  const only = selection.tools?.length ? selection.tools : undefined;
  const selected = selection.services.length > 0 ? selection.services : [defaultService];
  const names = new Set(
    services
      .filter(({ service }) => selected.includes(service) || selected.includes('all'))
      .flatMap((service) => service.tools),
  );
  return tools.filter(
    ({ name, effect }) =>
      names.has(name) && (!selection.readonly || effect === 'read') && (only?.includes(name) ?? true),
  );
}

/** Approximate tokens that listing the tools costs a model in every conversation. */
export const tokenCost = (tools: readonly ManifestTool[]): number => tools.reduce((sum, { tokens }) => sum + tokens, 0);

/** `1,234`, in every locale. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');
