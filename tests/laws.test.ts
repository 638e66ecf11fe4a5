import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { DOMAINS } from '../src/domains';
import { hintsOf } from '../src/effect';
import { changingArguments } from '../src/mcp/call';
import { inputSchema } from '../src/mcp/toolset';
import { isSelector } from '../src/params';
import type { Tool } from '../src/tool';
import { type Property, propertiesOf } from './support/arguments';

/*
 * What holds for every tool. A tool offered by two services is one value, so tools are told apart by identity.
 */

const tools = [...new Set(DOMAINS.flatMap((domain) => domain.tools))];
const byName = new Map(tools.map((tool) => [tool.name, tool]));
const each = tools.map((tool) => [tool.name, tool] as const);
const UPPER_CASE_FORMATS = /\b(E\.164|ISO 8601)\b/;

test('names are unique', () => {
  expect(tools.map((tool) => tool.name).sort()).toEqual([...byName.keys()].sort());
});

describe.each(each)('%s', (_name, tool) => {
  const properties = Object.entries(propertiesOf(tool));

  test('is named twilio_<domain>_<action> in 50 characters', () => {
    expect(tool.name).toMatch(/^twilio_[a-z0-9]+(_[a-z0-9]+)+$/);
    expect(tool.name.length).toBeLessThanOrEqual(50);
  });

  test('has a title and a description of 20 to 600 characters', () => {
    expect(tool.title).toMatch(/^\S.{1,60}$/);
    expect(tool.description.length).toBeGreaterThanOrEqual(20);
    expect(tool.description.length).toBeLessThanOrEqual(600);
    expect(tool.description).toMatch(/\.$/);
  });

  test('refers only to tools that exist', () => {
    const actions = new Set(tools.map(({ name }) => name));
    const mentioned = `${tool.description} ${tool.notFoundHint ?? ''}`.match(/\b[a-z]+(?:_[a-z0-9]+)+\b/g) ?? [];
    const unknown = mentioned.filter(
      (word) => ![...actions].some((name) => name === word || name.endsWith(`_${word}`)),
    );
    expect(unknown).toEqual([]);
  });

  test('describes every field', () => {
    for (const [field, property] of properties) {
      expect([field, property.description ?? '']).toEqual([field, expect.stringMatching(/^\S.{2,160}$/)]);
    }
  });

  test('takes a flat object that every client can read', () => {
    const schema = inputSchema(tool);
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    for (const keyword of ['oneOf', 'anyOf', 'allOf', 'not', 'enum', '$ref', '$defs', '$schema'])
      expect(schema).not.toHaveProperty([keyword]);
    for (const [field, property] of properties) {
      expect(field).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/);
      expectPlain(property);
      if (property.type === 'array') expectPlain(property.items!);
    }
    expect(JSON.stringify(schema)).not.toMatch(/"(\$ref|oneOf|anyOf|allOf|prefixItems|const|nullable)":/);
  });

  test('builds the same schema each time, of new parts', () => {
    const [first, second] = [tool.input(), tool.input()];
    expect(Object.keys(first)).toEqual(Object.keys(second));
    for (const key of Object.keys(first)) expect(first[key]).not.toBe(second[key]);
    expect(inputSchema(tool)).toEqual(inputSchema(tool));
  });

  test('states all four hints', () => {
    const hints = hintsOf(tool.effect);
    for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']) {
      expect(hints).toHaveProperty(hint, expect.any(Boolean));
    }
    expect(hints.readOnlyHint).toBe(tool.effect === 'read');
  });

  test('names the reading tool that tells its outcome', () => {
    if (!['create', 'send', 'spend'].includes(tool.effect)) return;
    expect(byName.get(tool.checkWith!)?.effect).toBe('read');
  });

  test('returns fields, unless it deletes, and none that is a credential', () => {
    if (tool.effect !== 'delete') expect(tool.returns?.length).toBeGreaterThan(0);
    expect(tool.returns?.join(' ') ?? '').not.toMatch(/authToken|secret|password|privateKey/i);
    expect(tool.returns ?? []).toEqual([...new Set(tool.returns)]);
    for (const field of tool.untrusted ?? []) expect(tool.returns).toContain(field);
  });

  test('is frozen', () => {
    expect(Object.isFrozen(tool)).toBe(true);
  });
});

test.each([
  'twilio_voice_redirect_call',
  'twilio_voice_add_ons_announce_to_conference',
  'twilio_sync_publish_stream_message',
  'twilio_intelligence_create_intelligence_service',
  'twilio_intelligence_update_intelligence_service',
  'twilio_intelligence_attach_operator',
  'twilio_add_ons_update_extension',
  'twilio_voice_config_update_trunk_recording',
])('%s reaches people or costs from then on, and is hinted so', (name) => {
  const { idempotentHint, openWorldHint } = hintsOf(byName.get(name)!.effect);
  expect([idempotentHint, openWorldHint]).toEqual([false, true]);
});

test.each(tools.filter(({ effect }) => effect === 'update').map((tool) => [tool.name, tool] as const))(
  '%s is an update, and plays nothing to anyone',
  (_name, tool) => {
    expect(Object.keys(propertiesOf(tool)).filter((field) => /^(twiml|announceUrl)$/.test(field))).toEqual([]);
  },
);

function expectPlain(property: Property): void {
  expect(['string', 'integer', 'number', 'boolean', 'array', 'object']).toContain(property.type);
}

/** Updates that do something though nothing but the thing is named. */
const BARE_UPDATES = [
  'twilio_messaging_cancel_message',
  'twilio_messaging_redact_message',
  'twilio_inbox_configure_webhooks',
  'twilio_inbox_restore_webhooks',
  'twilio_voice_hang_up_call',
  'twilio_voice_add_ons_end_conference',
  'twilio_studio_end_execution',
  'twilio_serverless_create_deployment',
];

test('every other update has an argument that it needs, or one of some', () => {
  const bare = tools.filter((tool) => {
    const { required = [] } = inputSchema(tool);
    const input = tool.input();
    return (
      tool.effect === 'update' &&
      changingArguments(tool).length === 0 &&
      required.every((name) => isSelector(input[name]!))
    );
  });
  expect(bare.map(({ name }) => name)).toEqual(BARE_UPDATES);
});

describe('the words of the shared formats', () => {
  test('a format that the schema states by a pattern is not told again', () => {
    const told = tools.flatMap((tool) =>
      Object.entries(propertiesOf(tool))
        .filter(([, property]) => property.pattern && UPPER_CASE_FORMATS.test(property.description ?? ''))
        .map(([field]) => `${tool.name}.${field}`),
    );
    expect(told).toEqual([]);
  });
});

describe('services', () => {
  test.each(DOMAINS.map((domain) => [domain.service, domain] as const))(
    '%s says what it is in a line, and how to use it',
    (_service, domain) => {
      expect(domain.service).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(domain.summary).toMatch(/^[^\n]{20,140}\.$/);
      expect(domain.instructions).toMatch(/^[^\n]{40,600}\.$/);
      expect(domain.tools.length).toBeGreaterThan(0);
    },
  );

  test.each(DOMAINS.map((domain) => [domain.service, domain.tools] as const))(
    '%s lists as it did',
    (service, domainTools: readonly Tool[]) => {
      const listed = domainTools.map((tool) => ({
        name: tool.name,
        title: tool.title,
        description: tool.description,
        effect: tool.effect,
        inputSchema: inputSchema(tool),
        returns: tool.returns,
      }));
      expect(listed).toMatchSnapshot(service);
    },
  );
});

/** Who may import whom, by the first folder below the root (and the second below src). */
describe('imports run one way', () => {
  const root = join(__dirname, '..');
  const ALLOWED: Readonly<Record<string, readonly string[]>> = {
    functions: ['src/http', 'src/mcp', 'src/webhooks'],
    'src/mcp': [
      'src/mcp',
      'src/domains',
      'src/prompts',
      'src/operations',
      'src/http',
      'src/store',
      'src',
      'package.json',
    ],
    'src/prompts': ['src/prompts', 'src'],
    'src/connect': ['src/connect', 'src/mcp', 'src/domains', 'src'],
    'src/http': ['src/http'],
    'src/domains': ['src/domains', 'src/threads', 'src'],
    'src/webhooks': ['src/webhooks', 'src/threads', 'src/store', 'src/http', 'src'],
    'src/threads': ['src/threads', 'src'],
    'src/operations': ['src/operations', 'src'],
    'src/store': ['src/store', 'src'],
    src: ['src'],
    openapi: ['openapi', 'src/operations', 'src/domains', 'src'],
    sandbox: ['sandbox', 'openapi', 'src'],
  };
  const home = (file: string) => {
    const [first, second] = relative(root, file).split('/');
    return first === 'src' && second && relative(root, file).split('/').length > 2 ? `src/${second}` : first!;
  };
  const files = ['functions', 'src', 'openapi', 'sandbox'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, folder, file)),
  );

  test.each(files.map((file) => [relative(root, file), file]))('%s', (_label, file) => {
    const imports = [...readFileSync(file, 'utf8').matchAll(/(?:from|import|require)\s*\(?\s*'(\.[^']+)'/g)].map(
      (match) => match[1]!,
    );
    const homes = imports.map((path) => {
      const target = join(dirname(file), path);
      return home(/\.[a-z]+$/.test(path) ? target : `${target}.ts`);
    });
    const own = home(file);
    const allowed = own === 'functions' ? ALLOWED.functions! : (ALLOWED[own] ?? []);
    expect(homes.filter((target) => !allowed.includes(target))).toEqual([]);
  });

  test.each(files.map((file) => [relative(root, file), file]))('%s has at most 400 lines', (_label, file) => {
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThanOrEqual(400);
  });
});
