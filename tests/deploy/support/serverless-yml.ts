import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

type Scalar = string | number | boolean;

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
  readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8'),
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
export const parametersInYml = (stage: string): Record<string, Scalar> =>
  Object.fromEntries(
    Object.entries(serverlessYml.provider.armTemplate.parameters)
      .map(([name, { value }]) => [name, valueOf(value, stage)] as const)
      .filter((entry): entry is readonly [string, Scalar] => entry[1] !== undefined),
  );
