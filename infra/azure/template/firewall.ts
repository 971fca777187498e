import { edgeBlock } from '../../../shared/platform/edge-block.ts';
import { call, concat, variable, when } from './expressions.ts';
import { customRules } from './firewall-rules.ts';
import { customDomain, endpoint, hasCustomDomain, profile } from './front-door-endpoint.ts';
import { parameter } from './parameters.ts';
import { Resource } from './resource.ts';

const premium = call('equals', parameter('frontDoorSku'), 'Premium_AzureFrontDoor');

/** Values that people and programs write in their own words: names of products, reasons, what an event is called. */
const ownWords = [
  { matchVariable: 'QueryStringArgNames', selector: 'search' },
  // What producers call their records and their owners: any text.
  ...['key', 'owner', 'header', 'ceId', 'ceSource'].map((selector) => ({
    matchVariable: 'QueryStringArgNames',
    selector,
  })),
  { matchVariable: 'RequestBodyJsonArgNames', selector: 'name' },
  { matchVariable: 'RequestBodyJsonArgNames', selector: 'manufacturer' },
  { matchVariable: 'RequestBodyJsonArgNames', selector: 'reason' },
] as const;

/** The groups of rules that take such words for an attack; the other groups still look at them. */
const groupsWithoutOwnWords = ['SQLI', 'XSS', 'RCE', 'PHP', 'LFI'] as const;

/** Microsoft's Default Rule Set: CRS 3.3.4 at paranoia level 1, blocking from an anomaly score of 5. */
const defaultRuleSet = {
  ruleSetType: 'Microsoft_DefaultRuleSet',
  ruleSetVersion: '2.2',
  ruleSetAction: 'Block',
  ruleGroupOverrides: groupsWithoutOwnWords.map((ruleGroupName) => ({
    ruleGroupName,
    exclusions: ownWords.map((one) => ({ ...one, selectorMatchOperator: 'Equals' })),
    rules: [],
  })),
} as const;

const bots = { ruleSetType: 'Microsoft_BotManagerRuleSet', ruleSetVersion: '1.1' } as const;

/** A variable of the template. Standard has custom rules only. */
export const managedRuleSets = [defaultRuleSet, bots] as const;

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
        requestBodyCheck: 'Enabled',
        customBlockResponseStatusCode: edgeBlock.status,
        customBlockResponseBody: Buffer.from(JSON.stringify(edgeBlock)).toString('base64'),
      },
      customRules: { rules: customRules as never },
      managedRules: { managedRuleSets: when(premium, variable('managedRuleSets'), call('createArray')) },
    },
  },
);

/** Every name under which the endpoint answers has the firewall before it. */
const domains = when(
  hasCustomDomain,
  call('createArray', call('createObject', 'id', endpoint.id), call('createObject', 'id', customDomain.id)),
  call('createArray', call('createObject', 'id', endpoint.id)),
);

const protection = new Resource(
  'Microsoft.Cdn/profiles/securityPolicies',
  [profile.segments[0]!, 'firewall'],
  {
    dependsOn: [profile.id, endpoint.id, customDomain.id, firewall.id],
    properties: {
      parameters: {
        type: 'WebApplicationFirewall',
        wafPolicy: { id: firewall.id },
        associations: [{ domains, patternsToMatch: ['/*'] }],
      },
    },
  },
);

export const firewallResources: readonly Resource[] = [firewall, protection];
