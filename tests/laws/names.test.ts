import { readFileSync } from 'node:fs';
import { RENAMED_TOOLS } from '../../src/domains/renamed-tools';
import { law, TOOLS } from './law';
import { relativePath, sourceFiles } from './sources';

/** Names that are wrong on purpose, or of something else. */
const INVENTED = /^twilio_(mesaging_send_sms|send_sms|messaging_text|no_such_tool|api_v2010)$/;

law(
  'a tool that tests, scripts or prompts name exists',
  'write the current name; after a rename, in all of these places.',
  () => {
    const known = [...TOOLS.map(({ name }) => name), ...Object.keys(RENAMED_TOOLS)];
    // What a pattern or a template begins with is the beginning of some name.
    const exists = (name: string) => known.some((one) => one === name || (name.endsWith('_') && one.startsWith(name)));
    return sourceFiles('tests', 'scripts', 'sandbox', 'src').flatMap((file) =>
      [...new Set(readFileSync(file, 'utf8').match(/\btwilio_[a-z\d_]+/g))]
        .filter((name) => !exists(name) && !INVENTED.test(name))
        .map((name) => `${name} in ${relativePath(file)}`),
    );
  },
);
