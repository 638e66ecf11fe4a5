import { CLIENT_FORM, type Grant } from '../src/access/grant';
import { connectionUrl, dayIn, grantIn, signConnection, VALID_DAYS } from '../src/connect/address';
import { DEFAULT_LABEL, SIGNATURE_PLACEHOLDER } from '../src/connect/client';
import { CLIENTS, instructionsFor, tooManyTools } from '../src/connect/configurations';
import { labelError, maxLabelLength } from '../src/connect/labels';
import type { ManifestTool, ToolManifest } from '../src/connect/manifest';
import { formatCount, selectTools, tokenCost } from '../src/connect/selection';
import { isLoopbackUrl } from '../src/formats';
import { byId, element, inputById } from './dom';
import { type ConnectionChoice, type PageSelection, readFragment, writeFragment } from './fragment';
import { searchAll, searchAny, searchWords } from './search';
import { toolList } from './tool-list';

/*
 * The connect page. The auth token stays in its input: it is read only to sign, and never put into a request, a URL or
 * storage.
 */

// Only a header could forbid frames, and Twilio serves assets without one. In a frame, another site could steer clicks here.
if (window.top !== window.self) {
  document.body.replaceChildren('This page works in a tab of its own only.');
  throw new Error('The page is in a frame');
}

const manifest: ToolManifest = JSON.parse(byId('manifest').textContent!);
const showTools = toolList(manifest.tools);

const serviceOptions = manifest.services.map(({ service, summary, tools }) => {
  const checkbox = element('input', {
    type: 'checkbox',
    value: service,
    // The label is the whole card, but its name is read without the rest, which describes it.
    'aria-labelledby': `name-${service}`,
    'aria-describedby': `cost-${service} about-${service}`,
  });
  const cost = element('span', { class: 'tokens', id: `cost-${service}` });
  const name = element('span', { class: 'name' }, element('span', { id: `name-${service}` }, service), cost);
  const card = element(
    'label',
    { class: 'service' },
    checkbox,
    name,
    element('small', { id: `about-${service}` }, summary),
  );
  byId('service-list').append(card);
  return { card, checkbox, cost, nameWords: searchWords(service), otherWords: searchWords(summary, ...tools) };
});

const placeOptions = [...document.querySelectorAll<HTMLInputElement>('[name=place]')];
const clientOptions = CLIENTS.map((client) => {
  const radio = element('input', { type: 'radio', name: 'client', value: client.id });
  const title = element('span', {}, client.title.replace(`${client.group} `, ''));
  clientGroup(client.group).append(element('label', { class: 'choice' }, radio, title));
  return { client, radio };
});

function clientGroup(title: string): HTMLElement {
  const id = `clients-${title}`;
  if (!document.getElementById(id))
    byId('clients').append(element('fieldset', { class: 'choices', id }, element('legend', {}, title)));
  return byId(id);
}

const pageAddress = location.protocol.startsWith('http') ? location.origin : '';
const LOCAL_ADDRESS = isLoopbackUrl(pageAddress) ? pageAddress : 'http://localhost:3000';
const DEFAULTS: ConnectionChoice = {
  services: [manifest.defaultService],
  exclude: [],
  readonly: false,
  dryRun: false,
  name: '',
  client: CLIENTS[0]!.id,
  label: DEFAULT_LABEL,
};

/** Chosen by the fragment alone. */
let exclude: readonly string[] = [];

function currentSelection(): PageSelection {
  const services = serviceOptions.filter(({ checkbox }) => checkbox.checked).map(({ checkbox }) => checkbox.value);
  return {
    // `all` also covers services that a later deployment adds.
    services: services.length === serviceOptions.length ? ['all'] : services,
    exclude,
    readonly: inputById('readonly').checked,
    dryRun: inputById('dryrun').checked,
  };
}
const currentTools = () => selectTools(manifest, currentSelection());
const currentClient = () => (clientOptions.find(({ radio }) => radio.checked) ?? clientOptions[0]!).client;
const textOf = (id: string) => inputById(id).value.trim();

function showChoice(choice: ConnectionChoice): void {
  for (const { checkbox } of serviceOptions)
    checkbox.checked = choice.services.includes('all') || choice.services.includes(checkbox.value);
  exclude = choice.exclude;
  inputById('readonly').checked = choice.readonly;
  inputById('dryrun').checked = choice.dryRun;
  inputById('name').value = choice.name;
  inputById('label').value = choice.label;
  const known = clientOptions.find(({ client }) => client.id === choice.client) ?? clientOptions[0]!;
  known.radio.checked = true;
  void refresh();
}

function keepChoice(selection: PageSelection): void {
  const choice = { ...selection, name: textOf('name'), client: currentClient().id, label: textOf('label') };
  const fragment = writeFragment(choice, DEFAULTS);
  if (location.hash.slice(1) !== fragment)
    history.replaceState(null, '', fragment === '' ? location.pathname : `#${fragment}`);
}

function showCost(selection: PageSelection, tools: readonly ManifestTool[]): void {
  for (const { checkbox, cost } of serviceOptions) {
    const own = selectTools(manifest, { ...selection, services: [checkbox.value] });
    cost.textContent = `${formatCount(tokenCost(own))} tokens`;
  }
  const { title, maxTools } = currentClient();
  const limit = maxTools === undefined ? '' : ` of at most ${formatCount(maxTools)} in ${title}`;
  const nothing = selection.services.length === 0;
  byId('selected-services').textContent = nothing
    ? `${manifest.defaultService} (default)`
    : selection.services.join(', ');
  byId('cost').textContent = [
    ...(nothing ? [`Nothing selected, so the server offers ${manifest.defaultService}`] : []),
    `${formatCount(tools.length)} tools${limit}`,
    `about ${formatCount(tokenCost(tools))} tokens in every conversation`,
  ].join(' · ');
  byId('too-many-tools').textContent = tooManyTools(currentClient(), tools.length) ?? '';
}

/** Numbers the refreshes, so that a slow signature never overwrites a newer one. */
let refreshes = 0;

async function refresh(): Promise<void> {
  const selection = currentSelection();
  const tools = selectTools(manifest, selection);
  showCost(selection, tools);
  showTools(tools);
  keepChoice(selection);

  let plain: string | undefined;
  try {
    plain = connectionUrl(textOf('address'), selection);
  } catch {}
  byId('address-error').textContent = plain
    ? problemOfUrl(textOf('address'))
    : 'Enter the address of the server, such as https://name-1234-dev.twil.io';
  const local = plain !== undefined && isLoopbackUrl(plain);
  for (const radio of placeOptions) radio.checked = radio.value === (local ? 'local' : 'deployed');
  byId('signing').hidden = local;

  const grant = { ...selection, tools: [], ...(local ? {} : holder()) };
  const token = textOf('token');
  const validToken = /^[0-9a-f]{32}$/.test(token);
  byId('token-error').textContent =
    token === '' || validToken ? '' : 'An auth token has 32 digits from 0 to 9 and a to f.';
  const current = ++refreshes;
  const address = plain && new URL(plain).origin;
  const signed = address && validToken && !local ? await signConnection(address, grant, token) : undefined;
  if (current !== refreshes) return;
  // Without its key, the URL of a deployment is not the one to use.
  const unsigned = address && connectionUrl(address, grant);
  showOutput('url', local ? unsigned : signed?.url, unsigned);
  showOutput('signature', signed?.signature, local || signed ? '' : 'Paste the token to get it.');
  showOutput('command', address && commandFor(address, grant));
  const { url, signature } = signed ?? { url: unsigned, signature: SIGNATURE_PLACEHOLDER };
  showConfiguration(tools, url, local ? undefined : signature);
}

/** What a URL in the address field asks for that this page cannot choose. */
function problemOfUrl(address: string): string {
  try {
    const { services, tools } = grantIn(address);
    const known = services.every(
      (name) => name === 'all' || serviceOptions.some(({ checkbox }) => checkbox.value === name),
    );
    return known && tools.length === 0
      ? ''
      : 'This page cannot choose single tools and unknown services: use npm run connect.';
  } catch (error) {
    return (error as Error).message;
  }
}

/** A pasted URL of a connection sets the choice that it contains, and leaves its address. */
function readUrl(): void {
  const address = textOf('address');
  if (!address.includes('?') || problemOfUrl(address) !== '') return;
  const { services, exclude: left, readonly, dryRun, client: name = '', expires = '' } = grantIn(address);
  inputById('address').value = new URL(connectionUrl(address, {})).origin;
  inputById('expires').value = expires;
  const chosen = services.length > 0 ? services : DEFAULTS.services;
  const kept = { client: currentClient().id, label: textOf('label') };
  showChoice({ services: chosen, exclude: left, readonly, dryRun, name, ...kept });
}

/** Who holds the URL and until when, as far as the inputs say so. */
function holder(): Pick<Grant, 'client' | 'expires'> {
  const [name, day] = [textOf('name'), textOf('expires')];
  const isName = CLIENT_FORM.test(name);
  byId('name-error').textContent =
    name === '' || isName ? '' : 'Use up to 40 letters, digits, dots, hyphens and underscores.';
  byId('expires-error').textContent = day !== '' && day < dayIn(0) ? 'This day is over.' : '';
  return { ...(isName && { client: name }), ...(day !== '' && { expires: day }) };
}

/** What computes the same in a terminal, where the token is in `.env`. */
const commandFor = (address: string, { services, exclude: left, readonly, dryRun, client, expires }: Grant) =>
  [
    `npm run connect -- --url ${address}`,
    ...(services.length > 0 ? [`--services ${services.join()}`] : []),
    ...(left.length > 0 ? [`--exclude ${left.join()}`] : []),
    ...(readonly ? ['--readonly'] : []),
    ...(dryRun ? ['--dryrun'] : []),
    ...(client ? [`--name ${client}`] : []),
    `--expires ${expires ?? 'never'}`,
    `--client ${currentClient().id}`,
    ...(textOf('label') === DEFAULT_LABEL ? [] : [`--label ${textOf('label')}`]),
  ].join(' ');

function showConfiguration(tools: readonly ManifestTool[], url: string | undefined, signature: string | undefined) {
  const client = currentClient();
  const label = textOf('label');
  const wrongLabel = labelError(label, tools);
  byId('label-error').textContent = wrongLabel ?? '';
  byId('max-label-length').textContent = String(maxLabelLength(tools));
  byId('instructions').textContent = url ? instructionsFor(client, url) : client.instructions;
  const connection = url && wrongLabel === undefined ? { url, signature, label, tools: tools.length } : undefined;
  showOutput('configuration', connection && client.write(connection));
  // A configuration without its signature is shown, but cannot be used.
  const complete = connection !== undefined && signature !== SIGNATURE_PLACEHOLDER;
  byId('signature-missing').textContent = connection && !complete ? 'Paste the token to get the signature.' : '';
  if (!complete) copyButton('configuration').disabled = true;

  const link = complete && client.installLink?.(connection);
  byId('install').replaceChildren(
    ...(link ? [element('a', { class: 'install', href: link }, `Add to ${client.title}`)] : []),
  );

  const rows = (complete && client.form?.(connection)) || [];
  byId('form').replaceChildren(...rows.map(([name, value], index) => formRow(name, value, `form-${index}`)));
}

/** A value of a form, with its own copy button. */
function formRow(name: string, value: string, id: string): HTMLElement {
  const button = element(
    'button',
    { type: 'button', 'data-copy': id, 'aria-label': `Copy the ${name.toLowerCase()} of the form` },
    'Copy',
  );
  return element(
    'div',
    {},
    element('dt', {}, name),
    element('dd', { class: 'output' }, element('span', { id }, value), button),
  );
}

const copyButton = (id: string) => document.querySelector<HTMLButtonElement>(`[data-copy=${id}]`)!;

/** Shows a text that can be copied, or the placeholder. */
function showOutput(id: string, text: string | undefined, placeholder = ''): void {
  byId(id).textContent = text ?? placeholder;
  copyButton(id).disabled = text === undefined;
}

function filterServices(): void {
  const query = textOf('service-filter');
  const all = searchAll(serviceOptions, query);
  const found = new Set(all.length > 0 ? all : searchAny(serviceOptions, query));
  for (const option of serviceOptions) option.card.hidden = !found.has(option);
  byId('no-service').textContent =
    found.size > 0 ? '' : 'No service matches. Api reaches everything that Twilio offers.';
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = byId(button.dataset.copy!);
  let copied = true;
  try {
    await navigator.clipboard.writeText(source.textContent!);
  } catch {
    // Without the clipboard permission, selecting the text is the next best.
    getSelection()?.selectAllChildren(source);
    copied = false;
  }
  const what = button.getAttribute('aria-label')!.replace('Copy ', '');
  button.textContent = copied ? 'Copied' : 'Press Ctrl+C';
  byId('copy-status').textContent = copied ? `Copied ${what}.` : `Press Ctrl+C to copy ${what}.`;
  setTimeout(() => {
    button.textContent = 'Copy';
    byId('copy-status').textContent = '';
  }, 1500);
}

function checkServices(checked: boolean): void {
  for (const { checkbox } of serviceOptions) checkbox.checked = checked;
  void refresh();
}

for (const id of ['address', 'name', 'expires', 'token', 'readonly', 'dryrun', 'services', 'clients', 'label'])
  byId(id).addEventListener('input', () => void refresh());
byId('address').addEventListener('change', readUrl);
for (const radio of placeOptions)
  radio.addEventListener('input', () => {
    inputById('address').value =
      radio.value === 'local' ? LOCAL_ADDRESS : isLoopbackUrl(pageAddress) ? '' : pageAddress;
    void refresh();
    if (textOf('address') === '') inputById('address').focus();
  });
byId('service-filter').addEventListener('input', filterServices);
for (const id of ['search', 'selected-only']) byId(id).addEventListener('input', () => showTools(currentTools()));
document.addEventListener('click', ({ target }) => {
  const button = (target as Element).closest<HTMLButtonElement>('[data-copy]');
  if (button) void copy(button);
});
byId('all').addEventListener('click', () => checkServices(true));
byId('none').addEventListener('click', () => checkServices(false));
// The link must not replace the choice in the fragment.
document.querySelector('.skip-link')!.addEventListener('click', (event) => {
  event.preventDefault();
  byId('connection').focus();
});
// On a phone, the services would push everything else down: they begin closed.
const narrow = matchMedia('(max-width: 60rem)');
const openServices = () => {
  (byId('services') as HTMLDetailsElement).open = !narrow.matches;
};
narrow.addEventListener('change', openServices);
addEventListener('hashchange', () => showChoice(readFragment(location.hash.slice(1), DEFAULTS)));
// The browser may keep the page for its back button, and the token with it.
addEventListener('pagehide', () => {
  inputById('token').value = '';
  void refresh();
});
inputById('address').value = pageAddress;
inputById('expires').value = dayIn(VALID_DAYS);
openServices();
showChoice(readFragment(location.hash.slice(1), DEFAULTS));
