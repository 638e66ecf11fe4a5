/*
 * Stands in for the MCP SDK's shims in bundles (see scripts/build): the SDK's own brings a JSON Schema validator for
 * requests to the client, which a server behind one buffered response cannot send.
 */
export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error('This server sends no requests to clients');
  }
}
