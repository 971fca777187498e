import { call, concat, key, when, type Expression, type Text } from './expressions.ts';
import { appNames, apps, oneRegionOnly, type AppName } from './apps.ts';
import { frontDoorId, profile } from './front-door-endpoint.ts';
import { httpCapacity } from './http-capacity.ts';
import { grant, grantOwn, identities, type IdentityName } from './identities.ts';
import { endpoint } from './front-door-endpoint.ts';
import { networks, subnetId } from './network.ts';
import { local, primary, regions, worldwide } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource, unless, type Region } from './resource.ts';
import { appSettings, type Setting } from './settings.ts';
import { accountUrl, hostAccount, packageContainer, packages } from './storage.ts';
import { telemetry } from './telemetry.ts';
import { ledgerVault, vault } from './key-vault.ts';

export const siteName = (app: AppName, region: Region): Expression => worldwide(app, region.suffix);

/** Said by rule and not asked of Azure, which may not answer for a lost region. */
export const hostName = (app: AppName, region: Region): Expression =>
  concat(siteName(app, region), '.azurewebsites.net');

/** The app's own identity and the hands it works with, which follow from the settings that name them. */
const identitiesOf = (app: AppName): readonly IdentityName[] => {
  const settings = new Set(appSettings(app, primary, '').map(({ name }) => name));
  const hands: readonly [Setting, IdentityName][] = [
    ['DARKROOM_STORAGE_WRITER_CLIENT_ID', 'storage-writer'],
    ['DARKROOM_STORAGE_READER_CLIENT_ID', 'storage-reader'],
    ['DARKROOM_LAKE_CLIENT_ID', 'lake-writer'],
  ];
  return [app, ...hands.filter(([setting]) => settings.has(setting)).map(([, identity]) => identity)];
};

const plan = (app: AppName, region: Region) =>
  new Resource('Microsoft.Web/serverfarms', [local('plan-', app, region.suffix)], {
    ...unless(region),
    location: region.location,
    kind: 'functionapp',
    sku: { name: 'FC1', tier: 'FlexConsumption' },
    properties: { reserved: true, zoneRedundant: parameter('zoneRedundant') },
  });

/** Only our Front Door gets through: its addresses, and of those only its own id. */
const onlyFrontDoor = {
  ipSecurityRestrictionsDefaultAction: 'Deny',
  ipSecurityRestrictions: [
    {
      name: 'front-door',
      priority: 100,
      action: 'Allow',
      tag: 'ServiceTag',
      ipAddress: 'AzureFrontDoor.Backend',
      headers: { 'x-azure-fdid': [frontDoorId] },
    },
  ],
  scmIpSecurityRestrictionsUseMain: false,
  scmIpSecurityRestrictionsDefaultAction: 'Allow',
};

const warm = (app: AppName) =>
  app === 'edge' || app === 'desks'
    ? when(
        call('greater', parameter('alwaysReadyInstances'), 0),
        call(
          'createArray',
          call('createObject', 'name', 'http', 'instanceCount', parameter('alwaysReadyInstances')),
        ),
        call('createArray'),
      )
    : [];

const memory: Readonly<Record<AppName, Expression | number>> = {
  edge: 2048,
  pipeline: parameter('pipelineMemoryMb'),
  desks: 512,
  maintenance: 2048,
};

/** What reads hubs or runs timers does so in one region; `sls deploy` switches it on in the other after a failover. */
export const isEnabled = (app: AppName, region: Region): boolean =>
  region.key === 'primary' || !oneRegionOnly.has(app);

function site(app: AppName, region: Region): Resource {
  const attached = identitiesOf(app).map((name) => identities[name]);
  const host = hostAccount(app, region);
  const settings: { name: string; value: Text }[] = appSettings(
    app,
    region,
    telemetry.runtime('ConnectionString'),
  );
  return new Resource('Microsoft.Web/sites', [siteName(app, region)], {
    ...unless(region),
    location: region.location,
    kind: 'functionapp,linux',
    tags: { 'darkroom-app': app, 'darkroom-services': apps[app].services.join(',') },
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: Object.fromEntries(attached.map(({ id }) => [key(id), {}])),
    },
    dependsOn: [
      plan(app, region).id,
      networks[region.key].id,
      packages(app, region).id,
      vault.id,
      ledgerVault.id,
      endpoint.id,
      profile.id,
      telemetry.id,
      ...attached.map(({ id }) => id),
    ],
    properties: {
      serverFarmId: plan(app, region).id,
      enabled: isEnabled(app, region),
      httpsOnly: true,
      clientAffinityEnabled: false,
      keyVaultReferenceIdentity: identities[app].id,
      virtualNetworkSubnetId: subnetId(region, app),
      publicNetworkAccess: 'Enabled',
      functionAppConfig: {
        deployment: {
          storage: {
            type: 'blobContainer',
            value: concat(accountUrl(host), `/${packageContainer}`),
            authentication: {
              type: 'UserAssignedIdentity',
              userAssignedIdentityResourceId: identities[app].id,
            },
          },
        },
        runtime: { name: 'node', version: '24' },
        // A deployment lets what runs come to its end; the default kills it.
        siteUpdateStrategy: { type: 'RollingUpdate' },
        scaleAndConcurrency: {
          maximumInstanceCount: parameter('maximumInstances'),
          instanceMemoryMB: memory[app],
          alwaysReady: warm(app),
          triggers: { http: { perInstanceConcurrency: httpCapacity[app].perInstanceConcurrency } },
        },
      },
      siteConfig: {
        minTlsVersion: '1.2',
        scmMinTlsVersion: '1.2',
        http20Enabled: true,
        ...onlyFrontDoor,
        appSettings: settings,
      },
    },
  });
}

/** Publishing signs in with Entra; user names and passwords of the app are refused. */
const noPasswords = (app: AppName, region: Region) =>
  (['ftp', 'scm'] as const).map(
    (kind) =>
      new Resource('Microsoft.Web/sites/basicPublishingCredentialsPolicies', [siteName(app, region), kind], {
        ...unless(region),
        dependsOn: [sites[region.key][app].id],
        properties: { allow: false },
      }),
  );

const sitesOf = (region: Region) =>
  Object.fromEntries(appNames.map((app) => [app, site(app, region)])) as Record<AppName, Resource>;

export const sites = { primary: sitesOf(regions[0]), secondary: sitesOf(regions[1]) };

const inEachRegion = (make: (app: AppName, region: Region) => readonly Resource[]) =>
  regions.flatMap((region) => appNames.flatMap((app) => make(app, region)));

export const functionResources: readonly Resource[] = [
  ...inEachRegion((app, region) => [plan(app, region), sites[region.key][app], ...noPasswords(app, region)]),
  ...appNames.map((app) =>
    grant(app, 'Monitoring Metrics Publisher', telemetry, { why: 'Sends its telemetry.' }),
  ),
  grantOwn('storage-writer', 'cache-purger', endpoint, {
    why: 'An erasure drops cached copies at once, with the bytes.',
  }),
];
