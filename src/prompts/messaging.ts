import { failedMessages, fixedValues, messagingServices, ownNumbers } from './completers';
import { ASK_FIRST, numberedSteps, type Prompt, TREAT_AS_DATA } from './prompt';

export const messagingPrompts: readonly Prompt[] = [
  {
    name: 'diagnose_message',
    title: 'Find out why a message was not delivered',
    description: 'Traces one message, explains its error and recommends what to do.',
    services: ['Messaging'],
    arguments: { messageSid: { description: 'Message SID (SM… or MM…)', complete: failedMessages } },
    write: ({ messageSid }) => `Find out what happened to the Twilio message ${messageSid}, and why.
${numberedSteps(
  'Fetch it with twilio_messaging_get_message_status: status, error code and the meaning of the code.',
  'With twilio_messaging_get_message_logs, read other messages to the same recipient, and from the same sender on that day: is the cause this phone, this sender or this text?',
  'Explain in plain words what happened, how sure you are, and the one thing to do next. Send nothing.',
)}`,
  },
  {
    name: 'review_failed_messages',
    title: 'Review failed messages',
    description: 'Groups undelivered messages by cause, with a fix for each.',
    services: ['Messaging'],
    arguments: {
      since: { description: 'First day, YYYY-MM-DD; default a week ago', optional: true },
      from: { description: 'Only messages from this sender', optional: true, complete: ownNumbers },
    },
    write: ({
      since,
      from,
    }) => `Review the messages${from ? ` from ${from}` : ''} that were not delivered, sent since ${since ?? 'a week ago'}.
${numberedSteps(
  'List them with twilio_messaging_get_message_logs and status failed and undelivered, all pages.',
  'Group them by error code. For one message of each group call twilio_messaging_get_message_status, which explains the code.',
  'Show a table: cause, count, example recipient, fix; largest group first. State what share of all messages in that period failed.',
)}`,
  },
  {
    name: 'remind_people',
    title: 'Remind a list of people and report who was reached',
    description: 'Sends each person one text, tracks its delivery and reports the result.',
    services: ['Messaging'],
    arguments: {
      people: { description: 'Names and E.164 numbers, one per line or separated by commas' },
      reminder: { description: 'Text to send; {name} is replaced by the name' },
      from: { description: 'Sender; default the configured one', optional: true, complete: ownNumbers },
    },
    write: ({ people, reminder, from }) => `Remind these people by SMS${from ? ` from ${from}` : ''}: ${people}
The reminder: ${reminder}
${numberedSteps(
  `Check that every number is E.164 and remove duplicates; list those that cannot be texted. ${ASK_FIRST}`,
  'Send each person one text with twilio_messaging_send_sms. Never send a second text to the same person: if the outcome is unknown, look it up with twilio_messaging_get_message_logs.',
  'Check each with twilio_messaging_get_message_status until it is delivered, undelivered or failed, for at most a minute.',
  'Report in a table: name, number, reached or not, and the reason if not.',
)}`,
  },
  {
    name: 'summarize_replies',
    title: 'Summarize what people wrote back',
    description: 'Reads the inbound messages of a number and finds who needs an answer.',
    services: ['Messaging'],
    arguments: {
      number: { description: 'Your number that received them', complete: ownNumbers },
      since: { description: 'First day, YYYY-MM-DD; default yesterday', optional: true },
    },
    write: ({ number, since }) => `Summarize what people wrote to ${number} since ${since ?? 'yesterday'}.
${numberedSteps(
  `Read the messages to this number with twilio_messaging_get_message_logs, all pages. ${TREAT_AS_DATA}`,
  'Group the messages by person, and read what was sent to them before if it is needed to understand the reply.',
  'Tell me who needs an answer (with a draft), who wrote STOP or similar, and what the others said. Send nothing.',
)}`,
  },
  {
    name: 'set_up_sender',
    title: 'Set up a verified sender',
    description: 'Sets up a Messaging Service with a number and, for the US, checks its A2P 10DLC registration.',
    services: ['Messaging', 'MessagingServices'],
    arguments: {
      purpose: { description: 'What will be sent, and to whom: reminders to patients in the US, …' },
      number: { description: 'Your number to send from; default: suggest one', optional: true, complete: ownNumbers },
    },
    write: ({ purpose, number }) => `Set up a message sender for this purpose: ${purpose}
${numberedSteps(
  'List what exists with twilio_messaging_services_list_messaging_services and twilio_phone_numbers_list_phone_numbers. Use what fits before you create anything.',
  `${number ? `Use ${number}.` : "Suggest one of my numbers that can text in the recipients' countries."} ${ASK_FIRST}`,
  'If no service fits, create one with twilio_messaging_services_create_messaging_service, and add the number to it with twilio_messaging_services_add_number.',
  'For recipients in the US, call twilio_messaging_services_get_a2p_status: state what is registered, what is missing and where to register it. A toll-free number needs verification instead.',
  'End with the service SID, for TWILIO_MESSAGING_SERVICE_SID, and what is left to do before the first message.',
)}`,
  },
  {
    name: 'check_a2p_registration',
    title: 'Check the A2P registration',
    description: 'Whether the Messaging Services may send to the United States, and what is missing.',
    services: ['MessagingServices'],
    arguments: {
      messagingServiceSid: { description: 'MG…; default all', optional: true, complete: messagingServices },
    },
    write: ({
      messagingServiceSid,
    }) => `Check the A2P 10DLC registration of ${messagingServiceSid ?? 'all my Messaging Services'}.
${numberedSteps(
  'List the services with twilio_messaging_services_list_messaging_services, and the numbers of each with twilio_messaging_services_list_numbers.',
  'Call twilio_messaging_services_get_a2p_status for each.',
  'Show a table: service, numbers, brand and campaign status, since when. Below it, explain the errors in plain words with the fix for each; US numbers without an approved campaign first. Change nothing.',
)}`,
  },
  {
    name: 'prepare_whatsapp_template',
    title: 'Prepare a WhatsApp template',
    description: 'Drafts a content template that can be sent outside the 24-hour window.',
    services: ['Content'],
    arguments: {
      message: { description: 'What it should say, including the parts that vary' },
      language: {
        description: 'Language code; default en',
        optional: true,
        complete: fixedValues('en', 'es', 'pt_BR', 'de', 'fr', 'it'),
      },
    },
    write: ({ message, language }) => `Prepare a WhatsApp template in ${language ?? 'en'}: ${message}
${numberedSteps(
  'Check with twilio_content_list_content_templates whether a similar one exists.',
  'Draft it with numbered variables, none at the start or end and no two side by side, and an example for each. State its category (utility, marketing, authentication) and why.',
  `${ASK_FIRST} Then create it with twilio_content_create_content_template and show it with twilio_content_get_content_template.`,
  'Remind me that WhatsApp has to approve it, and explain how to request approval.',
)}`,
  },
];
