import type { Setting } from '../../src/setting-forms';
import { explainSetting, SETTING_GROUPS } from '../../src/settings';

const WIDTH = 118;

/** `.env.example`: every setting with its explanation, by group. */
export function envExample(): string {
  const groups = SETTING_GROUPS.map(([title, settings]) =>
    [`# --- ${title} ${'-'.repeat(WIDTH - title.length - 7)}`, ...Object.entries(settings).map(variableLines)].join(
      '\n\n',
    ),
  );
  return `${[
    '# Written by npm run generate from src/settings.ts. Copy to .env and fill in what you need.\n# Without ACCOUNT_SID, API_KEY and API_SECRET, `npm start` serves against the sandbox and sends nothing.',
    ...groups,
  ].join('\n\n')}\n`;
}

const variableLines = ([variable, setting]: [string, Setting]) => `${wrapped(explainSetting(setting))}\n${variable}=`;

function wrapped(text: string): string {
  const lines: string[] = ['#'];
  for (const word of text.split(' ')) {
    if (lines.at(-1)!.length + 1 + word.length > WIDTH) lines.push('#');
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines.join('\n');
}
