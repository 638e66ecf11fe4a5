/** Common Twilio error codes, from https://www.twilio.com/docs/errors/<code>; one sentence for each meaning and remedy. */
export const ERROR_CODES: Readonly<Record<number, { meaning: string; remedy: string }>> = {
  10001: {
    meaning: 'The account or subaccount is suspended or closed.',
    remedy: 'Check the balance and the status; a suspended subaccount can be reactivated.',
  },
  11200: {
    meaning: 'Twilio could not fetch the webhook URL.',
    remedy: 'Check that the URL is public and responds within 15 seconds.',
  },
  11205: {
    meaning: 'Twilio could not connect to the webhook host.',
    remedy: 'Check the host, its firewall and its TLS port.',
  },
  11210: { meaning: 'The host name of the webhook does not resolve.', remedy: 'Correct the host in the URL.' },
  11220: {
    meaning: 'The TLS handshake with the webhook failed.',
    remedy: 'Use a certificate from a public authority and TLS 1.2 or later.',
  },
  11750: { meaning: 'The TwiML response was larger than 64 KB.', remedy: 'Return less TwiML.' },
  12100: {
    meaning: 'The TwiML document could not be parsed.',
    remedy: 'Return well-formed XML with a <Response> root.',
  },
  12200: {
    meaning: 'The TwiML contains an element or attribute that is not allowed there.',
    remedy: 'Compare it with the TwiML reference.',
  },
  12300: { meaning: 'The webhook returned a content type that Twilio does not accept.', remedy: 'Return text/xml.' },
  13224: {
    meaning: 'The number to dial is invalid, or Twilio cannot reach it.',
    remedy: 'Use E.164, and check that the number is in service.',
  },
  13225: {
    meaning: 'Twilio blocked the call as risky or forbidden.',
    remedy: 'Check the number; calls to +1 also need a Primary Customer Profile.',
  },
  13227: {
    meaning: 'Voice calls to this country are disabled.',
    remedy: 'Enable the country under Voice geographic permissions.',
  },
  20001: { meaning: 'A parameter is unknown or malformed.', remedy: 'Correct the argument named in the message.' },
  20003: {
    meaning: 'Twilio rejected the credentials, or they lack the permission for this request.',
    remedy:
      'Check that API_KEY and API_SECRET belong together, to ACCOUNT_SID and to the region in use, and that the account is active.',
  },
  20005: { meaning: 'The account is not active.', remedy: 'Reactivate it, or the subaccount, in the Console.' },
  20006: {
    meaning: 'Access to this resource is denied.',
    remedy: 'Use a resource of this account and a key with the required permission.',
  },
  20403: {
    meaning: 'The account may not do this, usually because it is suspended or closed.',
    remedy: 'Check the account’s status, and that the product is enabled.',
  },
  20404: {
    meaning: 'No resource with this ID exists in this account.',
    remedy: 'List first and use an ID from the list; deleted resources are gone.',
  },
  20409: {
    meaning: 'The resource already exists, or another request changed it at the same time.',
    remedy: 'Read it before you retry.',
  },
  20422: { meaning: 'A parameter is invalid.', remedy: 'Correct the argument named in the message.' },
  20429: { meaning: 'Too many requests at the same time.', remedy: 'Wait a few seconds and send requests less often.' },
  20500: { meaning: 'Twilio had an internal error.', remedy: 'Check status.twilio.com and try again later.' },
  20503: { meaning: 'Twilio is temporarily unavailable.', remedy: 'Check status.twilio.com and try again later.' },
  21210: {
    meaning: 'The caller ID is neither owned nor verified.',
    remedy: 'Call from a number of the account, or verify this one first.',
  },
  21211: {
    meaning: 'The recipient is not a valid phone number.',
    remedy: 'Use E.164: a plus, country code and number, such as +15551234567.',
  },
  21212: {
    meaning: 'The sender is not a valid number or sender ID.',
    remedy: 'Use a number of the account in E.164, or a Messaging Service.',
  },
  21214: { meaning: 'The number cannot be called.', remedy: 'Check the number; it may be out of service.' },
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
    meaning: 'The number is not verified, and trial accounts can reach only verified numbers.',
    remedy: 'Verify it in the Console, or upgrade the account.',
  },
  21220: {
    meaning: 'The call is not in progress.',
    remedy: 'Check its status first; only a call in progress can be redirected or ended.',
  },
  21408: {
    meaning: 'Messages to this region are disabled.',
    remedy: 'Enable the country under Messaging geographic permissions.',
  },
  21421: {
    meaning: 'The phone number to buy is invalid.',
    remedy: 'Search for available numbers and use one of the results.',
  },
  21422: { meaning: 'The phone number is no longer available.', remedy: 'Search again and buy another.' },
  21449: {
    meaning: 'The number can already be used as a caller ID.',
    remedy: 'Use it as `from`; no verification is needed.',
  },
  21450: {
    meaning: 'The number is already verified as a caller ID.',
    remedy: 'List the caller IDs; no verification is needed.',
  },
  21452: {
    meaning: 'No numbers are available in this area code.',
    remedy: 'Search with another area code or without one.',
  },
  21477: {
    meaning: 'The status of a main account cannot be changed through the API.',
    remedy: 'Use the SID of a subaccount.',
  },
  21479: { meaning: 'The subaccount is permanently closed.', remedy: 'Create a new one.' },
  21601: { meaning: 'The sender cannot send SMS.', remedy: 'Send from a number with the SMS capability.' },
  21603: {
    meaning: 'No sender was given.',
    remedy:
      'Pass `from` or `messagingServiceSid` (in the API, `From` or `MessagingServiceSid`); tools default to TWILIO_PHONE_NUMBER.',
  },
  21606: {
    meaning: 'The sender is not an SMS-capable number of this account.',
    remedy: 'List the phone numbers and send from one of them.',
  },
  21608: {
    meaning: 'The recipient is not verified, and this account can reach only verified ones.',
    remedy: 'Verify the recipient in the Console, or upgrade the account and complete its compliance profile.',
  },
  21610: { meaning: 'The recipient has opted out (STOP).', remedy: 'Do not message them until they reply START.' },
  21611: {
    meaning: 'The sender has too many messages queued.',
    remedy: 'Wait until the queue drains, or send from a Messaging Service with more numbers.',
  },
  21612: {
    meaning: 'This sender cannot reach this recipient.',
    remedy: 'Send from another number, if possible of the same country.',
  },
  21614: {
    meaning: 'The recipient is not a mobile number.',
    remedy: 'Look up the number; landlines cannot receive SMS.',
  },
  21615: { meaning: 'The number requires an address in its area.', remedy: 'Create a local address and pass its SID.' },
  21617: { meaning: 'The body is longer than 1600 characters.', remedy: 'Shorten or split it.' },
  21619: { meaning: 'A message needs a body, media or a content template.', remedy: 'Pass one of them.' },
  21620: { meaning: 'A media URL is invalid.', remedy: 'Use a public http(s) URL.' },
  21623: { meaning: 'There are more than ten media files.', remedy: 'Send at most ten.' },
  21628: { meaning: 'The address cannot be found.', remedy: 'Correct its spelling.' },
  21629: {
    meaning: 'The address is not exact, and Twilio suggests a correction.',
    remedy: 'Use the suggested address, or allow automatic correction.',
  },
  21631: {
    meaning: 'The number requires an address, and none was given.',
    remedy: 'Create an address in the country and pass its SID.',
  },
  21635: { meaning: 'Landlines cannot receive SMS.', remedy: 'Call instead, or use a mobile number.' },
  21649: { meaning: 'The number requires a regulatory bundle.', remedy: 'Get a bundle approved and pass its SID.' },
  21656: {
    meaning: 'The template’s variables are invalid.',
    remedy: 'Pass an object such as {"1": "Ada"}, without line breaks in values.',
  },
  21659: {
    meaning: 'The sender is not a Twilio number, or it is a short code of another country.',
    remedy: 'Send from a number of the account.',
  },
  21701: { meaning: 'The Messaging Service does not exist.', remedy: 'List the services and use one of them.' },
  21703: {
    meaning: 'The Messaging Service has no number that can send this.',
    remedy: 'Add a number of the recipient’s country.',
  },
  21712: { meaning: 'The number belongs to another Messaging Service.', remedy: 'Remove it there first.' },
  30001: { meaning: 'The queue overflowed before the message was sent.', remedy: 'Send again at a lower rate.' },
  30002: { meaning: 'The account was suspended between sending and delivery.', remedy: 'Contact Twilio support.' },
  30003: {
    meaning: 'The handset is unreachable: switched off, roaming or out of range.',
    remedy: 'Try again later; ask the recipient to check the phone.',
  },
  30004: {
    meaning: 'The recipient or carrier blocks this message.',
    remedy: 'Check for an opt-out, and that the number can receive messages.',
  },
  30005: { meaning: 'The number is unknown or no longer in service.', remedy: 'Look up the number and correct it.' },
  30006: {
    meaning: 'The number is a landline or its carrier is unreachable.',
    remedy: 'Look up the line type, or call instead.',
  },
  30007: {
    meaning: 'A carrier filtered the message as unwanted.',
    remedy: 'Change the wording, avoid shortened links, and register the sender (A2P 10DLC, toll-free verification).',
  },
  30008: {
    meaning: 'Delivery failed, and the carrier gave no reason.',
    remedy: 'Send once more; if it fails again, contact Twilio support with the message SIDs.',
  },
  30010: { meaning: 'The price exceeds the limit that was set.', remedy: 'Raise the maximum price.' },
  30022: {
    meaning: 'The carriers’ rate limit for the US A2P 10DLC campaign is exceeded.',
    remedy: 'Send more slowly, especially to the same number.',
  },
  30032: { meaning: 'The toll-free number is not verified.', remedy: 'Submit its toll-free verification.' },
  30033: { meaning: 'The US A2P 10DLC campaign is suspended.', remedy: 'Contact Twilio support.' },
  30034: {
    meaning: 'The US number is not registered for A2P 10DLC.',
    remedy: 'Add it to a Messaging Service with an approved campaign.',
  },
  30035: {
    meaning: 'The US number is still being registered for A2P 10DLC.',
    remedy: 'Wait until the registration is complete.',
  },
  30036: {
    meaning: 'The message was queued for longer than its validity period.',
    remedy: 'Send it again with a longer period.',
  },
  30038: {
    meaning: 'Twilio filtered a message that contains a one-time code.',
    remedy: 'Receive the code on another channel; Twilio numbers generally cannot receive codes from other companies.',
  },
  30041: { meaning: 'The country requires a registered sender.', remedy: 'Register the sender for that country.' },
  30044: {
    meaning: 'The message is longer than a trial account may send.',
    remedy: 'Shorten it, or upgrade the account.',
  },
  30409: {
    meaning: 'The message can no longer be canceled.',
    remedy: 'Check its status; only scheduled messages can be canceled.',
  },
  30450: {
    meaning: 'The recipient’s prefix is blocked to prevent SMS pumping.',
    remedy: 'Check the number; if it is genuine, allow it in SMS pumping protection.',
  },
  32011: { meaning: 'Twilio cannot reach the SIP server.', remedy: 'Check its host, port, firewall and TLS.' },
  32201: { meaning: 'The SIP request’s IP address is not allowed.', remedy: 'Add it to the IP access control list.' },
  35114: { meaning: 'The scheduled time is out of range.', remedy: 'Schedule the message 5 minutes to 35 days ahead.' },
  54006: { meaning: 'The Sync data is larger than 16 KB.', remedy: 'Store less, or split it across several items.' },
  54103: {
    meaning: 'Another client changed the Sync document.',
    remedy: 'Read it again and use its new revision.',
  },
  54205: {
    meaning: 'Another client changed the Sync map item.',
    remedy: 'Read it again and use its new revision.',
  },
  54208: { meaning: 'A Sync map item with this key already exists.', remedy: 'Update it, or choose another key.' },
  54301: { meaning: 'A Sync object with this unique name already exists.', remedy: 'Use it, or choose another name.' },
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
  60205: { meaning: 'The number is a landline and cannot receive SMS.', remedy: 'Use the channel `call`.' },
  60238: {
    meaning: 'Twilio blocked the verification.',
    remedy: 'Use another recipient; if the account is under review, wait up to 72 hours.',
  },
  60410: {
    meaning: 'Verify blocked this prefix for 12 hours as likely fraud.',
    remedy: 'Wait, or add the number to the safe list if it is genuine.',
  },
  60600: {
    meaning: 'Lookup has no coverage for this number.',
    remedy: 'Do not retry; use another package or another check.',
  },
  60601: {
    meaning: 'Canadian line types require permission from Twilio.',
    remedy: 'Ask Twilio for access to the Canadian numbering data.',
  },
  60605: {
    meaning: 'Verify is disabled for this country.',
    remedy: 'Enable it under Verify geographic permissions.',
  },
  60606: {
    meaning: 'The account is not enabled for this Lookup package.',
    remedy: 'Ask Twilio to enable it; continue without it until then.',
  },
  60620: {
    meaning: 'The carrier returned no complete data on SIM changes.',
    remedy: 'Do not retry; verify the person in another way.',
  },
  63003: {
    meaning: 'The recipient is unknown to the channel.',
    remedy: 'Check that the number has WhatsApp, or use SMS.',
  },
  63005: {
    meaning: 'The channel rejected the content.',
    remedy: 'Check the text, media and template against the channel’s rules.',
  },
  63007: {
    meaning: 'The sender is not enabled for this channel.',
    remedy: 'Use a registered WhatsApp or Messenger sender of this account.',
  },
  63014: { meaning: 'The recipient has blocked the sender.', remedy: 'Do not message them until they write again.' },
  63015: {
    meaning: 'The WhatsApp sandbox can reach only people who have joined it.',
    remedy: 'Ask the recipient to send the join phrase first.',
  },
  63016: {
    meaning: 'Outside WhatsApp’s 24-hour window, only templates are delivered.',
    remedy: 'Send an approved template with `contentSid`.',
  },
  63018: { meaning: 'The channel’s rate limit is exceeded.', remedy: 'Send more slowly.' },
  63019: {
    meaning: 'The channel could not fetch the media.',
    remedy: 'Use a public URL that returns the right content type.',
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
  63028: {
    meaning: 'The template expects a different number of variables.',
    remedy: 'Pass as many as the template has.',
  },
  63038: {
    meaning: 'The account has reached its limit of messages in 24 hours.',
    remedy: 'Wait for the 24-hour window to move on, or ask Twilio support for a higher limit.',
  },
  63049: { meaning: 'Meta chose not to deliver this marketing message.', remedy: 'Do not retry soon.' },
  70051: {
    meaning: 'The key is not authorized for this resource.',
    remedy: 'Give the restricted key the permission, or use a main key.',
  },
  80506: { meaning: 'Proxy is closed to new customers.', remedy: 'Use Conversations or Flex instead.' },
  81016: {
    meaning: 'An HTTP request of a Studio flow failed.',
    remedy: 'Check that its URL is correct and responds in time.',
  },
  81017: { meaning: 'A Function called by a Studio flow failed.', remedy: 'Read the Function’s log.' },
  81022: {
    meaning: 'The Studio flow’s definition is invalid.',
    remedy: 'Validate it and correct the errors that the details list.',
  },
  82001: { meaning: 'A Function returned a 4xx status.', remedy: 'Check its URL, its access and its parameters.' },
  82002: { meaning: 'A Function failed or timed out.', remedy: 'Read its log.' },
};
