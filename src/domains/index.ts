import type { Domain } from '../tool';
import { account } from './account';
import { addOns } from './add-ons';
import { agentPhone } from './agent-phone';
import { api } from './api';
import { applications } from './applications';
import { audit } from './audit';
import { auth } from './auth';
import { content } from './content';
import { conversations } from './conversations';
import { debuggerLogs } from './debugger';
import { inbox } from './inbox';
import { intelligence } from './intelligence';
import { lookups } from './lookups';
import { media } from './media';
import { messaging } from './messaging';
import { messagingServices } from './messaging-services';
import { phoneNumbers } from './phone-numbers';
import { proxy } from './proxy';
import { regulatory } from './regulatory';
import { serverless } from './serverless';
import { studio } from './studio';
import { sync } from './sync';
import { taskrouter } from './taskrouter';
import { trusthub } from './trusthub';
import { usage } from './usage';
import { verify } from './verify';
import { video } from './video';
import { voice } from './voice';
import { voiceAddOns } from './voice-add-ons';
import { voiceConfig } from './voice-config';

/** Every service, in the order in which lists show them. One line each. */
export const DOMAINS: readonly Domain[] = [
  messaging,
  inbox,
  agentPhone,
  messagingServices,
  content,
  conversations,
  voice,
  voiceAddOns,
  voiceConfig,
  intelligence,
  phoneNumbers,
  lookups,
  regulatory,
  verify,
  trusthub,
  studio,
  taskrouter,
  sync,
  serverless,
  applications,
  video,
  media,
  proxy,
  addOns,
  account,
  auth,
  usage,
  debuggerLogs,
  audit,
  api,
];
