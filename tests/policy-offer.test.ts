import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfig } from '../src/config';
import { DOMAINS } from '../src/domains';
import { refusedTools } from '../src/mcp/allowed-tools';
import { PROMPTS } from '../src/prompts';
import { toolsOf } from '../src/prompts/prompt';
import { settings } from '../src/settings';
import { callTool, post, SANDBOX_ENVIRONMENT, type Stack, useStack } from './support/stack';

/*
 * What the owner's policy forbids is not offered either, whatever the URL selects.
 */

jest.setTimeout(240_000);

const ALL = 'services=all&client=tests';

async function answer({ url }: Stack, method: string, params: object = {}, query = ALL) {
  const { body } = await post(url, { jsonrpc: '2.0', id: 1, method, params }, query);
  return body.result ?? body.error;
}
const toolNames = async (stack: Stack, query?: string): Promise<string[]> =>
  (await answer(stack, 'tools/list', {}, query)).tools.map(({ name }: { name: string }) => name);
const explanation = (stack: Stack, name: string, query?: string) =>
  callTool(stack.url, name, {}, query).then(
    ({ text }) => text,
    ({ message }: Error) => message,
  );
const instructionsOf = async (stack: Stack) => {
  const clientInfo = { name: 'test', version: '1' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  return (await answer(stack, 'initialize', params)).instructions as string;
};
const namesOf = (...services: string[]) =>
  DOMAINS.filter(({ service }) => services.includes(service)).flatMap(({ tools }) => tools);

describe('services and effects', () => {
  const stack = useStack({ env: { MCP_ALLOW: 'messaging, Lookups,Api,read,create' } });

  test('nothing else is listed', async () => {
    const allowed = namesOf('Messaging', 'Lookups', 'Api').filter(
      ({ name, effect }) => ['read', 'create'].includes(effect) || name === 'twilio_api_write',
    );
    expect(await toolNames(stack)).toEqual(allowed.map(({ name }) => name));
    expect(await toolNames(stack, 'services=Voice')).toEqual([]);
    expect(await instructionsOf(stack)).not.toMatch(/^(Voice|PhoneNumbers):/m);
    const { prompts } = await answer(stack, 'prompts/list');
    expect(prompts.map(({ name }: { name: string }) => name)).not.toContain('remind_people');
    const { contents } = await answer(stack, 'resources/read', { uri: 'twilio://services' });
    expect(contents[0].text).not.toMatch(/send_sms|# Voice/);
  });

  test('an agent can read the policy', async () => {
    const { contents } = await answer(stack, 'resources/read', { uri: 'twilio://policy' });
    const { limits } = JSON.parse(contents[0].text);
    const allow = ['messaging', 'Lookups', 'Api', 'read', 'create'];
    expect(limits).toEqual([{ rule: 'MCP_ALLOW', value: allow, meaning: expect.stringMatching(/^The most/) }]);
  });

  test('a call of what is not listed names the rule', async () => {
    const refusal = /^This deployment allows .+ only \(MCP_ALLOW\); .+ask the owner\.$/;
    expect(await explanation(stack, 'twilio_messaging_send_sms')).toMatch(refusal);
    expect(await explanation(stack, 'twilio_voice_get_call')).toMatch(refusal);
    // A URL that names it keeps working for when its owner allows it again.
    const narrow = 'services=all&tools=twilio_messaging_send_sms';
    expect(await toolNames(stack, narrow)).toEqual([]);
    expect(await explanation(stack, 'twilio_messaging_send_sms', narrow)).toMatch(refusal);
  });

  test('the API search finds no operation with a forbidden effect', async () => {
    const search = async (query: string) => {
      const { structured } = await callTool(stack.url, 'twilio_api_search', { query, limit: 20 });
      return structured.operations.map(({ id }: { id: string }) => id);
    };
    expect(await search('send a message')).not.toContain('api_v2010:CreateMessage');
    expect(await search('list messages')).toContain('api_v2010:ListMessage');
    expect(await explanation(stack, 'twilio_api_describe')).toMatch(/Invalid arguments/);
    const described = await callTool(stack.url, 'twilio_api_describe', { ids: ['api_v2010:CreateMessage'] });
    expect(described.text).toMatch(/MCP_ALLOW/);
  });
});

describe('exceptions', () => {
  const stack = useStack({ env: { MCP_ALLOW: '!grant,!Voice,!twilio_messaging_send_sms' } });

  test('all else is listed', async () => {
    const voice = namesOf('Voice').map(({ name }) => name);
    const all = [...new Set(namesOf(...DOMAINS.map(({ service }) => service)))];
    const allowed = all.filter(
      ({ name, effect }) => effect !== 'grant' && name !== 'twilio_messaging_send_sms' && !voice.includes(name),
    );
    expect(await toolNames(stack)).toEqual(allowed.map(({ name }) => name));
    expect(await explanation(stack, 'twilio_messaging_send_sms')).toMatch(/leaves out .+ \(MCP_ALLOW\)/);
  });
});

describe.each(['MCP_READONLY', 'MCP_STOP'])('%s', (variable) => {
  const stack = useStack({ env: { [variable]: 'true' } });

  test('only tools that read are listed', async () => {
    const all = [...new Set(namesOf(...DOMAINS.map(({ service }) => service)))];
    const reading = all.filter(({ effect }) => effect === 'read');
    expect(await toolNames(stack)).toEqual(reading.map(({ name }) => name));
    expect(await explanation(stack, 'twilio_voice_make_call')).toMatch(variable);
  });
});

describe.each<Record<string, string>>([
  { MCP_READONLY: 'true' },
  { MCP_ALLOW: '!send,!spend' },
  { MCP_ALLOW: 'Messaging,Voice,read' },
  { MCP_ALLOW: '!Messaging,!twilio_voice_get_call' },
  { MCP_STOP: 'true', MCP_RECIPIENTS: 'known' },
])('prompts, resources and completions under %j', (env) => {
  const stack = useStack({ env });
  const bound = checkConfig({ ...SANDBOX_ENVIRONMENT, ...env }).config;
  const refused = refusedTools(bound);
  const forbidden = [...new Set(DOMAINS.flatMap(({ tools }) => tools))].filter((tool) => refused(tool));
  const names = new RegExp(`\\b(${forbidden.map(({ name }) => name).join('|')})\\b`);
  const listed = async (): Promise<string[]> =>
    (await answer(stack, 'prompts/list')).prompts.map(({ name }: { name: string }) => name);

  test('name no tool that is forbidden', async () => {
    const offered = await listed();
    const breaches = PROMPTS.filter(({ name }) => offered.includes(name)).filter((prompt) =>
      toolsOf(prompt).some((tool) => names.test(tool)),
    );
    expect(breaches).toEqual([]);
    const { contents } = await answer(stack, 'resources/read', { uri: 'twilio://services' });
    const tools = contents[0].text.split('\n').filter((line: string) => line.startsWith('- `'));
    expect(tools.filter((line: string) => names.test(line))).toEqual([]);
  });

  test('send nothing, whatever they are asked', async () => {
    const offered = await listed();
    for (const { name, arguments: known } of PROMPTS) {
      const isOffered = offered.includes(name);
      const args = Object.keys(known);
      const { seq } = stack.sandbox.journal;
      const given = Object.fromEntries(args.map((each) => [each, '+882161234567']));
      const got = await answer(stack, 'prompts/get', { name, arguments: given });
      expect(stack.sandbox.journal.since(seq)).toEqual([]);
      const said = isOffered ? /"messages"/ : /is not offered\. This deployment .+ask the owner\.|needs the services/;
      expect([name, JSON.stringify(got)]).toEqual([name, expect.stringMatching(said)]);
      for (const each of args) {
        const completion = { ref: { type: 'ref/prompt', name }, argument: { name: each, value: '' } };
        await answer(stack, 'completion/complete', completion);
      }
      const asked = stack.sandbox.journal.since(seq).filter(({ method }) => method !== 'GET' || !isOffered);
      expect([name, asked]).toEqual([name, []]);
    }
  });
});

describe.each([
  ['MCP_ALLOW', 'Mesaging', /MCP_ALLOW names "Mesaging", .+ Did you mean Messaging/],
  ['MCP_ALLOW', 'read;send', /MCP_ALLOW must be/],
  ['MCP_STOP', 'yes', /MCP_STOP must be/],
  ['MCP_COUNTRIES', 'US,Germany', /MCP_COUNTRIES must be/],
  ['MCP_COUNTRIES', '+1', /MCP_COUNTRIES must be/],
  ['MCP_RECIPIENTS', '*', /MCP_RECIPIENTS must be/],
  ['MCP_SENDERS', ',', /MCP_SENDERS must be/],
  ['MCP_TWIML_HOSTS', 'https://example.com', /MCP_TWIML_HOSTS must be/],
])('a malformed %s (%s)', (variable, value, words) => {
  const stack = useStack({ env: { [variable]: value } });

  test('stops every call', async () => {
    const { seq } = stack.sandbox.journal;
    const args = { to: '+14155550100', body: 'Hello' };
    const text = await callTool(stack.url, 'twilio_messaging_send_sms', args).then(
      (result) => result.text,
      ({ message }: Error) => message,
    );
    expect(text).toMatch(words);
    expect(stack.sandbox.journal.since(seq)).toEqual([]);
  });
});

describe('docs/policy.md', () => {
  const text = readFileSync(join(__dirname, '../docs/policy.md'), 'utf8');

  test('explains every variable', () => {
    const variables = settings().filter(({ role }) => role === 'policy');
    expect(variables.filter(({ variable }) => !text.includes(`| \`${variable}\` |`))).toEqual([]);
  });

  test('has policies that can be used', () => {
    const policies = [...text.matchAll(/^```\n(.*?)```/gms)].map(([, block]) =>
      Object.fromEntries(
        block!
          .trim()
          .split('\n')
          .map((line) => line.split('=') as [string, string]),
      ),
    );
    expect(policies).toHaveLength(3);
    for (const policy of policies) {
      const { config, problems } = checkConfig({ ...SANDBOX_ENVIRONMENT, ...policy });
      expect([policy, problems]).toEqual([policy, []]);
      expect(() => refusedTools(config)).not.toThrow();
    }
  });
});
