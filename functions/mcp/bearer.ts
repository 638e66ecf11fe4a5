import { bearerFunction } from '../../src/mcp/bearer';

/** POST /mcp/bearer with an access token. Public: the Function checks the token itself. Off unless MCP_ACCESS_TOKENS=true. */
export const handler = bearerFunction();
