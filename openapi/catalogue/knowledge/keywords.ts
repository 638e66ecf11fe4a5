/** Words that people use for the operations whose ids match. */
export type Keywords = readonly [ids: RegExp, words: string];

/** `ids` is a pattern for the whole ID, document included. */
export const keywords = (ids: string, words: string): Keywords => [new RegExp(`^${ids}$`), words];
/** `keywords` for operations of `api_v2010`. */
export const api = (ids: string, words: string): Keywords => keywords(`api_v2010:(${ids})`, words);
