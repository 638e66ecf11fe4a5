import { hintsOf } from '../../effect';
import { CLIENTS, connectionUrl, firstClient, isLocal, NO_SIGNATURE_YET, useOf } from '../configurations';
import { counted, offeredTools, tokensOf } from '../offer';
import type { Reference, ReferenceTool } from '../reference';
import { signatureOf } from '../signature';

/*
 * The connect page. The auth token lives in its input alone: it is read to sign, and in no request, storage or URL.
 */

const find = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const input = (id: string) => find<HTMLInputElement>(id);
const data: Reference = JSON.parse(find('data').textContent!);

/** An element with attributes and children; text goes in as text. */
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

const checkboxes = data.services.map(({ service, summary }) => {
  const box = element('input', { type: 'checkbox', value: service, 'aria-describedby': `about-${service}` });
  const tokens = element('span', { class: 'tokens' });
  const name = element('span', { class: 'name' }, service, tokens);
  find('list').append(
    element('label', { class: 'service' }, box, name, element('small', { id: `about-${service}` }, summary)),
  );
  return { box, tokens };
});

const clients = CLIENTS.map((client) => {
  const radio = element('input', { type: 'radio', name: 'client', value: client.id });
  find('clients').append(element('label', { class: 'client' }, radio, element('span', {}, client.title)));
  return { client, radio };
});
/** Until a person chooses a client, the address does. */
let clientChosen = false;

const choice = () => {
  const services = checkboxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
  // One word stands for all of them, also for those that a later deployment adds.
  return {
    services: services.length === data.services.length ? ['all'] : services,
    readonly: input('readonly').checked,
  };
};

const tools = data.tools.map((tool) => {
  const { name, title, description, effect, parameters } = tool;
  const rest = [description, effect, ...parameters.map((parameter) => parameter.name)];
  return { tool, row: element('li', {}, showTool(tool)), named: wordsOf(name, title), described: wordsOf(...rest) };
});

function split(text: string): string[] {
  return text.match(/[\p{L}\d]+/gu) ?? [];
}

/** The words of texts, where a search may begin: of `callSid` also `sid`. */
function wordsOf(...texts: string[]): string[] {
  const words = texts.flatMap(split);
  const later = words.flatMap((word) => [...word.matchAll(/(?<=[a-z\d])[A-Z]/g)].map(({ index }) => word.slice(index)));
  return [...words, ...later].map((word) => word.toLowerCase());
}

function showTool({ name, title, description, effect, parameters, tokens }: ReferenceTool): HTMLElement {
  const hints = Object.entries(hintsOf(effect)).map(([hint, value]) => `${hint}: ${value}`);
  const cells = (tag: 'th' | 'td', values: (Node | string)[]) =>
    element('tr', {}, ...values.map((value) => element(tag, tag === 'th' ? { scope: 'col' } : {}, value)));
  const code = (text: string) => element('code', {}, text);
  const rows = parameters.map((parameter) =>
    cells('td', [
      code(parameter.name),
      code(parameter.type),
      parameter.required ? 'required' : '',
      parameter.description,
    ]),
  );
  const table = element('table', {}, cells('th', ['Argument', 'Type', '', 'Meaning']), ...rows);
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
      element('p', { class: 'hint' }, `${hints.join(' · ')} · ${counted(tokens)} tokens`),
    ),
  );
}

/** Counts signings, so that a slow one never overwrites a newer. */
let signing = 0;

async function show(): Promise<void> {
  const chosen = choice();
  for (const { box, tokens } of checkboxes) {
    const offered = offeredTools(data, { services: [box.value], readonly: chosen.readonly });
    tokens.textContent = `${counted(tokensOf(offered))} tokens`;
  }
  const offered = offeredTools(data, chosen);
  const nothing = chosen.services.length === 0 ? `Nothing chosen, so the server offers ${data.defaultService}: ` : '';
  find('cost').textContent = `${nothing}${counted(offered.length)} tools, about ${counted(tokensOf(offered))} tokens`;
  filter();

  let url: string | undefined;
  try {
    url = connectionUrl(input('address').value.trim(), chosen);
  } catch {}
  find('address-fault').textContent = url
    ? ''
    : 'Type the address of the deployment, such as https://name-1234-dev.twil.io';
  put('url', url);
  const local = url !== undefined && isLocal(url);
  if (url && !clientChosen) for (const { client, radio } of clients) radio.checked = client === firstClient(url);
  find('local').hidden = !local;
  find('signing').hidden = local;

  const token = input('token').value.trim();
  const proper = /^[0-9a-f]{32}$/.test(token);
  find('token-fault').textContent = token === '' || proper ? '' : 'An auth token has 32 digits from 0 to 9 and a to f.';
  const turn = ++signing;
  const signature = url && proper && !local ? await signatureOf(url, token) : undefined;
  if (turn !== signing) return;
  const missing = local || signature ? '' : 'Paste the token to get it.';
  put('signature', signature, missing);
  const { client } = clients.find(({ radio }) => radio.checked) ?? clients[0]!;
  find('use').textContent = url ? useOf(client, url) : client.use;
  put('configuration', url && client.write({ url, signature: local ? undefined : (signature ?? NO_SIGNATURE_YET) }));
  // It shows its form, but a copy would lack the signature.
  find('unsigned').textContent = url ? missing : '';
  if (missing) copyButton('configuration').disabled = true;
}

const copyButton = (id: string) => document.querySelector<HTMLButtonElement>(`[data-copy=${id}]`)!;

/** Shows a text that can be copied, or what stands in its place. */
function put(id: string, text: string | undefined, otherwise = ''): void {
  find(id).textContent = text ?? otherwise;
  copyButton(id).disabled = text === undefined;
}

function filter(): void {
  const sought = split(input('search').value.toLowerCase());
  const chosen = input('chosen').checked ? new Set(offeredTools(data, choice())) : undefined;
  const missing = (words: string[]) => sought.filter((part) => !words.some((word) => word.startsWith(part))).length;
  // What is so called comes before what only mentions it.
  const found = tools
    .filter(({ tool, named, described }) => chosen?.has(tool) !== false && missing([...named, ...described]) === 0)
    .sort((a, b) => missing(a.named) - missing(b.named));
  find('reference').replaceChildren(...found.map(({ row }) => row));
  find('found').textContent =
    found.length === 0 ? 'No tool has all these words.' : `${counted(found.length)} of ${counted(tools.length)} tools`;
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = find(button.dataset.copy!);
  let said = 'Copied';
  try {
    await navigator.clipboard.writeText(source.textContent!);
  } catch {
    // Without the permission, selecting is the next best.
    getSelection()?.selectAllChildren(source);
    said = 'Press Ctrl+C';
  }
  button.textContent = said;
  find('copied').textContent = `${said}: ${button.getAttribute('aria-label')}`;
  setTimeout(() => {
    button.textContent = 'Copy';
    find('copied').textContent = '';
  }, 1500);
}

function choose(checked: (service: string) => boolean): void {
  for (const { box } of checkboxes) box.checked = checked(box.value);
  void show();
}

input('address').value = location.protocol.startsWith('http') ? location.origin : '';
find('clients').addEventListener('input', () => {
  clientChosen = true;
});
for (const id of ['address', 'token', 'readonly', 'services', 'clients'])
  find(id).addEventListener('input', () => void show());
for (const id of ['search', 'chosen']) find(id).addEventListener('input', filter);
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]'))
  button.addEventListener('click', () => void copy(button));
find('all').addEventListener('click', () => choose(() => true));
find('none').addEventListener('click', () => choose(() => false));
// A page that the browser keeps for "back" would keep the token with it.
addEventListener('pagehide', () => {
  input('token').value = '';
  void show();
});
choose((service) => service === data.defaultService);
