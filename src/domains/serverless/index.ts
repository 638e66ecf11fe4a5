import { domain } from '../../tool';
import { code } from './code';
import { deploy } from './deploy';
import { services } from './services';

export const serverless = domain({
  service: 'Serverless',
  summary: 'Twilio Functions and assets: read logs and code, upload versions, build and deploy them, set variables.',
  instructions:
    'Code goes live in four steps: upload_function_version or upload_asset_version, create_build, get_build_status until completed, create_deployment. ' +
    'To investigate an error, find the service and environment with list_services and list_environments, then read list_logs. ' +
    'Values of variables are never shown. A deployment changes what callers get, so ask the user first.',
  tools: [...services, ...code, ...deploy],
});
