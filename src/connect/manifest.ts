import { DOMAINS } from '../domains';
import type { Effect } from '../effect';
import { selectToolset } from '../mcp/toolset';

/*
 * Everything the server offers, as data, for the connect page, `npm run connect` and the generated documents.
 */

interface ManifestParameter {
  name: string;
  /** `string`, `integer`, `string[]`, `"a" | "b"`, … */
  type: string;
  required: boolean;
  description: string;
}

export interface ManifestTool {
  name: string;
  title: string;
  description: string;
  effect: Effect;
  parameters: ManifestParameter[];
  /** Approximate cost of listing the tool to a model: bytes of its JSON / 4. */
  tokens: number;
}

interface ManifestService {
  service: string;
  summary: string;
  instructions: string;
  /** Tool names. A tool may belong to several services. */
  tools: string[];
}

export interface ToolManifest {
  services: ManifestService[];
  tools: ManifestTool[];
  /** The service of a URL without `services=`. */
  defaultService: string;
}

interface ParameterSchema {
  type?: string;
  enum?: string[];
  items?: ParameterSchema;
  description?: string;
}

/** All services and tools with their cost in tokens, for the page and the command. */
export function toolManifest(): ToolManifest {
  const everything = selectToolset({ services: ['all'], tools: [], readonly: false });
  const [defaultDomain] = selectToolset({ services: [], tools: [], readonly: false }).services;
  return {
    services: DOMAINS.map(({ service, summary, instructions, tools }) => ({
      service,
      summary,
      instructions,
      tools: tools.map(({ name }) => name),
    })),
    tools: everything.listed().map((listed) => {
      const { name, title, description, effect } = everything.tools.get(listed.name)!;
      const { properties = {}, required = [] } = listed.inputSchema;
      return {
        name,
        title,
        description,
        effect,
        parameters: Object.entries(properties as Record<string, ParameterSchema>).map(([parameter, schema]) => ({
          name: parameter,
          type: typeName(schema),
          required: required.includes(parameter),
          description: schema.description ?? '',
        })),
        tokens: Math.round(Buffer.byteLength(JSON.stringify(listed)) / 4),
      };
    }),
    defaultService: defaultDomain!.service,
  };
}

function typeName({ type = 'string', enum: values, items }: ParameterSchema): string {
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (type === 'array') return items?.enum ? `(${typeName(items)})[]` : `${typeName(items ?? {})}[]`;
  return type;
}
