import { requestTimes } from '../../../shared/platform/http/limits.ts';
import { call, concat, key, not, when, type Expression } from './expressions.ts';
import { identities } from './identities.ts';
import { local, worldwide } from './names.ts';
import { parameter } from './parameters.ts';
import { Resource } from './resource.ts';

/** Profile and endpoint stand apart from the routes: apps need their names, routes need the apps. */
export const profile = new Resource('Microsoft.Cdn/profiles', [local('front-door')], {
  location: 'global',
  sku: { name: parameter('frontDoorSku') },
  identity: { type: 'UserAssigned', userAssignedIdentities: { [key(identities['front-door'].id)]: {} } },
  dependsOn: [identities['front-door'].id],
  properties: {
    // Just under the four minutes after which a load balancer in between cuts a silent connection.
    originResponseTimeoutSeconds: requestTimes.edgeSeconds,
    // A query may be a signature that opens an image; an address may be a person's.
    logScrubbing: {
      state: 'Enabled',
      scrubbingRules: ['QueryStringArgNames', 'RequestIPAddress'].map((matchVariable) => ({
        matchVariable,
        selectorMatchOperator: 'EqualsAny',
        state: 'Enabled',
      })),
    },
  },
});

export const endpoint = new Resource(
  'Microsoft.Cdn/profiles/afdEndpoints',
  [local('front-door'), worldwide('app')],
  {
    location: 'global',
    dependsOn: [profile.id],
    properties: { enabledState: 'Enabled' },
  },
);

export const hasCustomDomain = not(call('empty', parameter('customDomain')));

/** The name that people know, where the stage has one; docs/deploy.md says what its DNS needs. */
export const customDomain = new Resource(
  'Microsoft.Cdn/profiles/customDomains',
  // A stage without one never makes this; its name must be one that could be.
  [local('front-door'), when(hasCustomDomain, call('replace', parameter('customDomain'), '.', '-'), 'none')],
  {
    condition: hasCustomDomain,
    dependsOn: [profile.id],
    properties: {
      hostName: parameter('customDomain'),
      tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS12' },
    },
  },
);

/** Custom domains of a route: what a deployment does not name, it takes away. */
export const routeDomains: Expression = when(
  hasCustomDomain,
  call('createArray', call('createObject', 'id', customDomain.id)),
  call('createArray'),
);

/** What the DNS has to show before Front Door serves the custom domain: a TXT record `_dnsauth`. */
export const domainValidation: Expression = when(
  hasCustomDomain,
  customDomain.runtime('validationProperties.validationToken'),
  '',
);

export const publicUrl: Expression = concat(
  'https://',
  when(hasCustomDomain, parameter('customDomain'), endpoint.runtime('hostName')),
);
export const frontDoorId: Expression = profile.runtime('frontDoorId');
