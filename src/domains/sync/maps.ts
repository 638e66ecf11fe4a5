import { page, paging } from '../../paging';
import { pathName } from '../../params';
import { tool } from '../../tool';
import { data, ifMatch, order, service, serviceSid, ttl, uniqueName } from './services';

/* Maps: items by a key of one's own. */

const MAPS = 'twilio_sync_list_maps';
const MAP = ['sid', 'uniqueName', 'revision', 'dateExpires', 'dateUpdated'] as const;
const inMap = () => ({ serviceSid: serviceSid(), mapSidOrName: pathName('SID or unique name') });

const ITEMS = 'twilio_sync_list_map_items';
const ITEM = ['key', 'revision', 'dateExpires', 'dateUpdated'] as const;
const item = () => ({ ...inMap(), key: pathName('Key of the item') });

export const maps = [
  tool({
    name: MAPS,
    title: 'List maps',
    description: 'List the maps of a service. What is in one: list_map_items.',
    effect: 'read',
    operations: ['sync_v1:ListSyncMap'],
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, context) => page(service(serviceSid, context).syncMaps, {}, position),
    returns: MAP,
  }),
  tool({
    name: 'twilio_sync_get_map',
    title: 'Get map',
    description: 'Fetch one map without its items: whether it exists, and when it expires.',
    effect: 'read',
    operations: ['sync_v1:FetchSyncMap'],
    input: inMap,
    run: ({ serviceSid, mapSidOrName }, context) => service(serviceSid, context).syncMaps(mapSidOrName).fetch(),
    returns: [...MAP, 'dateCreated'],
  }),
  tool({
    name: 'twilio_sync_create_map',
    title: 'Create map',
    description: 'Create an empty map. Fill it with create_map_item.',
    effect: 'create',
    checkWith: MAPS,
    operations: ['sync_v1:CreateSyncMap'],
    input: () => ({ serviceSid: serviceSid(), uniqueName: uniqueName(), ttl: ttl().optional() }),
    run: ({ serviceSid, ...map }, context) => service(serviceSid, context).syncMaps.create(map),
    returns: MAP,
  }),
  tool({
    name: 'twilio_sync_update_map',
    title: 'Set expiry of map',
    description: 'Set when a whole map is deleted, from now. For its items use update_map_item.',
    effect: 'update',
    operations: ['sync_v1:UpdateSyncMap'],
    input: () => ({ ...inMap(), ttl: ttl() }),
    run: ({ serviceSid, mapSidOrName, ttl }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).update({ ttl }),
    returns: MAP,
  }),
  tool({
    name: 'twilio_sync_delete_map',
    title: 'Delete map',
    description: 'Delete a map for good, with all its items.',
    effect: 'delete',
    operations: ['sync_v1:DeleteSyncMap'],
    input: inMap,
    run: ({ serviceSid, mapSidOrName }, context) => service(serviceSid, context).syncMaps(mapSidOrName).remove(),
  }),
  tool({
    name: ITEMS,
    title: 'List items of a map',
    description: 'List the items of a map with their data, by key.',
    effect: 'read',
    operations: ['sync_v1:ListSyncMapItem'],
    input: () => ({ ...inMap(), from: pathName('Only from this key on').optional(), order: order(), ...paging() }),
    run: ({ serviceSid, mapSidOrName, limit, pageToken, ...filters }, context) =>
      page(service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems, filters, { limit, pageToken }),
    returns: [...ITEM, 'data'],
    untrusted: ['data'],
  }),
  tool({
    name: 'twilio_sync_get_map_item',
    title: 'Get item of a map',
    description: 'Fetch one item of a map by its key.',
    effect: 'read',
    operations: ['sync_v1:FetchSyncMapItem'],
    input: item,
    run: ({ serviceSid, mapSidOrName, key }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems(key).fetch(),
    returns: [...ITEM, 'data', 'dateCreated'],
    untrusted: ['data'],
  }),
  tool({
    name: 'twilio_sync_create_map_item',
    title: 'Add item to map',
    description: 'Add an item to a map under a key that is free. To change one that is there use update_map_item.',
    effect: 'create',
    checkWith: ITEMS,
    operations: ['sync_v1:CreateSyncMapItem'],
    input: () => ({ ...item(), data: data(), ttl: ttl().optional() }),
    run: ({ serviceSid, mapSidOrName, ...item }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems.create(item),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_sync_update_map_item',
    title: 'Update item of a map',
    description: 'Replace the data of one item of a map, all of it.',
    effect: 'update',
    operations: ['sync_v1:UpdateSyncMapItem'],
    input: () => ({ ...item(), data: data(), ttl: ttl().optional(), ifMatch: ifMatch() }),
    run: ({ serviceSid, mapSidOrName, key, ...change }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems(key).update(change),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_sync_delete_map_item',
    title: 'Delete item of a map',
    description: 'Delete one item of a map for good.',
    effect: 'delete',
    operations: ['sync_v1:DeleteSyncMapItem'],
    input: () => ({ ...item(), ifMatch: ifMatch() }),
    run: ({ serviceSid, mapSidOrName, key, ...options }, context) =>
      service(serviceSid, context).syncMaps(mapSidOrName).syncMapItems(key).remove(options),
  }),
];
