import { readFileSync } from 'node:fs';
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
