import { taskTools } from '../support/tasks';
import { webhookServer } from '../support/webhook-server';

/*
 * What a program hears of calls: the events of calls, conferences and recordings, and requests for TwiML.
 */

const ANA = '+14155550144';
const BEN = '+14155550155';
const BUSY = '+15005550021';

const { call, sandbox } = taskTools();
const webhooks = webhookServer();
const { url } = webhooks;

/** Lets time pass, and webhooks answer. */
async function pass(seconds: number): Promise<void> {
  sandbox().advance(seconds * 1000);
  await sandbox().webhooks.settled();
}
const fieldsAt = (path: string) => webhooks.requests.filter((each) => each.path === path).map(({ fields }) => fields);
const callOf = (callSid: string) => call('voice_get_call', { callSid });
const alertsOf = async (resourceSid: string) =>
  (await call('debugger_get_debugger_logs', { resourceSid })).items.map(
    ({ errorCode }: { errorCode: string }) => errorCode,
  );

describe('status callbacks', () => {
  beforeEach(() => {
    webhooks.answers = { '/status': '', '/leg': '', '/recording': '', '/conference': '' };
  });

  test('a call reports the events that its request names, in order', async () => {
    const statusCallbackEvent = ['initiated', 'ringing', 'answered', 'completed'];
    const made = { to: ANA, say: 'Your order is ready.', statusCallback: url('/status'), statusCallbackEvent };
    const { sid, from } = await call('voice_make_call', made);
    await pass(60);
    const events = fieldsAt('/status').sort((a, b) => Number(a.SequenceNumber) - Number(b.SequenceNumber));
    expect(events.map(({ CallStatus, SequenceNumber }) => [CallStatus, SequenceNumber])).toEqual([
      ...[
        ['initiated', '0'],
        ['ringing', '1'],
        ['in-progress', '2'],
        ['completed', '3'],
      ],
    ]);
    const { duration } = await callOf(sid);
    expect(events[3]).toMatchObject({
      ...{ CallSid: sid, To: ANA, From: from, Direction: 'outbound-api', CallbackSource: 'call-progress-events' },
      ...{ CallDuration: duration, Duration: '1', Timestamp: expect.stringMatching(/ \+0000$/) },
    });
    expect(events[0]!.CallDuration).toBeUndefined();
  });

  test('only the end is reported if no event is named, whatever it is', async () => {
    const options = { say: 'Hello', statusCallback: url('/status') };
    await call('voice_make_call', { to: BUSY, ...options });
    await pass(60);
    expect(fieldsAt('/status')).toEqual([expect.objectContaining({ CallStatus: 'busy', CallDuration: '0' })]);
    const { sid } = await call('voice_make_call', { to: ANA, twiml: '<Response><Pause length="600"/></Response>' });
    await pass(5);
    await call('voice_redirect_call', { callSid: sid, statusCallback: url('/status') });
    await call('voice_hang_up_call', { callSid: sid });
    await sandbox().webhooks.settled();
    expect(fieldsAt('/status')[1]).toMatchObject({ CallSid: sid, CallStatus: 'completed' });
  });

  test('a status callback arrives though nothing reads the call', async () => {
    sandbox().options.speed = Number.POSITIVE_INFINITY;
    const arrived = new Promise<unknown>((resolve) => sandbox().state.events.once('webhook', resolve));
    await call('voice_make_call', { to: ANA, say: 'Hello', statusCallback: url('/status') });
    expect(await arrived).toMatchObject({ fields: { CallStatus: 'completed' } });
  });

  test('a callback that fails is an alert about the call', async () => {
    const options = { to: ANA, say: 'Hello' };
    const { sid } = await call('voice_make_call', { ...options, statusCallback: url('/gone') });
    const other = await call('voice_make_call', { ...options, statusCallback: 'https://status.example.invalid/' });
    await pass(60);
    expect([await alertsOf(sid), await alertsOf(other.sid)]).toEqual([['11200'], ['11210']]);
  });

  test('legs of <Dial> and recordings report theirs', async () => {
    const twiml = `<Response><Dial record="record-from-answer" recordingStatusCallback="${url('/recording')}"><Number statusCallback="${url('/leg')}" statusCallbackEvent="answered completed">${BEN}</Number></Dial></Response>`;
    const { sid } = await call('voice_make_call', { to: ANA, twiml });
    await pass(300);
    const leg = { ParentCallSid: sid, Direction: 'outbound-dial', To: BEN };
    expect(fieldsAt('/leg')).toHaveLength(2);
    for (const fields of fieldsAt('/leg')) expect(fields).toMatchObject(leg);
    expect(fieldsAt('/recording')).toEqual([
      expect.objectContaining({
        ...{ CallSid: sid, RecordingStatus: 'completed', RecordingDuration: '120', RecordingSource: 'DialVerb' },
        ...{ RecordingSid: expect.stringMatching(/^RE/), RecordingUrl: expect.stringContaining('/Recordings/RE') },
      }),
    ]);
  });

  test('a recording that is started during a call reports its start and end', async () => {
    const { sid } = await call('voice_make_call', { to: ANA, twiml: '<Response><Pause length="20"/></Response>' });
    await pass(5);
    const recordingStatusCallback = url('/recording');
    const recordingStatusCallbackEvent = ['in-progress', 'completed'];
    await call('voice_start_call_recording', { callSid: sid, recordingStatusCallback, recordingStatusCallbackEvent });
    await pass(60);
    expect(fieldsAt('/recording').map(({ RecordingStatus }) => RecordingStatus)).toEqual(['in-progress', 'completed']);
  });

  test('a conference reports who joins, is muted and leaves, and its end', async () => {
    const conference = 'voice_add_ons_';
    const join = { conferenceSid: 'team', to: ANA, label: 'ana', conferenceStatusCallback: url('/conference') };
    const conferenceStatusCallbackEvent = ['start', 'end', 'join', 'leave', 'mute', 'hold'];
    const ana = await call(`${conference}add_participant`, { ...join, conferenceStatusCallbackEvent });
    await pass(2);
    const { conferenceSid, callSid } = ana;
    await call(`${conference}update_participant`, { conferenceSid, callSid, muted: true });
    await call(`${conference}update_participant`, { conferenceSid, callSid, muted: true, hold: true });
    await call('voice_hang_up_call', { callSid });
    await sandbox().webhooks.settled();
    const events = fieldsAt('/conference').sort((a, b) => Number(a.SequenceNumber) - Number(b.SequenceNumber));
    expect(events.map(({ StatusCallbackEvent }) => StatusCallbackEvent)).toEqual([
      ...['conference-start', 'participant-join', 'participant-mute', 'participant-hold', 'participant-leave'],
      'conference-end',
    ]);
    const known = { ConferenceSid: conferenceSid, FriendlyName: 'team' };
    expect(events[2]).toMatchObject({ ...known, CallSid: callSid, Muted: 'true', ParticipantLabel: 'ana' });
    expect(events[5]).toMatchObject({
      ...{ ...known, ReasonConferenceEnded: 'last-participant-left', CallSidEndingConference: callSid },
    });
  });
});

describe('TwiML at a URL', () => {
  test('a call does what its URL answers, with the parameters of the call', async () => {
    webhooks.answers['/hello'] = '<Response><Say>Hello.</Say><Pause length="40"/></Response>';
    const { sid } = await call('voice_make_call', { to: ANA, url: url('/hello'), method: 'GET' });
    await pass(60);
    expect(webhooks.requests).toEqual([
      { path: '/hello', method: 'GET', fields: expect.objectContaining({ CallSid: sid, CallStatus: 'in-progress' }) },
    ]);
    expect(await callOf(sid)).toMatchObject({ status: 'completed', duration: '41' });
    const { items } = await call('voice_list_call_events', { callSid: sid });
    expect(items[1]).toMatchObject({ response: { responseBody: webhooks.answers['/hello'] } });
  });

  test('the fallback gets what its URL cannot answer, and the Debugger says why', async () => {
    webhooks.answers = { '/broken': 'Hello', '/fallback': '<Response><Pause length="9"/></Response>' };
    const fallbackUrl = url('/fallback');
    for (const [path, code] of [
      ['/gone', '11200'],
      ['/broken', '12100'],
    ] as const) {
      const { sid } = await call('voice_make_call', { to: ANA, url: url(path), fallbackUrl });
      await pass(30);
      expect(await callOf(sid)).toMatchObject({ status: 'completed', duration: '9' });
      expect(await alertsOf(sid)).toEqual([code]);
      expect(fieldsAt('/fallback').at(-1)).toMatchObject({ CallSid: sid, ErrorCode: code, ErrorUrl: url(path) });
    }
  });

  test('<Dial> and <Record> go on at their action with what became of them', async () => {
    webhooks.answers = {
      '/start': `<Response><Dial action="dialed">${BUSY}</Dial><Say>Never said.</Say></Response>`,
      '/dialed': '<Response><Redirect>/voicemail</Redirect></Response>',
      '/voicemail': `<Response><Record maxLength="8" action="/recorded?from=voicemail" recordingStatusCallback="/recording"/></Response>`,
      '/recorded': `<Response><Dial action="/done">${BEN}</Dial></Response>`,
      '/done': '<Response><Hangup/></Response>',
      '/recording': '',
    };
    const { sid } = await call('voice_make_call', { to: ANA, url: url('/start') });
    await pass(300);
    expect(webhooks.requests.map(({ path }) => path).filter((path) => path !== '/recording')).toEqual([
      ...['/start', '/dialed', '/voicemail', '/recorded', '/done'],
    ]);
    const [busy, answered] = (await call('voice_get_call_logs', { parentCallSid: sid })).items.reverse();
    expect(fieldsAt('/dialed')).toEqual([
      expect.objectContaining({ DialCallStatus: 'busy', DialCallSid: busy.sid, DialBridged: 'false' }),
    ]);
    expect(fieldsAt('/recorded')[0]).toMatchObject({ from: 'voicemail', RecordingDuration: '8' });
    expect(fieldsAt('/recording')[0]).toMatchObject({ RecordingSid: fieldsAt('/recorded')[0]!.RecordingSid });
    expect(fieldsAt('/done')[0]).toMatchObject({
      ...{ DialCallStatus: 'completed', DialCallSid: answered.sid, DialCallDuration: '120', CallSid: sid },
    });
    expect(await callOf(sid)).toMatchObject({ status: 'completed' });
  });

  test('a TwiML App handles a call with its own URLs, and a live call is redirected to one', async () => {
    webhooks.answers = { '/app': '<Response><Pause length="500"/></Response>', '/new': '<Response/>', '/status': '' };
    const app = { friendlyName: 'App', voiceUrl: url('/app'), statusCallback: url('/status') };
    const { sid: applicationSid } = await call('applications_create_application', app);
    const { sid } = await call('voice_make_call', { to: ANA, applicationSid });
    await pass(10);
    expect((await callOf(sid)).status).toBe('in-progress');
    await call('voice_redirect_call', { callSid: sid, url: url('/new') });
    await sandbox().webhooks.settled();
    expect((await callOf(sid)).status).toBe('completed');
    expect(webhooks.requests.map(({ path }) => path)).toEqual(['/app', '/new', '/status']);
  });
});
