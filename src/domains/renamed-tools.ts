/**
 * Earlier names of tools: old name → current name. A URL with `tools=` is signed, so clients cannot change it when a tool is
 * renamed; the old name goes on selecting and calling the tool.
 */
export const RENAMED_TOOLS: Readonly<Record<string, string>> = {};
