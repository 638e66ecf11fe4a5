import type { ManifestTool } from '../src/connect/manifest';
import { formatCount } from '../src/connect/selection';
import { hintsOf } from '../src/effect';
import { byId, element, inputById } from './dom';
import { searchAll, searchAny, searchWords } from './search';

/*
 * The list of tools with its search.
 */

/** Fills the list. Returns a function that shows the tools that match the search and, unless unchecked, the selection. */
export function toolList(tools: readonly ManifestTool[]): (selected: readonly ManifestTool[]) => void {
  const rows = tools.map((tool) => {
    const { name, title, description, effect, parameters } = tool;
    return {
      tool,
      row: element('li', {}, renderTool(tool)),
      nameWords: searchWords(name, title),
      otherWords: searchWords(description, effect, ...parameters.map((parameter) => parameter.name)),
    };
  });
  return (selected) => {
    const offered = new Set(inputById('selected-only').checked ? selected : tools);
    const query = inputById('search').value;
    const pool = rows.filter(({ tool }) => offered.has(tool));
    const results = [
      { found: searchAll(pool, query), of: pool, note: '' },
      { found: searchAll(rows, query), of: rows, note: ' · None in the selected services; these are in others.' },
      // Equal ones of the selected services come first.
      {
        found: searchAny([...pool, ...rows.filter((row) => !pool.includes(row))], query),
        of: rows,
        note: ' · None has all these words; the first ones have the most.',
      },
    ];
    const { found, of, note } = results.find((result) => result.found.length > 0) ?? results[2]!;
    byId('tool-list').replaceChildren(...found.map(({ row }) => row));
    byId('result-count').textContent =
      found.length === 0
        ? 'No tool matches.'
        : `${formatCount(found.length)} of ${formatCount(of.length)} tools${note}`;
  };
}

function renderTool({ name, title, description, effect, parameters, tokens }: ManifestTool): HTMLElement {
  const hints = Object.entries(hintsOf(effect)).map(([hint, value]) => `${hint}: ${value}`);
  const code = (text: string) => element('code', {}, text);
  const tableRow = (...cells: HTMLElement[]) => element('tr', {}, ...cells);
  const table = element(
    'table',
    {},
    tableRow(
      ...['Argument', 'Type', 'Required', 'Description'].map((heading) => element('th', { scope: 'col' }, heading)),
    ),
    ...parameters.map((parameter) => {
      const required = parameter.required ? 'required' : '';
      const cells = [code(parameter.name), code(parameter.type), required, parameter.description];
      return tableRow(...cells.map((cell) => element('td', {}, cell)));
    }),
  );
  return element(
    'details',
    {},
    element(
      'summary',
      {},
      code(name),
      element('span', { class: 'title' }, title),
      element('span', { class: `effect ${effect}` }, effect),
    ),
    element(
      'div',
      { class: 'body' },
      element('p', {}, description),
      parameters.length > 0 ? element('div', { class: 'scroll' }, table) : element('p', {}, 'Takes no arguments.'),
      element('p', { class: 'hint' }, `${hints.join(' · ')} · ${formatCount(tokens)} tokens`),
    ),
  );
}
