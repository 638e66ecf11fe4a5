/** Functions and assets: builds, deployments and domains. */
import { isoSeconds } from '../dates';
import { badRequest } from '../errors';
import { jsonValue, type Properties } from '../json';
import { elapsedTime, timeAfter } from '../lifecycle';
import { listNewestFirst } from '../lists';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest } from '../types';
import { setDefaults } from './defaults';

const SERVERLESS_SERVICES = 'serverless.twilio.com/v1/Services';
/** How long a build takes. */
const BUILD_MS = 1000;
/** Runtime of a build whose request names none. */
const DEFAULT_RUNTIME = 'node22';

const serverlessService = ({ target }: SandboxRequest): string => /^.*?\/Services\/[^/]+/.exec(target.collection)![0];

/** The versions with the SIDs, as a build shows them. */
function versionsOf(request: SandboxRequest, kind: 'Functions' | 'Assets'): Properties[] {
  const { state, fields } = request;
  const sids = [fields[kind === 'Functions' ? 'FunctionVersions' : 'AssetVersions'] ?? []].flat() as string[];
  const service = serverlessService(request);
  const parents = state.store.list(`${service}/${kind}`);
  const versions = parents.flatMap(({ id }) => state.store.list(`${service}/${kind}/${id}/Versions`));
  return sids.map((sid) => {
    const found = versions.find(({ id }) => id === sid);
    if (!found && !state.options.lenient) badRequest(20001, `Version ${sid} does not exist in the Service`);
    const { links: _, url: __, ...version } = found?.body ?? { sid };
    return version;
  });
}

/** The list in the text of a request; twilio-run encloses it in quotes. */
const dependencyList = (text: unknown): unknown => jsonValue(String(text).replace(/^"(.*)"$/s, '$1'));

function checkBuild(request: SandboxRequest): void {
  const { Dependencies } = request.fields;
  if (Dependencies !== undefined && !Array.isArray(dependencyList(Dependencies))) {
    badRequest(20001, 'Dependencies must be a JSON array of names and versions');
  }
  const paths = [...versionsOf(request, 'Functions'), ...versionsOf(request, 'Assets')].map(({ path }) => path);
  const twice = paths.find((path, i) => path !== undefined && paths.indexOf(path) < i);
  if (twice) badRequest(20001, `Two versions of the Build have the path ${String(twice)}`);
}

function completeBuild(request: SandboxRequest, build: StoredResource): void {
  setDefaults(request, build, { runtime: DEFAULT_RUNTIME, dependencies: [] });
  const { Dependencies } = request.fields;
  if (Dependencies !== undefined) build.body.dependencies = dependencyList(Dependencies);
  Object.assign(build.body, {
    status: 'building',
    function_versions: versionsOf(request, 'Functions'),
    asset_versions: versionsOf(request, 'Assets'),
  });
}

const advanceBuild: Lifecycle = (build, now, state) => {
  if (build.body.status !== 'building' || elapsedTime(build, now, state) < BUILD_MS) return;
  const date_updated = isoSeconds(new Date(timeAfter(build, BUILD_MS, state)));
  Object.assign(build.body, { status: 'completed', date_updated });
};

/** The build that a request names, up to date. */
function buildOf(request: SandboxRequest, sid: unknown): StoredResource | undefined {
  const build = request.state.store.get(`${serverlessService(request)}/Builds`, String(sid));
  if (build) advanceBuild(build, request.now, request.state);
  return build;
}

function checkDeployment(request: SandboxRequest): void {
  const { BuildSid } = request.fields;
  if (!BuildSid || request.state.options.lenient) return;
  const build = buildOf(request, BuildSid);
  if (!build) badRequest(20001, `Build ${String(BuildSid)} does not exist in the Service`);
  if (build.body.status !== 'completed') badRequest(20001, `Build ${build.id} is ${String(build.body.status)}`);
}

/** The name of a service and four digits. */
function domainBase({ body, id }: StoredResource): string {
  return `${String(body.unique_name)}-${(Number.parseInt(id.slice(2, 10), 16) % 9000) + 1000}`;
}

export const SERVERLESS_RULES: Record<string, OperationRule> = {
  'serverless_v1:CreateService': {
    onCreate(request, service) {
      setDefaults(request, service, { include_credentials: true, ui_editable: false });
      service.body.domain_base = domainBase(service);
    },
  },
  'serverless_v1:CreateEnvironment': {
    onCreate(request, { body }) {
      const path = serverlessService(request);
      const slash = path.lastIndexOf('/');
      const service = request.state.store.get(path.slice(0, slash), path.slice(slash + 1));
      const suffix = request.fields.DomainSuffix;
      const base = service?.body.domain_base;
      const domain_name = base ? `${String(base)}${suffix ? `-${String(suffix)}` : ''}.twil.io` : null;
      Object.assign(body, { build_sid: null, domain_suffix: suffix ?? null, domain_name });
    },
  },
  'serverless_v1:CreateBuild': { check: checkBuild, onCreate: completeBuild },
  'serverless_v1:ListBuild': { respond: listNewestFirst },
  'serverless_v1:FetchBuildStatus': {
    respond(request) {
      const build = buildOf(request, request.target.params.Sid);
      if (!build) return undefined;
      const { account_sid, service_sid, status } = build.body;
      const url = `https://serverless.twilio.com${request.target.path}`;
      return { status: 200, body: { sid: build.id, account_sid, service_sid, status, url } };
    },
  },
  'serverless_v1:CreateDeployment': {
    check: checkDeployment,
    onCreate({ state, target, fields }) {
      const environments = target.collection.replace(/\/[^/]+\/Deployments$/, '');
      const environment = state.store.get(environments, target.params.EnvironmentSid!);
      if (environment) environment.body.build_sid = fields.BuildSid ?? null;
    },
  },
  'serverless_v1:ListDeployment': { respond: listNewestFirst },
  'serverless_v1:FetchFunctionVersionContent': {
    respond({ state, target, accountSid }) {
      const { ServiceSid, FunctionSid, Sid } = target.params;
      const versions = target.collection.replace(/\/[^/]+\/Content$/, '');
      const version = state.store.get(versions, Sid!);
      if (version?.internal.content === undefined) return undefined;
      const sids = { sid: Sid, account_sid: accountSid, service_sid: ServiceSid, function_sid: FunctionSid };
      const url = `https://serverless.twilio.com${target.path}`;
      return { status: 200, body: { ...sids, content: version.internal.content, url } };
    },
  },
};

export const SERVERLESS_LIFECYCLES: Record<string, Lifecycle> = { [`${SERVERLESS_SERVICES}/{}/Builds`]: advanceBuild };
