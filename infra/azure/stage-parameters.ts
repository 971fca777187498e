import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

type Scalar = string | number | boolean;
export type Scalars = Readonly<Record<string, Scalar>>;

export interface ServerlessYml {
  readonly provider: { readonly armTemplate: { readonly parameters: Record<string, { value: string }> } };
  readonly params: Record<string, Record<string, Scalar>>;
  readonly package: { readonly patterns: readonly string[] };
  readonly functions: Record<
    string,
    { readonly handler: string; readonly app: string; readonly events: readonly Record<string, unknown>[] }
  >;
}

export const serverlessYml = load(
  readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8'),
) as ServerlessYml;

/** The value of `${param:NAME}` for a stage; other texts with variables in them are a subscription's own. */
function valueOf(text: string, stage: string): Scalar | undefined {
  if (text === '${sls:stage}') return stage;
  const name = /^\$\{param:(\w+)\}$/.exec(text)?.[1];
  if (name === undefined) throw new Error(`${text} is not a parameter of the stage`);
  const value = serverlessYml.params[stage]?.[name] ?? serverlessYml.params['default']?.[name];
  if (value === undefined) throw new Error(`no stage sets ${name}`);
  return typeof value === 'string' && value.includes('${') ? undefined : value;
}

/** Template parameters by stage, as serverless.yml maps them; what comes from the environment is left out. */
const parametersInYml = (stage: string): Record<string, Scalar> =>
  Object.fromEntries(
    Object.entries(serverlessYml.provider.armTemplate.parameters)
      .map(([name, { value }]) => [name, valueOf(value, stage)] as const)
      .filter((entry): entry is readonly [string, Scalar] => entry[1] !== undefined),
  );

/** What a person sets for a real subscription; these belong to nobody. */
const ofASubscription: Scalars = {
  sqlAdministratorName: 'darkroom-database-administrators',
  sqlAdministratorObjectId: '22222222-2222-2222-2222-222222222222',
  deployerPrincipalId: '33333333-3333-3333-3333-333333333333',
  producerPrincipalId: '44444444-4444-4444-4444-444444444444',
  outcomeReaderPrincipalId: '66666666-6666-6666-6666-666666666666',
  tokenAudience: '55555555-5555-5555-5555-555555555555',
  alertEmail: 'on-call@example.com',
  budgetStartDate: '2026-01-01',
};

/** All parameters of a stage, so that its template can be evaluated without a subscription. */
export const stageParameters = (stage: string, more: Scalars = {}): Scalars => ({
  ...parametersInYml(stage),
  ...ofASubscription,
  ...more,
});
