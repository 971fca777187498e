import { call, concat, not, when, type Expression, type Text } from './expressions.ts';
import { customDomain, endpoint, profile, routeDomains } from './front-door-endpoint.ts';
import { apiRules, apiRuleSet, consoleRules, consoleRuleSet } from './front-door-rules.ts';
import { hostName, sites } from './functions.ts';
import { identities } from './identities.ts';
import { local, paired, regions } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource, unless, type Region } from './resource.ts';
import { consoleGrants, web, webContainers } from './storage.ts';
import { apps, type AppName } from './apps.ts';

const profileName = local('front-door');

/** Seconds between the probes of one edge; docs/costs.md counts what all of them cost. */
export const probeSeconds = 100;

/** Only a group with two origins has a choice to make; one origin is asked whatever a probe says. */
const probe = (path: string): Expression =>
  when(
    paired,
    call(
      'createObject',
      ...['probePath', path, 'probeProtocol', 'Https', 'probeRequestType', 'HEAD'],
      ...['probeIntervalInSeconds', probeSeconds],
    ),
    call('null'),
  );

const group = (name: string, path: string, more: object = {}, after: readonly Resource[] = []) =>
  new Resource('Microsoft.Cdn/profiles/originGroups', [profileName, name], {
    dependsOn: [profile.id, ...after.map(({ id }) => id)],
    properties: {
      loadBalancingSettings: {
        sampleSize: 4,
        successfulSamplesRequired: 3,
        additionalLatencyInMilliseconds: 50,
      },
      healthProbeSettings: probe(path),
      sessionAffinityState: 'Disabled',
      ...more,
    },
  });

export const publicApps = ['edge', 'desks', 'maintenance'] as const satisfies readonly AppName[];
const groups = Object.fromEntries(publicApps.map((app) => [app, group(app, '/api/health/live')])) as Record<
  (typeof publicApps)[number],
  Resource
>;

/** The console is private files: Front Door signs in to storage to fetch them. */
const consoleGroup = group(
  'console',
  `/${webContainers.console}/index.html`,
  {
    authentication: {
      type: 'UserAssignedIdentity',
      scope: 'https://storage.azure.com/.default',
      userAssignedIdentity: { id: identities['front-door'].id },
    },
  },
  consoleGrants,
);

const origin = (of: Resource, name: string, host: Text, priority: Expression, after: readonly Resource[]) =>
  new Resource('Microsoft.Cdn/profiles/originGroups/origins', [...of.segments, name], {
    dependsOn: [of.id, ...after.map(({ id }) => id)],
    properties: {
      hostName: host,
      originHostHeader: host,
      httpsPort: 443,
      priority,
      weight: 1000,
      enforceCertificateNameCheck: true,
    },
  });

/** The active region first; one that is lost is not asked at all. */
const regional = (group: Resource, region: Region, host: Text, after: Resource) => {
  const active = region.key === 'primary' ? not(parameter('failedOver')) : parameter('failedOver');
  const made = origin(group, region.key, host, when(active, 1, 2), [after]);
  const enabledState = region.key === 'primary' ? when(active, 'Enabled', 'Disabled') : 'Enabled';
  return new Resource(made.type, made.segments, {
    ...made.body,
    ...unless(region),
    takesOver: true,
    properties: { ...(made.body['properties'] as object), enabledState },
  });
};

const appOrigins = publicApps.flatMap((app) =>
  regions.map((region) => regional(groups[app], region, hostName(app, region), sites[region.key][app])),
);

const consoleOrigins = regions.map((region) =>
  regional(
    consoleGroup,
    region,
    concat(web[region.key].segments[0] ?? '', '.blob.', call('environment').get('suffixes.storage')),
    web[region.key],
  ),
);

const route = (
  name: string,
  to: Resource,
  patterns: readonly string[],
  more: object,
  after: readonly Resource[],
) =>
  new Resource('Microsoft.Cdn/profiles/afdEndpoints/routes', [...endpoint.segments, name], {
    dependsOn: [endpoint.id, customDomain.id, to.id, ...after.map(({ id }) => id)],
    properties: {
      originGroup: { id: to.id },
      patternsToMatch: patterns,
      supportedProtocols: ['Http', 'Https'],
      httpsRedirect: 'Enabled',
      forwardingProtocol: 'HttpsOnly',
      linkToDefaultDomain: 'Enabled',
      customDomains: routeDomains,
      enabledState: 'Enabled',
      ...more,
    },
  });

/** Images are cached as long as they say (never past their deletion); a signature in the query is part of the key. */
const cached = { cacheConfiguration: { queryStringCachingBehavior: 'UseQueryString' } };
const compressed = {
  cacheConfiguration: {
    queryStringCachingBehavior: 'IgnoreQueryString',
    compressionSettings: {
      isCompressionEnabled: true,
      contentTypesToCompress: [
        'text/html',
        'text/css',
        'text/javascript',
        'application/json',
        'image/svg+xml',
      ],
    },
  },
};

/** A team's service answers under its own name. */
const deskPaths = apps.desks.services.map((service) => `/api/${service}/*`);

/** Rules of the API stand before every route to an app. */
const api = { ruleSets: [{ id: apiRuleSet.id }] };
const afterApi = [...appOrigins, ...apiRules];

const routes = [
  route('images', groups.edge, ['/api/images/*'], { ...cached, ...api }, afterApi),
  route('api', groups.edge, ['/api/*'], api, afterApi),
  route('desks', groups.desks, deskPaths, api, afterApi),
  route('operations', groups.maintenance, ['/api/operations/*'], api, afterApi),
  route('console', consoleGroup, ['/*'], { ...compressed, ruleSets: [{ id: consoleRuleSet.id }] }, [
    ...consoleOrigins,
    ...consoleRules,
  ]),
];

export const frontDoorResources: readonly Resource[] = [
  profile,
  endpoint,
  customDomain,
  ...Object.values(groups),
  consoleGroup,
  ...appOrigins,
  ...consoleOrigins,
  ...routes,
];
