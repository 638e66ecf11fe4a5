import { ToolError } from '../errors';

/** An argument with a default in the deployment's settings. */
interface Default {
  argument: string;
  /** The tool that lists the IDs. */
  list: string;
  /** The name of the setting. */
  variable: string;
}

/** Returns the given ID, else the deployment's default. Throws a `ToolError` if there is neither. */
export function orDefault(
  given: string | undefined,
  setting: string | undefined,
  { argument, list, variable }: Default,
) {
  const id = given ?? setting;
  if (id === undefined) {
    throw new ToolError(`\`${argument}\` is missing; nothing was done. Pass an ID from ${list}, or set ${variable}.`);
  }
  return id;
}
