/** Functions: domains of services and environments, builds that complete, and what is deployed. */
import { randomInt } from 'node:crypto';
import { elapsedTime } from '../lifecycle';
import type { Lifecycle, OperationRule, SandboxRequest } from '../types';

const BUILD_MS = 1000;

const SERVICES = 'serverless.twilio.com/v1/Services';

const resourceOf = ({ state, target }: SandboxRequest, collection: string, id: string) =>
  state.store.get(target.collection.slice(0, target.collection.indexOf(SERVICES)) + SERVICES + collection, id);

const completeBuild: Lifecycle = (build, now, state) => {
  if (build.body.status === 'building' && elapsedTime(build, now, state) >= BUILD_MS) build.body.status = 'completed';
};

const fetchBuildStatus: OperationRule = {
  decorate(request, _resource, response) {
    const { ServiceSid, Sid } = request.target.params as Record<string, string>;
    const build = resourceOf(request, `/${ServiceSid}/Builds`, Sid!);
    if (build) completeBuild(build, request.now, request.state);
    Object.assign(response.body as object, { sid: Sid, status: build?.body.status ?? null });
  },
};

export const SERVERLESS_RULES: Record<string, OperationRule> = {
  'serverless_v1:CreateService': {
    onCreate(_request, { body }) {
      body.domain_base = `${String(body.unique_name).toLowerCase()}-${randomInt(1000, 10_000)}`;
    },
  },
  'serverless_v1:CreateEnvironment': {
    onCreate(request, { body }) {
      const base = resourceOf(request, '', request.target.params.ServiceSid!)?.body.domain_base;
      const suffix = body.domain_suffix ? `-${body.domain_suffix}` : '';
      if (base) body.domain_name = `${base}${suffix}.twil.io`;
    },
  },
  'serverless_v1:CreateBuild': {
    onCreate(request, { body }) {
      const versions = ['Functions', 'Assets'].flatMap((kind) =>
        request.state.store.ofKind(`${SERVICES}/{}/${kind}/{}/Versions`),
      );
      for (const name of ['function_versions', 'asset_versions']) {
        const sids = (body[name] ?? []) as string[];
        body[name] = sids.map((sid) => versions.find((version) => version.id === sid)?.body ?? { sid });
      }
    },
  },
  'serverless_v1:CreateDeployment': {
    onCreate(request, { body }) {
      const { ServiceSid, EnvironmentSid } = request.target.params as Record<string, string>;
      const environment = resourceOf(request, `/${ServiceSid}/Environments`, EnvironmentSid!);
      if (environment) environment.body.build_sid = body.build_sid;
    },
  },
  'serverless_v1:FetchBuildStatus': fetchBuildStatus,
};

export const SERVERLESS_LIFECYCLES: Record<string, Lifecycle> = {
  'serverless.twilio.com/v1/Services/{}/Builds': completeBuild,
};
