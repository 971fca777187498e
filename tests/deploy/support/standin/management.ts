import type { Template } from '../../../../infra/azure/template/template.ts';
import { Stage, type Value } from '../evaluate.ts';
import { notFound, type Call, type Deployment, type Reply, type State } from './state.ts';

const error = (status: number, code: string, message: string): Reply => ({
  status,
  json: { error: { code, message } },
});

interface DeploymentBody {
  readonly properties: {
    readonly mode: string;
    readonly template: Template;
    readonly parameters: Record<string, { value: string | number | boolean }>;
  };
}

/** What ARM refuses before it starts: parameters that are unknown, missing or of another type. */
function invalid({ properties: { template, parameters, mode } }: DeploymentBody): string | undefined {
  if (mode !== 'Incremental') return `mode ${mode}`;
  const types: Record<string, string> = { string: 'string', int: 'number', bool: 'boolean' };
  for (const [name, { value }] of Object.entries(parameters)) {
    const declared = template.parameters[name];
    if (!declared) return `The parameter ${name} is not in the template`;
    if (typeof value !== types[declared.type]) return `The parameter ${name} is no ${declared.type}`;
    if (typeof value === 'string' && value.length < (declared.minLength ?? 0))
      return `The parameter ${name} is too short`;
  }
  const missing = Object.entries(template.parameters).find(
    ([name, one]) => !('defaultValue' in one) && !(name in parameters),
  );
  return missing && `The parameter ${missing[0]} has no value`;
}

interface SiteBody {
  readonly siteConfig: { readonly appSettings: readonly { name: string; value: string }[] };
  readonly enabled: boolean;
}

/** Works the template out and makes what it declares, as far as later calls ask for it. */
function apply(
  state: State,
  { properties: { template, parameters } }: DeploymentBody,
): Record<string, Value> {
  const stage = new Stage(
    template,
    Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value])),
  );
  for (const resource of stage.deploy()) {
    if (resource.type === 'Microsoft.Web/sites') {
      const { siteConfig, enabled } = resource['properties'] as SiteBody;
      state.sites.set(resource.name, {
        settings: Object.fromEntries(siteConfig.appSettings.map(({ name, value }) => [name, value])),
        enabled,
        functions: state.sites.get(resource.name)?.functions ?? [],
      });
    }
    if (resource.type === 'Microsoft.Cdn/profiles/originGroups/origins') {
      const { sharedPrivateLinkResource: link } = resource['properties'] as {
        sharedPrivateLinkResource?: unknown;
      };
      if (link !== null && link !== undefined && state.privateLink === 'none') state.privateLink = 'Pending';
    }
  }
  return stage.json(template.outputs) as Record<string, Value>;
}

function deploy(state: State, call: Call, name: string): Reply {
  if (!state.group) return error(404, 'ResourceGroupNotFound', 'no resource group');
  const unregistered = [...state.providers].find(([, registration]) => registration !== 'Registered');
  if (unregistered) return error(409, 'MissingSubscriptionRegistration', unregistered[0]);
  const body = JSON.parse(call.body.toString('utf8')) as DeploymentBody;
  const fault = invalid(body);
  if (fault) return error(400, 'InvalidTemplate', fault);
  const outputs = apply(state, body);
  const deployment: Deployment = {
    name,
    properties: {
      provisioningState: 'Running',
      timestamp: new Date(call.at).toISOString(),
      outputs,
      parameters: body.properties.parameters,
    },
  };
  state.deployments.set(name, deployment);
  state.looks = 0;
  return { status: 201, json: deployment };
}

/** A deployment is under way the first time one looks, and done the second. */
function look(state: State, name: string): Reply {
  const deployment = state.deployments.get(name);
  if (!deployment) return notFound(name);
  state.looks += 1;
  if (state.looks > 1 && deployment.properties.provisioningState === 'Running') {
    deployment.properties.provisioningState = 'Succeeded';
  }
  return { status: 200, json: deployment };
}

function group(state: State, call: Call): Reply {
  if (call.method === 'PUT') {
    state.group = JSON.parse(call.body.toString('utf8')) as NonNullable<State['group']>;
    return { status: 201, json: state.group };
  }
  if (!state.group) return error(404, 'ResourceGroupNotFound', 'no resource group');
  if (call.method === 'DELETE') {
    state.group = undefined;
    return { status: 202 };
  }
  return { status: 200, json: state.group };
}

function secret(state: State, call: Call, name: string): Reply {
  if (call.method === 'PUT') {
    const { properties } = JSON.parse(call.body.toString('utf8')) as { properties: { value: string } };
    state.secrets.set(name, properties.value);
    return { status: 201, json: { name } };
  }
  return state.secrets.has(name) ? { status: 200, json: { name } } : notFound(name);
}

function site(state: State, name: string, what: string | undefined): Reply {
  const found = state.sites.get(name);
  if (!found) return notFound(name);
  if (what === 'functions') {
    return { status: 200, json: { value: found.functions.map((one) => ({ name: `${name}/${one}` })) } };
  }
  if (what === 'restart') return { status: 200 };
  return {
    status: 200,
    json: {
      name,
      properties: {
        hostNameSslStates: [
          { name: `${name}.azurewebsites.net`, hostType: 'Standard' },
          { name: `${name}.scm.azurewebsites.net`, hostType: 'Repository' },
        ],
      },
    },
  };
}

function privateLinks(state: State, call: Call): Reply {
  if (call.method === 'PUT') {
    state.privateLink = 'Approved';
    return { status: 200, json: {} };
  }
  const properties = {
    privateLinkServiceConnectionState: { status: state.privateLink, description: 'darkroom-front-door' },
  };
  return {
    status: 200,
    json: { value: state.privateLink === 'none' ? [] : [{ id: `${call.path}/front-door`, properties }] },
  };
}

/** Resource Manager: every call must say its API version. */
export function management(state: State, call: Call): Reply {
  if (!/^20\d\d-\d\d-\d\d/.test(call.query.get('api-version') ?? '')) {
    return error(400, 'MissingApiVersionParameter', 'The api-version query parameter is required.');
  }
  const path = call.path.replace(/^\/subscriptions\/[^/]+/, '');
  const register = /^\/providers\/([^/]+)\/register$/.exec(path)?.[1];
  if (register !== undefined) {
    state.providers.set(register, 'Registered');
    return { status: 200, json: {} };
  }
  if (path === '/providers') {
    const value = [...state.providers].map(([namespace, registrationState]) => ({
      namespace,
      registrationState,
    }));
    return { status: 200, json: { value } };
  }
  const [, , , ...rest] = path.split('/');
  const inside = rest.join('/');
  if (inside === '') return group(state, call);
  const deployment = /^providers\/Microsoft\.Resources\/deployments(?:\/([^/]+)(?:\/(\w+))?)?$/.exec(inside);
  if (deployment) {
    const [, name, what] = deployment;
    if (name === undefined) {
      return state.group
        ? { status: 200, json: { value: [...state.deployments.values()] } }
        : notFound('the group');
    }
    if (what === 'operations') return { status: 200, json: { value: [] } };
    if (what === 'whatIf')
      return {
        status: 200,
        json: { properties: { changes: [{ resourceId: 'the/group', changeType: 'Create' }] } },
      };
    return call.method === 'PUT' ? deploy(state, call, name) : look(state, name);
  }
  const secretName = /vaults\/[^/]+\/secrets\/([^/]+)$/.exec(inside)?.[1];
  if (secretName !== undefined) return secret(state, call, secretName);
  const siteMatch = /^providers\/Microsoft\.Web\/sites\/([^/]+)(?:\/(\w+))?$/.exec(inside);
  if (siteMatch) return site(state, siteMatch[1] ?? '', siteMatch[2]);
  if (inside.includes('/privateEndpointConnections')) return privateLinks(state, call);
  return notFound(path);
}
