import { readFileSync } from 'node:fs';
import { DEFAULT_LABEL } from '../../src/connect/client';
import { labelError } from '../../src/connect/labels';
import { DOMAINS } from '../../src/domains';
import { RENAMED_TOOLS } from '../../src/domains/renamed-tools';
import { law, TOOLS } from './law';
import { relativePath, sourceFiles } from './sources';

/** Names that are deliberately wrong, or are not names of tools. */
const INVENTED = /^twilio_(mesaging_send_sms|send_sms|messaging_text|no_such_tool|api_v2010)$/;

law(
  'every tool name in the code and the tests exists',
  'write the current name; after a rename, replace it everywhere.',
  () => {
    const known = [...TOOLS.map(({ name }) => name), ...Object.keys(RENAMED_TOOLS)];
    // The text before the variable part of a pattern or template must begin a name.
    const exists = (name: string) => known.some((one) => one === name || (name.endsWith('_') && one.startsWith(name)));
    return sourceFiles('tests', 'scripts', 'sandbox', 'src').flatMap((file) =>
      [...new Set(readFileSync(file, 'utf8').match(/\btwilio_[a-z\d_]+/g))]
        .filter((name) => !exists(name) && !INVENTED.test(name))
        .map((name) => `${name} in ${relativePath(file)}`),
    );
  },
);

law(
  'the default label fits before the tool names of every service, in every client',
  'shorten the name of the tool; clients that refuse it, and the lengths they accept, are in src/connect/configurations.ts.',
  () =>
    DOMAINS.flatMap(({ service, tools }) => {
      const error = labelError(DEFAULT_LABEL, tools);
      return error === undefined ? [] : [`${service}: ${error}`];
    }),
);
