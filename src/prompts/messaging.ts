import { messagingServices, oneOf, ownNumbers, troubledMessages } from './complete';
import { ASK_FIRST, OTHERS_WORDS, type Prompt, steps } from './prompt';

export const messaging: readonly Prompt[] = [
  {
    name: 'diagnose_message',
    title: 'Find out why a message was not delivered',
    description: 'Follows one message, explains its error and says what to do.',
    services: ['Messaging'],
    arguments: {
      messageSid: { description: 'The message: SM… or MM…', complete: troubledMessages },
    },
    write: ({ messageSid }) => `Find out what became of the Twilio message ${messageSid}, and why.
${steps(
  'Fetch it with twilio_messaging_get_message_status: state, error code and what the code means.',
  'With twilio_messaging_get_message_logs look at other messages to the same recipient, and from the same sender on that day: is it this phone, this sender, or this text?',
  'Tell me in plain words what happened, how sure you are, and the one thing to do next. Send nothing.',
)}`,
  },
  {
    name: 'review_failed_messages',
    title: 'Review failed messages',
    description: 'Groups the messages that were not delivered by cause, with a remedy for each.',
    services: ['Messaging'],
    arguments: {
      since: { description: 'From this day on, YYYY-MM-DD; default a week ago', optional: true },
      from: { description: 'Only of this sender', optional: true, complete: ownNumbers },
    },
    write: ({
      since,
      from,
    }) => `Review the messages that were not delivered${from ? ` from ${from}` : ''}, sent since ${since ?? 'a week ago'}.
${steps(
  'List them with twilio_messaging_get_message_logs, once with status failed and once with undelivered, all pages.',
  'Group them by error code. For one of each group fetch twilio_messaging_get_message_status, which explains the code.',
  'Give me a table: cause, how many, example recipient, remedy; the largest group first. Say what share of all messages of that time it was.',
)}`,
  },
  {
    name: 'remind_people',
    title: 'Remind a list of people and report who was reached',
    description: 'Sends each person one text, follows its delivery and reports.',
    services: ['Messaging'],
    arguments: {
      people: { description: 'Names and numbers in E.164, one a line or with commas between' },
      reminder: { description: 'What to say; {name} stands for the name' },
      from: { description: 'Sender; default the configured one', optional: true, complete: ownNumbers },
    },
    write: ({ people, reminder, from }) => `Remind these people by SMS${from ? ` from ${from}` : ''}: ${people}
The reminder: ${reminder}
${steps(
  `Check every number for E.164 and strike out doubles; name those that cannot be texted. ${ASK_FIRST}`,
  'Send each one text with twilio_messaging_send_sms. Never send twice to a person: where the outcome is unknown, look it up with twilio_messaging_get_message_logs.',
  'Follow each with twilio_messaging_get_message_status until it is delivered, undelivered or failed, a minute at most.',
  'Report in a table: name, number, reached or not, and why not.',
)}`,
  },
  {
    name: 'summarize_replies',
    title: 'Summarize what people wrote back',
    description: 'Reads the inbound messages of a number and sorts out who needs an answer.',
    services: ['Messaging'],
    arguments: {
      number: { description: 'Own number that received them', complete: ownNumbers },
      since: { description: 'From this day on, YYYY-MM-DD; default yesterday', optional: true },
    },
    write: ({ number, since }) => `Summarize what people wrote to ${number} since ${since ?? 'yesterday'}.
${steps(
  `Read the messages to this number with twilio_messaging_get_message_logs, all pages. ${OTHERS_WORDS}`,
  'Join the messages of a person, and read what was sent to them before where it is needed to understand the answer.',
  'Tell me who wants an answer (with a draft), who wrote STOP or the like, and what the rest said. Send nothing.',
)}`,
  },
  {
    name: 'set_up_sender',
    title: 'Set up a verified sender',
    description: 'A Messaging Service with a number and, for the US, its A2P 10DLC registration checked.',
    services: ['Messaging', 'MessagingServices'],
    arguments: {
      purpose: { description: 'What will be sent, and to whom: reminders to patients in the US, …' },
      number: { description: 'Own number to send from; default: help to choose', optional: true, complete: ownNumbers },
    },
    write: ({ purpose, number }) => `Set up a sender of messages for this purpose: ${purpose}
${steps(
  'Look at what is there: twilio_messaging_services_list_messaging_services and twilio_phone_numbers_list_phone_numbers. Use what fits before making anything.',
  `${number ? `Use ${number}.` : 'Suggest one of my numbers that can text in the countries of the recipients.'} ${ASK_FIRST}`,
  'Where none fits, create a service with twilio_messaging_services_create_messaging_service, and put the number into it with twilio_messaging_services_add_number.',
  'For recipients in the US fetch twilio_messaging_services_get_a2p_status: say what is registered, what is missing and where to register it. A toll-free number needs verification instead.',
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
${steps(
  'List the services with twilio_messaging_services_list_messaging_services, and the numbers of each with twilio_messaging_services_list_numbers.',
  'Fetch twilio_messaging_services_get_a2p_status for each.',
  'Give me a table: service, numbers, brand and campaign status, since when. Below it the errors in plain words with the mend of each; US numbers without an approved campaign first. Change nothing.',
)}`,
  },
  {
    name: 'prepare_whatsapp_template',
    title: 'Prepare a WhatsApp template',
    description: 'Drafts a content template that can be sent outside the 24-hour window.',
    services: ['Content'],
    arguments: {
      message: { description: 'What it should say, with the parts that vary' },
      language: {
        description: 'Language code; default en',
        optional: true,
        complete: oneOf('en', 'es', 'pt_BR', 'de', 'fr', 'it'),
      },
    },
    write: ({ message, language }) => `Prepare a WhatsApp template in ${language ?? 'en'}: ${message}
${steps(
  'Look with twilio_content_list_content_templates whether one like it exists already.',
  'Draft it with numbered variables, none at the start or the end and no two side by side, and an example for each. Say which category (utility, marketing, authentication) it falls into and why.',
  `${ASK_FIRST} Then create it with twilio_content_create_content_template and show it with twilio_content_get_content_template.`,
  'Tell me that WhatsApp has to approve it, and how to ask for that.',
)}`,
  },
];
