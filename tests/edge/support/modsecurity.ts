import { groupsOfRawBodies, ruleFiles, rulesOf, scoreFile } from './crs.ts';
import type { Condition, Policy, Rule } from './policy.ts';

/** Azure inspects this much of a body. Bytes. */
const inspectedBytes = 128 * 1024;

/** Front Door takes these; CRS by itself would refuse half of them (MicrosoftDocs/azure-docs#5286). */
const methods = 'GET HEAD POST OPTIONS PUT PATCH DELETE';

const quoted = (text: string): string => text.replaceAll('"', '\\"');

const variables = {
  RequestUri: () => 'REQUEST_URI_RAW',
  RequestMethod: () => 'REQUEST_METHOD',
  RequestHeader: (selector: string | undefined) => `REQUEST_HEADERS:${selector}`,
} as const;

const anyOf = (values: readonly string[]): string => `(?:${values.join('|')})`;

function test(condition: Condition): string {
  const { operator, matchValue, transforms, negateCondition, matchVariable, selector } = condition;
  const variable = variables[matchVariable](selector);
  const not = negateCondition ? '!' : '';
  const functions = ['t:none', ...(transforms.includes('Lowercase') ? ['t:lowercase'] : [])];
  const [pattern, more] =
    operator === 'RegEx'
      ? [`@rx ${anyOf(matchValue)}`, []]
      : operator === 'Equal'
        ? [`@rx ^${anyOf(matchValue)}$`, []]
        : [`@gt ${matchValue[0]}`, ['t:length']];
  return `SecRule ${variable} "${not}${quoted(pattern)}" "${[...functions, ...more].join(',')}`;
}

/** A custom rule as a chain; rate limits count in time, which nothing here does. */
function custom({ name, priority, matchConditions, action }: Rule): string {
  const effect = action === 'Block' ? 'deny,status:403,log' : 'pass,nolog,ctl:ruleEngine=Off';
  const last = matchConditions.length - 1;
  return matchConditions
    .map((condition, index) => {
      const head = index === 0 ? `,id:${10_000 + priority},phase:1,${effect},msg:'${name}'` : '';
      return `${test(condition)}${head}${index === last ? '' : ',chain'}"`;
    })
    .join('\n');
}

function exclusions({ managedRules }: Policy): string[] {
  return managedRules.managedRuleSets
    .flatMap(({ ruleGroupOverrides = [] }) => ruleGroupOverrides)
    .flatMap(({ ruleGroupName, exclusions: left }) =>
      rulesOf(ruleGroupName).map((id) => {
        const targets = left.map(({ matchVariable, selector }) =>
          matchVariable === 'QueryStringArgNames' ? `!ARGS:${selector}` : `!ARGS:json.${selector}`,
        );
        return `SecRuleUpdateTargetById ${id} "${targets.join('|')}"`;
      }),
    );
}

/** What Azure does with a body that is neither JSON nor a form: it is matched as it is. */
const rawBodies = (): string[] =>
  groupsOfRawBodies.flatMap((group) =>
    rulesOf(group).map((id) => `SecRuleUpdateTargetById ${id} "REQUEST_BODY"`),
  );

const withoutRawBody = (): string =>
  groupsOfRawBodies
    .flatMap((group) => rulesOf(group))
    .map((id) => `ctl:ruleRemoveTargetById=${id};REQUEST_BODY`)
    .join(',');

/** Rules for ModSecurity that do what the policy says: its managed rules are those of CRS 3.3.4 at paranoia level 1. */
export function rulesFor(policy: Policy, directory: string): string {
  const body = policy.policySettings.requestBodyCheck === 'Enabled';
  return [
    'SecRuleEngine On',
    'SecRequestBodyAccess On',
    `SecRequestBodyLimit ${body ? inspectedBytes : 1}`,
    'SecRequestBodyLimitAction ProcessPartial',
    'SecResponseBodyAccess Off',
    'SecPcreMatchLimit 100000',
    'SecPcreMatchLimitRecursion 100000',
    `SecTmpDir ${directory}/tmp`,
    `SecDataDir ${directory}/tmp`,
    'SecAuditEngine Off',
    'SecUnicodeMapFile /etc/nginx/unicode.mapping 20127',
    'SecDefaultAction "phase:1,log,pass"',
    'SecDefaultAction "phase:2,log,pass"',
    'SecAction "id:900000,phase:1,nolog,pass,t:none,setvar:tx.paranoia_level=1"',
    'SecAction "id:900110,phase:1,nolog,pass,t:none,setvar:tx.inbound_anomaly_score_threshold=5,setvar:tx.outbound_anomaly_score_threshold=1000"',
    `SecAction "id:900200,phase:1,nolog,pass,t:none,setvar:'tx.allowed_methods=${methods}'"`,
    'SecAction "id:900990,phase:1,nolog,pass,t:none,setvar:tx.crs_setup_version=334"',
    ...[...policy.customRules.rules]
      .filter(({ ruleType }) => ruleType === 'MatchRule')
      .sort((a, b) => a.priority - b.priority)
      .map(custom),
    `SecRule REQUEST_HEADERS:Content-Type "@rx ^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON,${withoutRawBody()}"`,
    `SecRule REQUEST_HEADERS:Content-Type "@rx ^(?:application/x-www-form-urlencoded|multipart/form-data)" "id:200004,phase:1,t:none,t:lowercase,pass,nolog,${withoutRawBody()}"`,
    'SecRule REQBODY_ERROR "!@eq 0" "id:200002,phase:2,t:none,log,deny,status:403,msg:\'Failed to parse request body\'"',
    ...ruleFiles().map((file) => `Include ${file}`),
    `Include ${scoreFile()}`,
    ...exclusions(policy),
    ...rawBodies(),
    '',
  ].join('\n');
}
