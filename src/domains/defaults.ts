import { ToolError } from '../errors';

/** An id that may be left out where the deployment has a default for it. */
export function orDefault(argument: string, given: string | undefined, setting: string | undefined, variable: string) {
  const id = given ?? setting;
  if (id === undefined) {
    throw new ToolError(`No \`${argument}\`; nothing was done. Give it (list first), or set ${variable}.`);
  }
  return id;
}
