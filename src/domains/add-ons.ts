import { page, paging } from '../paging';
import { boolean, jsonObject, pathName, sid } from '../params';
import { domain, tool } from '../tool';
import { recordings } from './voice';

const AVAILABLE = ['sid', 'friendlyName', 'description', 'pricingType'] as const;
const availableAddOnSid = () => sid('XB', 'Available add-on');

/** Without the configuration, which may hold a login at the partner. */
const INSTALLED = ['sid', 'uniqueName', 'friendlyName', 'description', 'dateCreated', 'dateUpdated'] as const;
const INSTALLATIONS = 'twilio_add_ons_list_installed';
const installedAddOnSid = () => sid('XE', 'Installed add-on');
const EXTENSIONS = 'twilio_add_ons_list_extensions';
const EXTENSION = ['sid', 'uniqueName', 'friendlyName', 'productName', 'enabled'] as const;
const configuration = () => jsonObject('Settings, in the form that get_available shows');

const RESULT = ['sid', 'status', 'addOnSid', 'addOnConfigurationSid', 'dateCreated', 'dateCompleted'] as const;
const PAYLOAD = ['sid', 'label', 'contentType', 'addOnSid', 'dateCreated'] as const;
const recordingSid = () => sid('RE', 'Recording');
const result = () => ({ recordingSid: recordingSid(), resultSid: sid('XR', 'Result') });

export const addOns = domain({
  service: 'AddOns',
  summary: 'Marketplace add-ons: find and install them, switch them on, read what they made of recordings.',
  instructions:
    'Find an add-on with list_available, install it, then switch it on for a product with update_extension. What it made of a recording: ' +
    'list_recordings, list_results, list_payloads, get_payload. Results are kept for 30 days.',
  tools: [
    tool({
      name: 'twilio_add_ons_list_available',
      title: 'List available add-ons',
      description: 'List the add-ons of the Marketplace with their kind of price. For those in use list_installed.',
      effect: 'read',
      operations: ['marketplace_v1:ListAvailableAddOn'],
      input: () => paging(1000),
      run: (position, { twilio }) => page(twilio.marketplace.v1.availableAddOns, {}, position),
      returns: AVAILABLE,
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_get_available',
      title: 'Get available add-on',
      description: 'Fetch one add-on of the Marketplace and the form of the configuration that install takes.',
      effect: 'read',
      operations: ['marketplace_v1:FetchAvailableAddOn'],
      input: () => ({ availableAddOnSid: availableAddOnSid() }),
      run: ({ availableAddOnSid }, { twilio }) => twilio.marketplace.v1.availableAddOns(availableAddOnSid).fetch(),
      returns: [...AVAILABLE, 'configurationSchema'],
      untrusted: ['description', 'configurationSchema'],
    }),
    tool({
      name: INSTALLATIONS,
      title: 'List installed add-ons',
      description: 'List the add-ons that the account has installed. Where one is switched on: list_extensions.',
      effect: 'read',
      operations: ['marketplace_v1:ListInstalledAddOn'],
      input: () => paging(1000),
      run: (position, { twilio }) => page(twilio.marketplace.v1.installedAddOns, {}, position),
      returns: INSTALLED,
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_get_installed',
      title: 'Get installed add-on',
      description: 'Fetch one installed add-on. Its configuration is not shown: it may hold a login.',
      effect: 'read',
      operations: ['marketplace_v1:FetchInstalledAddOn'],
      input: () => ({ installedAddOnSid: installedAddOnSid() }),
      run: ({ installedAddOnSid }, { twilio }) => twilio.marketplace.v1.installedAddOns(installedAddOnSid).fetch(),
      returns: INSTALLED,
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_install',
      title: 'Install add-on',
      description:
        'Install an add-on of the Marketplace: the account is bound by the terms of its maker and pays by its pricingType.',
      effect: 'spend',
      checkWith: INSTALLATIONS,
      operations: ['marketplace_v1:CreateInstalledAddOn'],
      input: () => ({
        availableAddOnSid: availableAddOnSid(),
        acceptTermsOfService: boolean('The user has read and accepted the terms of the maker: ask first'),
        configuration: configuration().optional(),
        uniqueName: pathName('Unique name').optional(),
      }),
      run: (installation, { twilio }) => twilio.marketplace.v1.installedAddOns.create(installation),
      returns: INSTALLED,
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_update_installed',
      title: 'Update installed add-on',
      description: 'Rename an installed add-on or replace its configuration, all of it.',
      effect: 'update',
      operations: ['marketplace_v1:UpdateInstalledAddOn'],
      input: () => ({
        installedAddOnSid: installedAddOnSid(),
        configuration: configuration().optional(),
        uniqueName: pathName('Unique name').optional(),
      }),
      run: ({ installedAddOnSid, ...changes }, { twilio }) =>
        twilio.marketplace.v1.installedAddOns(installedAddOnSid).update(changes),
      returns: INSTALLED,
      untrusted: ['description'],
    }),
    tool({
      name: 'twilio_add_ons_uninstall',
      title: 'Uninstall add-on',
      description: 'Remove an add-on and its configuration from the account. To pause it use update_extension.',
      effect: 'delete',
      operations: ['marketplace_v1:DeleteInstalledAddOn'],
      input: () => ({ installedAddOnSid: installedAddOnSid() }),
      run: ({ installedAddOnSid }, { twilio }) => twilio.marketplace.v1.installedAddOns(installedAddOnSid).remove(),
    }),
    tool({
      name: EXTENSIONS,
      title: 'List extensions of an add-on',
      description: 'List the products that an installed add-on can work on, such as recordings, and where it is on.',
      effect: 'read',
      operations: ['marketplace_v1:ListInstalledAddOnExtension'],
      input: () => ({ installedAddOnSid: installedAddOnSid(), ...paging(1000) }),
      run: ({ installedAddOnSid, ...position }, { twilio }) =>
        page(twilio.marketplace.v1.installedAddOns(installedAddOnSid).extensions, {}, position),
      returns: EXTENSION,
    }),
    tool({
      name: 'twilio_add_ons_update_extension',
      title: 'Switch add-on on or off',
      description:
        'Switch an installed add-on on or off for a product. Where it is on, each use costs what its maker asks.',
      effect: 'spend',
      checkWith: EXTENSIONS,
      operations: ['marketplace_v1:UpdateInstalledAddOnExtension'],
      input: () => ({
        installedAddOnSid: installedAddOnSid(),
        extensionSid: sid('XF', 'Extension'),
        enabled: boolean('Works on it'),
      }),
      run: ({ installedAddOnSid, extensionSid, enabled }, { twilio }) =>
        twilio.marketplace.v1.installedAddOns(installedAddOnSid).extensions(extensionSid).update({ enabled }),
      returns: EXTENSION,
    }),
    ...recordings,
    tool({
      name: 'twilio_add_ons_list_results',
      title: 'List add-on results',
      description: 'List what add-ons made of a recording, one result an add-on. What is in one: list_payloads.',
      effect: 'read',
      operations: ['api_v2010:ListRecordingAddOnResult'],
      input: () => ({ recordingSid: recordingSid(), ...paging(1000) }),
      run: ({ recordingSid, ...position }, { twilio }) =>
        page(twilio.recordings(recordingSid).addOnResults, {}, position),
      returns: RESULT,
    }),
    tool({
      name: 'twilio_add_ons_get_result',
      title: 'Get add-on result',
      description: 'Fetch the state of one result. What is in it: list_payloads.',
      effect: 'read',
      operations: ['api_v2010:FetchRecordingAddOnResult'],
      input: result,
      run: ({ recordingSid, resultSid }, { twilio }) => twilio.recordings(recordingSid).addOnResults(resultSid).fetch(),
      returns: RESULT,
    }),
    tool({
      name: 'twilio_add_ons_delete_result',
      title: 'Delete add-on result',
      description: 'Delete a result for good, with all its payloads. The recording stays.',
      effect: 'delete',
      operations: ['api_v2010:DeleteRecordingAddOnResult'],
      input: result,
      run: ({ recordingSid, resultSid }, { twilio }) =>
        twilio.recordings(recordingSid).addOnResults(resultSid).remove(),
    }),
    tool({
      name: 'twilio_add_ons_list_payloads',
      title: 'List payloads of a result',
      description: 'List the parts of a result, such as a transcript, without their data: get_payload.',
      effect: 'read',
      operations: ['api_v2010:ListRecordingAddOnResultPayload'],
      input: () => ({ ...result(), ...paging(1000) }),
      run: ({ recordingSid, resultSid, ...position }, { twilio }) =>
        page(twilio.recordings(recordingSid).addOnResults(resultSid).payloads, {}, position),
      returns: PAYLOAD,
    }),
    tool({
      name: 'twilio_add_ons_get_payload',
      title: 'Get data of a payload',
      description: 'Get the URL of the data of a payload. It opens without login, for a short time: do not pass it on.',
      effect: 'read',
      operations: ['api_v2010:FetchRecordingAddOnResultPayloadData'],
      input: () => ({ ...result(), payloadSid: sid('XH', 'Payload') }),
      run: async ({ recordingSid, resultSid, payloadSid }, { twilio }) => {
        const payload = twilio.recordings(recordingSid).addOnResults(resultSid).payloads(payloadSid);
        const { headers } = await payload.data().fetchWithHttpInfo();
        return { url: headers.location as string };
      },
      returns: ['url'],
    }),
  ],
});
