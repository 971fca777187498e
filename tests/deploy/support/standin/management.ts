import { runDeployment, type DeploymentBody } from './deployments.ts';
import { notFound, type Call, type Deployment, type Reply, type State } from './state.ts';

const error = (status: number, code: string, message: string): Reply => ({
  status,
  json: { error: { code, message } },
});

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

function deploy(state: State, call: Call, name: string): Reply {
  if (!state.group) return error(404, 'ResourceGroupNotFound', 'no resource group');
  const unregistered = [...state.providers].find(([, registration]) => registration !== 'Registered');
  if (unregistered) return error(409, 'MissingSubscriptionRegistration', unregistered[0]);
  const body = JSON.parse(call.body.toString('utf8')) as DeploymentBody;
  const fault = invalid(body);
  if (fault) return error(400, 'InvalidTemplate', fault);
  const deployment: Deployment = {
    name,
    properties: {
      provisioningState: 'Running',
      timestamp: new Date(call.at).toISOString(),
      parameters: body.properties.parameters,
      ...runDeployment(state, body),
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
    deployment.properties.provisioningState = deployment.properties.failed ? 'Failed' : 'Succeeded';
  }
  return { status: 200, json: deployment };
}

/** Which resources a deployment could not make, as its operations say it. */
function operations(state: State, name: string): Reply {
  const value = (state.deployments.get(name)?.properties.failed ?? []).map((one) => ({
    properties: {
      provisioningState: 'Failed',
      targetResource: { resourceType: one.type, resourceName: one.name },
      statusMessage: { error: { code: 'Refused', message: one.message } },
    },
  }));
  return { status: 200, json: { value } };
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

function site(state: State, call: Call, name: string, what: string | undefined): Reply {
  const found = state.sites.get(name);
  if (!found) return notFound(name);
  if (call.method === 'PATCH') {
    const { properties } = JSON.parse(call.body.toString('utf8')) as { properties: { enabled: boolean } };
    state.sites.set(name, { ...found, ...properties });
    return { status: 200, json: { name } };
  }
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

/** Resources of a type, in the group or below another one. */
function list(state: State, prefix: string, type: string): Reply {
  const value = [...state.resources.values()].filter(
    (one) => one.type.endsWith(type) && one.id.toLowerCase().startsWith(prefix.toLowerCase()),
  );
  return { status: 200, json: { value } };
}

/** A policy is locked by a call of its own, which names the version that it is about. */
function immutability(state: State, call: Call): Reply {
  const id = call.path.replace(/\/lock$/, '').toLowerCase();
  const policy = state.resources.get(id);
  if (!policy) return notFound(id);
  const { state: now = 'Unlocked', ...properties } = policy['properties'] as { state?: string };
  if (call.method === 'GET')
    return { status: 200, json: { ...policy, etag: `"${now}"`, properties: { ...properties, state: now } } };
  if (call.headers['if-match'] !== `"${now}"`) return error(412, 'ConditionNotMet', 'another version');
  state.resources.set(id, { ...policy, properties: { ...properties, state: 'Locked' } });
  return { status: 200, json: policy };
}

/** The platform fetches secrets after a while; what is not in the vault it never finds. */
function references(state: State, name: string): Reply {
  const found = state.sites.get(name);
  if (!found) return notFound(name);
  found.looks += 1;
  const value = Object.entries(found.settings).flatMap(([setting, text]) => {
    const secretName = /^@Microsoft\.KeyVault\(.*SecretName=([\w-]+)\)$/.exec(text)?.[1];
    if (secretName === undefined) return [];
    const status = !state.secrets.has(secretName)
      ? 'SecretNotFound'
      : found.looks > 1
        ? 'Resolved'
        : 'AccessToKeyVaultDenied';
    return [{ name: setting, properties: { status } }];
  });
  return { status: 200, json: { value } };
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
    if (what === 'operations') return operations(state, name);
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
  if (siteMatch) return site(state, call, siteMatch[1] ?? '', siteMatch[2]);
  const settings =
    /^providers\/Microsoft\.Web\/sites\/([^/]+)\/config\/configreferences\/appsettings(\/refresh)?$/.exec(
      inside,
    );
  if (settings) return settings[2] ? { status: 200 } : references(state, settings[1] ?? '');
  for (const type of ['Microsoft.EventHub/namespaces', 'Microsoft.Storage/storageAccounts'])
    if (inside === `providers/${type}`) return list(state, '', type);
  if (/\/immutabilityPolicies\/default(\/lock)?$/.test(inside)) return immutability(state, call);
  if (inside.endsWith('/disasterRecoveryConfigs')) return list(state, call.path, '/disasterRecoveryConfigs');
  return notFound(path);
}
