import type { Twilio } from 'twilio';
import type { PhoneNumberInstance } from 'twilio/lib/rest/lookups/v2/phoneNumber';
import * as z from 'zod';
import { describeCode } from '../error-codes';
import { attempt } from '../errors';
import { country, e164, pathName, sid, someOf, string, words } from '../params';
import { domain, reads, spends, tool } from '../tool';
import { usageRecords } from './usage';

const compactDay = (description: string) =>
  z
    .string()
    .regex(/^\d{8}$/, 'must be a day as YYYYMMDD')
    .describe(`${description} (YYYYMMDD)`);

/** The packages that indicate fraud, with their field in the response and their list price. */
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
/** The risk that a package indicates, and why; `risk` is absent if the package has no data. */
interface Finding {
  risk?: Risk;
  reason: string;
}

const NO_DATA: Finding = { reason: 'Twilio has no data on this number.' };

/** Line types that are rare among legitimate users; all others have low risk. */
const RISKY_LINES: Readonly<Record<string, Risk>> = {
  nonFixedVoip: 'medium',
  personal: 'medium',
  pager: 'medium',
  voicemail: 'medium',
  uan: 'medium',
  sharedCost: 'high',
  premium: 'high',
};

/** Rates the response of each package. */
const ASSESSMENTS: Readonly<Record<Check, (number: PhoneNumberInstance) => Finding>> = {
  line_type_intelligence: ({ lineTypeIntelligence: { type, carrierName } }) =>
    type
      ? { risk: RISKY_LINES[type] ?? 'low', reason: `line type ${type}, carrier ${carrierName ?? 'unknown'}` }
      : NO_DATA,
  sms_pumping_risk: ({ smsPumpingRisk: pumping }) => {
    const { smsPumpingRiskScore: score, carrierRiskCategory: carrier } = pumping;
    if (typeof score !== 'number') return NO_DATA;
    const reason = `SMS pumping score ${score} of 100, carrier risk ${carrier ?? 'unknown'}`;
    if (pumping.numberBlocked) return { risk: 'high', reason: `${reason}, blocked by Fraud Guard` };
    if (score >= 90) return { risk: 'high', reason };
    const suspicious = score >= 60 || pumping.numberBlockedLast3Months || carrier === 'high';
    return { risk: suspicious ? 'medium' : 'low', reason };
  },
  sim_swap: ({ simSwap: { lastSimSwap } }) => {
    // The client declares camelCase here, but passes on what Twilio sent.
    const swap = lastSimSwap as unknown as { swapped_in_period?: boolean; swapped_period?: string } | undefined;
    if (typeof swap?.swapped_in_period !== 'boolean') return NO_DATA;
    return swap.swapped_in_period
      ? { risk: 'high', reason: `SIM changed within ${swap.swapped_period}` }
      : { risk: 'low', reason: `SIM not changed within ${swap.swapped_period}` };
  },
  call_forwarding: ({ callForwarding: { callForwardingEnabled: forwarded } }) => {
    if (typeof forwarded !== 'boolean') return NO_DATA;
    return forwarded
      ? { risk: 'medium', reason: 'calls are forwarded: a spoken code may reach someone else' }
      : { risk: 'low', reason: 'calls are not forwarded' };
  },
  line_status: ({ lineStatus: { status } }) =>
    status
      ? { risk: /^(inactive|unreachable)$/i.test(status) ? 'medium' : 'low', reason: `line is ${status.toLowerCase()}` }
      : NO_DATA,
};

/**
 * The Lookup API. Its client reads `call_forwarding_enabled`, as Twilio's API description says; Twilio's documentation and
 * answers have `call_forwarding_status`.
 */
function lookupOf({ lookups: { v2 } }: Twilio) {
  const fetch = v2.fetch.bind(v2);
  v2.fetch = async (options) => {
    const number = await fetch(options);
    const forwarding = number.call_forwarding;
    const status = forwarding?.call_forwarding_status ?? forwarding?.CallForwardingStatus;
    if (/^(true|false)$/i.test(status)) forwarding.call_forwarding_enabled ??= /true/i.test(status);
    return number;
  };
  return v2;
}

const CHARGED = { ifUnknown: 'It may have been charged, and repeating it may be charged again.' };

async function findingOf(check: Check, request: Promise<PhoneNumberInstance>): Promise<Finding> {
  const { value: number, missing } = await attempt(request, { effect: 'spend', ...CHARGED });
  if (missing !== undefined) return { reason: missing };
  const found = number[CHECKS[check].field];
  if (!found) return NO_DATA;
  if (!found.errorCode) return ASSESSMENTS[check](number);
  const { meaning, remedy } = describeCode(Number(found.errorCode)) ?? {};
  return { reason: [`Twilio error ${found.errorCode}.`, meaning, remedy].filter((part) => part).join(' ') };
}

export const lookups = domain({
  service: 'Lookups',
  summary: 'Validate and format phone numbers, look up their line type and caller name, and rate their fraud risk.',
  instructions:
    'validate_phone_number is free and shows whether a number can exist. Everything else is charged per package: fetch only what you need ' +
    'with lookup_phone_number, or let check_fraud_risk rate the number. For the cost see get_usage_records, category lookups.',
  tools: [
    tool({
      name: 'twilio_lookups_validate_phone_number',
      title: 'Validate phone number',
      description:
        'Validate and format a phone number, for free. For its line type, caller name and more use lookup_phone_number, which is charged.',
      ...reads('lookups_v2:FetchPhoneNumber'),
      input: () => ({
        phoneNumber: pathName('Number as people write it, such as (415) 555-0177', (number) =>
          number.replace(/^tel:|[\s()./\p{Pd}]/gu, ''),
        ),
        countryCode: country('Country of a number without +; default US').optional(),
      }),
      run: ({ phoneNumber, countryCode }, { twilio }) =>
        twilio.lookups.v2.phoneNumbers(phoneNumber).fetch({ countryCode }),
      returns: ['phoneNumber', 'valid', 'validationErrors', 'nationalFormat', 'countryCode', 'callingCountryCode'],
    }),
    tool({
      name: 'twilio_lookups_lookup_phone_number',
      title: 'Look up phone number',
      description:
        'Fetch data packages on a phone number, each charged: line type and caller name about 1 US cent each, identity match about 10, the others a few, ' +
        'by country. Twilio must enable some of them first. Free without fields. For a verdict on fraud use check_fraud_risk.',
      ...spends(CHARGED, 'lookups_v2:FetchPhoneNumber'),
      input: () => ({
        phoneNumber: e164('Number to look up'),
        fields: someOf(
          'Packages to fetch, each charged',
          words(
            'line_type_intelligence caller_name line_status sim_swap call_forwarding sms_pumping_risk identity_match reassigned_number phone_number_quality_score pre_fill',
          ),
        ).optional(),
        firstName: string('First name to compare; all values to compare are for "identity_match"', 100).optional(),
        lastName: string('Last name to compare', 100).optional(),
        addressLine1: string('Street address to compare', 200).optional(),
        addressLine2: string('Second address line to compare', 200).optional(),
        city: string('City to compare', 100).optional(),
        state: string('State or province to compare', 100).optional(),
        postalCode: string('Postal or ZIP code to compare', 20).optional(),
        addressCountryCode: country('Country of the address to compare').optional(),
        nationalId: string('National ID to compare, such as an SSN', 50).optional(),
        dateOfBirth: compactDay('Date of birth to compare').optional(),
        lastVerifiedDate: compactDay(
          'For "reassigned_number": day of the last consent to contact the person',
        ).optional(),
        verificationSid: sid('VE', 'For "pre_fill": approved verification of the number').optional(),
        partnerSubId: string('For "sms_pumping_risk": your own ID of the customer or tenant', 100).optional(),
      }),
      run: ({ phoneNumber, fields, ...data }, { twilio }) =>
        lookupOf(twilio)
          .phoneNumbers(phoneNumber)
          .fetch({ ...data, fields: fields?.join(',') }),
      returns: words(
        'phoneNumber valid validationErrors nationalFormat countryCode lineTypeIntelligence callerName lineStatus simSwap callForwarding smsPumpingRisk identityMatch reassignedNumber phoneNumberQualityScore preFill',
      ),
      untrusted: ['callerName', 'preFill'],
    }),
    tool({
      name: 'twilio_lookups_check_fraud_risk',
      title: 'Check phone number fraud risk',
      description:
        'Rate how likely a phone number is used for fraud: a verdict (low, medium, high, unknown), its reasons and the checks without data. ' +
        'Each check is charged: line type about 1 US cent, the others a few, by country. An invalid number costs nothing.',
      ...spends(CHARGED, 'lookups_v2:FetchPhoneNumber'),
      input: () => ({
        phoneNumber: e164('Number to rate'),
        checks: someOf(
          `Checks to run, each charged; default ${JSON.stringify(DEFAULT_CHECKS)}`,
          Object.keys(CHECKS) as [Check, ...Check[]],
        ).optional(),
      }),
      run: async ({ phoneNumber, checks = DEFAULT_CHECKS }, { twilio }) => {
        const number = lookupOf(twilio).phoneNumbers(phoneNumber);
        const { valid, validationErrors } = await number.fetch();
        if (valid === false) {
          return {
            phoneNumber,
            valid,
            verdict: 'high',
            reasons: [`high: not a valid number: ${validationErrors?.join(', ')}`],
          };
        }
        // One request per package, so that a refused package does not fail the others.
        const wanted = [...new Set(checks)];
        const findings = await Promise.all(
          wanted.map(async (check) => ({ check, ...(await findingOf(check, number.fetch({ fields: check }))) })),
        );
        const ranked = RISKS.flatMap((risk) => findings.filter((one) => one.risk === risk));
        const missing = findings.filter((one) => one.risk === undefined);
        return {
          phoneNumber,
          valid,
          verdict: ranked[0]?.risk ?? 'unknown',
          reasons: ranked.map(({ check, risk, reason }) => `${risk}: ${reason} (${check})`),
          missing: missing.length > 0 ? missing.map(({ check, reason }) => `${check}: ${reason}`) : undefined,
          costs: ranked.map(({ check }) => `${check}: ${CHECKS[check].cost}`),
        };
      },
      returns: ['phoneNumber', 'valid', 'verdict', 'reasons', 'missing', 'costs'],
    }),
    usageRecords,
  ],
});
