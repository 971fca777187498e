import type { CustomRule, MatchCondition } from '../../../infra/azure/template/firewall-rules.ts';
import { stageOf } from '../../deploy/support/stages.ts';

/** The firewall's policy and the rules of Front Door, as the template has them for `prod`: nothing is written twice. */

export type Condition = MatchCondition;
/** As it is deployed: no expression is left in it. */
export type Rule = Omit<CustomRule, 'rateLimitThreshold'> & { readonly rateLimitThreshold?: number };

interface Exclusion {
  readonly matchVariable: 'QueryStringArgNames' | 'RequestBodyJsonArgNames';
  readonly selectorMatchOperator: 'Equals';
  readonly selector: string;
}

interface ManagedRuleSet {
  readonly ruleSetType: string;
  readonly ruleSetVersion: string;
  readonly ruleGroupOverrides?: readonly {
    readonly ruleGroupName: string;
    readonly exclusions: readonly Exclusion[];
  }[];
}

export interface Policy {
  readonly policySettings: {
    readonly requestBodyCheck: 'Enabled' | 'Disabled';
    readonly customBlockResponseStatusCode: number;
    readonly customBlockResponseBody: string;
  };
  readonly customRules: { readonly rules: readonly Rule[] };
  readonly managedRules: { readonly managedRuleSets: readonly ManagedRuleSet[] };
}

const deployed = stageOf('prod').deploy();
const propertiesOf = (type: string) =>
  deployed
    .filter((one) => one.type === type)
    .map(({ name, properties }) => ({ name, ...(properties as object) }));

export const policy = propertiesOf(
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies',
)[0] as unknown as Policy;

/** Request headers that a rule set of Front Door takes away. */
export const removedHeaders = (ruleSet: 'api' | 'console'): readonly string[] =>
  propertiesOf('Microsoft.Cdn/profiles/ruleSets/rules')
    .filter(({ name }) => name.split('/')[1] === ruleSet)
    .flatMap((rule) => (rule as unknown as { actions: readonly HeaderAction[] }).actions)
    .filter(({ name, parameters }) => name === 'ModifyRequestHeader' && parameters.headerAction === 'Delete')
    .map(({ parameters }) => parameters.headerName);

interface HeaderAction {
  readonly name: string;
  readonly parameters: { readonly headerAction: string; readonly headerName: string };
}

export interface SimpleRequest {
  readonly method: string;
  /** From the path on. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function valueOf({ matchVariable, selector }: Condition, request: SimpleRequest): string {
  if (matchVariable === 'RequestUri') return `https://darkroom.example:443${request.url}`;
  if (matchVariable === 'RequestMethod') return request.method;
  return request.headers?.[selector!.toLowerCase()] ?? '';
}

const tests: Readonly<Record<Condition['operator'], (value: string, wanted: string) => boolean>> = {
  RegEx: (value, wanted) => new RegExp(wanted).test(value),
  Equal: (value, wanted) => value === wanted,
  GreaterThan: (value, wanted) => value.length > Number(wanted),
};

/** Whether a custom rule is about this request. */
export const matches = ({ matchConditions }: Rule, request: SimpleRequest): boolean =>
  matchConditions.every((condition) => {
    const value = valueOf(condition, request);
    const seen = condition.transforms.includes('Lowercase') ? value.toLowerCase() : value;
    const found = condition.matchValue.some((wanted) => tests[condition.operator](seen, wanted));
    return found !== condition.negateCondition;
  });

export const limitRules = policy.customRules.rules.filter(({ ruleType }) => ruleType === 'RateLimitRule');

/** The rate limits that count this request, by name. */
export const limitsOf = (request: SimpleRequest): readonly string[] =>
  limitRules.filter((rule) => matches(rule, request)).map(({ name }) => name);
