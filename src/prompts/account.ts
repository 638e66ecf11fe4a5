import { countries, months, oneOf, ownNumbers, studioFlows } from './complete';
import { ASK_FIRST, type Prompt, steps } from './prompt';

/** Money, numbers, and what else a whole account needs. */
export const account: readonly Prompt[] = [
  {
    name: 'audit_spend',
    title: 'Audit the spend of a month',
    description: 'Where the money went, compared with the month before, and what can be saved.',
    services: ['Usage', 'Account'],
    arguments: { month: { description: 'YYYY-MM; default this month', optional: true, complete: months } },
    write: ({ month }) => `Audit what my Twilio account spent in ${month ?? 'this month'}.
${steps(
  'Fetch the records of the month and of the month before with twilio_debugger_get_usage_records, by category, and the balance with twilio_account_get_balance.',
  'Leave out categories that only sum up others, so that nothing counts twice.',
  'Give me a table: category, count, price, change to the month before; the largest first. Below it: what explains the changes, what to look into, how long the balance will last.',
)}`,
  },
  {
    name: 'check_account',
    title: 'Check the health of the account',
    description: 'Status, balance, recent errors and what to mend first.',
    services: ['Account', 'Debugger'],
    arguments: {
      hours: {
        description: 'Hours to look back; default 24',
        optional: true,
        complete: oneOf('1', '6', '24', '72', '168'),
      },
    },
    write: ({ hours }) => `Check the health of my Twilio account over the last ${hours ?? '24'} hours.
${steps(
  'Fetch twilio_account_get_balance, and the errors with twilio_debugger_analyze_errors and twilio_debugger_get_debugger_logs.',
  'Group the errors by code and by resource; tell apart what is new from what goes on all the time.',
  'Give me at most five findings, the most urgent first, each with its proof and its mend.',
)}`,
  },
  {
    name: 'buy_number',
    title: 'Find and buy a number',
    description: 'Searches by place and abilities, compares prices, and buys after a yes.',
    services: ['PhoneNumbers'],
    arguments: {
      country: { description: 'Two letters, such as US', complete: countries },
      wish: { description: 'Area code, city, digits, texting or calling, …', optional: true },
      type: {
        description: 'Type of number; default local',
        optional: true,
        complete: oneOf('local', 'tollFree', 'mobile', 'national'),
      },
    },
    write: ({
      country,
      wish,
      type,
    }) => `Find a ${type ?? 'local'} number in ${country} for me to buy${wish ? `: ${wish}` : '.'}
${steps(
  'Search with twilio_phone_numbers_search_available_numbers and fetch the monthly price with twilio_phone_numbers_get_number_prices.',
  'Show me three candidates: number, place, abilities, price a month, whether an address is required.',
  `${ASK_FIRST} Buy exactly the one I name with twilio_phone_numbers_buy_phone_number, once.`,
  'Tell me what to configure next: webhooks, and for texting to the US its registration.',
)}`,
  },
  {
    name: 'audit_webhooks',
    title: 'Audit the webhooks of all numbers',
    description: 'Numbers that answer nowhere, over plain http, or with a sample that was never replaced.',
    services: ['PhoneNumbers'],
    arguments: { number: { description: 'Only this number', optional: true, complete: ownNumbers } },
    write: ({ number }) => `Audit the webhooks of ${number ?? 'all my numbers'}.
${steps(
  'List the numbers with twilio_phone_numbers_list_phone_numbers, all pages.',
  'Find those that can text or be called but have no URL or application for it, whose URL is http, a sample (demo.twilio.com) or a tunnel, and that differ from the rest without a reason.',
  'Give me a table: number, what is wrong, the mend. Change nothing: I will ask for each change.',
)}`,
  },
  {
    name: 'find_idle_numbers',
    title: 'Find numbers nobody uses',
    description: 'Numbers without a message or a call for a while, and what they cost.',
    services: ['PhoneNumbers', 'Messaging', 'Voice'],
    arguments: {
      days: {
        description: 'Days without traffic; default 30',
        optional: true,
        complete: oneOf('7', '30', '90', '180'),
      },
    },
    write: ({ days }) => `Find my phone numbers that had no message and no call for ${days ?? '30'} days.
${steps(
  'List the numbers with twilio_phone_numbers_list_phone_numbers, all pages.',
  'For each look for one message to and from it with twilio_messaging_get_message_logs, and one call with twilio_voice_get_call_logs, with limit 1.',
  'Give me a table: number, last use, price a month (twilio_phone_numbers_get_number_prices), where its webhooks lead. Release none: a released number is gone.',
)}`,
  },
  {
    name: 'verify_person',
    title: 'Verify a phone or address by code',
    description: 'Sends a one-time code and checks what the person reads back.',
    services: ['Verify'],
    arguments: {
      to: { description: 'Phone in E.164, or an e-mail address' },
      channel: {
        description: 'How to send it; default sms',
        optional: true,
        complete: oneOf('sms', 'call', 'whatsapp', 'email'),
      },
    },
    write: ({ to, channel }) => `Verify that the person at ${to} is reachable there.
${steps(
  `${ASK_FIRST} Send a code by ${channel ?? 'sms'} with twilio_verify_start_verification, once.`,
  'Ask me for the code that the person reads out, and check it with twilio_verify_check_verification. Never guess one.',
  'Say whether it is approved. Where no code came, look with twilio_verify_get_verification_status before sending anew.',
)}`,
  },
  {
    name: 'check_number',
    title: 'Find out about a number',
    description: 'Whose network, what kind of line, and how risky it is. Paid look-ups.',
    services: ['Lookups'],
    arguments: { phoneNumber: { description: 'Phone in E.164' } },
    write: ({ phoneNumber }) => `Find out about ${phoneNumber}.
${steps(
  `The look-ups cost money. ${ASK_FIRST}`,
  'Look it up with twilio_lookups_lookup_phone_number, and its risk with twilio_lookups_check_fraud_risk.',
  'Tell me in plain words: valid or not, country, carrier, kind of line, signs of fraud; and whether to text, call or do neither.',
)}`,
  },
  {
    name: 'debug_flow',
    title: 'Debug a Studio flow',
    description: 'Where executions of a flow end, and the step at which it goes wrong.',
    services: ['Studio'],
    arguments: {
      flowSid: { description: 'The flow: FW…', complete: studioFlows },
      executionSid: { description: 'One execution: FN…; default the latest', optional: true },
    },
    write: ({
      flowSid,
      executionSid,
    }) => `Debug the Studio flow ${flowSid}${executionSid ? `, execution ${executionSid}` : ''}.
${steps(
  'Read the flow with twilio_studio_get_flow, and its executions with twilio_studio_list_executions.',
  'Walk through the execution with twilio_studio_list_execution_steps, and at the step where it left the expected path read twilio_studio_get_step_context.',
  'Tell me which widget, what it got, what it should have got, and the change to the flow. Change nothing.',
)}`,
  },
  {
    name: 'inspect_functions',
    title: 'Inspect deployed Functions',
    description: 'What is deployed, when, with which variables, and what the logs say.',
    services: ['Serverless'],
    arguments: { service: { description: 'Name of the service; default all', optional: true } },
    write: ({ service }) => `Inspect ${service ? `the Functions service ${service}` : 'my Functions services'}.
${steps(
  'Find it with twilio_serverless_list_services and twilio_serverless_list_environments, and its last builds with twilio_serverless_list_builds.',
  'Read twilio_serverless_list_logs of the environment: errors, slow requests, how often.',
  'Tell me what runs since when, and what is wrong, with the mend. Deploy nothing.',
)}`,
  },
];
