import { page, paging } from '../../paging';
import { integer, pathName } from '../../params';
import { tool } from '../../tool';
import { data, ifMatch, order, service, serviceSid, ttl, uniqueName } from './services';

/* Lists: items in the order in which they came, each with an index that stays. */

const LISTS = 'twilio_sync_list_lists';
const LIST = ['sid', 'uniqueName', 'revision', 'dateExpires', 'dateUpdated'] as const;
const inList = () => ({ serviceSid: serviceSid(), listSidOrName: pathName('SID or unique name') });

const ITEMS = 'twilio_sync_list_list_items';
const ITEM = ['index', 'revision', 'dateExpires', 'dateUpdated'] as const;
const index = (description: string) => integer(description, 0, Number.MAX_SAFE_INTEGER);
const item = () => ({ ...inList(), index: index('Index of the item') });

export const lists = [
  tool({
    name: LISTS,
    title: 'List lists',
    description: 'List the lists of a service. What is in one: list_list_items.',
    effect: 'read',
    operations: ['sync_v1:ListSyncList'],
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, context) => page(service(serviceSid, context).syncLists, {}, position),
    returns: LIST,
  }),
  tool({
    name: 'twilio_sync_get_list',
    title: 'Get list',
    description: 'Fetch one list without its items: whether it exists, and when it expires.',
    effect: 'read',
    operations: ['sync_v1:FetchSyncList'],
    input: inList,
    run: ({ serviceSid, listSidOrName }, context) => service(serviceSid, context).syncLists(listSidOrName).fetch(),
    returns: [...LIST, 'dateCreated'],
  }),
  tool({
    name: 'twilio_sync_create_list',
    title: 'Create list',
    description: 'Create an empty list. Fill it with create_list_item.',
    effect: 'create',
    checkWith: LISTS,
    operations: ['sync_v1:CreateSyncList'],
    input: () => ({ serviceSid: serviceSid(), uniqueName: uniqueName(), ttl: ttl().optional() }),
    run: ({ serviceSid, ...list }, context) => service(serviceSid, context).syncLists.create(list),
    returns: LIST,
  }),
  tool({
    name: 'twilio_sync_update_list',
    title: 'Set expiry of list',
    description: 'Set when a whole list is deleted, from now. For its items use update_list_item.',
    effect: 'update',
    operations: ['sync_v1:UpdateSyncList'],
    input: () => ({ ...inList(), ttl: ttl() }),
    run: ({ serviceSid, listSidOrName, ttl }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).update({ ttl }),
    returns: LIST,
  }),
  tool({
    name: 'twilio_sync_delete_list',
    title: 'Delete list',
    description: 'Delete a list for good, with all its items.',
    effect: 'delete',
    operations: ['sync_v1:DeleteSyncList'],
    input: inList,
    run: ({ serviceSid, listSidOrName }, context) => service(serviceSid, context).syncLists(listSidOrName).remove(),
  }),
  tool({
    name: ITEMS,
    title: 'List items of a list',
    description: 'List the items of a list with their data.',
    effect: 'read',
    operations: ['sync_v1:ListSyncListItem'],
    input: () => ({ ...inList(), from: index('Only from this index on').optional(), order: order(), ...paging() }),
    run: ({ serviceSid, listSidOrName, limit, pageToken, from, ...filters }, context) =>
      page(
        service(serviceSid, context).syncLists(listSidOrName).syncListItems,
        { ...filters, from: from?.toString() },
        { limit, pageToken },
      ),
    returns: [...ITEM, 'data'],
    untrusted: ['data'],
  }),
  tool({
    name: 'twilio_sync_get_list_item',
    title: 'Get item of a list',
    description: 'Fetch one item of a list by its index.',
    effect: 'read',
    operations: ['sync_v1:FetchSyncListItem'],
    input: item,
    run: ({ serviceSid, listSidOrName, index }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).syncListItems(index).fetch(),
    returns: [...ITEM, 'data', 'dateCreated'],
    untrusted: ['data'],
  }),
  tool({
    name: 'twilio_sync_create_list_item',
    title: 'Add item to list',
    description: 'Add an item to the end of a list. To change one that is there use update_list_item.',
    effect: 'create',
    checkWith: ITEMS,
    operations: ['sync_v1:CreateSyncListItem'],
    input: () => ({ ...inList(), data: data(), ttl: ttl().optional() }),
    run: ({ serviceSid, listSidOrName, ...item }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).syncListItems.create(item),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_sync_update_list_item',
    title: 'Update item of a list',
    description: 'Replace the data of one item of a list, all of it.',
    effect: 'update',
    operations: ['sync_v1:UpdateSyncListItem'],
    input: () => ({ ...item(), data: data(), ttl: ttl().optional(), ifMatch: ifMatch() }),
    run: ({ serviceSid, listSidOrName, index, ...change }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).syncListItems(index).update(change),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_sync_delete_list_item',
    title: 'Delete item of a list',
    description: 'Delete one item of a list for good. The indexes of the others stay.',
    effect: 'delete',
    operations: ['sync_v1:DeleteSyncListItem'],
    input: () => ({ ...item(), ifMatch: ifMatch() }),
    run: ({ serviceSid, listSidOrName, index, ...options }, context) =>
      service(serviceSid, context).syncLists(listSidOrName).syncListItems(index).remove(options),
  }),
];
