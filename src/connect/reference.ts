import { DOMAINS } from '../domains';
import type { Effect } from '../effect';
import { selectToolset } from '../mcp/toolset';

/*
 * What the server offers, as data: for the connect page, `npm run connect` and the generated documents.
 */

export interface Parameter {
  name: string;
  /** `string`, `integer`, `string[]`, `"a" | "b"`, … */
  type: string;
  required: boolean;
  description: string;
}

export interface ReferenceTool {
  name: string;
  title: string;
  description: string;
  effect: Effect;
  parameters: Parameter[];
  /** What listing it costs a model: bytes of its JSON / 4. */
  tokens: number;
}

export interface ReferenceService {
  service: string;
  summary: string;
  instructions: string;
  /** Names; a tool may belong to several services. */
  tools: string[];
}

export interface Reference {
  services: ReferenceService[];
  tools: ReferenceTool[];
  /** The service of a URL that names none. */
  defaultService: string;
}

interface Property {
  type?: string;
  enum?: string[];
  items?: Property;
  description?: string;
}

export function reference(): Reference {
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
        parameters: Object.entries(properties).map(([parameter, property]) => ({
          name: parameter,
          type: typeOf(property as Property),
          required: required.includes(parameter),
          description: (property as Property).description ?? '',
        })),
        tokens: Math.round(Buffer.byteLength(JSON.stringify(listed)) / 4),
      };
    }),
    defaultService: defaultDomain!.service,
  };
}

function typeOf({ type = 'string', enum: values, items }: Property): string {
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (type === 'array') return items?.enum ? `(${typeOf(items)})[]` : `${typeOf(items ?? {})}[]`;
  return type;
}
