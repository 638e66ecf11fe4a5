import { inputSchema } from '../../src/mcp/toolset';
import { refusals, type Schema } from '../support/schema-rules';
import { law, TOOLS } from './law';

law(
  'every API that clients pass schemas to accepts them',
  'use the helpers of src/params.ts; check what a pattern cannot express in a refinement.',
  () => TOOLS.flatMap((tool) => refusals(inputSchema(tool) as Schema, tool.name)),
);

law(
  'a schema accepts no further arguments and has no nested objects',
  'declare every argument in `input`; a free-form object is a jsonObject.',
  () =>
    TOOLS.filter((tool) => {
      const { additionalProperties, properties = {} } = inputSchema(tool);
      return additionalProperties !== false || /"type":"object"/.test(JSON.stringify(properties));
    }).map(({ name }) => name),
);

describe('the rules find', () => {
  const property = (schema: object) => ({ type: 'object', properties: { x: schema }, additionalProperties: false });
  test.each<[string, object]>([
    ['Every API: a keyword that some do not know', property({ type: 'string', nullable: true })],
    ['Every API: a type that is missing or a union', property({ anyOf: [] })],
    ['Every API: a root that is not an object', { type: 'string' }],
    ['OpenAI: a pattern with lookaround or backreferences', property({ type: 'string', pattern: '^(?!a)b$' })],
    ['OpenAI: a description above 1,024 characters', property({ type: 'string', description: 'x'.repeat(1025) })],
    ['llama.cpp: a pattern that is not anchored', property({ type: 'string', pattern: 'a' })],
    ['RE2: a pattern that does not compile', property({ type: 'string', pattern: '^\\u0061$' })],
    ['Anthropic: an odd argument name', { type: 'object', properties: { 'a b': { type: 'string' } } }],
    ['Gemini, parameters: a format other than date-time', property({ type: 'string', format: 'uuid' })],
    ['Gemini, parameters: an object without properties', property({ type: 'object' })],
    ['Gemini, parameters: an enum of anything but non-empty strings', property({ type: 'string', enum: [''] })],
    ['Gemini, both forms: an array without items', property({ type: 'array' })],
    ['Gemini, both forms: a required argument that does not exist', { ...property({}), required: ['y'] }],
    ['Bedrock: an empty description', property({ type: 'string', description: '' })],
  ])('%s', (rule, schema) => {
    expect(refusals(schema as Schema, 't').map((refusal) => refusal.replace(/^\S+ /, ''))).toContain(rule);
  });
});
