import { parameters } from '../template/parameters.ts';

interface Rule {
  readonly type: string;
  readonly defaultValue?: unknown;
  readonly allowedValues?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
}

const typeNames: Readonly<Record<string, string>> = { string: 'string', int: 'number', bool: 'boolean' };

function faultOf(rule: Rule, value: unknown): string | undefined {
  if (typeof value !== typeNames[rule.type]) return `is not a ${rule.type}`;
  if (rule.type === 'int' && !Number.isInteger(value)) return 'is not a whole number';
  if (rule.allowedValues && !rule.allowedValues.includes(value))
    return `is none of ${rule.allowedValues.join(', ')}`;
  if (typeof value !== 'string') return undefined;
  if (value === '' && (rule.minLength ?? 0) > 0) return 'is not set';
  if (value.length < (rule.minLength ?? 0)) return `is shorter than ${rule.minLength ?? 0} characters`;
  return value.length > (rule.maxLength ?? Infinity)
    ? `is longer than ${rule.maxLength ?? ''} characters`
    : undefined;
}

/** Where a person sets what has no default in serverless.yml. */
const variables: Readonly<Record<string, string>> = {
  sqlAdministratorName: 'DARKROOM_SQL_ADMINISTRATORS',
  sqlAdministratorObjectId: 'DARKROOM_SQL_ADMINISTRATORS_ID',
  deployerPrincipalId: 'DARKROOM_DEPLOYER_ID',
  deployerPrincipalType: 'DARKROOM_DEPLOYER_TYPE',
  tokenAudience: 'DARKROOM_API_CLIENT_ID',
  alertEmail: 'DARKROOM_ALERT_EMAIL',
  budgetStartDate: 'DARKROOM_BUDGET_START',
};

type Given = Readonly<Record<string, { value: unknown }>>;

function typed(type: string | undefined, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'bool' && (value === 'true' || value === 'false')) return value === 'true';
  return type === 'int' && /^-?\d+$/.test(value) ? Number(value) : value;
}

/** Serverless hands every `${param:…}` over as text, whatever it was; Resource Manager wants its types back. */
export const typedParameters = (given: Given): Given =>
  Object.fromEntries(
    Object.entries(given).map(([name, { value }]) => [
      name,
      { value: typed((parameters as Readonly<Record<string, Rule>>)[name]?.type, value) },
    ]),
  );

/** Every fault of the stage's parameters at once, by name and by the variable to set, never by value. */
export function checkParameters(given: Given): void {
  const faults = Object.entries(parameters).flatMap(([name, rule]) => {
    const value = given[name]?.value;
    const fault =
      value === undefined ? ('defaultValue' in rule ? undefined : 'is not set') : faultOf(rule, value);
    const hint = variables[name] === undefined ? '' : ` (set ${variables[name]})`;
    return fault === undefined ? [] : [`  ${name} ${fault}${hint}`];
  });
  if (faults.length > 0) throw new Error(`the stage is not complete:\n${faults.join('\n')}`);
}
