import { page, paging } from '../../paging';
import { jsonObject, pathName } from '../../params';
import { tool } from '../../tool';
import { data, ifMatch, service, serviceSid, ttl, uniqueName } from './services';

/* What is one object: documents, which are kept, and the messages of streams, which are not. */

const DOCUMENTS = 'twilio_sync_list_documents';
const DOCUMENT = ['sid', 'uniqueName', 'revision', 'dateExpires', 'dateUpdated'] as const;
const documentSidOrName = () => pathName('SID or unique name');

export const documents = [
  tool({
    name: 'twilio_sync_create_document',
    title: 'Create document',
    description:
      'Create a document: one JSON object under a name. For entries by key use create_map, in a row create_list.',
    effect: 'create',
    checkWith: DOCUMENTS,
    operations: ['sync_v1:CreateDocument'],
    input: () => ({ serviceSid: serviceSid(), uniqueName: uniqueName(), data: data(), ttl: ttl().optional() }),
    run: ({ serviceSid, ...document }, context) => service(serviceSid, context).documents.create(document),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_sync_get_document',
    title: 'Get document',
    description: 'Fetch one document with its data and revision.',
    effect: 'read',
    operations: ['sync_v1:FetchDocument'],
    input: () => ({ serviceSid: serviceSid(), documentSidOrName: documentSidOrName() }),
    run: ({ serviceSid, documentSidOrName }, context) =>
      service(serviceSid, context).documents(documentSidOrName).fetch(),
    returns: [...DOCUMENT, 'data', 'dateCreated'],
    untrusted: ['data'],
  }),
  tool({
    name: DOCUMENTS,
    title: 'List documents',
    description: 'List the documents of a service, without their data: get_document.',
    effect: 'read',
    operations: ['sync_v1:ListDocument'],
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, context) => page(service(serviceSid, context).documents, {}, position),
    returns: DOCUMENT,
  }),
  tool({
    name: 'twilio_sync_update_document',
    title: 'Update document',
    description:
      'Replace the data of a document, all of it. With ifMatch nothing is lost that another wrote meanwhile.',
    effect: 'update',
    operations: ['sync_v1:UpdateDocument'],
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
    title: 'Delete document',
    description: 'Delete a document for good.',
    effect: 'delete',
    operations: ['sync_v1:DeleteDocument'],
    input: () => ({ serviceSid: serviceSid(), documentSidOrName: documentSidOrName() }),
    run: ({ serviceSid, documentSidOrName }, context) =>
      service(serviceSid, context).documents(documentSidOrName).remove(),
  }),
];

const STREAMS = 'twilio_sync_list_streams';
const STREAM = ['sid', 'uniqueName', 'dateExpires', 'dateCreated'] as const;
const streamSidOrName = () => pathName('SID or unique name');

export const streams = [
  tool({
    name: STREAMS,
    title: 'List streams',
    description: 'List the streams of a service. Their messages are not kept.',
    effect: 'read',
    operations: ['sync_v1:ListSyncStream'],
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, context) => page(service(serviceSid, context).syncStreams, {}, position),
    returns: STREAM,
  }),
  tool({
    name: 'twilio_sync_create_stream',
    title: 'Create stream',
    description: 'Create a stream, whose messages reach the clients that listen and are not kept.',
    effect: 'create',
    checkWith: STREAMS,
    operations: ['sync_v1:CreateSyncStream'],
    input: () => ({ serviceSid: serviceSid(), uniqueName: uniqueName(), ttl: ttl().optional() }),
    run: ({ serviceSid, ...stream }, context) => service(serviceSid, context).syncStreams.create(stream),
    returns: STREAM,
  }),
  tool({
    name: 'twilio_sync_publish_stream_message',
    title: 'Publish to stream',
    description:
      'Send a JSON object to the clients that listen to a stream now. Nobody can read it later: whether it came, only they can tell.',
    effect: 'send',
    checkWith: STREAMS,
    operations: ['sync_v1:CreateStreamMessage'],
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
    title: 'Delete stream',
    description: 'Delete a stream for good.',
    effect: 'delete',
    operations: ['sync_v1:DeleteSyncStream'],
    input: () => ({ serviceSid: serviceSid(), streamSidOrName: streamSidOrName() }),
    run: ({ serviceSid, streamSidOrName }, context) =>
      service(serviceSid, context).syncStreams(streamSidOrName).remove(),
  }),
];
