/*
 * How a query says what is to be done. In a phrase, `*` stands for up to four words, and `^` is the start of the query.
 */

/** Phrases by what they want: readings that tell the learnt weights more than their words do. */
const PHRASES: Readonly<Record<string, string>> = {
  list: '^list, enumerate, browse, search, find all, show all, get all, pull all, fetch all, give me all, see all, list out, go through, overview of, find out which, tell me which',
  fetch:
    'look * up, look up, ^lookup, ^details, ^detail, status of, inspect, describe, ^status, state of, read back, tell me about, find out, how is, zoom in on, drill into',
  read: 'get, show, see, view, read, retrieve, display, ^pull, pull up, bring up, look at, fetch, find, give me, tell me, look for, look into, look, ^report, ^grab, ^load, open up, dig up, track down, ^track, monitor, ^review, download, observe, examine, print, return, ^query, figure out, locate, recall, hear, listen to, play back, ^watch, ^learn, ^know, ^recent, ^latest, ^history',
  count: 'count, how many, number of',
  check: 'check, check on, validate, confirm, ^test, make sure, evaluate, see if, determine, assess, double check',
  verify: 'verify, authenticate, prove',
  create:
    'create, make, make up, add, register, ^new, start, set up, setup, provision, buy, purchase, ^order, rent, acquire, obtain, ^open, launch, kick off, initiate, begin, trigger, ^run, execute, fire, fire off, send, send out, deliver, ^place, dial, notify, tell, ^message, ^post, publish a message, broadcast, ^push, insert, append, define, install, apply, apply for, invite, bring * in, bring in, bring into, bring over, bring * over, put * into, deploy, roll out, roll * out, ^ship, release to, upload, ^import, transcribe, ^stream, ^fork, ^schedule, generate, spin up, stand up, ^issue, mint, enroll, enrol, sign up, sign * up, onboard, ^host, ^port, port * in, port in, transfer in, ^export, hand, hand over, hand * over, hand off, hand * off, ask, ^request, resend, write, ^log, submit for vetting, compose, ^mix, combine, merge, ^mask, hide, shoot, drop a message, ping, remind, ^alert, ^warn, let * know, put through, put * through, jot down, write down, note down, give * call, give * ring, drop * sms, drop * text, drop * message, hire, take payment, take * payment, ^charge, ^collect, capture, analyse, analyze, shorten, duplicate, clone, ^copy, grant, ^build, ^draft, ^say, reply, respond, introduce, establish, ^text, ^ring, ^phone, ^call, ^sms, ^whatsapp, ^mms, ^email, dispatch, want a, get a new, get me a, get us a, get a, get an, need a, need another, need to text, order a, remember, save a, store a, announce to',
  record: '^record',
  attach:
    'attach, assign, associate, link, connect, bind, tie, plug, hook * up, hook up, ^map, include, ^join, wire, wire up, put * in, put * on the list, use * for',
  update:
    'sign * out, log * out, sign out, log out, take * offline, bring * online, make * long, make * longer, make * shorter, give * name, update, change, edit, modify, rename, correct, fix, adjust, tweak, switch, ^point, redirect, mute, unmute, silence, ^hold, unhold, put * on hold, put on hold, take * off hold, pause, resume, ^mark, redact, replace, rewrite, overwrite, amend, revise, bump, bump up, raise, lower, increase, decrease, reduce, extend, lengthen, rotate, refresh, alter, set * to, put * on, ^flag, ^label, relabel, ^tag, reprioritise, reprioritize, prioritize, promote, renew, reconfigure, configure, customize, customise, personalize, toggle, resubmit, dequeue, coach, suspend, reactivate, unsuspend, freeze, unfreeze, ^lock, unlock, accept, reject, decline, approve, deny, ^complete, publish, edit, ^patch, turn * into, make * the default, convert, reset, anonymize, mute * on, snooze, ^retry, restore, transition, upgrade, step up',
  set: 'set, save, ^store, put, ^use, ^limit, restrict, ^cap, throttle, specify, ^name, record * setting, keep, override, allow only, enforce, require, protect, remember that',
  submit: 'submit, send * off for, send * for review, send * for approval, send in, ^file, turn in',
  permit:
    'allow, permit, let, block, ban, whitelist, allowlist, blacklist, blocklist, unblock, exempt, bypass, opt * out, opt out, opt * in, opt in, unsubscribe, resubscribe, subscribe, stop * from, forbid, prevent, open up to',
  enable: 'enable, activate, turn on, turn * on, switch on, switch * on, start using, text enable, leave a note',
  disable:
    'disable, deactivate, turn off, turn * off, switch off, switch * off, stop using, stop sending, stop getting, stop alerting, stop notifying, stop receiving, detach * from, quit using',
  end: 'end, stop, close, close down, finish, hang up, hang up on, hang * up, terminate, archive, wrap up, shut down, shut * down, kill, halt, quit, conclude, ^cut, cut off, disconnect, interrupt, leave, drop the call, drop the line, drop * call, call off, kill off, mark * done, mark * complete, mark * completed, break up, force * off, sign off, retire',
  cancel: "cancel, abort, withdraw, unsend, revert, don't send, dont send, undo, call off, call * off, scrap",
  release:
    'release, give up, give * up, give back, give * back, return * to, hand back, hand * back, relinquish, let go of, surrender',
  move: 'move, transfer, reassign, route, reroute, shift, migrate, switch over, send * to another, forward, relocate, steer, swap',
  detach:
    'detach, disassociate, unassign, unlink, take off, take * off, take out, take * out, pull * out, pull * off, pull * from, take * from, kick, kick out, kick * out, kick * off, kick * from, throw * out, boot, eject, expel, remove * from, drop * from, unbind, disconnect * from, unregister, deregister, unenroll, unenrol, offboard, pull out, strip, dissociate, unmap, evict',
  delete:
    'delete, remove, erase, drop, destroy, get rid of, rid, trash, bin, discard, throw away, throw * away, throw out, wipe, wipe out, purge, clear, clear out, clean up, uninstall, revoke, forget, tear down, tear * down, scrub, nuke, dump, ditch, eliminate, expunge, take down, dispose of, decommission, unpublish, empty, lose, toss, toss out, delete off, cut loose, deprovision',
};

/** Each phrase with its intent. */
export const VERB_PHRASES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(PHRASES).flatMap(([intent, list]) =>
    list
      .split(', ')
      .filter(Boolean)
      .map((phrase) => [phrase.replace("'", ''), intent]),
  ),
);

/** How a query may begin before it says anything. */
export const LEAD_INS: readonly string[] =
  'to, in, on, at, for, by, from, with, please, kindly, hey, hi, ok, okay, so, now, and, then, just, can you, could you, would you, can i, can we, could we, could i, i want to, i wanna, i want you to, i need to, i need you to, we need to, we want to, we have to, i have to, i would like to, id like to, we would like to, wed like to, how do i, how do we, how can i, how can we, how to, how would i, what do i do to, is there a way to, is it possible to, is there any way to, lets, let us, let me, help me, help us, go ahead and, i am trying to, im trying to, trying to, try to, want to, need to, the user wants to, user wants to, customer wants to, i must, we must, we should, should we, you should, be able to, permanently, immediately, quickly, manually, automatically, temporarily'.split(
    ', ',
  );

/** Words that say nothing of the operation, beside those without meaning anywhere. */
export const STOP_PHRASES =
  'still now currently yet already again right another other others my his her he she us am im ive id dont doesnt isnt arent sure also only really tell there here away back down off over after before while somewhere anymore longer no not yes old given particular certain got have having away off out lately recently actually exactly ever like instead well too much many get go goes going went gone let make made everyone everything anything something nothing across between every whole entire really then than once twice lot lots few thing things stuff one two three take keep look put whats whos wheres which while whether were under until themselves theirs ours yours mine it itself such very same different good bad'.trim();

/** What an id's first two letters say. */
export const SID_PREFIXES: Readonly<Record<string, string>> = {
  SM: 'message',
  MM: 'message',
  ME: 'media',
  CA: 'call',
  RE: 'recording',
  CF: 'conference',
  QU: 'queue',
  PN: 'phone number incoming',
  AC: 'account',
  AP: 'application',
  AD: 'address',
  MG: 'messaging service',
  VA: 'verify service',
  VE: 'verification',
  YF: 'factor',
  YC: 'challenge',
  BN: 'brand registration',
  QE: 'a2p campaign usa2p',
  HX: 'content template',
  XE: 'sender',
  CH: 'conversation',
  IS: 'service',
  FW: 'flow',
  FN: 'execution',
  WS: 'workspace',
  WK: 'worker',
  WT: 'task',
  WQ: 'task queue',
  WW: 'workflow',
  WA: 'activity',
  WR: 'reservation',
  ET: 'document',
  MP: 'map',
  ES: 'list',
  ZS: 'serverless service',
  ZH: 'function',
  ZE: 'environment',
  ZB: 'build',
  RM: 'room',
  CJ: 'composition',
  TK: 'trunk',
  GT: 'transcript',
  GA: 'intelligence service',
  BU: 'bundle customer profile',
  RD: 'document',
  IT: 'end user',
  HR: 'hosted number order',
  KC: 'session',
  KS: 'proxy service',
  KW: 'port in request',
  DG: 'sink',
  DF: 'subscription',
  NO: 'alert',
  HS: 'sim',
  XB: 'installed add-on',
  UT: 'usage trigger',
  SD: 'sip domain',
  CL: 'credential list',
  AL: 'ip access control list',
  PB: 'available add-on',
};
