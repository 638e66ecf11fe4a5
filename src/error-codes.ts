/** Common Twilio error codes. `meaning` and `remedy` are one sentence each; Twilio's page on a code says more. */
export const ERROR_CODES: Readonly<Record<number, { meaning: string; remedy: string }>> = {
  10001: {
    meaning: 'The account or subaccount is suspended or closed.',
    remedy: 'Check balance and status; a suspended subaccount can be set active again.',
  },
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
  13224: {
    meaning: 'The number to dial is invalid, or Twilio cannot reach it.',
    remedy: 'Use E.164, and check that the number is in service.',
  },
  13225: {
    meaning: 'Twilio blocked the call as risky or forbidden.',
    remedy: 'Check the number; calls to +1 also need a Primary Customer Profile.',
  },
  13227: {
    meaning: 'Voice calls to this country are switched off.',
    remedy: 'Enable the country under Voice geographic permissions.',
  },
  20001: { meaning: 'A parameter is unknown or malformed.', remedy: 'Correct the argument that the message names.' },
  20003: {
    meaning: 'Twilio refused the credentials, or they may not do this.',
    remedy:
      'Check that API_KEY and API_SECRET belong together, to ACCOUNT_SID and to the region in use, and that the account is active.',
  },
  20005: { meaning: 'The account is not active.', remedy: 'Reactivate it, or the subaccount, in the Console.' },
  20006: {
    meaning: 'Access to this resource is denied.',
    remedy: 'Use a resource of this account and a key that may do this.',
  },
  20403: {
    meaning: 'The account may not do this, mostly because it is suspended or closed.',
    remedy: 'Check the account’s status and that the product is enabled.',
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
    meaning: 'Twilio blocked the call as risky or forbidden.',
    remedy: 'Check the number; calls to +1 also need a Primary Customer Profile.',
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
  21449: {
    meaning: 'The number can be used as caller id already.',
    remedy: 'Use it as `from`; nothing needs verifying.',
  },
  21450: {
    meaning: 'The number is verified as caller id already.',
    remedy: 'List the caller ids; nothing needs verifying.',
  },
  21452: {
    meaning: 'No numbers are available in this area code.',
    remedy: 'Search with another area code or without one.',
  },
  21477: { meaning: 'The status of a main account cannot change by API.', remedy: 'Give the SID of a subaccount.' },
  21479: { meaning: 'The subaccount is closed for good.', remedy: 'Create another.' },
  21601: { meaning: 'The sender cannot send SMS.', remedy: 'Send from a number with the SMS capability.' },
  21603: {
    meaning: 'No sender was given.',
    remedy:
      'Name one, `from` or `messagingServiceSid` (`From`, `MessagingServiceSid` in the API); TWILIO_PHONE_NUMBER is the default of tools.',
  },
  21606: {
    meaning: 'The sender is not an SMS-capable number of this account.',
    remedy: 'List the phone numbers and send from one of them.',
  },
  21608: {
    meaning: 'The recipient is not verified, and this account only reaches verified ones.',
    remedy: 'Verify the recipient in the Console, or upgrade the account and complete its compliance profile.',
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
  21615: { meaning: 'A number needs an address in its area.', remedy: 'Create a local address and give its SID.' },
  21617: { meaning: 'The body is longer than 1600 characters.', remedy: 'Shorten it or split it.' },
  21619: { meaning: 'A message needs a body, media or a content template.', remedy: 'Give one of them.' },
  21620: { meaning: 'A media URL is invalid.', remedy: 'Give a public http(s) URL.' },
  21623: { meaning: 'There are more than ten media files.', remedy: 'Send ten at most.' },
  21628: { meaning: 'The address cannot be found.', remedy: 'Correct its spelling.' },
  21629: {
    meaning: 'The address is not quite right, and a better one is suggested.',
    remedy: 'Use the suggested address, or allow automatic correction.',
  },
  21631: {
    meaning: 'A number needs an address that was not given.',
    remedy: 'Create an address in the country and give its SID.',
  },
  21635: { meaning: 'A landline takes no SMS.', remedy: 'Call instead, or use a mobile number.' },
  21649: { meaning: 'A number needs a regulatory bundle.', remedy: 'Have a bundle approved and give its SID.' },
  21656: {
    meaning: 'The template’s variables are invalid.',
    remedy: 'Give an object such as {"1": "Ada"}, without line breaks in values.',
  },
  21659: {
    meaning: 'The sender is no Twilio number, or a short code of another country.',
    remedy: 'Send from a number of the account.',
  },
  21701: { meaning: 'The Messaging Service does not exist.', remedy: 'List the services and use one of them.' },
  21703: {
    meaning: 'The Messaging Service has no number that can send this.',
    remedy: 'Add a number of the recipient’s country.',
  },
  21712: { meaning: 'The number belongs to another Messaging Service.', remedy: 'Remove it there first.' },
  30001: { meaning: 'The queue overflowed before the message was sent.', remedy: 'Send again, more slowly.' },
  30002: { meaning: 'The account was suspended between sending and delivery.', remedy: 'Contact Twilio support.' },
  30003: {
    meaning: 'The handset is unreachable: switched off, roaming or out of range.',
    remedy: 'Try again later; ask the recipient to check the phone.',
  },
  30004: {
    meaning: 'The recipient or carrier blocks this message.',
    remedy: 'Check for an opt-out, and that the number can receive messages.',
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
  30010: { meaning: 'The price is above the limit that was set.', remedy: 'Raise the maximum price.' },
  30022: {
    meaning: 'The carriers’ rate for the US A2P 10DLC campaign is exceeded.',
    remedy: 'Send more slowly, above all to one and the same number.',
  },
  30032: { meaning: 'The toll-free number is not verified.', remedy: 'Submit its toll-free verification.' },
  30033: { meaning: 'The US A2P 10DLC campaign is suspended.', remedy: 'Contact Twilio support.' },
  30034: {
    meaning: 'The US number is not registered for A2P 10DLC.',
    remedy: 'Add it to a Messaging Service with an approved campaign.',
  },
  30035: { meaning: 'The US number is still being registered for A2P 10DLC.', remedy: 'Wait until it is done.' },
  30036: { meaning: 'The message waited longer than its validity period.', remedy: 'Send again with a longer one.' },
  30038: {
    meaning: 'Twilio filtered a message that holds a one-time code.',
    remedy: 'Receive the code on another channel; Twilio numbers generally do not take others’ codes.',
  },
  30041: { meaning: 'The country asks for a registered sender.', remedy: 'Register the sender for that country.' },
  30044: {
    meaning: 'The message is longer than a trial account may send.',
    remedy: 'Shorten it, or upgrade the account.',
  },
  30409: {
    meaning: 'The message cannot be canceled any more.',
    remedy: 'Read its status; only scheduled messages can be canceled.',
  },
  30450: {
    meaning: 'The recipient’s prefix is blocked as protection from SMS pumping.',
    remedy: 'Check the number; allow it in SMS pumping protection if it is genuine.',
  },
  32011: { meaning: 'Twilio cannot reach the SIP server.', remedy: 'Check its host, port, firewall and TLS.' },
  32201: { meaning: 'The SIP request’s IP address is not allowed.', remedy: 'Add it to the IP access control list.' },
  35114: { meaning: 'The time to send is out of range.', remedy: 'Give a time 5 minutes to 35 days ahead.' },
  54006: { meaning: 'The Sync data are larger than 16 KB.', remedy: 'Store less, or spread it over several items.' },
  54103: {
    meaning: 'The Sync document was changed by somebody else.',
    remedy: 'Read it again and use its new revision.',
  },
  54205: {
    meaning: 'The Sync map item was changed by somebody else.',
    remedy: 'Read it again and use its new revision.',
  },
  54208: { meaning: 'A Sync map item with this key exists already.', remedy: 'Update it, or choose another key.' },
  54301: { meaning: 'A Sync object with this unique name exists already.', remedy: 'Use it, or choose another name.' },
  60200: {
    meaning: 'A parameter of the verification is invalid.',
    remedy: 'Use E.164 for numbers, and a channel that the tool lists.',
  },
  60202: {
    meaning: 'The code was checked five times.',
    remedy: 'Wait until the verification expires, ten minutes after its start, then start a new one.',
  },
  60203: {
    meaning: 'Five codes were sent to this recipient.',
    remedy: 'Check one of them, cancel the verification, or wait until it expires, ten minutes after its start.',
  },
  60205: { meaning: 'The number is a landline and takes no SMS.', remedy: 'Use the channel `call`.' },
  60238: {
    meaning: 'Twilio blocked the verification.',
    remedy: 'Use another recipient; an account under review waits up to 72 hours.',
  },
  60410: {
    meaning: 'Verify blocked this prefix for 12 hours as likely fraud.',
    remedy: 'Wait, or put a genuine number on the safe list.',
  },
  60605: {
    meaning: 'Verify is switched off for this country.',
    remedy: 'Enable it under Verify geographic permissions.',
  },
  63003: {
    meaning: 'The recipient is unknown to the channel.',
    remedy: 'Check that the number has WhatsApp, or use SMS.',
  },
  63005: {
    meaning: 'The channel rejected the content.',
    remedy: 'Check text, media and template against the channel’s rules.',
  },
  60600: {
    meaning: 'Lookup has no coverage for this number.',
    remedy: 'Do not repeat it; use another package or another check.',
  },
  60601: {
    meaning: 'Canadian line types need a permission of Twilio’s.',
    remedy: 'Ask Twilio for access to the Canadian numbering data.',
  },
  60606: {
    meaning: 'The account is not enabled for this Lookup package.',
    remedy: 'Ask Twilio to enable it; do without it meanwhile.',
  },
  60620: {
    meaning: 'The carrier told nothing complete of SIM changes.',
    remedy: 'Do not repeat it; verify the person in another way.',
  },
  63007: {
    meaning: 'The sender is not enabled for this channel.',
    remedy: 'Use a registered WhatsApp or Messenger sender of this account.',
  },
  63014: { meaning: 'The recipient has blocked the sender.', remedy: 'Do not message them until they write again.' },
  63015: {
    meaning: 'The WhatsApp sandbox only reaches people who have joined it.',
    remedy: 'Have the recipient send the join phrase first.',
  },
  63016: {
    meaning: 'Outside WhatsApp’s 24-hour window only templates are delivered.',
    remedy: 'Send an approved template by `contentSid`.',
  },
  63018: { meaning: 'The channel’s rate limit is exceeded.', remedy: 'Send more slowly.' },
  63019: {
    meaning: 'The channel could not fetch the media.',
    remedy: 'Give a public URL that answers with the right content type.',
  },
  63021: {
    meaning: 'The content is not valid for the channel.',
    remedy: 'Check the media type and the length of the text.',
  },
  63024: { meaning: 'The recipient of the channel message is invalid.', remedy: 'Check that the number has WhatsApp.' },
  63027: {
    meaning: 'The template does not exist in this language.',
    remedy: 'List the templates and use an approved one.',
  },
  63028: { meaning: 'The template takes another number of variables.', remedy: 'Give as many as the template has.' },
  63038: {
    meaning: 'The account has sent as many messages as it may in 24 hours.',
    remedy: 'Wait for the window to move on, or ask Twilio support for more.',
  },
  63049: { meaning: 'Meta chose not to deliver this marketing message.', remedy: 'Do not repeat it soon.' },
  70051: {
    meaning: 'The key is not authorized for this resource.',
    remedy: 'Give the restricted key the permission, or use a main key.',
  },
  80506: { meaning: 'Proxy takes no new customers.', remedy: 'Use Conversations or Flex instead.' },
  81016: {
    meaning: 'An HTTP request of a Studio flow failed.',
    remedy: 'Check that its URL is right and answers in time.',
  },
  81017: { meaning: 'A Function that a Studio flow calls failed.', remedy: 'Read the Function’s log.' },
  81022: {
    meaning: 'The Studio flow’s definition is invalid.',
    remedy: 'Validate it and correct what the details name.',
  },
  82001: { meaning: 'A Function answered with a 4xx status.', remedy: 'Check its URL, its access and its parameters.' },
  82002: { meaning: 'A Function failed or timed out.', remedy: 'Read its log.' },
};
