/** Words that people use for the operations whose ids match. */
export type Keywords = readonly [ids: RegExp, words: string];

export const keywords = (ids: string, words: string): Keywords => [new RegExp(`^${ids}$`), words];
export const api = (ids: string, words: string): Keywords => keywords(`api_v2010:(${ids})`, words);
