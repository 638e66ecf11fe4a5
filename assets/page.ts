import { connectionUrl } from '../src/connect/address';
import {
  CLIENTS,
  DEFAULT_LABEL,
  defaultClient,
  instructionsFor,
  SIGNATURE_PLACEHOLDER,
  tooManyTools,
} from '../src/connect/configurations';
import { labelError, maxLabelLength } from '../src/connect/labels';
import type { ManifestTool, ToolManifest } from '../src/connect/manifest';
import { formatCount, type ServiceSelection, selectTools, tokenCost } from '../src/connect/selection';
import { hintsOf } from '../src/effect';
import { isLoopbackUrl } from '../src/formats';
import { signatureOf } from '../src/signature';

/*
 * The connect page. The auth token stays in its input: it is read only to sign, and never put into a request, a URL or
 * storage.
 */

const byId = (id: string) => document.getElementById(id)!;
const inputById = (id: string) => byId(id) as HTMLInputElement;
const manifest: ToolManifest = JSON.parse(byId('manifest').textContent!);

/** Creates an element. String children become text nodes. */
function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.append(...children);
  return created;
}

const serviceOptions = manifest.services.map(({ service, summary }) => {
  const checkbox = element('input', { type: 'checkbox', value: service, 'aria-describedby': `about-${service}` });
  const cost = element('span', { class: 'tokens' });
  const name = element('span', { class: 'name' }, service, cost);
  byId('service-list').append(
    element('label', { class: 'service' }, checkbox, name, element('small', { id: `about-${service}` }, summary)),
  );
  return { checkbox, cost };
});

const clientOptions = CLIENTS.map((client) => {
  const radio = element('input', { type: 'radio', name: 'client', value: client.id });
  byId('clients').append(element('label', { class: 'client' }, radio, element('span', {}, client.title)));
  return { client, radio };
});
/** Until the user selects a client, the address does. */
let clientSelected = false;

const toolRows = manifest.tools.map((tool) => {
  const { name, title, description, effect, parameters } = tool;
  const otherTexts = [description, effect, ...parameters.map((parameter) => parameter.name)];
  return {
    tool,
    row: element('li', {}, renderTool(tool)),
    nameWords: searchWords(name, title),
    otherWords: searchWords(...otherTexts),
  };
});

function splitWords(text: string): string[] {
  return text.match(/[\p{L}\d]+/gu) ?? [];
}

/** The lowercase words that a search may match the beginning of; `callSid` also yields `sid`. */
function searchWords(...texts: string[]): string[] {
  const words = texts.flatMap(splitWords);
  const parts = words.flatMap((word) => [...word.matchAll(/(?<=[a-z\d])[A-Z]/g)].map(({ index }) => word.slice(index)));
  return [...words, ...parts].map((word) => word.toLowerCase());
}

function renderTool({ name, title, description, effect, parameters, tokens }: ManifestTool): HTMLElement {
  const hints = Object.entries(hintsOf(effect)).map(([hint, value]) => `${hint}: ${value}`);
  const code = (text: string) => element('code', {}, text);
  const tableRow = (...cells: HTMLElement[]) => element('tr', {}, ...cells);
  const table = element(
    'table',
    {},
    tableRow(...['Argument', 'Type', '', 'Description'].map((heading) => element('th', { scope: 'col' }, heading))),
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

function currentSelection(): ServiceSelection {
  const services = serviceOptions.filter(({ checkbox }) => checkbox.checked).map(({ checkbox }) => checkbox.value);
  return {
    // `all` also covers services that a later deployment adds.
    services: services.length === serviceOptions.length ? ['all'] : services,
    readonly: inputById('readonly').checked,
  };
}

/** Numbers the refreshes, so that a slow signature never overwrites a newer one. */
let refreshes = 0;

async function refresh(): Promise<void> {
  const selection = currentSelection();
  for (const { checkbox, cost } of serviceOptions) {
    const tools = selectTools(manifest, { ...selection, services: [checkbox.value] });
    cost.textContent = `${formatCount(tokenCost(tools))} tokens`;
  }
  const tools = selectTools(manifest, selection);
  const fallback =
    selection.services.length === 0 ? `Nothing selected, so the server offers ${manifest.defaultService}: ` : '';
  byId('cost').textContent =
    `${fallback}${formatCount(tools.length)} tools, about ${formatCount(tokenCost(tools))} tokens`;
  filterTools();

  let url: string | undefined;
  try {
    url = connectionUrl(inputById('address').value.trim(), selection);
  } catch {}
  byId('address-error').textContent = url
    ? ''
    : 'Enter the address of the deployment, such as https://name-1234-dev.twil.io';
  showOutput('url', url);
  const local = url !== undefined && isLoopbackUrl(url);
  if (url && !clientSelected)
    for (const { client, radio } of clientOptions) radio.checked = client === defaultClient(url);
  byId('no-signature').hidden = !local;
  byId('signing').hidden = local;

  const token = inputById('token').value.trim();
  const validToken = /^[0-9a-f]{32}$/.test(token);
  byId('token-error').textContent =
    token === '' || validToken ? '' : 'An auth token has 32 digits from 0 to 9 and a to f.';
  const current = ++refreshes;
  const signature = url && validToken && !local ? await signatureOf(url, token) : undefined;
  if (current !== refreshes) return;
  const missing = local || signature ? '' : 'Paste the token to get it.';
  showOutput('signature', signature, missing);
  const { client } = clientOptions.find(({ radio }) => radio.checked) ?? clientOptions[0]!;
  byId('too-many-tools').textContent = tooManyTools(client, tools.length) ?? '';
  const label = inputById('label').value.trim();
  const wrongLabel = labelError(label, tools);
  byId('label-error').textContent = wrongLabel ?? '';
  byId('max-label-length').textContent = String(maxLabelLength(tools));
  byId('instructions').textContent = url ? instructionsFor(client, url) : client.instructions;
  const shownSignature = local ? undefined : (signature ?? SIGNATURE_PLACEHOLDER);
  const target = wrongLabel === undefined ? url : undefined;
  showOutput('configuration', target && client.write({ url: target, signature: shownSignature, label }));
  // A configuration without its signature is shown, but cannot be copied.
  byId('signature-missing').textContent = target ? missing : '';
  if (missing) copyButton('configuration').disabled = true;
}

const copyButton = (id: string) => document.querySelector<HTMLButtonElement>(`[data-copy=${id}]`)!;

/** Shows a text that can be copied, or the placeholder. */
function showOutput(id: string, text: string | undefined, placeholder = ''): void {
  byId(id).textContent = text ?? placeholder;
  copyButton(id).disabled = text === undefined;
}

function filterTools(): void {
  const query = splitWords(inputById('search').value.toLowerCase());
  const selected = inputById('selected-only').checked ? new Set(selectTools(manifest, currentSelection())) : undefined;
  const missing = (words: string[]) => query.filter((part) => !words.some((word) => word.startsWith(part))).length;
  // Matches in the name or title come before matches elsewhere.
  const found = toolRows
    .filter((row) => selected?.has(row.tool) !== false && missing([...row.nameWords, ...row.otherWords]) === 0)
    .sort((a, b) => missing(a.nameWords) - missing(b.nameWords));
  byId('tool-list').replaceChildren(...found.map(({ row }) => row));
  byId('result-count').textContent =
    found.length === 0
      ? 'No tool matches all these words.'
      : `${formatCount(found.length)} of ${formatCount(toolRows.length)} tools`;
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = byId(button.dataset.copy!);
  let message = 'Copied';
  try {
    await navigator.clipboard.writeText(source.textContent!);
  } catch {
    // Without the clipboard permission, selecting the text is the next best.
    getSelection()?.selectAllChildren(source);
    message = 'Press Ctrl+C';
  }
  button.textContent = message;
  byId('copy-status').textContent = `${message}: ${button.getAttribute('aria-label')}`;
  setTimeout(() => {
    button.textContent = 'Copy';
    byId('copy-status').textContent = '';
  }, 1500);
}

function checkServices(checked: (service: string) => boolean): void {
  for (const { checkbox } of serviceOptions) checkbox.checked = checked(checkbox.value);
  void refresh();
}

inputById('label').value = DEFAULT_LABEL;
inputById('address').value = location.protocol.startsWith('http') ? location.origin : '';
byId('clients').addEventListener('input', () => {
  clientSelected = true;
});
for (const id of ['address', 'token', 'readonly', 'services', 'clients', 'label'])
  byId(id).addEventListener('input', () => void refresh());
for (const id of ['search', 'selected-only']) byId(id).addEventListener('input', filterTools);
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]'))
  button.addEventListener('click', () => void copy(button));
byId('all').addEventListener('click', () => checkServices(() => true));
byId('none').addEventListener('click', () => checkServices(() => false));
// The browser may keep the page for its back button, and the token with it.
addEventListener('pagehide', () => {
  inputById('token').value = '';
  void refresh();
});
checkServices((service) => service === manifest.defaultService);
