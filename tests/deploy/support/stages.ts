import { template } from '../../../infra/azure/template/template.ts';
import { Stage } from './evaluate.ts';
import { parametersInYml } from './serverless-yml.ts';

type Scalars = Record<string, string | number | boolean>;

/** What a person sets for a real subscription. */
const own: Scalars = {
  sqlAdministratorName: 'darkroom-database-administrators',
  sqlAdministratorObjectId: '22222222-2222-2222-2222-222222222222',
  deployerPrincipalId: '33333333-3333-3333-3333-333333333333',
  producerPrincipalId: '44444444-4444-4444-4444-444444444444',
  tokenAudience: '55555555-5555-5555-5555-555555555555',
  alertEmail: 'on-call@example.com',
  budgetStartDate: '2026-01-01',
};

export type StageName = 'dev' | 'prod';
export const stageNames: readonly StageName[] = ['dev', 'prod'];

/** The template as serverless.yml parameterises it for a stage. */
export const stageOf = (stage: StageName, more: Scalars = {}): Stage =>
  new Stage(template, { ...parametersInYml(stage), ...own, ...more });
