/** Common Twilio error codes. `meaning` and `remedy` are one sentence each; Twilio's page on a code says more. */
export const ERROR_CODES: Readonly<Record<number, { meaning: string; remedy: string }>> = {
  11200: {
    meaning: 'Twilio could not fetch the webhook URL.',
    remedy: 'Check that the URL is public and answers within 15 seconds.',
  },
  11205: {
    meaning: 'Twilio could not connect to the webhook host.',
    remedy: 'Check the host, its firewall and its TLS port.',
  },
  11210: { meaning: 'The host name of the webhook does not resolve.', remedy: 'Correct the host in the URL.' },
  11220: {
    meaning: 'The TLS handshake with the webhook failed.',
    remedy: 'Use a certificate of a public authority and TLS 1.2 or later.',
  },
  11750: { meaning: 'The TwiML answer was larger than 64 KB.', remedy: 'Return less TwiML.' },
  12100: { meaning: 'The TwiML document could not be parsed.', remedy: 'Send well-formed XML with a Response root.' },
  12200: {
    meaning: 'The TwiML holds an element or attribute that is not allowed there.',
    remedy: 'Compare it with the TwiML reference.',
  },
  12300: { meaning: 'The webhook answered with a content type Twilio does not take.', remedy: 'Answer with text/xml.' },
  13224: { meaning: 'The number to dial is invalid.', remedy: 'Use E.164, such as +15551234567.' },
  13225: {
    meaning: 'Twilio does not place calls to this number.',
    remedy: 'Choose another number; this one is blocked or reserved.',
  },
  13227: {
    meaning: 'Voice calls to this country are switched off.',
    remedy: 'Enable the country under Voice geographic permissions.',
  },
  20001: { meaning: 'A parameter is unknown or malformed.', remedy: 'Correct the argument that the message names.' },
  20003: {
    meaning: 'Twilio refused the credentials.',
    remedy: 'Check that API_KEY and API_SECRET belong together, to ACCOUNT_SID and to the region in use.',
  },
  20005: { meaning: 'The account is not active.', remedy: 'Reactivate it, or the subaccount, in the Console.' },
  20006: {
    meaning: 'The API key may not do this.',
    remedy: 'Use a key with the permission, or a main instead of a restricted key.',
  },
  20403: {
    meaning: 'The account may not use this resource.',
    remedy: 'Check the product is enabled, and whether a trial account is allowed to.',
  },
  20404: {
    meaning: 'Nothing with this id exists in this account.',
    remedy: 'List first and use an id from the list; deleted resources are gone.',
  },
  20409: { meaning: 'The resource changed, or exists, at the same moment.', remedy: 'Read it again, then decide.' },
  20422: { meaning: 'A parameter is invalid.', remedy: 'Correct the argument that the message names.' },
  20429: { meaning: 'Too many requests at once.', remedy: 'Wait some seconds and call less often.' },
  20500: { meaning: 'Twilio had an internal error.', remedy: 'See status.twilio.com, and try later.' },
  20503: { meaning: 'Twilio is unavailable for the moment.', remedy: 'See status.twilio.com, and try later.' },
  21201: { meaning: 'No number to call was given.', remedy: 'Give `to` in E.164.' },
  21205: { meaning: 'The URL for the call is invalid.', remedy: 'Give an absolute http(s) URL that Twilio can reach.' },
  21210: {
    meaning: 'The caller id is neither owned nor verified.',
    remedy: 'Call from a number of the account, or verify this one first.',
  },
  21211: {
    meaning: 'The recipient is not a valid phone number.',
    remedy: 'Use E.164: a plus, country code and number, such as +15551234567.',
  },
  21212: {
    meaning: 'The sender is not a valid number or sender id.',
    remedy: 'Use a number of the account in E.164, or a Messaging Service.',
  },
  21214: { meaning: 'The number cannot be reached by a call.', remedy: 'Check the number; it may be out of service.' },
  21215: {
    meaning: 'Calls to this destination are not permitted.',
    remedy: 'Enable the country under Voice geographic permissions.',
  },
  21216: {
    meaning: 'The account may not call this number.',
    remedy: 'Check the number, or ask Twilio support about the block.',
  },
  21217: { meaning: 'The number to call is invalid.', remedy: 'Use E.164, such as +15551234567.' },
  21219: {
    meaning: 'The number is not verified, and trial accounts only reach verified numbers.',
    remedy: 'Verify it in the Console, or upgrade the account.',
  },
  21220: {
    meaning: 'The call is not in progress.',
    remedy: 'Read its status first; only a running call can be redirected or ended.',
  },
  21408: {
    meaning: 'Messages to this region are switched off.',
    remedy: 'Enable the country under Messaging geographic permissions.',
  },
  21421: {
    meaning: 'The phone number to buy is invalid.',
    remedy: 'Search for available numbers and use one of the answer.',
  },
  21422: { meaning: 'The phone number is not available any more.', remedy: 'Search again and buy another.' },
  21450: { meaning: 'The phone number is invalid.', remedy: 'Use E.164.' },
  21452: {
    meaning: 'No numbers are available in this area code.',
    remedy: 'Search with another area code or without one.',
  },
  21601: { meaning: 'The sender cannot send SMS.', remedy: 'Send from a number with the SMS capability.' },
  21602: { meaning: 'The message has no body.', remedy: 'Give a body, media or a content template.' },
  21603: {
    meaning: 'No sender was given.',
    remedy: 'Give `from` or `messagingServiceSid`, or set TWILIO_PHONE_NUMBER.',
  },
  21604: { meaning: 'No recipient was given.', remedy: 'Give `to` in E.164.' },
  21606: {
    meaning: 'The sender is not an SMS-capable number of this account.',
    remedy: 'List the phone numbers and send from one of them.',
  },
  21608: {
    meaning: 'Trial accounts only reach verified numbers.',
    remedy: 'Verify the recipient in the Console, or upgrade the account.',
  },
  21610: { meaning: 'The recipient has opted out (STOP).', remedy: 'Do not message them until they answer START.' },
  21611: {
    meaning: 'The sender has too many messages queued.',
    remedy: 'Wait for the queue, or send from a Messaging Service with more numbers.',
  },
  21612: {
    meaning: 'This sender cannot reach this recipient.',
    remedy: 'Send from another number, of the same country if possible.',
  },
  21614: { meaning: 'The recipient is not a mobile number.', remedy: 'Look the number up; landlines take no SMS.' },
  21617: { meaning: 'The body is longer than 1600 characters.', remedy: 'Shorten it or split it.' },
  21619: { meaning: 'A message needs a body, media or a content template.', remedy: 'Give one of them.' },
  21620: { meaning: 'A media URL is invalid.', remedy: 'Give a public http(s) URL.' },
  21623: { meaning: 'There are more than ten media files.', remedy: 'Send ten at most.' },
  21631: {
    meaning: 'A number needs an address that was not given.',
    remedy: 'Create an address in the country and give its SID.',
  },
  21649: { meaning: 'A number needs a regulatory bundle.', remedy: 'Have a bundle approved and give its SID.' },
  30001: { meaning: 'The queue overflowed before the message was sent.', remedy: 'Send again, more slowly.' },
  30002: { meaning: 'The account was suspended between sending and delivery.', remedy: 'Contact Twilio support.' },
  30003: {
    meaning: 'The handset is unreachable: switched off, roaming or out of range.',
    remedy: 'Try again later; ask the recipient to check the phone.',
  },
  30004: {
    meaning: 'The recipient or carrier blocks this message.',
    remedy: 'Check for an opt-out; trials and landlines are blocked too.',
  },
  30005: { meaning: 'The number is unknown or no longer in service.', remedy: 'Look the number up and correct it.' },
  30006: {
    meaning: 'The number is a landline or its carrier is unreachable.',
    remedy: 'Look up the line type; call instead.',
  },
  30007: {
    meaning: 'A carrier filtered the message as unwanted.',
    remedy: 'Change the wording, avoid shortened links, and register the sender (A2P 10DLC, toll-free verification).',
  },
  30008: {
    meaning: 'Delivery failed for a reason that the carrier did not give.',
    remedy: 'Send once more; if it repeats, contact Twilio support with message SIDs.',
  },
  30010: { meaning: 'The price is above the limit that was set.', remedy: 'Raise `maxPrice` or leave it out.' },
  30022: {
    meaning: 'The US A2P 10DLC campaign is above its daily or rate limit.',
    remedy: 'Send more slowly, or raise the campaign’s trust.',
  },
  30032: { meaning: 'The toll-free number is not verified.', remedy: 'Submit its toll-free verification.' },
  30034: {
    meaning: 'The US number is not registered for A2P 10DLC.',
    remedy: 'Add it to a Messaging Service with an approved campaign.',
  },
  30038: {
    meaning: 'Twilio filtered a message that holds a one-time code.',
    remedy: 'Receive the code on another channel; Twilio numbers generally do not take others’ codes.',
  },
  30044: {
    meaning: 'The message is longer than a trial account may send.',
    remedy: 'Shorten it, or upgrade the account.',
  },
  30450: {
    meaning: 'The recipient’s prefix is blocked as protection from SMS pumping.',
    remedy: 'Check the number; allow it in SMS pumping protection if it is genuine.',
  },
  54208: { meaning: 'A Sync item with this key exists already.', remedy: 'Update it, or choose another key.' },
  54301: {
    meaning: 'A Sync document with this unique name exists already.',
    remedy: 'Update it, or choose another name.',
  },
  60200: {
    meaning: 'A parameter of the verification is invalid.',
    remedy: 'Use E.164 for numbers, and a channel that the tool lists.',
  },
  60202: { meaning: 'The code was checked five times.', remedy: 'Start a new verification after ten minutes.' },
  60203: {
    meaning: 'Five codes were sent to this recipient.',
    remedy: 'Wait until the verification expires, ten minutes after its start.',
  },
  60205: { meaning: 'The number is a landline and takes no SMS.', remedy: 'Use the channel `call`.' },
  60410: {
    meaning: 'Verify blocked this prefix as likely fraud.',
    remedy: 'Check the number; allow the prefix in the Verify settings if it is genuine.',
  },
  63007: {
    meaning: 'The sender is not enabled for this channel.',
    remedy: 'Use a registered WhatsApp or Messenger sender of this account.',
  },
  63016: {
    meaning: 'Outside WhatsApp’s 24-hour window only templates are delivered.',
    remedy: 'Send an approved template by `contentSid`.',
  },
  63018: { meaning: 'The channel’s rate limit is exceeded.', remedy: 'Send more slowly.' },
  63024: { meaning: 'The recipient of the channel message is invalid.', remedy: 'Check that the number has WhatsApp.' },
  63038: {
    meaning: 'The account’s daily message limit is reached.',
    remedy: 'Wait until tomorrow, or upgrade the account.',
  },
  80506: { meaning: 'Proxy is closed to new customers.', remedy: 'Use Conversations or Flex instead.' },
};
