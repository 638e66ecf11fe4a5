import { page, paging } from '../../paging';
import { jsonObject, pathName } from '../../params';
import { creates, deletes, reads, sends, tool, updates } from '../../tool';
import { data, ifMatch, service, serviceSid, ttl, uniqueName } from './services';

/* Documents, which are stored, and streams, whose messages are not. */

const DOCUMENTS = 'twilio_sync_list_documents';
const DOCUMENT = ['sid', 'uniqueName', 'revision', 'dateExpires', 'dateUpdated'] as const;
const documentSidOrName = () => pathName('Document, by SID (ET…) or unique name');

export const documents = [
  tool({
    name: 'twilio_sync_create_document',
    title: 'Create Sync document',
    description:
      'Create a document: one JSON object under a name. For items by key, use create_map; for items in sequence, create_list.',
    ...creates({ checkWith: DOCUMENTS }, 'sync_v1:CreateDocument'),
    input: () => ({
      serviceSid: serviceSid(),
      uniqueName: uniqueName('document'),
      data: data(),
      ttl: ttl().optional(),
    }),
    run: ({ serviceSid, ...document }, context) => service(serviceSid, context).documents.create(document),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_sync_get_document',
    title: 'Get Sync document',
    description: 'Fetch one document with its data and revision.',
    ...reads('sync_v1:FetchDocument'),
    input: () => ({ serviceSid: serviceSid(), documentSidOrName: documentSidOrName() }),
    run: ({ serviceSid, documentSidOrName }, context) =>
      service(serviceSid, context).documents(documentSidOrName).fetch(),
    returns: [...DOCUMENT, 'data', 'dateCreated'],
    untrusted: ['data'],
  }),
  tool({
    name: DOCUMENTS,
    title: 'List Sync documents',
    description: 'List the documents of a service without their data. For the data of one, use get_document.',
    ...reads('sync_v1:ListDocument'),
    input: () => ({ serviceSid: serviceSid(), ...paging(100) }),
    run: ({ serviceSid, ...position }, context) => page(service(serviceSid, context).documents, position),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_sync_update_document',
    title: 'Update Sync document',
    description: 'Replace all data of a document. Pass ifMatch so that no concurrent change is lost.',
    ...updates('sync_v1:UpdateDocument'),
    input: () => ({
      serviceSid: serviceSid(),
      documentSidOrName: documentSidOrName(),
      data: data(),
      ttl: ttl().optional(),
      ifMatch: ifMatch(),
    }),
    run: ({ serviceSid, documentSidOrName, ...change }, context) =>
      service(serviceSid, context).documents(documentSidOrName).update(change),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_sync_delete_document',
    title: 'Delete Sync document',
    description: 'Delete a document and its data permanently.',
    ...deletes('sync_v1:DeleteDocument'),
    input: () => ({ serviceSid: serviceSid(), documentSidOrName: documentSidOrName() }),
    run: ({ serviceSid, documentSidOrName }, context) =>
      service(serviceSid, context).documents(documentSidOrName).remove(),
  }),
];

const STREAMS = 'twilio_sync_list_streams';
const STREAM = ['sid', 'uniqueName', 'dateExpires', 'dateCreated'] as const;
const streamSidOrName = () => pathName('Stream, by SID (TO…) or unique name');

export const streams = [
  tool({
    name: STREAMS,
    title: 'List Sync streams',
    description: 'List the streams of a service. Stream messages are not stored.',
    ...reads('sync_v1:ListSyncStream'),
    input: () => ({ serviceSid: serviceSid(), ...paging(100) }),
    run: ({ serviceSid, ...position }, context) => page(service(serviceSid, context).syncStreams, position),
    returns: STREAM,
  }),
  tool({
    name: 'twilio_sync_create_stream',
    title: 'Create Sync stream',
    description:
      'Create a stream. Its messages reach the subscribed clients and are not stored; for stored data, use create_document.',
    ...creates({ checkWith: STREAMS }, 'sync_v1:CreateSyncStream'),
    input: () => ({ serviceSid: serviceSid(), uniqueName: uniqueName('stream'), ttl: ttl().optional() }),
    run: ({ serviceSid, ...stream }, context) => service(serviceSid, context).syncStreams.create(stream),
    returns: STREAM,
  }),
  tool({
    name: 'twilio_sync_publish_stream_message',
    title: 'Publish to Sync stream',
    description:
      'Send a JSON object to the clients currently subscribed to a stream. It is not stored, so only those clients can confirm that it arrived.',
    ...sends(
      { ifUnknown: 'Only a subscribed client can tell, and repeating the call may deliver the message twice.' },
      'sync_v1:CreateStreamMessage',
    ),
    input: () => ({
      serviceSid: serviceSid(),
      streamSidOrName: streamSidOrName(),
      data: jsonObject('Message, up to 4 KiB'),
    }),
    run: ({ serviceSid, streamSidOrName, ...message }, context) =>
      service(serviceSid, context).syncStreams(streamSidOrName).streamMessages.create(message),
    returns: ['sid'],
  }),
  tool({
    name: 'twilio_sync_delete_stream',
    title: 'Delete Sync stream',
    description: 'Delete a stream permanently.',
    ...deletes('sync_v1:DeleteSyncStream'),
    input: () => ({ serviceSid: serviceSid(), streamSidOrName: streamSidOrName() }),
    run: ({ serviceSid, streamSidOrName }, context) =>
      service(serviceSid, context).syncStreams(streamSidOrName).remove(),
  }),
];
