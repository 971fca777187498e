import { describe, expect, test } from '@jest/globals';
import { ownAddress } from '../../infra/azure/template/alerts.ts';
import { requestsPerPersonAndMinute } from '../../infra/azure/template/firewall-rules.ts';
import { template } from '../../infra/azure/template/template.ts';
import { edgeBlock } from '../../shared/platform/edge-block.ts';
import { limitRules, limitsOf, matches, policy, removedHeaders } from '../edge/support/policy.ts';
import type { Deployed } from './support/evaluate.ts';
import { stageNames, stageOf } from './support/stages.ts';

const id = '0198c0de-0000-7000-8000-0000000000aa';

type Properties = Record<string, any>;
const of = (
  type: string,
  parameters = {},
  stage: 'dev' | 'prod' = 'prod',
): (Deployed & { properties: Properties })[] =>
  stageOf(stage, parameters)
    .deploy()
    .filter((one) => one.type === type) as never;

const actionsOf = (ruleSet: string): Properties[] =>
  of('Microsoft.Cdn/profiles/ruleSets/rules')
    .filter(({ name }) => name.split('/')[1] === ruleSet)
    .sort((a, b) => a.properties['order'] - b.properties['order'])
    .flatMap(({ properties }) => properties['actions'] as Properties[]);
const headersOf = (ruleSet: string, action: string) =>
  Object.fromEntries(
    actionsOf(ruleSet)
      .filter(({ name }) => name === action)
      .map(({ parameters }) => [parameters.headerName, parameters.value ?? parameters.headerAction]),
  );

describe('the firewall', () => {
  test('has the Default Rule Set 2.2 on Premium, and its own rules everywhere', () => {
    expect(policy.managedRules.managedRuleSets).toMatchObject([
      { ruleSetType: 'Microsoft_DefaultRuleSet', ruleSetVersion: '2.2', ruleSetAction: 'Block' },
      { ruleSetType: 'Microsoft_BotManagerRuleSet' },
    ]);
    const [dev] = of('Microsoft.Network/FrontDoorWebApplicationFirewallPolicies', {}, 'dev');
    expect(dev!.properties['managedRules']).toEqual({ managedRuleSets: [] });
    expect(dev!.properties['customRules'].rules).toHaveLength(policy.customRules.rules.length);
  });

  test('answers a block with 403 and a problem document, which no answer of the API has', () => {
    const { customBlockResponseStatusCode: status, customBlockResponseBody: body } = policy.policySettings;
    expect(status).toBe(403);
    expect(JSON.parse(Buffer.from(body, 'base64').toString())).toEqual(edgeBlock);
  });

  test('looks at bodies', () => expect(policy.policySettings.requestBodyCheck).toBe('Enabled'));

  const exceptions = policy.customRules.rules.filter(({ action }) => action === 'Allow');
  const skips = (method: string, url: string) => exceptions.some((rule) => matches(rule, { method, url }));

  test.each([
    ['POST', '/api/images'],
    ['POST', '/api/uploads'],
    ['POST', `/api/uploads/${id}`],
    ['PATCH', `/api/uploads/${id}`],
    ['POST', '/api/sales/products/import'],
    ['POST', '/api/sales/products/import?dryRun=true'],
  ])('lets the bytes of %s %s past the managed rules', (method, url) =>
    expect(skips(method, url)).toBe(true),
  );

  test.each([
    ['GET', '/api/images'],
    ['POST', '/api/images?q=1'],
    ['POST', '/api/images/../sales/products'],
    ['POST', `/api/images/${id}`],
    ['DELETE', `/api/uploads/${id}`],
    ['PATCH', `/api/uploads/${id}?x=1`],
    ['PATCH', '/api/uploads/x'],
    ['POST', '/api/sales/products'],
    ['POST', '/api/sales/products/import?dryRun=true&x=1'],
    ['POST', '/x?/api/images'],
    ['POST', '/https://a/api/images'],
  ])('looks at all of %s %s', (method, url) => expect(skips(method, url)).toBe(false));

  test('takes limits first and exceptions last, each rule under a name and a priority of its own', () => {
    const rules = policy.customRules.rules;
    for (const key of ['name', 'priority'] as const)
      expect(new Set(rules.map((rule) => rule[key])).size).toBe(rules.length);
    const kinds = [...rules]
      .sort((a, b) => a.priority - b.priority)
      .map(({ ruleType, action }) => (ruleType === 'RateLimitRule' ? 0 : action === 'Block' ? 1 : 2));
    expect(kinds).toEqual([...kinds].sort());
    for (const { name } of rules) expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9]*$/);
  });

  test('stands before the endpoint and a custom domain, which routes keep', () => {
    const withDomain = { customDomain: 'darkroom.example.com' };
    const [domain] = of('Microsoft.Cdn/profiles/customDomains', withDomain);
    expect(domain!.properties).toMatchObject({
      hostName: 'darkroom.example.com',
      tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS12' },
    });
    const [endpoint] = of('Microsoft.Cdn/profiles/afdEndpoints');
    const [guard] = of('Microsoft.Cdn/profiles/securityPolicies', withDomain);
    expect(guard!.properties['parameters'].associations).toEqual([
      { domains: [{ id: endpoint!.id }, { id: domain!.id }], patternsToMatch: ['/*'] },
    ]);
    const routes = of('Microsoft.Cdn/profiles/afdEndpoints/routes', withDomain);
    expect(routes.length).toBeGreaterThan(3);
    for (const route of routes) expect(route.properties['customDomains']).toEqual([{ id: domain!.id }]);
    expect(stageOf('prod', withDomain).json(template.outputs['publicUrl'])).toMatchObject({
      value: 'https://darkroom.example.com',
    });
  });

  test('has no custom domain where none is named', () => {
    expect(of('Microsoft.Cdn/profiles/customDomains')).toEqual([]);
    for (const route of of('Microsoft.Cdn/profiles/afdEndpoints/routes'))
      expect(route.properties['customDomains']).toEqual([]);
  });
});

describe('limits of the firewall', () => {
  test.each([
    ['POST', '/api/images', ['limituploads']],
    ['PATCH', `/api/uploads/${id}`, ['limituploads']],
    ['DELETE', `/api/uploads/${id}`, ['limituploads']],
    ['OPTIONS', '/api/uploads', ['limituploads', 'limitreads']],
    ['OPTIONS', '/api/sales/products', ['limitreads', 'limitchanges']],
    ['GET', '/api/images?limit=100', ['limitreads']],
    ['HEAD', `/api/uploads/${id}`, ['limitreads']],
    ['GET', `/api/images/${id}`, ['limitreads']],
    ['GET', `/api/images/${id}/thumbnail?version=1&expires=2&signature=3`, []],
    ['HEAD', `/api/images/${id}/raw`, []],
    ['DELETE', `/api/images/${id}`, ['limitchanges']],
    ['POST', '/api/logistics/orders/1/complete', ['limitchanges']],
    ['GET', '/', ['limitpages']],
    ['GET', '/assets/main-1a2b.js', ['limitpages']],
  ])('count %s %s as %j', (method, url, limits) => expect(limitsOf({ method, url })).toEqual(limits));

  test.each(Object.entries(requestsPerPersonAndMinute))(
    '%s: one person times those behind one address',
    (name, { count }) => {
      const rule = limitRules.find((one) => one.name === `limit${name}`);
      expect(rule?.rateLimitThreshold).toBe(50 * count);
      const [dev] = of(
        'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies',
        { peopleBehindOneAddress: 7 },
        'dev',
      );
      const rules = dev!.properties['customRules'].rules as { name: string; rateLimitThreshold?: number }[];
      expect(rules.find((one) => one.name === `limit${name}`)?.rateLimitThreshold).toBe(7 * count);
    },
  );
});

describe('rules of Front Door', () => {
  test('take away the header by which the host finds its invocation, from everything that goes to an app', () => {
    expect(removedHeaders('api')).toEqual(['x-ms-invocation-id', 'Cookie']);
    for (const { properties } of of('Microsoft.Cdn/profiles/afdEndpoints/routes')) {
      const [set] = properties['ruleSets'] as { id: string }[];
      const wanted = (properties['originGroup'].id as string).endsWith('/console') ? 'console' : 'api';
      expect(set!.id.split('/').at(-1)).toBe(wanted);
    }
  });

  test('tell the storage a version that takes bearer tokens (2017-11-09 or later)', () => {
    expect(headersOf('console', 'ModifyRequestHeader')['x-ms-version'] >= '2017-11-09').toBe(true);
  });

  test('send the console with headers that keep others out', () => {
    const headers = headersOf('console', 'ModifyResponseHeader');
    const policyOf = (name: string) =>
      (headers['content-security-policy'] as string)
        .split('; ')
        .find((one) => one.startsWith(`${name} `))
        ?.split(' ')
        .slice(1);
    expect(policyOf('default-src')).toEqual(["'self'"]);
    expect(policyOf('script-src')).toBeUndefined();
    expect(policyOf('frame-ancestors')).toEqual(["'none'"]);
    expect(policyOf('connect-src')).toEqual(["'self'", 'https://login.microsoftonline.com/']);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
    expect(Number(/max-age=(\d+)/.exec(headers['strict-transport-security'])?.[1])).toBeGreaterThanOrEqual(
      31_536_000,
    );
  });

  test('have no more actions than Front Door takes, five, and go on to the next unless they rewrite', () => {
    for (const { properties } of of('Microsoft.Cdn/profiles/ruleSets/rules')) {
      const actions = properties['actions'] as { name: string }[];
      expect(actions.length).toBeLessThanOrEqual(5);
      const rewrites = actions.some(({ name }) => name === 'UrlRewrite');
      expect(properties['matchProcessingBehavior']).toBe(rewrites ? 'Stop' : 'Continue');
    }
  });

  test('show the one document of the console at every path that is no file', () => {
    const rules = of('Microsoft.Cdn/profiles/ruleSets/rules');
    const [pages, files] = ['pages', 'files'].map((name) =>
      rules.find((one) => one.name.endsWith(`/console/${name}`))!,
    );
    expect(pages!.properties['conditions']).toMatchObject([
      { name: 'UrlFileExtension', parameters: { operator: 'Any', negateCondition: true } },
    ]);
    expect(pages!.properties['actions'][0].parameters).toMatchObject({
      destination: '/console/index.html',
      preserveUnmatchedPath: false,
    });
    expect(pages!.properties['order']).toBeLessThan(files!.properties['order']);
  });
});

describe('health probes', () => {
  test('are HEAD requests for liveness, and stand only where there is a choice of origins', () => {
    const groups = of('Microsoft.Cdn/profiles/originGroups');
    expect(groups.length).toBeGreaterThan(3);
    for (const { name, properties } of groups)
      expect(properties['healthProbeSettings']).toEqual({
        probePath: name.endsWith('console') ? '/console/index.html' : '/api/health/live',
        probeProtocol: 'Https',
        probeRequestType: 'HEAD',
        probeIntervalInSeconds: 100,
      });
    for (const { properties } of of('Microsoft.Cdn/profiles/originGroups', {}, 'dev'))
      expect(properties['healthProbeSettings']).toBeNull();
  });
});

describe('the alert about blocks', () => {
  // RE2 and JavaScript read the pattern alike but for the flag in front.
  const isOurs = (uri: string) => new RegExp(ownAddress.replace('(?i)', ''), 'i').test(uri);

  test.each([
    'https://darkroom.example:443/api/images',
    'https://darkroom.example:443/api/sales/products?search=x',
    'https://darkroom.example:443/signed-in',
    '/API/logistics/orders',
  ])('counts %s', (uri) => expect(isOurs(uri)).toBe(true));

  test.each(['https://darkroom.example:443/wp-admin', '/.env', '/api/v1/pods', '/?x=/api/images'])(
    'leaves out %s',
    (uri) => expect(isOurs(uri)).toBe(false),
  );
});

test.each(stageNames)('%s gives Front Door just under four minutes for an answer', (stage) => {
  const [profile] = of('Microsoft.Cdn/profiles', {}, stage);
  expect(profile!.properties['originResponseTimeoutSeconds']).toBe(235);
});
