import { call, concat, not, when, type Expression, type Text } from './expressions.ts';
import { endpoint, profile } from './front-door-endpoint.ts';
import { hostName, sites } from './functions.ts';
import { identities } from './identities.ts';
import { local, regions } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource, unless, type Region } from './resource.ts';
import { consoleGrants, web, webContainers } from './storage.ts';
import { apps, type AppName } from './apps.ts';

const profileName = local('front-door');
const premium = call('equals', parameter('frontDoorSku'), 'Premium_AzureFrontDoor');

const group = (name: string, path: string, more: object = {}, after: readonly Resource[] = []) =>
  new Resource('Microsoft.Cdn/profiles/originGroups', [profileName, name], {
    dependsOn: [profile.id, ...after.map(({ id }) => id)],
    properties: {
      loadBalancingSettings: {
        sampleSize: 4,
        successfulSamplesRequired: 3,
        additionalLatencyInMilliseconds: 50,
      },
      healthProbeSettings: {
        probePath: path,
        probeProtocol: 'Https',
        probeRequestType: 'GET',
        probeIntervalInSeconds: 100,
      },
      sessionAffinityState: 'Disabled',
      ...more,
    },
  });

const publicApps = ['edge', 'desks', 'maintenance'] as const satisfies readonly AppName[];
const groups = Object.fromEntries(publicApps.map((app) => [app, group(app, '/api/health')])) as Record<
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

const rules = new Resource('Microsoft.Cdn/profiles/ruleSets', [profileName, 'console'], {
  dependsOn: [profile.id],
});

const rewrite = (
  name: string,
  order: number,
  conditions: readonly object[],
  destination: string,
  keep: boolean,
) =>
  new Resource('Microsoft.Cdn/profiles/ruleSets/rules', [...rules.segments, name], {
    dependsOn: [rules.id],
    properties: {
      order,
      conditions: conditions as never,
      actions: [
        {
          name: 'UrlRewrite',
          parameters: {
            typeName: 'DeliveryRuleUrlRewriteActionParameters',
            sourcePattern: '/',
            destination,
            preserveUnmatchedPath: keep,
          },
        },
      ],
      matchProcessingBehavior: 'Stop',
    },
  });

/** A path without a file's ending is a page of the console: its one document shows them all. */
const page = {
  name: 'UrlFileExtension',
  parameters: {
    typeName: 'DeliveryRuleUrlFileExtensionMatchConditionParameters',
    operator: 'Any',
    negateCondition: true,
    matchValues: [],
    transforms: [],
  },
};
const consoleRules = [
  rewrite('pages', 1, [page], `/${webContainers.console}/index.html`, false),
  rewrite('files', 2, [], `/${webContainers.console}/`, true),
];

const route = (
  name: string,
  to: Resource,
  patterns: readonly string[],
  more: object,
  after: readonly Resource[],
) =>
  new Resource('Microsoft.Cdn/profiles/afdEndpoints/routes', [...endpoint.segments, name], {
    dependsOn: [endpoint.id, to.id, ...after.map(({ id }) => id)],
    properties: {
      originGroup: { id: to.id },
      patternsToMatch: patterns,
      supportedProtocols: ['Http', 'Https'],
      httpsRedirect: 'Enabled',
      forwardingProtocol: 'HttpsOnly',
      linkToDefaultDomain: 'Enabled',
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

const routes = [
  route('images', groups.edge, ['/api/images/*'], cached, appOrigins),
  route('api', groups.edge, ['/api/*'], {}, appOrigins),
  route('desks', groups.desks, deskPaths, {}, appOrigins),
  route('operations', groups.maintenance, ['/api/operations/*'], {}, appOrigins),
  route('console', consoleGroup, ['/*'], { ...compressed, ruleSets: [{ id: rules.id }] }, [
    ...consoleOrigins,
    ...consoleRules,
  ]),
];

const rateLimit = {
  name: 'RateLimit',
  priority: 1,
  enabledState: 'Enabled',
  ruleType: 'RateLimitRule',
  rateLimitDurationInMinutes: 1,
  rateLimitThreshold: parameter('rateLimitPerMinute'),
  matchConditions: [
    {
      matchVariable: 'RequestUri',
      operator: 'Contains',
      negateCondition: false,
      matchValue: ['/'],
      transforms: [],
    },
  ],
  action: 'Block',
};

const managed = call(
  'createArray',
  call(
    'createObject',
    'ruleSetType',
    'Microsoft_DefaultRuleSet',
    'ruleSetVersion',
    '2.1',
    'ruleSetAction',
    'Block',
  ),
  call('createObject', 'ruleSetType', 'Microsoft_BotManagerRuleSet', 'ruleSetVersion', '1.1'),
);

const firewall = new Resource(
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies',
  [concat('darkroom', parameter('stage'), 'waf')],
  {
    location: 'global',
    sku: { name: parameter('frontDoorSku') },
    properties: {
      policySettings: {
        enabledState: 'Enabled',
        mode: 'Prevention',
        // Uploads are bytes up to 90 MB: the firewall looks at headers and URLs of those, not at their bodies.
        requestBodyCheck: 'Disabled',
        customBlockResponseStatusCode: 429,
      },
      customRules: { rules: [rateLimit] },
      managedRules: { managedRuleSets: when(premium, managed, call('createArray')) },
    },
  },
);

const protection = new Resource('Microsoft.Cdn/profiles/securityPolicies', [profileName, 'firewall'], {
  dependsOn: [profile.id, endpoint.id, firewall.id],
  properties: {
    parameters: {
      type: 'WebApplicationFirewall',
      wafPolicy: { id: firewall.id },
      associations: [{ domains: [{ id: endpoint.id }], patternsToMatch: ['/*'] }],
    },
  },
});

export const frontDoorResources: readonly Resource[] = [
  profile,
  endpoint,
  ...Object.values(groups),
  consoleGroup,
  ...appOrigins,
  ...consoleOrigins,
  rules,
  ...consoleRules,
  ...routes,
  firewall,
  protection,
];
