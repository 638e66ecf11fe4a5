import { page, paging } from '../../paging';
import { integer, pathName } from '../../params';
import { creates, deletes, reads, tool, updates } from '../../tool';
import { data, ifMatch, order, service, serviceSid, ttl, uniqueName } from './services';

/* Lists: items in order of creation, each with an index that never changes. */

const LISTS = 'twilio_sync_list_lists';
const LIST = ['sid', 'uniqueName', 'revision', 'dateExpires', 'dateUpdated'] as const;
const inList = () => ({ serviceSid: serviceSid(), listSidOrName: pathName('List, by SID (ES…) or unique name') });

const ITEMS = 'twilio_sync_list_list_items';
const ITEM = ['index', 'revision', 'dateExpires', 'dateUpdated'] as const;
const index = (description: string) => integer(description, 0, Number.MAX_SAFE_INTEGER);
const item = () => ({ ...inList(), index: index('Index of the item, from 0 up') });

export const lists = [
  tool({
    name: LISTS,
    title: 'List Sync lists',
    description: 'List the lists of a service. For the items of one, use list_list_items.',
    ...reads('sync_v1:ListSyncList'),
    input: () => ({ serviceSid: serviceSid(), ...paging(100) }),
    run: ({ serviceSid, ...position }, context) => page(service(serviceSid, context).syncLists, position),
    returns: LIST,
  }),
  tool({
    name: 'twilio_sync_get_list',
    title: 'Get Sync list',
    description: 'Fetch one list without its items, to see whether it exists and when it expires.',
    ...reads('sync_v1:FetchSyncList'),
    input: inList,
    run: ({ serviceSid, listSidOrName }, context) => service(serviceSid, context).syncLists(listSidOrName).fetch(),
    returns: [...LIST, 'dateCreated'],
  }),
  tool({
    name: 'twilio_sync_create_list',
    title: 'Create Sync list',
    description: 'Create an empty list. Add items with create_list_item.',
    ...creates({ checkWith: LISTS }, 'sync_v1:CreateSyncList'),
    input: () => ({ serviceSid: serviceSid(), uniqueName: uniqueName('list'), ttl: ttl().optional() }),
    run: ({ serviceSid, ...list }, context) => service(serviceSid, context).syncLists.create(list),
    returns: LIST,
  }),
  tool({
    name: 'twilio_sync_update_list',
    title: 'Set Sync list expiry',
    description:
      'Set after how many seconds the whole list expires and is deleted. For a single item, use update_list_item.',
    ...updates('sync_v1:UpdateSyncList'),
    input: () => ({ ...inList(), ttl: ttl() }),
    run: ({ serviceSid, listSidOrName, ttl }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).update({ ttl }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_sync_delete_list',
    title: 'Delete Sync list',
    description: 'Delete a list permanently, with all its items.',
    ...deletes('sync_v1:DeleteSyncList'),
    input: inList,
    run: ({ serviceSid, listSidOrName }, context) => service(serviceSid, context).syncLists(listSidOrName).remove(),
  }),
  tool({
    name: ITEMS,
    title: 'List Sync list items',
    description: 'List the items of a list with their data, in order of index.',
    ...reads('sync_v1:ListSyncListItem'),
    input: () => ({
      ...inList(),
      from: index('Index to start at, inclusive').optional(),
      order: order(),
      ...paging(100),
    }),
    run: ({ serviceSid, listSidOrName, from, ...filters }, context) =>
      page(service(serviceSid, context).syncLists(listSidOrName).syncListItems, { ...filters, from: from?.toString() }),
    returns: [...ITEM, 'data'],
    untrusted: ['data'],
  }),
  tool({
    name: 'twilio_sync_get_list_item',
    title: 'Get Sync list item',
    description: 'Fetch one item of a list by its index, with its data.',
    ...reads('sync_v1:FetchSyncListItem'),
    input: item,
    run: ({ serviceSid, listSidOrName, index }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).syncListItems(index).fetch(),
    returns: [...ITEM, 'data', 'dateCreated'],
    untrusted: ['data'],
  }),
  tool({
    name: 'twilio_sync_create_list_item',
    title: 'Add Sync list item',
    description: 'Append an item to a list. To change an existing item, use update_list_item.',
    ...creates({ checkWith: ITEMS }, 'sync_v1:CreateSyncListItem'),
    input: () => ({ ...inList(), data: data(), ttl: ttl().optional() }),
    run: ({ serviceSid, listSidOrName, ...item }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).syncListItems.create(item),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_sync_update_list_item',
    title: 'Update Sync list item',
    description: 'Replace all data of one item of a list. Pass ifMatch so that no concurrent change is lost.',
    ...updates('sync_v1:UpdateSyncListItem'),
    input: () => ({ ...item(), data: data(), ttl: ttl().optional(), ifMatch: ifMatch() }),
    run: ({ serviceSid, listSidOrName, index, ...change }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).syncListItems(index).update(change),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_sync_delete_list_item',
    title: 'Delete Sync list item',
    description: 'Delete one item of a list permanently. The other items keep their indexes.',
    ...deletes('sync_v1:DeleteSyncListItem'),
    input: () => ({ ...item(), ifMatch: ifMatch() }),
    run: ({ serviceSid, listSidOrName, index, ...options }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).syncListItems(index).remove(options),
  }),
];
