import { page, paging } from '../../paging';
import { chosenName, pathName } from '../../params';
import { creates, deletes, reads, tool, updates } from '../../tool';
import { data, ifMatch, order, service, serviceSid, ttl, uniqueName } from './services';

/* Maps: items under keys that the caller chooses. */

const MAPS = 'twilio_sync_list_maps';
const MAP = ['sid', 'uniqueName', 'revision', 'dateExpires', 'dateUpdated'] as const;
const inMap = () => ({ serviceSid: serviceSid(), mapSidOrName: pathName('Map, by SID (MP…) or unique name') });

const ITEMS = 'twilio_sync_list_map_items';
const ITEM = ['key', 'revision', 'dateExpires', 'dateUpdated'] as const;
const KEY = 'Key that identifies the item in the map';
const item = () => ({ ...inMap(), key: pathName(KEY) });

export const maps = [
  tool({
    name: MAPS,
    title: 'List Sync maps',
    description: 'List the maps of a service. For the items of one, use list_map_items.',
    ...reads('sync_v1:ListSyncMap'),
    input: () => ({ serviceSid: serviceSid(), ...paging(100) }),
    run: ({ serviceSid, ...position }, context) => page(service(serviceSid, context).syncMaps, position),
    returns: MAP,
  }),
  tool({
    name: 'twilio_sync_get_map',
    title: 'Get Sync map',
    description: 'Fetch one map without its items, to see whether it exists and when it expires.',
    ...reads('sync_v1:FetchSyncMap'),
    input: inMap,
    run: ({ serviceSid, mapSidOrName }, context) => service(serviceSid, context).syncMaps(mapSidOrName).fetch(),
    returns: [...MAP, 'dateCreated'],
  }),
  tool({
    name: 'twilio_sync_create_map',
    title: 'Create Sync map',
    description: 'Create an empty map. Add items with create_map_item.',
    ...creates({ checkWith: MAPS }, 'sync_v1:CreateSyncMap'),
    input: () => ({ serviceSid: serviceSid(), uniqueName: uniqueName('map'), ttl: ttl().optional() }),
    run: ({ serviceSid, ...map }, context) => service(serviceSid, context).syncMaps.create(map),
    returns: MAP,
  }),
  tool({
    name: 'twilio_sync_update_map',
    title: 'Set Sync map expiry',
    description:
      'Set after how many seconds the whole map expires and is deleted. For a single item, use update_map_item.',
    ...updates('sync_v1:UpdateSyncMap'),
    input: () => ({ ...inMap(), ttl: ttl() }),
    run: ({ serviceSid, mapSidOrName, ttl }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).update({ ttl }),
    returns: MAP,
  }),
  tool({
    name: 'twilio_sync_delete_map',
    title: 'Delete Sync map',
    description: 'Delete a map permanently, with all its items.',
    ...deletes('sync_v1:DeleteSyncMap'),
    input: inMap,
    run: ({ serviceSid, mapSidOrName }, context) => service(serviceSid, context).syncMaps(mapSidOrName).remove(),
  }),
  tool({
    name: ITEMS,
    title: 'List Sync map items',
    description: 'List the items of a map with their data, in order of key.',
    ...reads('sync_v1:ListSyncMapItem'),
    input: () => ({
      ...inMap(),
      from: chosenName('Key to start at, inclusive').optional(),
      order: order(),
      ...paging(100),
    }),
    run: ({ serviceSid, mapSidOrName, ...query }, context) =>
      page(service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems, query),
    returns: [...ITEM, 'data'],
    untrusted: ['data'],
  }),
  tool({
    name: 'twilio_sync_get_map_item',
    title: 'Get Sync map item',
    description: 'Fetch one item of a map by its key, with its data.',
    ...reads('sync_v1:FetchSyncMapItem'),
    input: item,
    run: ({ serviceSid, mapSidOrName, key }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems(key).fetch(),
    returns: [...ITEM, 'data', 'dateCreated'],
    untrusted: ['data'],
  }),
  tool({
    name: 'twilio_sync_create_map_item',
    title: 'Add Sync map item',
    description: 'Add an item to a map under an unused key. To change an existing item, use update_map_item.',
    ...creates({ checkWith: ITEMS }, 'sync_v1:CreateSyncMapItem'),
    input: () => ({ ...inMap(), key: chosenName(KEY), data: data(), ttl: ttl().optional() }),
    run: ({ serviceSid, mapSidOrName, ...item }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems.create(item),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_sync_update_map_item',
    title: 'Update Sync map item',
    description: 'Replace all data of one item of a map. Pass ifMatch so that no concurrent change is lost.',
    ...updates('sync_v1:UpdateSyncMapItem'),
    input: () => ({ ...item(), data: data(), ttl: ttl().optional(), ifMatch: ifMatch() }),
    run: ({ serviceSid, mapSidOrName, key, ...change }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems(key).update(change),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_sync_delete_map_item',
    title: 'Delete Sync map item',
    description: 'Delete one item of a map permanently.',
    ...deletes('sync_v1:DeleteSyncMapItem'),
    input: () => ({ ...item(), ifMatch: ifMatch() }),
    run: ({ serviceSid, mapSidOrName, key, ...options }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems(key).remove(options),
  }),
];
