import { mcpFunction } from '../src/mcp/endpoint';

/** POST /mcp?services=Messaging,Voice&readonly=true&tools=name,name */
export const handler = mcpFunction();
