export type Known = readonly [ids: RegExp, text: string];

export const known = (ids: string, text: string): Known => [new RegExp(`^${ids}$`), text];
export const api = (ids: string, text: string): Known => known(`api_v2010:(${ids})`, text);
