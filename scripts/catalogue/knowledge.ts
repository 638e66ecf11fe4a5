export const VERB_WORDS = {
  list: 'list',
  fetch: 'fetch get',
  create: 'create add',
  update: 'update change',
  delete: 'delete remove',
};
export const SYNONYMS: Readonly<Record<string, string>> = { otp: 'verification' };
export const KNOWN: readonly (readonly [ids: RegExp, text: string])[] = [[/CreateMessage$/, 'sms']];
