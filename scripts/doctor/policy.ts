import type { Config } from '../../src/config';
import { EFFECTS } from '../../src/effect';
import { ToolError } from '../../src/errors';
import { refusedTools } from '../../src/mcp/allowed-tools';
import { countryOf } from '../../src/numbering-plan';
import { settings } from '../../src/settings';
import { type DoctorCheck, type Finding, note, ok, problem } from './check';

/** What no variable of this server enforces, with what does. */
const ELSEWHERE =
  'Not enforced here: TwiML that the allowed hosts serve, published Studio flows, deployed Functions, SIP devices and other holders of keys. ' +
  'Use a restricted API key, geo permissions for voice and messaging, SMS pumping protection and a subaccount with its own balance: docs/policy.md.';

/** Whether somebody can be asked, and can answer. */
function approvalFindings(config: Config, file: string): Finding[] {
  const { approve, approver, approverFrom, approveBy, authToken, messagingServiceSid, phoneNumber } = config;
  const findings: Finding[] = [];
  if (approver && !authToken)
    findings.push(problem('Replies of MCP_APPROVER need the signature of Twilio.', `In ${file}, set AUTH_TOKEN.`));
  if (approver && !(approverFrom ?? messagingServiceSid ?? phoneNumber))
    findings.push(problem('Nothing can text MCP_APPROVER.', `In ${file}, set MCP_APPROVER_FROM.`));
  if (approver && approver === (approverFrom ?? phoneNumber))
    findings.push(problem('MCP_APPROVER is its own sender.', `In ${file}, name the mobile number of a person.`));
  if (approve && !approver && approveBy === 'text')
    findings.push(problem('MCP_APPROVE_BY demands a text message to nobody.', `In ${file}, set MCP_APPROVER.`));
  else if (approve && !approver)
    findings.push(note('Without MCP_APPROVER, only clients with elicitation can do what MCP_APPROVE names.'));
  return findings;
}

/** The variables that limit agents: whether they agree with each other and with the defaults. */
export const policyCheck: DoctorCheck = {
  title: 'Policy',
  run: ({ config, file }) => {
    const isSet = (value: unknown) => value !== undefined && value !== false;
    const set = settings()
      .filter(({ role, key }) => (role === 'policy' || key === 'approver') && isSet(config[key as keyof Config]))
      .map(({ variable }) => variable);
    const findings: Finding[] = [];
    if (config.repeatSeconds === false)
      findings.push(
        note('MCP_REPEAT_SECONDS is off: a message or call that an agent repeats by mistake is sent twice.'),
      );
    if (set.length === 0)
      return [note('No variable limits whom agents reach and what they may do: docs/policy.md.'), ...findings];
    const { allow, countries, recipients, senders, twimlHosts, stop, audit } = config;
    try {
      refusedTools(config);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      findings.push(problem(error.message, `In ${file}, correct MCP_ALLOW.`));
    }
    for (const [variable, sender] of [
      ['TWILIO_PHONE_NUMBER', config.phoneNumber],
      ['TWILIO_MESSAGING_SERVICE_SID', config.messagingServiceSid],
      ['TWILIO_VERIFY_SERVICE_SID', config.verifyServiceSid],
    ] as const) {
      if (senders && sender && !senders.includes(sender))
        findings.push(
          problem(`MCP_SENDERS forbids the default ${variable}.`, `In ${file}, add it to MCP_SENDERS, or change it.`),
        );
    }
    for (const item of recipients ?? []) {
      const country = item.endsWith('*') ? countryOf(item.replace(/^[a-z]+:/, '').slice(0, -1)) : undefined;
      if (countries && country && !countries.includes(country))
        findings.push(
          problem(
            `MCP_RECIPIENTS has ${item}, which is in ${country}, and MCP_COUNTRIES does not.`,
            `In ${file}, add ${country} to MCP_COUNTRIES, or remove ${item}.`,
          ),
        );
    }
    if (config.readOnly && allow?.some((item) => EFFECTS.some((effect) => effect !== 'read' && effect === item)))
      findings.push(
        problem('MCP_ALLOW allows writing, and MCP_READONLY forbids it.', `In ${file}, remove one of the two.`),
      );
    if (audit === 'off') findings.push(note('MCP_AUDIT is off: what agents do is not recorded.'));
    if (config.dryRun) findings.push(note('MCP_DRY_RUN is set: nothing is sent or changed.'));
    findings.push(...approvalFindings(config, file));
    if (stop) findings.push(note('MCP_STOP is set: everything but reading is stopped.'));
    if (
      (recipients || countries || config.recipientLimits || (config.quietHours && !config.quietHours.timeZone)) &&
      !twimlHosts
    )
      findings.push(
        note('Calls and numbers may take TwiML from this deployment alone; MCP_TWIML_HOSTS names further hosts.'),
      );
    findings.push(note(ELSEWHERE));
    return findings.some(({ state }) => state === 'problem')
      ? findings
      : [ok(`${set.join(', ')}: no contradictions.`), ...findings];
  },
};
