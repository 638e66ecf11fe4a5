import { countryCodes, fixedValues, ownNumbers, recentMonths, studioFlows } from './completers';
import { ASK_FIRST, numberedSteps, type Prompt } from './prompt';

/** Spend, numbers, and other tasks of a whole account. */
export const accountPrompts: readonly Prompt[] = [
  {
    name: 'audit_spend',
    title: 'Audit the spend of a month',
    description: 'Where the money went, compared with the month before, and what can be saved.',
    services: ['Usage', 'Account'],
    arguments: { month: { description: 'YYYY-MM; default this month', optional: true, complete: recentMonths } },
    write: ({ month }) => `Audit what my Twilio account spent in ${month ?? 'this month'}.
${numberedSteps(
  'Fetch the usage records of the month and of the month before with twilio_debugger_get_usage_records, by category, and the balance with twilio_account_get_balance.',
  'Leave out categories that are totals of others, so that nothing is counted twice.',
  'Show a table: category, count, price, change from the month before; largest first. Below it: what explains the changes, what to look into, how long the balance will last.',
)}`,
  },
  {
    name: 'check_account',
    title: 'Check the health of the account',
    description: 'Status, balance, recent errors and what to fix first.',
    services: ['Account', 'Debugger'],
    arguments: {
      hours: {
        description: 'Hours to look back; default 24',
        optional: true,
        complete: fixedValues('1', '6', '24', '72', '168'),
      },
    },
    write: ({ hours }) => `Check the health of my Twilio account over the last ${hours ?? '24'} hours.
${numberedSteps(
  'Call twilio_account_get_balance, and fetch the errors with twilio_debugger_analyze_errors and twilio_debugger_get_debugger_logs.',
  'Group the errors by code and by resource; separate new errors from recurring ones.',
  'List at most five findings, most urgent first, each with its evidence and its fix.',
)}`,
  },
  {
    name: 'buy_number',
    title: 'Find and buy a number',
    description: 'Searches by place and capabilities, compares prices, and buys after confirmation.',
    services: ['PhoneNumbers'],
    arguments: {
      country: { description: 'ISO country code, such as US', complete: countryCodes },
      wish: { description: 'Area code, city, digits, texting or calling, …', optional: true },
      type: {
        description: 'Type of number; default local',
        optional: true,
        complete: fixedValues('local', 'tollFree', 'mobile', 'national'),
      },
    },
    write: ({
      country,
      wish,
      type,
    }) => `Find a ${type ?? 'local'} number in ${country} for me to buy${wish ? `: ${wish}` : '.'}
${numberedSteps(
  'Search with twilio_phone_numbers_search_available_numbers and fetch the monthly price with twilio_phone_numbers_get_number_prices.',
  'Show me three candidates: number, place, capabilities, monthly price, whether an address is required.',
  `${ASK_FIRST} Buy exactly the one I choose with twilio_phone_numbers_buy_phone_number, once.`,
  'Tell me what to configure next: webhooks, and the registration required to text to the US.',
)}`,
  },
  {
    name: 'audit_webhooks',
    title: 'Audit the webhooks of all numbers',
    description: 'Numbers without a webhook, with a plain http URL, or with a sample that was never replaced.',
    services: ['PhoneNumbers'],
    arguments: { number: { description: 'Only this number', optional: true, complete: ownNumbers } },
    write: ({ number }) => `Audit the webhooks of ${number ?? 'all my numbers'}.
${numberedSteps(
  'List the numbers with twilio_phone_numbers_list_phone_numbers, all pages.',
  'Find numbers that can text or be called but have no URL or application for it, numbers whose URL is http, a sample (demo.twilio.com) or a tunnel, and numbers that differ from the rest without a reason (what follows # only says how Twilio connects).',
  'Show a table: number, problem, fix. Change nothing: I will ask for each change.',
)}`,
  },
  {
    name: 'find_idle_numbers',
    title: 'Find unused numbers',
    description: 'Numbers without recent messages or calls, and what they cost.',
    services: ['PhoneNumbers', 'Messaging', 'Voice'],
    arguments: {
      days: {
        description: 'Days without traffic; default 30',
        optional: true,
        complete: fixedValues('7', '30', '90', '180'),
      },
    },
    write: ({ days }) => `Find my phone numbers without a message or call in the last ${days ?? '30'} days.
${numberedSteps(
  'List the numbers with twilio_phone_numbers_list_phone_numbers, all pages.',
  'For each, look for one message to and from it with twilio_messaging_get_message_logs, and one call with twilio_voice_get_call_logs, with limit 1.',
  'Show a table: number, last use, monthly price (twilio_phone_numbers_get_number_prices), webhook destinations. Release none: releasing a number is permanent.',
)}`,
  },
  {
    name: 'verify_person',
    title: 'Verify a phone or email address by code',
    description: 'Sends a one-time code and checks the code that the person reads back.',
    services: ['Verify'],
    arguments: {
      to: { description: 'Phone in E.164, or email address' },
      channel: {
        description: 'Channel of the code; default sms',
        optional: true,
        complete: fixedValues('sms', 'call', 'whatsapp', 'email'),
      },
    },
    write: ({ to, channel }) => `Verify that the person at ${to} is reachable there.
${numberedSteps(
  `${ASK_FIRST} Send a code by ${channel ?? 'sms'} with twilio_verify_start_verification, once.`,
  'Ask me for the code that the person reads back, and check it with twilio_verify_check_verification. Never guess a code.',
  'Tell me whether it is approved. If no code arrived, check twilio_verify_get_verification_status before you send another.',
)}`,
  },
  {
    name: 'check_number',
    title: 'Look up a number',
    description: 'Carrier, line type and fraud risk of a number. Lookups cost money.',
    services: ['Lookups'],
    arguments: { phoneNumber: { description: 'Phone in E.164' } },
    write: ({ phoneNumber }) => `Find out about ${phoneNumber}.
${numberedSteps(
  `Lookups cost money. ${ASK_FIRST}`,
  'Look it up with twilio_lookups_lookup_phone_number, and its risk with twilio_lookups_check_fraud_risk.',
  'Explain in plain words: valid or not, country, carrier, line type, signs of fraud; and whether to text, call or do neither.',
)}`,
  },
  {
    name: 'debug_flow',
    title: 'Debug a Studio flow',
    description: 'Where executions of a flow end, and the step that goes wrong.',
    services: ['Studio'],
    arguments: {
      flowSid: { description: 'Flow SID (FW…)', complete: studioFlows },
      executionSid: { description: 'Execution SID (FN…); default the latest', optional: true },
    },
    write: ({
      flowSid,
      executionSid,
    }) => `Debug the Studio flow ${flowSid}${executionSid ? `, execution ${executionSid}` : ''}.
${numberedSteps(
  'Read the flow with twilio_studio_get_flow, and its executions with twilio_studio_list_executions.',
  'Follow the execution with twilio_studio_list_execution_steps, and read twilio_studio_get_step_context at the step where it left the expected path.',
  'Report the widget, what it received, what it should have received, and the change to make in the flow. Change nothing.',
)}`,
  },
  {
    name: 'inspect_functions',
    title: 'Inspect deployed Functions',
    description: 'What is deployed, since when, and what the logs show.',
    services: ['Serverless'],
    arguments: { service: { description: 'Name of the service; default all', optional: true } },
    write: ({ service }) => `Inspect ${service ? `the Functions service ${service}` : 'my Functions services'}.
${numberedSteps(
  'Find it with twilio_serverless_list_services and twilio_serverless_list_environments, and its latest builds with twilio_serverless_list_builds.',
  'Read twilio_serverless_list_logs of the environment: errors, slow requests, how often.',
  'Report what has been running since when, and what is wrong, with the fix. Deploy nothing.',
)}`,
  },
];
