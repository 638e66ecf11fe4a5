/*
 * Stands in for the MCP SDK's shims in bundles (see scripts/build): the SDK's own brings a JSON Schema validator for
 * elicitation, which a server behind one buffered response cannot do.
 */
export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error('This server does not elicit');
  }
}
