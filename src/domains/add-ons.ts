import { page, paging } from '../paging';
import { boolean, chosenName, jsonObject, sid } from '../params';
import { deletes, domain, reads, spends, tool, updates } from '../tool';
import { withholdSettings } from '../withhold';
import { recordings } from './voice';

const AVAILABLE = ['sid', 'friendlyName', 'description', 'pricingType'] as const;
const availableAddOnSid = () => sid('XB', 'Marketplace add-on; from list_available');

const INSTALLED = ['sid', 'uniqueName', 'friendlyName', 'description', 'dateCreated', 'dateUpdated'] as const;
const INSTALLATIONS = 'twilio_add_ons_list_installed';
const installedAddOnSid = () => sid('XE', 'Installed add-on; from list_installed');
const EXTENSIONS = 'twilio_add_ons_list_extensions';
const EXTENSION = ['sid', 'uniqueName', 'friendlyName', 'productName', 'enabled'] as const;
const configuration = () => jsonObject('Settings that match the configurationSchema of get_available');

const RESULT = ['sid', 'status', 'addOnSid', 'addOnConfigurationSid', 'dateCreated', 'dateCompleted'] as const;
const PAYLOAD = ['sid', 'label', 'contentType', 'addOnSid', 'dateCreated'] as const;
const recordingSid = () => sid('RE', 'Recording that add-ons analyzed');
const result = () => ({ recordingSid: recordingSid(), resultSid: sid('XR', 'Add-on result; from list_results') });

export const addOns = domain({
  service: 'AddOns',
  summary: 'Marketplace add-ons: find, install and enable them, and read their results for recordings.',
  instructions:
    'Find an add-on with list_available, install it with twilio_add_ons_install, then enable it for a product with update_extension. ' +
    'To read its results for a recording use list_recordings, list_results, list_payloads and get_payload. Results are kept for 30 days.',
  tools: [
    tool({
      name: 'twilio_add_ons_list_available',
      title: 'List available add-ons',
      description:
        'List the add-ons of the Marketplace with their pricing type. For installed ones use list_installed.',
      ...reads('marketplace_v1:ListAvailableAddOn'),
      input: () => paging(1000),
      run: (position, { twilio }) => page(twilio.marketplace.v1.availableAddOns, position),
      returns: AVAILABLE,
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_get_available',
      title: 'Get available add-on',
      description: 'Fetch one Marketplace add-on and the schema of the configuration for twilio_add_ons_install.',
      ...reads('marketplace_v1:FetchAvailableAddOn'),
      input: () => ({ availableAddOnSid: availableAddOnSid() }),
      run: ({ availableAddOnSid }, { twilio }) => twilio.marketplace.v1.availableAddOns(availableAddOnSid).fetch(),
      returns: [...AVAILABLE, 'configurationSchema'],
      untrusted: ['description', 'configurationSchema'],
    }),
    tool({
      name: INSTALLATIONS,
      title: 'List installed add-ons',
      description: 'List the installed add-ons. To see for which products one is enabled use list_extensions.',
      ...reads('marketplace_v1:ListInstalledAddOn'),
      input: () => paging(1000),
      run: (position, { twilio }) => page(twilio.marketplace.v1.installedAddOns, position),
      returns: INSTALLED,
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_get_installed',
      title: 'Get installed add-on',
      description:
        'Fetch one installed add-on with its configuration, apart from credentials for its publisher. To find it use list_installed.',
      ...reads('marketplace_v1:FetchInstalledAddOn'),
      input: () => ({ installedAddOnSid: installedAddOnSid() }),
      run: async ({ installedAddOnSid }, { twilio }) => {
        const addOn = await twilio.marketplace.v1.installedAddOns(installedAddOnSid).fetch();
        return Object.assign(addOn, { configuration: withholdSettings(addOn.configuration) });
      },
      returns: [...INSTALLED, 'configuration'],
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_install',
      title: 'Install add-on',
      description:
        'Install a Marketplace add-on. The account accepts the terms of its publisher and pays according to its pricingType. Then enable it for a product with update_extension.',
      ...spends({ checkWith: INSTALLATIONS }, 'marketplace_v1:CreateInstalledAddOn'),
      input: () => ({
        availableAddOnSid: availableAddOnSid(),
        acceptTermsOfService: boolean('True if the user has read and accepted the terms of the publisher; ask first'),
        configuration: configuration().optional(),
        uniqueName: chosenName('Name that is unique in the account').optional(),
      }),
      run: (installation, { twilio }) => twilio.marketplace.v1.installedAddOns.create(installation),
      returns: INSTALLED,
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_update_installed',
      title: 'Update installed add-on',
      description: 'Rename an installed add-on or replace its whole configuration. To disable it use update_extension.',
      ...updates('marketplace_v1:UpdateInstalledAddOn'),
      input: () => ({
        installedAddOnSid: installedAddOnSid(),
        configuration: configuration().optional(),
        uniqueName: chosenName('Name that is unique in the account').optional(),
      }),
      run: ({ installedAddOnSid, ...changes }, { twilio }) =>
        twilio.marketplace.v1.installedAddOns(installedAddOnSid).update(changes),
      returns: INSTALLED,
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_uninstall',
      title: 'Uninstall add-on',
      description: 'Remove an add-on and its configuration from the account. To only disable it use update_extension.',
      ...deletes('marketplace_v1:DeleteInstalledAddOn'),
      input: () => ({ installedAddOnSid: installedAddOnSid() }),
      run: ({ installedAddOnSid }, { twilio }) => twilio.marketplace.v1.installedAddOns(installedAddOnSid).remove(),
    }),
    tool({
      name: EXTENSIONS,
      title: 'List add-on extensions',
      description: 'List the products an installed add-on can extend, such as recordings, and where it is enabled.',
      ...reads('marketplace_v1:ListInstalledAddOnExtension'),
      input: () => ({ installedAddOnSid: installedAddOnSid(), ...paging(1000) }),
      run: ({ installedAddOnSid, ...position }, { twilio }) =>
        page(twilio.marketplace.v1.installedAddOns(installedAddOnSid).extensions, position),
      returns: EXTENSION,
    }),
    tool({
      name: 'twilio_add_ons_update_extension',
      title: 'Enable or disable add-on',
      description:
        'Enable or disable an installed add-on for one product. While it is enabled, each use costs the price its publisher charges.',
      ...spends({ checkWith: EXTENSIONS }, 'marketplace_v1:UpdateInstalledAddOnExtension'),
      input: () => ({
        installedAddOnSid: installedAddOnSid(),
        extensionSid: sid('XF', 'Product to enable or disable; from list_extensions'),
        enabled: boolean('True to enable the add-on for the product, false to disable it'),
      }),
      run: ({ installedAddOnSid, extensionSid, enabled }, { twilio }) =>
        twilio.marketplace.v1.installedAddOns(installedAddOnSid).extensions(extensionSid).update({ enabled }),
      returns: EXTENSION,
    }),
    ...recordings,
    tool({
      name: 'twilio_add_ons_list_results',
      title: 'List add-on results',
      description: 'List the add-on results for a recording, one per add-on. For the content of one use list_payloads.',
      ...reads('api_v2010:ListRecordingAddOnResult'),
      input: () => ({ recordingSid: recordingSid(), ...paging(1000) }),
      run: ({ recordingSid, ...position }, { twilio }) => page(twilio.recordings(recordingSid).addOnResults, position),
      returns: RESULT,
    }),
    tool({
      name: 'twilio_add_ons_get_result',
      title: 'Get add-on result',
      description: 'Fetch the state of one result. For its content use list_payloads.',
      ...reads('api_v2010:FetchRecordingAddOnResult'),
      input: result,
      run: ({ recordingSid, resultSid }, { twilio }) => twilio.recordings(recordingSid).addOnResults(resultSid).fetch(),
      returns: RESULT,
    }),
    tool({
      name: 'twilio_add_ons_delete_result',
      title: 'Delete add-on result',
      description: 'Permanently delete a result and all its payloads. The recording is kept.',
      ...deletes('api_v2010:DeleteRecordingAddOnResult'),
      input: result,
      run: ({ recordingSid, resultSid }, { twilio }) =>
        twilio.recordings(recordingSid).addOnResults(resultSid).remove(),
    }),
    tool({
      name: 'twilio_add_ons_list_payloads',
      title: 'List add-on payloads',
      description: 'List the parts of a result, such as a transcript. For the data of one use get_payload.',
      ...reads('api_v2010:ListRecordingAddOnResultPayload'),
      input: () => ({ ...result(), ...paging(1000) }),
      run: ({ recordingSid, resultSid, ...position }, { twilio }) =>
        page(twilio.recordings(recordingSid).addOnResults(resultSid).payloads, position),
      returns: PAYLOAD,
    }),
    tool({
      name: 'twilio_add_ons_get_payload',
      title: 'Get add-on payload URL',
      description: 'Get a temporary URL for the data of a payload. It works without credentials: do not share it.',
      ...reads('api_v2010:FetchRecordingAddOnResultPayloadData'),
      input: () => ({ ...result(), payloadSid: sid('XH', 'Part of the result; from list_payloads') }),
      run: async ({ recordingSid, resultSid, payloadSid }, { twilio }) => {
        const payload = twilio.recordings(recordingSid).addOnResults(resultSid).payloads(payloadSid);
        const { headers } = await payload.data().fetchWithHttpInfo();
        return { url: headers.location as string };
      },
      returns: ['url'],
    }),
  ],
});
