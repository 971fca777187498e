import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { registeredFunctions } from '../../infra/azure/registered-functions.ts';
import { apps, appNames } from '../../infra/azure/template/apps.ts';
import { noteSigner } from '../../shared/images/erase/ledger/signed-note.ts';
import { Checkout, stageEnvironment } from './support/checkout.ts';
import { Azure } from './support/standin/azure.ts';

jest.setTimeout(300_000);

let azure: Azure;
let checkout: Checkout;
const deploy = ['deploy', '--stage', 'dev', '--package', '.serverless/darkroom.zip'];

beforeAll(async () => {
  azure = await Azure.start();
  checkout = new Checkout(azure);
  const packaged = await checkout.sls(['package', '--stage', 'dev']);
  expect(packaged).toMatchObject({ code: 0 });
});

afterAll(async () => {
  checkout.remove();
  await azure.close();
});

const short = (call: string): string =>
  call
    .replace('management.azure.com/subscriptions/00000000-0000-0000-0000-000000000000', 'arm')
    .replace('/resourceGroups/darkroom-dev', '/group')
    .replaceAll(/-[0-9a-f]{10,16}\b/g, '-#')
    .replaceAll(/drweb[0-9a-f]{10}/g, 'web')
    .replaceAll(/[0-9a-f]{64}/g, 'sha');

describe('sls deploy to an empty subscription', () => {
  beforeAll(async () => {
    azure.reset();
    const { code, output } = await checkout.sls(deploy, stageEnvironment);
    expect(output).toContain('console and API');
    expect(code).toBe(0);
  });

  test('does what Azure expects, in order', () => {
    const writes = azure.writes.map(short);
    const publishes = ['pipeline', 'maintenance', 'desks', 'edge'].map(
      (app) => `POST darkroom-dev-${app}-#.scm.azurewebsites.net/api/publish`,
    );
    expect(writes).toEqual([
      'POST arm/providers/Microsoft.Synapse/register',
      'POST arm/providers/Microsoft.App/register',
      'PUT arm/group',
      'PUT arm/group/providers/Microsoft.Resources/deployments/darkroom-#',
      'PUT arm/group/providers/Microsoft.KeyVault/vaults/dr-dev-#/secrets/url-signing-key',
      'PUT arm/group/providers/Microsoft.KeyVault/vaults/dr-dev-#/secrets/url-signing-key-previous',
      'PUT arm/group/providers/Microsoft.KeyVault/vaults/dl-dev-#/secrets/ledger-key',
      'PUT web.blob.core.windows.net/releases/interfaces/of-the-database.json',
      'PUT web.blob.core.windows.net/releases/interfaces/sha.json',
      'PUT web.blob.core.windows.net/releases/packages/sha.zip',
      // Secrets are not there the first time one looks: the platform is asked to fetch them again.
      'POST arm/group/providers/Microsoft.Web/sites/darkroom-dev-maintenance-#/config/configreferences/appsettings/refresh',
      'POST arm/group/providers/Microsoft.Web/sites/darkroom-dev-edge-#/config/configreferences/appsettings/refresh',
      ...publishes,
      'PUT web.blob.core.windows.net/releases/index.json',
      'PUT web.blob.core.windows.net/console/config.json',
      'PUT web.blob.core.windows.net/console/assets/main-1a2b.js',
      'PUT web.blob.core.windows.net/console/index.html',
      'PUT web.blob.core.windows.net/releases/console.json',
    ]);
    expect(azure.strangers).toEqual([]);
  });

  test('publishes the same package to every app, each of which then runs the functions of its services', () => {
    const zips = [...azure.state.publishes.values()].map(({ zip }) => zip);
    expect(zips).toHaveLength(appNames.length);
    expect(zips.every((zip) => zip.equals(zips[0] ?? Buffer.alloc(0)))).toBe(true);
    const bundle = checkout.path('dist/main.cjs');
    for (const app of appNames) {
      const [, site] = [...azure.state.sites].find(([name]) => name.includes(`-${app}-`)) ?? [];
      const wanted = registeredFunctions(bundle, apps[app].services).map(({ name }) => name);
      expect([...(site?.functions ?? ['no site'])].sort()).toEqual(wanted);
    }
  });

  test('migrates after the template and before any publish, and tells the migrations who the apps are', () => {
    const seen = JSON.parse(checkout.read('migrated.json')) as {
      at: number;
      users: Record<string, unknown>;
    } & Record<string, string>;
    const at = (method: string, path: RegExp) =>
      azure.state.calls
        .filter((call) => call.method === method && path.test(call.host + call.path))
        .map((call) => call.at);
    expect(seen.at).toBeGreaterThanOrEqual(at('PUT', /deployments\//)[0] ?? Infinity);
    expect(seen.at).toBeLessThanOrEqual(at('POST', /api\/publish$/)[0] ?? 0);
    expect(seen['DARKROOM_DATABASE']).toMatch(
      /^Server=tcp:darkroom-dev-sql-\w+\.database\.windows\.net,1433;Database=darkroom;/,
    );
    // What only Azure knows at run time stands there by its name.
    expect(seen['DARKROOM_SYNAPSE']).toMatch(
      /Microsoft\.Synapse\/workspaces\/darkroom-dev-\w+\|connectivityEndpoints\.sqlOnDemand»$/,
    );
    expect(seen['DARKROOM_LAKE_URL']).toMatch(/^https:\/\/drlake\w+\.dfs\.core\.windows\.net\/lake$/);
    expect(Object.keys(seen.users)).toEqual(appNames);
    expect(seen.users['edge']).toMatchObject({ name: 'darkroom-dev-edge', services: ['upload', 'read'] });
  });

  test('makes signing keys that are random, long enough and no two alike', () => {
    const secrets = [...azure.state.secrets];
    const keys = secrets.filter(([name]) => name.includes('url-signing-key')).map(([, value]) => value);
    expect(keys).toHaveLength(2);
    for (const value of keys) expect(Buffer.from(value, 'base64').length).toBeGreaterThanOrEqual(32);
    expect(new Set(keys).size).toBe(2);
    const [ledger, ...others] = secrets.filter(([name]) => !name.includes('url-signing-key'));
    expect(others).toEqual([]);
    expect(noteSigner(ledger![1]).key).toMatch(/^dl-dev-[0-9a-f]{10}\/ledger\+[0-9a-f]{8}\+/);
  });

  test('tells the console where to sign in and as what', () => {
    const [, config] = [...azure.state.blobs].find(([name]) => name.endsWith('console/config.json')) ?? [];
    expect(JSON.parse(config?.bytes.toString('utf8') ?? '{}')).toEqual({
      issuer: 'https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0',
      clientId: stageEnvironment.DARKROOM_API_CLIENT_ID,
      scope: `openid profile offline_access ${stageEnvironment.DARKROOM_API_CLIENT_ID}/.default`,
      apiBase: '/api',
      currency: 'EUR',
    });
  });

  test('changes nothing the second time', async () => {
    azure.state.calls.length = 0;
    const { code, output } = await checkout.sls(deploy, stageEnvironment);
    expect({ code, writes: azure.writes }).toEqual({ code: 0, writes: [] });
    expect(output).toContain('this package runs already');
  });
});

describe('sls deploy', () => {
  beforeEach(() => {
    azure.reset();
  });

  test('names every parameter that is not set, and asks Azure nothing', async () => {
    const { code, output } = await checkout.sls(deploy);
    expect(code).not.toBe(0);
    for (const name of Object.keys(stageEnvironment)) expect(output).toContain(`set ${name}`);
    expect(azure.state.calls).toEqual([]);
  });

  test('says with --dryrun what it would do, without a sign-in', async () => {
    const { code, output } = await checkout.sls([...deploy, '--dryrun'], {
      ...stageEnvironment,
      AZURE_SUBSCRIPTION_ID: undefined,
    });
    expect(code).toBe(0);
    expect(output).toContain('Would deploy Darkroom dev to darkroom-dev');
    expect(azure.state.calls).toEqual([]);
  });
});

describe('signing in', () => {
  beforeEach(() => {
    azure.reset();
  });

  const noSecret = { ...stageEnvironment, AZURE_CLIENT_SECRET: undefined };

  test('uses the identity of a GitHub workflow', async () => {
    const workflow = {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.actions.example/?api-version=2',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'workflow',
    };
    const { code, output } = await checkout.sls(deploy, { ...noSecret, ...workflow });
    expect(output).toContain('GitHub workflow');
    expect(code).toBe(0);
    // The first token is over by the time that the template is there: migrations get one of their own.
    expect(JSON.parse(checkout.read('migrated.json'))).toMatchObject({ token: 'github-assertion' });
  });

  test('uses a federated token from a file', async () => {
    checkout.write('token', 'file-assertion');
    const { code } = await checkout.sls(deploy, {
      ...noSecret,
      AZURE_FEDERATED_TOKEN_FILE: checkout.path('token'),
    });
    expect(code).toBe(0);
  });

  test('fails at once when there is no way, and does not wait for a person', async () => {
    const { code, output } = await checkout.sls(deploy, {
      ...noSecret,
      AZURE_SUBSCRIPTION_ID: undefined,
      PATH: '/nowhere',
    });
    expect(code).not.toBe(0);
    expect(output).toContain('failed at the step "sign-in"');
    expect(output).toContain('az login');
  });
});

const broken = {
  status: 500,
  json: { error: { code: 'InternalServerError', message: 'the rehearsed fault' } },
};

describe('a step that fails stops the deploy with its name', () => {
  beforeEach(() => {
    azure.reset();
  });

  test.each([
    ['sign-in', 'POST', /oauth2\/v2\.0\/token$/],
    ['providers', 'GET', /\/providers$/],
    ['resource group', 'PUT', /resourceGroups\/darkroom-dev$/],
    ['template', 'PUT', /deployments\/darkroom-/],
    ['template', 'GET', /deployments\/darkroom-/],
    ['secrets', 'PUT', /secrets\/url-signing-key$/],
    ['way back', 'GET', /releases\/index\.json$/],
    ['keep schema', 'PUT', /releases\/interfaces\/of-the-database/],
    ['keep interface', 'PUT', /releases\/interfaces\/[0-9a-f]{64}/],
    ['keep release', 'PUT', /releases\/packages\//],
    ['publish pipeline (primary)', 'POST', /pipeline-.*api\/publish$/],
    ['publish maintenance (primary)', 'GET', /maintenance-.*api\/deployments\//],
    ['verify desks (primary)', 'GET', /sites\/darkroom-dev-desks-\w+\/functions$/],
    ['note release', 'PUT', /releases\/index\.json$/],
    ['console', 'PUT', /console\/index\.html$/],
  ])('%s: %s %s answers 500', async (step, method, at) => {
    azure.faults = [{ method, at, reply: broken }];
    const { code, output } = await checkout.sls(deploy, stageEnvironment);
    expect(output).toContain(`sls deploy failed at the step "${step}"`);
    expect(code).not.toBe(0);
  });

  test('template: the deployment ends Failed, with the resource and the reason', async () => {
    const error = { code: 'DeploymentFailed', message: 'see operations' };
    const name = /deployments\/darkroom-\w+$/;
    azure.faults = [
      {
        method: 'GET',
        at: name,
        reply: {
          status: 200,
          json: { name: 'x', properties: { provisioningState: 'Failed', timestamp: '', error } },
        },
      },
      {
        method: 'GET',
        at: /\/operations$/,
        reply: {
          status: 200,
          json: {
            value: [
              {
                properties: {
                  provisioningState: 'Failed',
                  targetResource: { resourceType: 'Microsoft.Sql/servers', resourceName: 'the-server' },
                  statusMessage: { error: { code: 'RegionDoesNotAllowProvisioning', message: 'not here' } },
                },
              },
            ],
          },
        },
      },
    ];
    const { code, output } = await checkout.sls(deploy, stageEnvironment);
    expect(output).toContain('failed at the step "template"');
    expect(output).toContain('Microsoft.Sql/servers the-server: RegionDoesNotAllowProvisioning not here');
    expect(code).not.toBe(0);
    expect(azure.writes.join()).not.toContain('publish');
  });

  test('migrations: nothing is published when one fails', async () => {
    const { code, output } = await checkout.sls(deploy, { ...stageEnvironment, FAIL_MIGRATION: '1' });
    expect(output).toContain('failed at the step "migrations": "node migrate.mjs" ended with exit code 3');
    expect(code).not.toBe(0);
    expect(azure.writes.join()).not.toContain('publish');
  });

  test('references: a secret that the app cannot read is named, and nothing is published', async () => {
    const value = [{ name: 'DARKROOM_URL_SIGNING_KEY', properties: { status: 'AccessToKeyVaultDenied' } }];
    azure.faults = [
      {
        method: 'GET',
        at: /-edge-\w+\/config\/configreferences\/appsettings$/,
        reply: { status: 200, json: { value } },
      },
    ];
    const { code, output } = await checkout.sls(deploy, stageEnvironment);
    expect(output).toContain('failed at the step "references edge (primary)"');
    expect(output).toContain('DARKROOM_URL_SIGNING_KEY AccessToKeyVaultDenied');
    expect(code).not.toBe(0);
    expect(azure.writes.join()).not.toContain('publish');
  });

  test('publish: the platform takes the package and refuses it later', async () => {
    azure.faults = [
      {
        method: 'GET',
        at: /api\/deployments\//,
        reply: { status: 200, json: { status: 3, status_text: 'bad zip' } },
      },
    ];
    const { code, output } = await checkout.sls(deploy, stageEnvironment);
    expect(output).toContain('failed at the step "publish pipeline (primary)"');
    expect(output).toContain('bad zip');
    expect(code).not.toBe(0);
  });

  test('verify: the publish succeeds and no function is loaded', async () => {
    azure.state.loadsNothing = true;
    const { code, output } = await checkout.sls(deploy, stageEnvironment);
    expect(output).toContain('failed at the step "verify pipeline (primary)"');
    expect(output).toContain('missing');
    expect(code).not.toBe(0);
  });
});
