import { closestNames, normalizeName } from '../closest-names';
import { DOMAINS } from '../domains';
import { EFFECTS } from '../effect';
import { ToolError } from '../errors';
import type { Tool } from '../tool';
import { namedInBound, type PolicyRefusal, refusedEffect, type UpperBound } from '../upper-bound';

/** The generic tool, whose effect is that of the operation it is called with. */
const ANY_EFFECT = 'twilio_api_write';

/**
 * What the deployment says of a tool, as one of a service or of any: why it is not offered, or undefined. Throws a `ToolError` if MCP_ALLOW names what
 * does not exist, as that would allow or leave out nothing.
 */
export function refusedTools(bound: UpperBound): (tool: Tool, service?: string) => PolicyRefusal | undefined {
  const { only, without } = namedInBound(bound);
  for (const name of [...only, ...without]) if (!KNOWN_NAMES.has(normalizeName(name))) throw unknownInAllow(name);
  const isNamed = (names: readonly string[], tool: Tool, services: readonly string[]) => {
    const wanted = new Set(names.map(normalizeName));
    return [tool.name, ...services].some((name) => wanted.has(normalizeName(name)));
  };
  return (tool, service) => {
    const services = servicesOf(tool);
    const effects = tool.name === ANY_EFFECT ? EFFECTS.filter((effect) => effect !== 'read') : [tool.effect];
    const refusals = effects.map((effect) => refusedEffect(effect, bound));
    if (refusals.every(Boolean)) return { ...refusals[0]!, problem: `${tool.name} has the effect ${tool.effect}` };
    if (isNamed(without, tool, services) || (only.length > 0 && !isNamed(only, tool, service ? [service] : services))) {
      const allows = only.length > 0 ? `allows ${only.join(', ')} only` : `leaves out ${without.join(', ')}`;
      return { rule: 'MCP_ALLOW', allows, problem: `${tool.name} is not allowed` };
    }
    return undefined;
  };
}

const servicesOf = (tool: Tool): string[] =>
  DOMAINS.filter(({ tools }) => tools.includes(tool)).map(({ service }) => service);

const ALL_NAMES = DOMAINS.flatMap(({ service, tools }) => [service, ...tools.map(({ name }) => name)]);
const KNOWN_NAMES = new Set(ALL_NAMES.map(normalizeName));

function unknownInAllow(name: string): ToolError {
  const close = closestNames(name, [...ALL_NAMES, ...EFFECTS]).join(' or ');
  return new ToolError(
    `MCP_ALLOW names "${name}", which is neither a service, a tool nor an effect.${close && ` Did you mean ${close}?`}`,
  );
}
