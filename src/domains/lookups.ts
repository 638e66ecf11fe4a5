import type { PhoneNumberInstance } from 'twilio/lib/rest/lookups/v2/phoneNumber';
import * as z from 'zod';
import { describeError, withMeaning } from '../errors';
import { country, e164, pathName, sid, someOf, string } from '../params';
import { domain, tool } from '../tool';
import { usageRecords } from './usage';

const compactDay = (description: string) =>
  z
    .string()
    .regex(/^\d{8}$/, 'must be a day as YYYYMMDD')
    .describe(description);

/** The packages that tell of fraud, with their field in the answer and their list price. */
const CHECKS = {
  line_type_intelligence: { field: 'lineTypeIntelligence', cost: 'about 1 US cent' },
  sms_pumping_risk: { field: 'smsPumpingRisk', cost: 'a few US cents' },
  sim_swap: { field: 'simSwap', cost: 'a few US cents, by country' },
  call_forwarding: { field: 'callForwarding', cost: 'a few US cents, by country' },
  line_status: { field: 'lineStatus', cost: 'a few US cents, by country' },
} as const;
type Check = keyof typeof CHECKS;
const DEFAULT_CHECKS: readonly Check[] = ['line_type_intelligence', 'sms_pumping_risk', 'sim_swap'];

const RISKS = ['high', 'medium', 'low'] as const;
type Risk = (typeof RISKS)[number];
/** What a package says of fraud; without a risk where it says nothing, and why. */
interface Finding {
  risk?: Risk;
  words: string;
}

const NO_DATA: Finding = { words: 'Twilio has no data on this number.' };

/** Line types that a person with good intentions seldom has; the others are low. */
const RISKY_LINES: Readonly<Record<string, Risk>> = {
  nonFixedVoip: 'medium',
  personal: 'medium',
  pager: 'medium',
  voicemail: 'medium',
  uan: 'medium',
  sharedCost: 'high',
  premium: 'high',
};

/** What the answer of each package means. */
const JUDGES: Readonly<Record<Check, (number: PhoneNumberInstance) => Finding>> = {
  line_type_intelligence: ({ lineTypeIntelligence: { type, carrierName } }) =>
    type
      ? { risk: RISKY_LINES[type] ?? 'low', words: `line type ${type}, carrier ${carrierName ?? 'unknown'}` }
      : NO_DATA,
  sms_pumping_risk: ({ smsPumpingRisk: pumping }) => {
    const { smsPumpingRiskScore: score, carrierRiskCategory: carrier } = pumping;
    if (typeof score !== 'number') return NO_DATA;
    const words = `SMS pumping score ${score} of 100, carrier risk ${carrier ?? 'unknown'}`;
    if (pumping.numberBlocked) return { risk: 'high', words: `${words}, blocked by Fraud Guard` };
    if (score >= 90) return { risk: 'high', words };
    const doubtful = score >= 60 || pumping.numberBlockedLast3Months || carrier === 'high';
    return { risk: doubtful ? 'medium' : 'low', words };
  },
  sim_swap: ({ simSwap: { lastSimSwap } }) => {
    // The client promises camelCase here, and hands on what Twilio sent.
    const swap = lastSimSwap as unknown as { swapped_in_period?: boolean; swapped_period?: string } | undefined;
    if (typeof swap?.swapped_in_period !== 'boolean') return NO_DATA;
    return swap.swapped_in_period
      ? { risk: 'high', words: `SIM changed within ${swap.swapped_period}` }
      : { risk: 'low', words: `SIM not changed within ${swap.swapped_period}` };
  },
  call_forwarding: ({ callForwarding: { callForwardingEnabled: forwarded } }) => {
    if (typeof forwarded !== 'boolean') return NO_DATA;
    return forwarded
      ? { risk: 'medium', words: 'calls are forwarded: a spoken code may reach somebody else' }
      : { risk: 'low', words: 'calls are not forwarded' };
  },
  line_status: ({ lineStatus: { status } }) =>
    status
      ? { risk: /^(inactive|unreachable)$/i.test(status) ? 'medium' : 'low', words: `line is ${status.toLowerCase()}` }
      : NO_DATA,
};

function finding(check: Check, answer: PromiseSettledResult<PhoneNumberInstance>): Finding {
  if (answer.status === 'rejected') {
    const words = describeError(answer.reason, { effect: 'read' });
    if (words === undefined) throw answer.reason;
    return { words };
  }
  const found = answer.value[CHECKS[check].field];
  if (!found) return NO_DATA;
  if (!found.errorCode) return JUDGES[check](answer.value);
  const { errorMeaning, errorRemedy } = withMeaning({ errorCode: found.errorCode });
  return { words: [`Twilio error ${found.errorCode}.`, errorMeaning, errorRemedy].filter((part) => part).join(' ') };
}

export const lookups = domain({
  service: 'Lookups',
  summary: 'Check and format phone numbers, find out whose and of what kind they are, and how likely fraud is.',
  instructions:
    'validate_phone_number is free and tells whether a number can exist. Everything else is paid, each package for itself: ask with ' +
    'lookup_phone_number for what you need, or let check_fraud_risk judge. What it cost: get_usage_records, category lookups.',
  tools: [
    tool({
      name: 'twilio_lookups_validate_phone_number',
      title: 'Validate phone number',
      description:
        'Check and format a phone number, for free. Whose it is and of what kind: lookup_phone_number, for a fee.',
      effect: 'read',
      operations: ['lookups_v2:FetchPhoneNumber'],
      input: () => ({
        phoneNumber: pathName('Such as +15551234567, or national digits with countryCode'),
        countryCode: country('Country of national digits, default US').optional(),
      }),
      run: ({ phoneNumber, countryCode }, { twilio }) =>
        twilio.lookups.v2.phoneNumbers(phoneNumber).fetch({ countryCode }),
      returns: ['phoneNumber', 'valid', 'validationErrors', 'nationalFormat', 'countryCode', 'callingCountryCode'],
    }),
    tool({
      name: 'twilio_lookups_lookup_phone_number',
      title: 'Look up phone number',
      description:
        'Fetch paid packages on a phone number: line type and caller name cost about 1 US cent each, identity match about 10, the others a few, by country. ' +
        'Some must be enabled by Twilio first. Without fields it is free. For a verdict use check_fraud_risk.',
      effect: 'spend',
      checkWith: usageRecords.name,
      operations: ['lookups_v2:FetchPhoneNumber'],
      input: () => ({
        phoneNumber: e164('Number'),
        fields: someOf('Packages, each paid', [
          'line_type_intelligence',
          'caller_name',
          'line_status',
          'sim_swap',
          'call_forwarding',
          'sms_pumping_risk',
          'identity_match',
          'reassigned_number',
          'phone_number_quality_score',
          'pre_fill',
        ]).optional(),
        firstName: string('For identity_match, as all up to dateOfBirth', 100).optional(),
        lastName: string('Last name', 100).optional(),
        addressLine1: string('Street', 200).optional(),
        addressLine2: string('Further address', 200).optional(),
        city: string('City', 100).optional(),
        state: string('State or province', 100).optional(),
        postalCode: string('Postal code', 20).optional(),
        addressCountryCode: country('Country of the address').optional(),
        nationalId: string('National ID', 50).optional(),
        dateOfBirth: compactDay('YYYYMMDD').optional(),
        lastVerifiedDate: compactDay('For reassigned_number: day of last consent, YYYYMMDD').optional(),
        verificationSid: sid('VE', 'For pre_fill: approved verification').optional(),
        partnerSubId: string('For sms_pumping_risk: your customer', 100).optional(),
      }),
      run: ({ phoneNumber, fields, ...data }, { twilio }) =>
        twilio.lookups.v2.phoneNumbers(phoneNumber).fetch({ ...data, fields: fields?.join(',') }),
      returns: [
        'phoneNumber',
        'valid',
        'validationErrors',
        'nationalFormat',
        'countryCode',
        'lineTypeIntelligence',
        'callerName',
        'lineStatus',
        'simSwap',
        'callForwarding',
        'smsPumpingRisk',
        'identityMatch',
        'reassignedNumber',
        'phoneNumberQualityScore',
        'preFill',
      ],
      untrusted: ['callerName', 'preFill'],
    }),
    tool({
      name: 'twilio_lookups_check_fraud_risk',
      title: 'Check fraud risk of a number',
      description:
        'Judge how likely a phone number is used for fraud: a verdict (low, medium, high, unknown), its reasons, and what was missing. ' +
        'Each check is paid: line type about 1 US cent, the others a few, by country. An invalid number costs nothing.',
      effect: 'spend',
      checkWith: usageRecords.name,
      operations: ['lookups_v2:FetchPhoneNumber'],
      input: () => ({
        phoneNumber: e164('Number'),
        checks: someOf(`Default ${DEFAULT_CHECKS.join(', ')}`, Object.keys(CHECKS) as [Check, ...Check[]]).optional(),
      }),
      run: async ({ phoneNumber, checks = DEFAULT_CHECKS }, { twilio }) => {
        const number = twilio.lookups.v2.phoneNumbers(phoneNumber);
        const { valid, validationErrors } = await number.fetch();
        if (!valid) {
          return {
            phoneNumber,
            valid,
            verdict: 'high',
            reasons: [`high: not a valid number: ${validationErrors?.join(', ')}`],
          };
        }
        // One request each, so that a package that is refused does not take the others with it.
        const wanted = [...new Set(checks)];
        const answers = await Promise.allSettled(wanted.map((fields) => number.fetch({ fields })));
        const findings = wanted.map((check, at) => ({ check, ...finding(check, answers[at]!) }));
        const ranked = RISKS.flatMap((risk) => findings.filter((one) => one.risk === risk));
        const missing = findings.filter((one) => one.risk === undefined);
        return {
          phoneNumber,
          valid,
          verdict: ranked[0]?.risk ?? 'unknown',
          reasons: ranked.map(({ check, risk, words }) => `${risk}: ${words} (${check})`),
          missing: missing.length > 0 ? missing.map(({ check, words }) => `${check}: ${words}`) : undefined,
          costs: ranked.map(({ check }) => `${check}: ${CHECKS[check].cost}`),
        };
      },
      returns: ['phoneNumber', 'valid', 'verdict', 'reasons', 'missing', 'costs'],
    }),
    usageRecords,
  ],
});
