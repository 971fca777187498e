import { concat, key, type Expression } from './expressions.ts';
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
    originResponseTimeoutSeconds: 240,
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

export const publicUrl: Expression = concat('https://', endpoint.runtime('hostName'));
export const frontDoorId: Expression = profile.runtime('frontDoorId');
