import { ToolError } from '../errors';

/** Returns the given ID, else the deployment's default. Throws a `ToolError` if there is neither. */
export function orDefault(argument: string, given: string | undefined, setting: string | undefined, variable: string) {
  const id = given ?? setting;
  if (id === undefined) {
    throw new ToolError(`\`${argument}\` is missing; nothing was done. Pass it (list first), or set ${variable}.`);
  }
  return id;
}
