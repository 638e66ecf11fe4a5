import { ask, type Json, useStack } from '../support/stack';
import { webhookServer } from '../support/webhook-server';

/*
 * Tasks with calls, conferences, recordings and transcripts, as an agent does them. The sandbox's clock stands still
 * except in `pass`.
 */

const ANA = '+14155550144';
const BEN = '+14155550155';
const BUSY = '+15005550021';
const NO_ANSWER = '+15005550022';
const UNREACHABLE = '+15005550023';
const MACHINE = '+15005550024';

const stack = useStack();

let now = Date.now();
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  stack.sandbox.reset();
});
afterEach(() => jest.restoreAllMocks());
const pass = (seconds: number) => {
  now += seconds * 1000;
};

const use = (name: string, args: object = {}): Promise<Json> => ask(stack.url, `twilio_${name}`, args);
const items = async (name: string, args: object = {}): Promise<Json[]> => (await use(name, args)).items;
const call = (args: object) => use('voice_make_call', args);
const stateOf = async (callSid: string) => (await use('voice_get_call', { callSid })).status;

/** The call as it is once it has ended. */
async function ended(args: object): Promise<Json> {
  const { sid } = await call(args);
  pass(120);
  return use('voice_get_call', { callSid: sid });
}

describe('conference, mute one', () => {
  const conference = 'voice_add_ons_';
  const participants = (conferenceSid: string, filter = {}) =>
    items(`${conference}list_participants`, { conferenceSid, ...filter });

  async function conferenceOfTwo(settings: object = {}): Promise<[string, string, string]> {
    const join = (args: object) => use(`${conference}add_participant`, { conferenceSid: 'team-sync', ...args });
    const ana = await join({ to: ANA, label: 'ana', ...settings });
    const ben = await join({ to: BEN, label: 'ben' });
    expect([ana.status, ben.conferenceSid]).toEqual(['queued', ana.conferenceSid]);
    pass(2);
    return [ana.conferenceSid, ana.callSid, ben.callSid];
  }

  test('a name begins a conference, and one of two people is muted and put on hold', async () => {
    const [conferenceSid, ana, ben] = await conferenceOfTwo();
    const listed = await items(`${conference}list_conferences`, { friendlyName: 'team-sync' });
    expect(listed).toEqual([expect.objectContaining({ sid: conferenceSid, status: 'in-progress' })]);
    expect(await participants(conferenceSid)).toEqual([
      expect.objectContaining({ callSid: ana, label: 'ana', status: 'connected', muted: false }),
      expect.objectContaining({ callSid: ben, label: 'ben', status: 'connected', muted: false }),
    ]);
    expect([await stateOf(ana), await stateOf(ben)]).toEqual(['in-progress', 'in-progress']);
    await use(`${conference}update_participant`, { conferenceSid, callSid: 'ben', muted: true, hold: true });
    expect(await participants(conferenceSid, { muted: true })).toEqual([
      expect.objectContaining({ callSid: ben, muted: true, hold: true }),
    ]);
    const announcement = { conferenceSid, announceUrl: 'https://example.com/gong.mp3' };
    expect(await use(`${conference}announce_to_conference`, announcement)).toMatchObject({ sid: conferenceSid });
  });

  test('who is removed, or hangs up, leaves, and the last one ends the conference', async () => {
    const [conferenceSid, ana, ben] = await conferenceOfTwo();
    await use(`${conference}remove_participant`, { conferenceSid, callSid: 'ben' });
    expect(await stateOf(ben)).toBe('completed');
    expect((await participants(conferenceSid)).map(({ callSid }) => callSid)).toEqual([ana]);
    pass(30);
    await use('voice_hang_up_call', { callSid: ana });
    expect(await participants(conferenceSid)).toEqual([]);
    expect(await use(`${conference}get_conference`, { conferenceSid })).toMatchObject({
      ...{ status: 'completed', reasonConferenceEnded: 'last-participant-left', callSidEndingConference: ana },
    });
    const { callSid, conferenceSid: other } = await use(`${conference}add_participant`, {
      conferenceSid: 'team-sync',
      to: ANA,
    });
    expect([callSid === ana, other === conferenceSid]).toEqual([false, false]);
  });

  test('one who ends it ends it for all, and its recording completes', async () => {
    const [conferenceSid, ana, ben] = await conferenceOfTwo({
      ...{ endConferenceOnExit: true, conferenceRecord: 'record-from-start' },
    });
    const [recording] = await items('voice_list_recordings', { conferenceSid });
    expect(recording).toMatchObject({ status: 'in-progress', source: 'Conference' });
    pass(60);
    await use('voice_hang_up_call', { callSid: ana });
    expect(await stateOf(ben)).toBe('completed');
    expect(await use(`${conference}get_conference`, { conferenceSid })).toMatchObject({
      reasonConferenceEnded: 'participant-with-end-conference-on-exit-left',
    });
    expect(await items('voice_list_recordings', { conferenceSid })).toEqual([
      expect.objectContaining({ sid: recording.sid, status: 'completed', duration: '61' }),
    ]);
  });

  test('ending a conference hangs up on everyone, and who does not answer never joins', async () => {
    const [conferenceSid, ana, ben] = await conferenceOfTwo();
    await use(`${conference}add_participant`, { conferenceSid, to: NO_ANSWER, timeout: 5 });
    pass(2);
    expect((await participants(conferenceSid)).map(({ status }) => status)).toEqual([
      ...['connected', 'connected', 'ringing'],
    ]);
    pass(10);
    expect(await participants(conferenceSid)).toHaveLength(2);
    await use(`${conference}end_conference`, { conferenceSid });
    expect([await stateOf(ana), await stateOf(ben)]).toEqual(['completed', 'completed']);
    expect(await participants(conferenceSid)).toEqual([]);
  });

  test('the conference that is live when the sandbox starts has people whose calls exist', async () => {
    const [{ sid: conferenceSid }] = (await items(`${conference}list_conferences`)) as [Json];
    const present = await participants(conferenceSid);
    expect(present.map(({ label }) => label)).toEqual(['ana', 'ben']);
    for (const { callSid } of present) {
      expect(await use(`${conference}update_participant`, { conferenceSid, callSid, muted: true })).toMatchObject({
        muted: true,
      });
      expect(await stateOf(callSid)).toBe('in-progress');
    }
    await use(`${conference}end_conference`, { conferenceSid });
    expect(await stateOf(present[0].callSid)).toBe('completed');
  });

  test('a supervisor coaches only someone who is there', async () => {
    const [conferenceSid, ana] = await conferenceOfTwo();
    const coach = { conferenceSid, to: '+14155550166', coaching: true, callSidToCoach: ana };
    expect(await use(`${conference}add_participant`, coach)).toMatchObject({ coaching: true, callSidToCoach: ana });
    const absent = { ...coach, callSidToCoach: `CA${'0'.repeat(32)}` };
    await expect(use(`${conference}add_participant`, absent)).rejects.toThrow('not a participant');
  });
});

describe('transfer a live call', () => {
  const TRANSFER = `<Response><Say>One moment.</Say><Dial timeout="20"><Number>${BUSY}</Number><Number>${BEN}</Number></Dial></Response>`;

  test('the call is connected to the one who answers, and ends after they have talked', async () => {
    const { sid } = await call({ to: ANA, twiml: '<Response><Pause length="600"/></Response>' });
    pass(300);
    expect(await stateOf(sid)).toBe('in-progress');
    await use('voice_redirect_call', { callSid: sid, twiml: TRANSFER });
    pass(5);
    const legs = await items('voice_get_call_logs', { parentCallSid: sid });
    const leg = { direction: 'outbound-dial', parentCallSid: sid };
    expect(legs).toEqual([
      expect.objectContaining({ ...leg, to: BEN, status: 'in-progress' }),
      expect.objectContaining({ ...leg, to: BUSY, status: 'busy', duration: '0' }),
    ]);
    pass(200);
    const talked = await use('voice_get_call', { callSid: legs[0].sid });
    expect(talked).toMatchObject({ status: 'completed', duration: '120', price: '-0.02800' });
    expect(await use('voice_get_call', { callSid: sid })).toMatchObject({ status: 'completed', duration: '421' });
  });

  test('if nobody answers in time, the call goes on with the next verb', async () => {
    const twiml = `<Response><Dial timeout="10">${NO_ANSWER}</Dial><Say>Sorry.</Say><Pause length="60"/></Response>`;
    const { sid } = await call({ to: ANA, twiml });
    pass(15);
    expect(await items('voice_get_call_logs', { parentCallSid: sid })).toEqual([
      expect.objectContaining({ to: NO_ANSWER, status: 'no-answer' }),
    ]);
    expect(await stateOf(sid)).toBe('in-progress');
  });

  test('hanging up on either leg ends both; a time limit ends a call', async () => {
    const { sid } = await call({ to: ANA, twiml: `<Response><Dial>${BEN}</Dial></Response>` });
    pass(5);
    const [leg] = await items('voice_get_call_logs', { parentCallSid: sid });
    const events = await use('voice_list_call_events', { callSid: sid });
    expect(events).toEqual({ items: [], searched: expect.stringMatching(/^Nothing yet: the call is in-progress, /) });
    await use('voice_hang_up_call', { callSid: leg.sid });
    expect([await stateOf(leg.sid), await stateOf(sid)]).toEqual(['completed', 'completed']);
    const limited = { to: ANA, twiml: '<Response><Pause length="600"/></Response>', timeLimit: 30 };
    expect(await ended(limited)).toMatchObject({ status: 'completed', duration: '30' });
  });
});

describe('record + transcript summary', () => {
  const SAID = 'Hello. Your order is ready. Please pick it up today.';

  async function transcriptOf(recordingSid: string, serviceSid: string): Promise<string> {
    const { sid, status } = await use('intelligence_create_transcript', { serviceSid, recordingSid });
    expect(status).toBe('queued');
    const nothing = {
      items: [],
      searched: 'Nothing: the transcript’s status is queued. Repeat the call when it is completed.',
    };
    for (const list of ['sentences', 'operator_results'])
      expect(await use(`intelligence_list_${list}`, { transcriptSid: sid })).toEqual(nothing);
    pass(3);
    expect((await use('intelligence_get_transcript', { transcriptSid: sid })).status).toBe('in-progress');
    pass(3);
    expect((await use('intelligence_get_transcript', { transcriptSid: sid })).status).toBe('completed');
    return sid;
  }

  test('a recorded call has its recording without being read, and a transcript of what was said', async () => {
    const { sid } = await call({ to: ANA, say: SAID, record: true, recordingChannels: 'dual' });
    pass(60);
    const recordings = await items('voice_list_recordings', { callSid: sid });
    expect(recordings).toEqual([
      expect.objectContaining({ status: 'completed', source: 'OutboundAPI', channels: 2, duration: '4' }),
    ]);
    const { sid: serviceSid } = await use('intelligence_create_intelligence_service', { uniqueName: 'calls' });
    const operators = await items('intelligence_list_operators');
    const { sid: operatorSid } = operators.find(({ friendlyName }) => friendlyName === 'Summarization');
    await use('intelligence_attach_operator', { serviceSid, operatorSid });
    expect(await use('intelligence_get_intelligence_service', { serviceSid })).toMatchObject({
      readOnlyAttachedOperatorSids: [operatorSid],
    });
    const transcriptSid = await transcriptOf(recordings[0].sid, serviceSid);
    const sentences = await items('intelligence_list_sentences', { transcriptSid });
    expect(sentences.map(({ mediaChannel, transcript }) => [mediaChannel, transcript])).toEqual([
      ...[
        [1, 'Hello?'],
        [2, 'Hello.'],
        [2, 'Your order is ready.'],
        [2, 'Please pick it up today.'],
      ],
    ]);
    const results = await items('intelligence_list_operator_results', { transcriptSid });
    expect(results).toEqual([
      expect.objectContaining({ operatorSid, textGenerationResults: { format: 'text', result: expect.any(String) } }),
    ]);
    expect(results[0].textGenerationResults.result).toContain(SAID);
  });

  test('without an operator there are no results, and a recording in progress has no transcript', async () => {
    const { sid } = await call({ to: ANA, twiml: '<Response><Say>Bye.</Say><Pause length="20"/></Response>' });
    pass(2);
    const { sid: recordingSid } = await use('voice_start_call_recording', { callSid: sid });
    const { sid: serviceSid } = await use('intelligence_create_intelligence_service', { uniqueName: 'bare' });
    await expect(use('intelligence_create_transcript', { serviceSid, recordingSid })).rejects.toThrow('not complete');
    pass(60);
    const transcriptSid = await transcriptOf(recordingSid, serviceSid);
    expect(await items('intelligence_list_operator_results', { transcriptSid })).toEqual([]);
    // The recording began after everything was said.
    expect(await items('intelligence_list_sentences', { transcriptSid })).toEqual([]);
  });

  test('a service with autoTranscribe transcribes new recordings by itself', async () => {
    await ended({ to: ANA, say: SAID, record: true });
    const service = { uniqueName: 'auto', autoTranscribe: true };
    const { sid: serviceSid } = await use('intelligence_create_intelligence_service', service);
    const { sid } = await ended({ to: BEN, say: SAID, record: true });
    const [recording] = await items('voice_list_recordings', { callSid: sid });
    expect(await items('intelligence_list_transcripts', { serviceSid })).toEqual([
      expect.objectContaining({ status: 'completed', channel: expect.objectContaining({}), duration: 4 }),
    ]);
    expect(await items('intelligence_list_transcripts', { sourceSid: recording.sid })).toHaveLength(1);
  });

  test('a recording can be paused, resumed and stopped while the call goes on', async () => {
    const { sid } = await call({ to: ANA, twiml: '<Response><Pause length="600"/></Response>' });
    pass(2);
    await use('voice_start_call_recording', { callSid: sid });
    const steer = (status: string, options = {}) =>
      use('voice_update_call_recording', { callSid: sid, status, ...options });
    pass(10);
    expect(await steer('paused', { pauseBehavior: 'skip' })).toMatchObject({ status: 'paused' });
    pass(100);
    expect(await steer('in-progress')).toMatchObject({ status: 'in-progress' });
    pass(5);
    expect(await steer('stopped')).toMatchObject({ duration: '15' });
    expect(await stateOf(sid)).toBe('in-progress');
    await expect(steer('paused')).rejects.toThrow();
  });
});

describe('forward calls / voicemail', () => {
  const CALLER = '+14155550188';
  const webhooks = webhookServer();

  /** Points a number at the webhook, calls it and waits. */
  async function called(path: string): Promise<Json> {
    const [, number] = await items('phone_numbers_list_phone_numbers');
    await use('phone_numbers_configure_webhook', { phoneNumberSid: number.sid, voiceUrl: webhooks.url(path) });
    const { sid } = await stack.sandbox.receiveCall({ to: number.phoneNumber, from: CALLER });
    pass(120);
    return use('voice_get_call', { callSid: sid });
  }

  test('a call to a number goes to a phone, and to voicemail if nobody answers', async () => {
    webhooks.answers = {
      '/voice': `<Response><Dial timeout="15">${NO_ANSWER}</Dial><Say>Please leave a message.</Say><Record maxLength="10" transcribe="true"/></Response>`,
    };
    const { sid, ...received } = await called('/voice');
    expect(received).toMatchObject({ direction: 'inbound', from: CALLER, status: 'completed', duration: '27' });
    expect(await items('voice_get_call_logs', { parentCallSid: sid })).toEqual([
      expect.objectContaining({ to: NO_ANSWER, from: CALLER, status: 'no-answer' }),
    ]);
    const [recording] = await items('voice_list_recordings', { callSid: sid });
    const [transcription] = await items('voice_add_ons_list_transcriptions', { recordingSid: recording.sid });
    expect(transcription).toMatchObject({ status: 'completed', recordingSid: recording.sid, duration: '10' });
    const [event] = await items('voice_list_call_events', { callSid: sid });
    expect(event.response.responseBody).toBe(webhooks.answers['/voice']);
  });

  test('a webhook that fails is an error of the call, and a rejected call is not answered', async () => {
    webhooks.answers = { '/reject': '<Response><Reject reason="busy"/></Response>' };
    const failed = await called('/gone');
    expect(await items('voice_list_call_notifications', { callSid: failed.sid })).toEqual([
      expect.objectContaining({ errorCode: '11200', messageText: expect.stringContaining('503') }),
    ]);
    expect(await called('/reject')).toMatchObject({ status: 'busy', duration: '0' });
  });

  test('a message is recorded and transcribed', async () => {
    const twiml = '<Response><Say>Please leave a message.</Say><Record maxLength="10" transcribe="true"/></Response>';
    const { sid, duration } = await ended({ to: ANA, twiml });
    const [recording] = await items('voice_list_recordings', { callSid: sid });
    expect(recording).toMatchObject({ status: 'completed', source: 'RecordVerb', duration: '10' });
    expect(duration).toBe('12');
    const transcriptions = await items('voice_add_ons_list_transcriptions', { recordingSid: recording.sid });
    expect(transcriptions).toEqual([
      expect.objectContaining({ status: 'completed', transcriptionText: expect.stringContaining('call me back') }),
    ]);
  });
});

describe('call, voicemail?', () => {
  const say = 'Your table is ready.';

  test.each([
    [ANA, 'Enable', 'human'],
    [MACHINE, 'Enable', 'machine_start'],
    [MACHINE, 'DetectMessageEnd', 'machine_end_beep'],
  ])('%s with %s is answered by %s', async (to, machineDetection, answeredBy) => {
    expect(await ended({ to, say, machineDetection })).toMatchObject({ status: 'completed', answeredBy });
  });

  test.each([
    [BUSY, 'busy'],
    [NO_ANSWER, 'no-answer'],
    [UNREACHABLE, 'failed'],
  ])('%s is %s', async (to, status) => {
    const outcome = await ended({ to, say, timeout: 20 });
    expect([outcome.status, outcome.duration, outcome.price]).toEqual([status, '0', undefined]);
  });
});

describe('debug a call', () => {
  test('TwiML at a host that does not exist: the call, its errors, its requests and the Debugger agree', async () => {
    const url = 'https://voice.example.invalid/hello';
    const { sid, status, startTime } = await ended({ to: ANA, url });
    expect(status).toBe('completed');
    const errors = await use('voice_list_call_notifications', { callSid: sid });
    expect(errors.items).toEqual([
      expect.objectContaining({ errorCode: '11210', log: '0', requestUrl: url, messageDate: startTime }),
    ]);
    expect(errors.errorMeanings['11210']).toContain('host name');
    const requests = await items('voice_list_call_events', { callSid: sid });
    expect(requests.map(({ request }) => request.url)).toContain(url);
    expect(await items('debugger_get_debugger_logs', { resourceSid: sid })).toEqual([
      expect.objectContaining({ errorCode: '11210', logLevel: 'error', requestUrl: url, dateGenerated: startTime }),
    ]);
  });

  test('a number that cannot be reached says why', async () => {
    const { sid } = await ended({ to: UNREACHABLE, say: 'Hello' });
    expect(await items('voice_list_call_notifications', { callSid: sid })).toEqual([
      expect.objectContaining({ errorCode: '13224' }),
    ]);
  });
});
